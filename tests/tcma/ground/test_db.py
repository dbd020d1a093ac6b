"""Transactions, guards and row-level security."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from tcma import clock
from tcma.errors import Refused
from tests.installation import Installation


def test_a_transaction_that_raises_leaves_nothing(databases: Installation) -> None:
    with pytest.raises(ZeroDivisionError), databases.worker.transaction() as session:
        clock.advance(session, timedelta(hours=1))
        _ = 1 // 0

    with databases.worker.reading() as session:
        assert session.scalars(select(clock.ClockOffset)).all() == []


def test_the_clock_moves_for_web_and_worker_together(databases: Installation) -> None:
    with databases.owner.transaction() as session:
        clock.advance(session, timedelta(days=2))

    for database in (databases.web, databases.worker):
        with database.reading() as session:
            assert clock.now(session) - clock.real() > timedelta(days=1, hours=23)


def test_the_clock_of_production_cannot_be_moved(databases: Installation) -> None:
    with databases.owner.transaction() as session:
        session.info["movable_clock"] = False
        with pytest.raises(Refused):
            clock.advance(session, timedelta(days=2))


def test_a_reading_session_cannot_write(databases: Installation) -> None:
    with databases.worker.reading() as session, pytest.raises(Exception, match=r"read-only|readonly"):
        session.execute(text("DELETE FROM clock_offset"))


def test_lower_case_is_the_same_on_both_databases(databases: Installation) -> None:
    typed = ("MÜLLER", "Müller", "ÖZTÜRK", "Éclair", "MUELLER", "ŠKODA", "ЖУК")
    with databases.web.reading() as session:
        lower = session.execute(select(*(func.lower(word) for word in typed))).one()
    assert tuple(lower) == ("müller", "müller", "öztürk", "éclair", "mueller", "škoda", "жук")
