"""A bad row stops no other, and is not hidden either."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from tcma.jobs import rows
from tcma.organisations.models import Organisation
from tests.factories import a_partner
from tests.installation import Installation


def _ids(session: Session) -> list[int]:
    return list(session.scalars(select(Organisation.id).order_by(Organisation.id)))


def _renamed(session: Session, organisation_id: int) -> int:
    session.execute(update(Organisation).where(Organisation.id == organisation_id).values(name="Renamed"))
    if organisation_id == _ids(session)[0]:
        raise ValueError("This one is broken.")
    return organisation_id


def test_the_rows_behind_a_bad_one_are_done_and_the_bad_one_is_as_it_was(databases: Installation) -> None:
    with databases.owner.transaction() as session:
        for name in ("First", "Second", "Third"):
            a_partner(session, name)

    with capture_logs() as logs, pytest.raises(rows.RowsFailed, match=r"1 of 3 failed.*ValueError"):
        rows.each(databases.worker, _ids, _renamed)

    with databases.worker.reading() as session:
        found = session.scalars(select(Organisation.name).order_by(Organisation.id)).all()
        first = _ids(session)[0]
    assert found == ["First", "Renamed", "Renamed"]
    assert [(log["event"], log["step"], log["row"]) for log in logs] == [("row_failed", "_renamed", first)]


def test_without_a_bad_row_the_results_come_in_order(database: Installation) -> None:
    with database.owner.transaction() as session:
        made = [a_partner(session).id for _ in range(3)]

    assert rows.each(database.worker, _ids, lambda _session, row: row) == made


def test_steps_behind_one_that_fails_are_taken() -> None:
    taken: list[str] = []

    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(rows.RowsFailed, match="1 of 2 failed"):
        rows.in_turn(fail, lambda: taken.append("second"))
    assert taken == ["second"]
