"""Old mails of the platform are forgotten; what waits is not, however old."""

from sqlalchemy import select

from tcma.notices import forgetting
from tcma.notices.models import Notice
from tests.installation import Installation
from tests.tcma.notices.desk import Desk, a_desk


def told(desk: Desk) -> list[str]:
    with desk.installation.worker.reading() as session:
        return list(session.scalars(select(Notice.subject_key).order_by(Notice.id)))


def test_what_was_mailed_is_forgotten_after_ninety_days_and_what_waits_stays(databases: Installation) -> None:
    desk = a_desk(databases)
    desk.person("eva@harbour.example")
    desk.tell(subject_key="lead:1")
    desk.send()
    desk.tell(subject_key="lead:2")
    desk.wait(days=89)
    assert forgetting.forget_old(databases.worker) == 0
    desk.wait(days=2)

    assert forgetting.forget_old(databases.worker) == 1
    assert told(desk) == ["lead:2"] and forgetting.forget_old(databases.worker) == 0
