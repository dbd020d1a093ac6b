"""Work on many rows: found in one short look, then one transaction for each; a bad row stops no other."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from tcma.db import Database

R = TypeVar("R")
T = TypeVar("T")

_log = structlog.get_logger(__name__)


class RowsFailed(RuntimeError):
    """Some rows failed and all others are done: raised last, so that the job shows it."""


def each(
    database: Database, find: Callable[[Session], Sequence[R]], step: Callable[[Session, R], T]
) -> list[T]:
    """What `step` gave for every row found, in their order. Raises RowsFailed once all were tried."""
    with database.reading() as session:
        rows = find(session)

    def one(row: R) -> T:
        with database.transaction() as session:
            return step(session, row)

    return try_all(rows, one, name=step.__qualname__)


def try_all(rows: Sequence[R], step: Callable[[R], T], *, name: str) -> list[T]:
    """`step` of each row, also of those behind one that fails, logged by `name`. Raises RowsFailed at the end."""
    results: list[T] = []
    errors: list[Exception] = []
    for row in rows:
        try:
            results.append(step(row))
        except Exception as error:
            _log.exception("row_failed", step=name, row=row if isinstance(row, int) else None)
            errors.append(error)
    if errors:
        first = errors[0]
        raise RowsFailed(
            f"{len(errors)} of {len(rows)} failed, the first with {type(first).__name__}: {first}"
        ) from first
    return results


def in_turn(*steps: Callable[[], object]) -> None:
    """Call them all, in this order, also those behind one that fails. Raises RowsFailed after the last."""
    try_all(steps, lambda step: step(), name="in_turn")
