"""Contacts and memberships written by the thousand, in the driver's own words.

Converting and checking every value anew in SQLAlchemy costs more than the database does with it. SQLite takes
one row after the other in one call; PostgreSQL takes a whole slice as one statement over arrays.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import uuid_utils
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    String,
    and_,
    bindparam,
    case,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.orm import Session

from campaigns.people import Person
from tcma.audiences import eligible
from tcma.audiences.models import Basis, Contact, ContactBefore, ListMember, Relation
from tcma.columns import UtcDateTime
from tcma.db import insert_on, is_postgresql


class Newcomer(NamedTuple):
    """A person to be kept as a contact, with the keyed hash of the address and the basis on the list."""

    person: Person
    address_hash: bytes
    basis: Basis


_COLUMNS: Any = Contact.__table__.c
_CONTACT = (  # in the order of the table's columns
    "public_id", "partner_id", "address", "address_typed", "address_hash", "first_name", "last_name", "title",
    "company", "industry", "phone", "country", "language", "employees", "employees_min", "employees_max",
    "relation", "created_at", "updated_at",
)  # fmt: skip
_MEMBER = ("list_id", "contact_id", "partner_id", "basis", "import_id", "source", "added_at")
_KEPT_IF_EMPTY = (
    "first_name", "last_name", "title", "company", "industry", "phone", "country", "language"
)  # fmt: skip
BEFORE = (
    "address_typed", *_KEPT_IF_EMPTY, "employees", "employees_min", "employees_max", "relation"
)  # fmt: skip
_EMPTY: ColumnElement[str] = literal_column("''")
_ARRAYS = {
    "public_id": postgresql.UUID(as_uuid=False),
    "partner_id": BigInteger(),
    "created_at": DateTime(timezone=True),
    "updated_at": DateTime(timezone=True),
    "relation": String(),
}


class _Statement(NamedTuple):
    """As its driver reads it, and the order of its parameters where they have no names."""

    text: str
    order: tuple[str, ...]


def write_contacts(session: Session, partner_id: int, at: datetime, newcomers: Iterable[Newcomer]) -> None:
    """Make or bring up to date the contacts of these people, in their order; texts longer than their column are cut.

    No address may stand among them twice. What a person leaves empty stays as it was.
    """
    on_postgresql = is_postgresql(session)
    now, new_id = _moment(session, at), uuid_utils.uuid7
    rows = [
        (
            new_id().hex if on_postgresql else new_id().bytes,
            partner_id,
            person.address,
            person.address_typed,
            address_hash,
            person.first_name[:80],
            person.last_name[:80],
            person.title[:120],
            person.company[:160],
            person.industry[:80],
            person.phone[:40],
            person.country,
            person.language,
            person.employees[:40],
            person.employees_min,
            person.employees_max,
            person.relation.value,
            now,
            now,
        )
        for person, address_hash, _ in newcomers
    ]
    if not rows:
        return
    statement = _contact_upsert(on_postgresql)
    if on_postgresql:
        arrays = dict(zip(_CONTACT, map(list, zip(*rows, strict=True)), strict=True))
        session.connection().exec_driver_sql(statement.text, arrays)
        return
    assert statement.order == _CONTACT
    session.connection().exec_driver_sql(statement.text, rows)


def write_members(
    session: Session, addresses: Sequence[str], *, keeps_basis: bool = False, **member: Any
) -> None:
    """Put the contacts with these addresses on a list, all on one basis; `member` has the other columns.

    What came by a form stays, for there the person spoke. With `keeps_basis` members who are there already keep
    the basis they have.
    """
    statement = _member_upsert(is_postgresql(session), keeps_basis)
    values = {**member, "added_at": _moment(session, member["added_at"])}
    _run_over(session, statement, addresses, values)


def write_before(
    session: Session, addresses: Sequence[str], *, partner_id: int, list_id: int, import_id: int
) -> None:
    """Note what is known of those among these addresses who are contacts already, before a file changes it."""
    statement = _before_insert(is_postgresql(session))
    values = {"partner_id": partner_id, "list_id": list_id, "import_id": import_id}
    _run_over(session, statement, addresses, values)


def _run_over(
    session: Session, statement: "_Statement", addresses: Sequence[str], values: dict[str, Any]
) -> None:
    on_postgresql = is_postgresql(session)
    values = {**values, "addresses": list(addresses) if on_postgresql else json.dumps(addresses)}
    in_order = tuple(values[name] for name in statement.order)
    session.connection().exec_driver_sql(statement.text, values if on_postgresql else in_order)


def _moment(session: Session, at: datetime) -> Any:
    """What the driver takes for a moment."""
    dialect = session.get_bind().dialect
    convert = UtcDateTime().dialect_impl(dialect).bind_processor(dialect)
    return convert(at) if convert else at


@cache
def _contact_upsert(on_postgresql: bool) -> _Statement:
    insert: Any = insert_on(Contact, on_postgresql=on_postgresql)
    if on_postgresql:
        kinds = {name: _ARRAYS.get(name, _COLUMNS[name].type) for name in _CONTACT}
        arrays = (bindparam(name, type_=postgresql.ARRAY(kind)) for name, kind in kinds.items())
        given = func.unnest(*arrays).table_valued(*(column(name, kind) for name, kind in kinds.items()))
        insert = insert.from_select(_CONTACT, select(given.render_derived(name="given")), False)
    else:
        insert = insert.values({name: bindparam(name, type_=_COLUMNS[name].type) for name in _CONTACT})
    new = insert.excluded
    changed: dict[str, Any] = {
        name: func.coalesce(func.nullif(new[name], _EMPTY), _COLUMNS[name]) for name in _KEPT_IF_EMPTY
    }
    for name in ("employees", "employees_min", "employees_max"):
        changed[name] = case((new.employees != _EMPTY, new[name]), else_=_COLUMNS[name])
    unknown: ColumnElement[str] = literal_column(f"'{Relation.UNKNOWN.value}'")
    changed["relation"] = case((new.relation != unknown, new.relation), else_=_COLUMNS.relation)
    changed["address_typed"] = new.address_typed
    changed["updated_at"] = new.updated_at
    statement = insert.on_conflict_do_update(index_elements=["partner_id", "address"], set_=changed)
    return _text(statement, on_postgresql)


@cache
def _member_upsert(on_postgresql: bool, keeps_basis: bool) -> _Statement:
    old: Any = ListMember.__table__.c
    chosen = select(
        bindparam("list_id", type_=old.list_id.type),
        _COLUMNS.id,
        _COLUMNS.partner_id,
        *(bindparam(name, type_=old[name].type) for name in ("basis", "import_id", "source", "added_at")),
    ).where(_COLUMNS.partner_id == bindparam("partner_id"), _among(on_postgresql))
    statement: Any = insert_on(ListMember, on_postgresql=on_postgresql).from_select(_MEMBER, chosen, False)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["list_id", "contact_id"],
        set_={
            "basis": old.basis if keeps_basis else new.basis,
            "import_id": new.import_id,
            "source": new.source,
        },
        where=old.source != literal_column(f"'{eligible.FORM}'"),
    )
    return _text(statement, on_postgresql)


@cache
def _before_insert(on_postgresql: bool) -> _Statement:
    member: Any = ListMember.__table__.c
    import_id: Any = bindparam("import_id", type_=member.import_id.type)
    is_member = and_(
        member.contact_id == _COLUMNS.id,
        member.list_id == bindparam("list_id", type_=member.list_id.type),
    )
    known = (
        select(
            import_id,
            _COLUMNS.partner_id,
            _COLUMNS.id,
            *(_COLUMNS[name] for name in BEFORE),
            member.basis,
            member.import_id,
            func.coalesce(member.source, _EMPTY),
        )
        .select_from(Contact.__table__.outerjoin(ListMember.__table__, is_member))
        .where(_COLUMNS.partner_id == bindparam("partner_id"), _among(on_postgresql))
    )
    columns = (
        "import_id", "partner_id", "contact_id", *BEFORE, "member_basis", "member_import_id", "member_source"
    )  # fmt: skip
    statement: Any = insert_on(ContactBefore, on_postgresql=on_postgresql).from_select(columns, known, False)
    statement = statement.on_conflict_do_nothing(index_elements=["import_id", "contact_id"])
    return _text(statement, on_postgresql)


def _among(on_postgresql: bool) -> ColumnElement[bool]:
    """Contacts with one of the addresses that are handed over as one parameter."""
    addresses: Any = bindparam("addresses", type_=postgresql.ARRAY(String) if on_postgresql else String())
    if on_postgresql:
        found: ColumnElement[bool] = _COLUMNS.address == func.any(addresses)
        return found
    each: Any = func.json_each(addresses).table_valued("value")
    among: ColumnElement[bool] = _COLUMNS.address.in_(select(each.c.value))
    return among


def _text(statement: Any, on_postgresql: bool) -> _Statement:
    dialect: Any = psycopg.dialect if on_postgresql else sqlite.dialect
    compiled = statement.compile(dialect=dialect())
    return _Statement(str(compiled), tuple(compiled.positiontup or ()))
