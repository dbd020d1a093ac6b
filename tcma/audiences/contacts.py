"""Contacts by the row and by the thousand: one per partner and address, whatever they came from."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, case, func, literal_column, select
from sqlalchemy.orm import Session

from campaigns import people
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences import eligible
from tcma.audiences.models import Basis, Contact, ContactList, ListMember, Relation
from tcma.audiences.upserts import execute_many, for_driver, insert_into, insert_on
from tcma.columns import new_public_id
from tcma.db import is_postgresql

FILE, BY_HAND, FORM = "file", "by_hand", eligible.FORM  # ListMember.source
ANSWERED = "People who answered"  # the list of people who came by a form

_KEPT_IF_EMPTY = ("first_name", "last_name", "title", "company", "phone", "country", "language")
_MEMBER = ("list_id", "contact_id", "partner_id", "basis", "import_id", "source", "added_at")
_EMPTY: ColumnElement[str] = literal_column("''")


class Newcomer(NamedTuple):
    """A person to be kept as a contact, with the keyed hash of the address and the basis on the list."""

    person: people.Person
    address_hash: bytes
    basis: Basis


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
    target = list_id if list_id is not None else _answered_list(session, partner_id, now)
    newcomer = Newcomer(person, person_key(hash_key, person.address), basis)
    keep(session, partner_id, target, [newcomer], source=source, at=now)
    return session.scalars(
        select(Contact)
        .where(Contact.partner_id == partner_id, Contact.address == person.address)
        .execution_options(populate_existing=True)
    ).one()


def keep(
    session: Session,
    partner_id: int,
    list_id: int,
    newcomers: Iterable[Newcomer],
    *,
    source: str,
    at: datetime,
    import_id: int | None = None,
) -> None:
    """Write people as contacts, new or known, and as members of a list.

    What a newer file leaves empty does not wipe out what is known. For a member already there, the partner's
    newer statement of the basis holds; what came by a form stays, for there the person spoke.
    Rows are written in the order of their addresses, so that two imports at once cannot lock each other out.
    """
    ordered = sorted(newcomers, key=_address)
    public_id = for_driver(session, _COLUMNS.public_id.type)
    now = for_driver(session, _COLUMNS.created_at.type)(at)
    rows = [
        (public_id(new_public_id()), partner_id, address_hash, now, now, *_texts(person))
        for person, address_hash, _ in ordered
    ]
    execute_many(session, _contact_upsert(is_postgresql(session)), _CONTACT, rows)
    members = [
        (list_id, basis.value, import_id, source, now, partner_id, person.address)
        for person, _, basis in ordered
    ]
    execute_many(session, _member_upsert(is_postgresql(session)), _MEMBER_PARAMETERS, members)


def texts_of(person: people.Person) -> dict[str, Any]:
    """What a contact takes from a person, by column; texts longer than their column are cut."""
    return dict(zip(_TEXTS, _texts(person), strict=True))


_COLUMNS: Any = Contact.__table__.c
_TEXTS = (
    "address", "address_typed", "first_name", "last_name", "title", "company", "phone", "country", "language",
    "employees", "employees_min", "employees_max", "relation",
)  # fmt: skip
_CONTACT = ("public_id", "partner_id", "address_hash", "created_at", "updated_at", *_TEXTS)
_MEMBER_PARAMETERS = ("list_id", "basis", "import_id", "source", "added_at", "partner_id", "address")


def _texts(person: people.Person) -> tuple[Any, ...]:
    return (
        person.address,
        person.address_typed,
        person.first_name[:80],
        person.last_name[:80],
        person.title[:120],
        person.company[:160],
        person.phone[:40],
        person.country,
        person.language,
        person.employees[:40],
        person.employees_min,
        person.employees_max,
        person.relation.value,
    )


def _address(newcomer: Newcomer) -> str:
    return newcomer.person.address


@cache
def _contact_upsert(on_postgresql: bool) -> Any:
    insert = insert_on(Contact, on_postgresql=on_postgresql)
    statement = insert.values({name: bindparam(name, type_=_COLUMNS[name].type) for name in _CONTACT})
    new = statement.excluded
    changed: dict[str, Any] = {
        name: func.coalesce(func.nullif(new[name], _EMPTY), _COLUMNS[name]) for name in _KEPT_IF_EMPTY
    }
    for name in ("employees", "employees_min", "employees_max"):
        changed[name] = case((new.employees != _EMPTY, new[name]), else_=_COLUMNS[name])
    unknown: ColumnElement[str] = literal_column(f"'{Relation.UNKNOWN.value}'")
    changed["relation"] = case((new.relation != unknown, new.relation), else_=_COLUMNS.relation)
    changed["address_typed"] = new.address_typed
    changed["updated_at"] = new.updated_at
    return statement.on_conflict_do_update(index_elements=["partner_id", "address"], set_=changed)


@cache
def _member_upsert(on_postgresql: bool) -> Any:
    old: Any = ListMember.__table__.c
    chosen = select(
        bindparam("list_id", type_=old.list_id.type),
        _COLUMNS.id,
        _COLUMNS.partner_id,
        *(bindparam(name, type_=old[name].type) for name in ("basis", "import_id", "source", "added_at")),
    ).where(
        _COLUMNS.partner_id == bindparam("partner_id"),
        _COLUMNS.address == bindparam("address"),
    )
    statement = insert_on(ListMember, on_postgresql=on_postgresql).from_select(
        _MEMBER, chosen, include_defaults=False
    )
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["list_id", "contact_id"],
        set_={"basis": new.basis, "import_id": new.import_id, "source": new.source},
        where=old.source != literal_column(f"'{FORM}'"),
    )


def _answered_list(session: Session, partner_id: int, now: datetime) -> int:
    made = insert_into(session, ContactList).values(
        public_id=new_public_id(), partner_id=partner_id, name=ANSWERED, created_at=now
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["partner_id", "name"]))
    return session.scalars(
        select(ContactList.id).where(ContactList.partner_id == partner_id, ContactList.name == ANSWERED)
    ).one()
