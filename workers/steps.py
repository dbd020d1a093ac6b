"""One step of work in one transaction."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from tcma.db import Database


def once(database: Database, step: Callable[[Session], object]) -> None:
    with database.transaction() as session:
        step(session)
