"""INSERT … ON CONFLICT on either database."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tcma.db import Base, is_postgresql


def insert_into(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT into the model's table that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    table: Any = model.__table__
    assert isinstance(table, Table)
    return postgresql.insert(table) if is_postgresql(session) else sqlite.insert(table)
