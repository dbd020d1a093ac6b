"""INSERT … ON CONFLICT on either database, by the row and by the thousand."""

from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from tcma.db import Base, is_postgresql


def insert_into(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT into the model's table that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_on(model, on_postgresql=is_postgresql(session))


def insert_on(model: type[Base], *, on_postgresql: bool) -> postgresql.Insert | sqlite.Insert:
    """The same for statements that are made once and kept."""
    table: Any = model.__table__
    assert isinstance(table, Table)
    return postgresql.insert(table) if on_postgresql else sqlite.insert(table)


def execute_many(
    session: Session, statement: ClauseElement, names: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> None:
    """Run a statement once per row, with values the driver takes as they are (see `for_driver`).

    Converting and checking every value anew in SQLAlchemy costs three times what the database does with it.
    `names` are the statement's parameters, at least two, and each row has their values in the same order. The
    statement's text is kept, so it should be an object that is made once.
    """
    connection = session.connection()
    text, order = _compiled(statement, names, connection.dialect)
    if connection.dialect.positional:
        in_order = itemgetter(*map(names.index, order))
        connection.exec_driver_sql(text, list(map(in_order, rows)))
    else:
        connection.exec_driver_sql(text, [dict(zip(names, row, strict=True)) for row in rows])


@lru_cache(maxsize=32)
def _compiled(
    statement: ClauseElement, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[str, ...]]:
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    return str(compiled), tuple(compiled.positiontup or ())


def for_driver(session: Session, kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    """What turns a value of this column type into what the database's driver takes."""
    dialect = session.get_bind().dialect
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
