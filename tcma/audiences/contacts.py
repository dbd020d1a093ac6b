"""Contacts by the row and by the thousand: one per partner and address, whatever they came from."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import people
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences import contact_rows, eligible, marks
from tcma.audiences.contact_rows import Newcomer
from tcma.audiences.models import Basis, Contact, ContactList
from tcma.columns import new_public_id
from tcma.db import insert_into

FILE, BY_HAND, FORM = "file", "by_hand", eligible.FORM  # ListMember.source
MENDED = "mended"  # a row of a file, corrected by hand: reading the file anew does not take it away
_TEXTS = (
    "address", "address_typed", "first_name", "last_name", "title", "company", "industry", "phone", "country",
    "language", "employees", "employees_min", "employees_max",
)  # fmt: skip
ANSWERED = "People who answered"  # the list of people who came by a form


def ensure(
    session: Session,
    partner_id: int,
    person: people.Person,
    basis: Basis,
    source: str,
    hash_key: bytes,
    *,
    list_id: int | None = None,
) -> Contact:
    """The partner's contact with this address, made or brought up to date, as a member of a list.

    Without `list_id` that is the list of people who answered. What the person leaves empty stays as it was; a
    form only fills in what the partner did not know, because anybody can type anybody's address into it.
    `source` is "form", "by_hand" or "file"; `address` of `person` must be normalised.
    """
    now = clock.now(session)
    target = list_id if list_id is not None else _answered_list(session, partner_id, now)
    if source == FORM:
        person = _what_is_new(session, partner_id, person)
    newcomer = Newcomer(person, person_key(hash_key, person.address), basis)
    keep(session, partner_id, target, [newcomer], source=source, at=now)
    return session.scalars(
        select(Contact)
        .where(Contact.partner_id == partner_id, Contact.address == person.address)
        .execution_options(populate_existing=True)
    ).one()


def _what_is_new(session: Session, partner_id: int, person: people.Person) -> people.Person:
    """The person without what the partner's contact of this address says already."""
    known = session.scalar(
        select(Contact).where(Contact.partner_id == partner_id, Contact.address == person.address)
    )
    if known is None:
        return person
    said: dict[str, Any] = {
        name: "" for name in _TEXTS if isinstance(getattr(known, name), str) and getattr(known, name)
    }
    if known.employees:
        said |= {"employees_min": None, "employees_max": None}
    said |= {"address": person.address, "address_typed": known.address_typed}
    return person._replace(**said)


def keep(
    session: Session,
    partner_id: int,
    list_id: int,
    newcomers: Iterable[Newcomer],
    *,
    source: str,
    at: datetime,
    import_id: int | None = None,
    keeps_basis: bool = False,
) -> None:
    """Write people as contacts, new or known, and as members of a list.

    What a newer file leaves empty does not wipe out what is known. For a member already there, the partner's
    newer statement of the basis holds (not with `keeps_basis`); what came by a form stays, for there the person
    spoke. What an import (`import_id`) finds of people who are known already is noted before it is changed.
    Nobody may stand among them twice. Contacts are written in the order of their addresses, so that two imports
    at once cannot lock each other out.
    """
    marks.people_changed(session, partner_id)
    ordered = sorted(newcomers, key=_address)
    if import_id is not None:
        known = [newcomer.person.address for newcomer in ordered]
        contact_rows.write_before(session, known, partner_id=partner_id, list_id=list_id, import_id=import_id)
    contact_rows.write_contacts(session, partner_id, at, ordered)
    by_basis: dict[Basis, list[str]] = {}
    for person, _, basis in ordered:
        by_basis.setdefault(basis, []).append(person.address)
    for basis, addresses in by_basis.items():
        contact_rows.write_members(
            session,
            addresses,
            keeps_basis=keeps_basis,
            partner_id=partner_id,
            list_id=list_id,
            basis=basis.value,
            import_id=import_id,
            source=source,
            added_at=at,
        )


def texts_of(person: people.Person) -> dict[str, Any]:
    """What a contact takes from a person who was checked field by field, by column."""
    return {name: getattr(person, name) for name in _TEXTS}


def _address(newcomer: Newcomer) -> str:
    return newcomer.person.address


def _answered_list(session: Session, partner_id: int, now: datetime) -> int:
    made = insert_into(session, ContactList).values(
        public_id=new_public_id(), partner_id=partner_id, name=ANSWERED, created_at=now
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["partner_id", "name"]))
    return session.scalars(
        select(ContactList.id).where(ContactList.partner_id == partner_id, ContactList.name == ANSWERED)
    ).one()
