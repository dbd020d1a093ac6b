"""Contacts by the row and by the thousand: one per partner and address, whatever they came from."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from campaigns import people
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences import eligible
from tcma.audiences.models import Basis, Contact, ContactList, ListMember, Relation
from tcma.audiences.upserts import insert_into
from tcma.columns import new_public_id

FILE, BY_HAND, FORM = "file", "by_hand", eligible.FORM  # ListMember.source
ANSWERED = "People who answered"  # the list of people who came by a form

_KEPT_IF_EMPTY = ("first_name", "last_name", "title", "company", "phone", "country", "language")
_MEMBER = ("list_id", "contact_id", "partner_id", "basis", "import_id", "source", "added_at")


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

    Without `list_id` that is the list of people who answered. What the person leaves empty stays as it was.
    `source` is "form", "by_hand" or "file"; `address` of `person` must be normalised.
    """
    now = clock.now(session)
    address_hash = person_key(hash_key, person.address)
    keep(session, [values_of(person, partner_id, address_hash, now)])
    target = list_id if list_id is not None else _answered_list(session, partner_id, now)
    join(session, partner_id, target, {basis: [person.address]}, source=source, at=now)
    return session.scalars(
        select(Contact)
        .where(Contact.partner_id == partner_id, Contact.address == person.address)
        .execution_options(populate_existing=True)
    ).one()


def keep(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write contacts (see `values_of`) in one go, new or known.

    Rows are written in the order of their addresses, so that two imports at once cannot lock each other out.
    """
    rows.sort(key=_by_address)
    session.connection().execute(_upsert(session), rows)


def join(
    session: Session,
    partner_id: int,
    list_id: int,
    addresses: Mapping[Basis, Collection[str]],
    *,
    source: str,
    at: datetime,
    import_id: int | None = None,
) -> None:
    """Put contacts on a list. For a member already there, the partner's newer statement of the basis holds.

    Only what came by a form stays as it is: there the person spoke, not the partner.
    """
    for basis, wanted in addresses.items():
        chosen = select(
            literal(list_id),
            Contact.id,
            literal(partner_id),
            literal(basis, ListMember.basis.type),
            literal(import_id, ListMember.import_id.type),
            literal(source),
            literal(at, ListMember.added_at.type),
        ).where(Contact.partner_id == partner_id, Contact.address.in_(wanted))
        statement = insert_into(session, ListMember).from_select(_MEMBER, chosen, include_defaults=False)
        new, old = statement.excluded, ListMember.__table__.c
        session.connection().execute(
            statement.on_conflict_do_update(
                index_elements=["list_id", "contact_id"],
                set_={"basis": new.basis, "import_id": new.import_id, "source": new.source},
                where=old.source != eligible.FORM,
            )
        )


def values_of(person: people.Person, partner_id: int, address_hash: bytes, now: datetime) -> dict[str, Any]:
    """A row of `contacts`; texts longer than their column are cut."""
    return {
        "public_id": new_public_id(),
        "partner_id": partner_id,
        "address": person.address,
        "address_typed": person.address_typed,
        "address_hash": address_hash,
        "first_name": person.first_name[:80],
        "last_name": person.last_name[:80],
        "title": person.title[:120],
        "company": person.company[:160],
        "phone": person.phone[:40],
        "country": person.country,
        "language": person.language,
        "employees": person.employees[:40],
        "employees_min": person.employees_min,
        "employees_max": person.employees_max,
        "relation": _RELATIONS[person.relation],
        "created_at": now,
        "updated_at": now,
    }


_RELATIONS = {relation: Relation(relation.value) for relation in people.Relation}


def _by_address(row: dict[str, Any]) -> str:
    address: str = row["address"]
    return address


def _upsert(session: Session) -> postgresql.Insert | sqlite.Insert:
    """What a newer file leaves empty does not wipe out what is known."""
    statement = insert_into(session, Contact)
    new, old = statement.excluded, Contact.__table__.c
    changed: dict[str, Any] = {
        name: func.coalesce(func.nullif(new[name], ""), old[name]) for name in _KEPT_IF_EMPTY
    }
    for name in ("employees", "employees_min", "employees_max"):
        changed[name] = case((new.employees != "", new[name]), else_=old[name])
    changed["relation"] = case((new.relation != Relation.UNKNOWN, new.relation), else_=old.relation)
    changed["address_typed"] = new.address_typed
    changed["updated_at"] = new.updated_at
    return statement.on_conflict_do_update(index_elements=["partner_id", "address"], set_=changed)


def _answered_list(session: Session, partner_id: int, now: datetime) -> int:
    made = insert_into(session, ContactList).values(
        public_id=new_public_id(), partner_id=partner_id, name=ANSWERED, created_at=now
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["partner_id", "name"]))
    return session.scalars(
        select(ContactList.id).where(ContactList.partner_id == partner_id, ContactList.name == ANSWERED)
    ).one()
