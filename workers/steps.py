"""Work on many rows: find them in one short look, then one transaction for each."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from tcma.db import Database


def each(
    database: Database, find: Callable[[Session], Sequence[int]], step: Callable[[Session, int], object]
) -> None:
    with database.reading() as session:
        ids = find(session)
    for row_id in ids:
        with database.transaction() as session:
            step(session, row_id)


def once(database: Database, step: Callable[[Session], object]) -> None:
    with database.transaction() as session:
        step(session)
