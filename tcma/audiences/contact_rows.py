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
from tcma.audiences.models import Basis, Contact, ListMember, Relation
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
    "company", "phone", "country", "language", "employees", "employees_min", "employees_max", "relation",
    "created_at", "updated_at",
)  # fmt: skip
_MEMBER = ("list_id", "contact_id", "partner_id", "basis", "import_id", "source", "added_at")
_KEPT_IF_EMPTY = ("first_name", "last_name", "title", "company", "phone", "country", "language")
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


def write_members(session: Session, addresses: Sequence[str], **member: Any) -> None:
    """Put the contacts with these addresses on a list, all on one basis; `member` has the other columns.

    What came by a form stays, for there the person spoke.
    """
    on_postgresql = is_postgresql(session)
    statement = _member_upsert(on_postgresql)
    values = {**member, "added_at": _moment(session, member["added_at"])}
    values["addresses"] = list(addresses) if on_postgresql else json.dumps(addresses)
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
def _member_upsert(on_postgresql: bool) -> _Statement:
    old: Any = ListMember.__table__.c
    addresses: Any = bindparam("addresses", type_=postgresql.ARRAY(String) if on_postgresql else String())
    if on_postgresql:
        among = _COLUMNS.address == func.any(addresses)
    else:
        among = _COLUMNS.address.in_(select(func.json_each(addresses).table_valued("value").c.value))
    chosen = select(
        bindparam("list_id", type_=old.list_id.type),
        _COLUMNS.id,
        _COLUMNS.partner_id,
        *(bindparam(name, type_=old[name].type) for name in ("basis", "import_id", "source", "added_at")),
    ).where(_COLUMNS.partner_id == bindparam("partner_id"), among)
    statement: Any = insert_on(ListMember, on_postgresql=on_postgresql).from_select(_MEMBER, chosen, False)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["list_id", "contact_id"],
        set_={"basis": new.basis, "import_id": new.import_id, "source": new.source},
        where=old.source != literal_column(f"'{eligible.FORM}'"),
    )
    return _text(statement, on_postgresql)


def _text(statement: Any, on_postgresql: bool) -> _Statement:
    dialect: Any = psycopg.dialect if on_postgresql else sqlite.dialect
    compiled = statement.compile(dialect=dialect())
    return _Statement(str(compiled), tuple(compiled.positiontup or ()))
