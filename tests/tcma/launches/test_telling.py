"""What people who run campaigns hear without asking."""

from datetime import timedelta

from sqlalchemy import select

from campaigns.providers.memory import Act, MemoryProvider
from tcma import clock
from tcma.launches import schedule, soft_start, telling
from tcma.launches.models import StopReason
from tcma.leads import first_results
from tcma.notices.kinds import NoticeKind
from tcma.notices.models import Notice
from tcma.organisations.models import Membership
from tcma.viewer import Role
from tests.factories import NOW, a_user
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign, campaign, send
from tests.tcma.launches.test_schedule_due import DUE, _scheduled

K = NoticeKind


def join(installation: Installation, organisation_id: int, role: Role) -> int:
    with installation.owner.transaction() as session:
        user_id = a_user(session).id
        session.add(Membership(user_id=user_id, organisation_id=organisation_id, role=role, created_at=NOW))
        return user_id


def told(installation: Installation, kind: NoticeKind) -> list[Notice]:
    with installation.worker.reading() as session:
        found = session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id)).all()
        session.expunge_all()
        return list(found)


def test_a_campaign_that_missed_its_time_is_told_once_to_those_who_run_campaigns(
    databases: Installation,
) -> None:
    world, scheduled = _scheduled(databases)
    marketer = join(databases, world.partner.organisation_id, Role.MARKETER)
    join(databases, world.partner.organisation_id, Role.SALES)
    join(databases, world.vendor.organisation_id, Role.OWNER)
    owner = world.partner.user_id

    world.set_clock(DUE + timedelta(hours=2, seconds=30))
    for _ in range(3):
        schedule.start_due(databases.worker)

    notices = told(databases, K.CAMPAIGN_STOPPED)
    assert {notice.user_id for notice in notices} == {owner, marketer}
    said = notices[0].said
    assert (said["what"], said["mail"], said["waiting"]) == ("missed", "Invitation", 2)
    assert notices[0].path.endswith(f"/campaigns/{scheduled.public_id}")


def test_bad_addresses_are_told_with_their_figures(databases: Installation) -> None:
    world = a_running_campaign(databases, people=100, soft_start_size=25)
    join(databases, world.partner_id, Role.MARKETER)

    send(databases, MemoryProvider(script=[Act.REFUSE_ADDRESS] * 4))
    soft_start.review(databases.worker, wait=0)

    (notice,) = told(databases, K.CAMPAIGN_STOPPED)
    assert notice.said["what"] == "bad_addresses"
    assert notice.said["count"] == 4 and notice.said["of"] == 25
    assert notice.said["waiting"] == 75


def test_a_provider_that_refuses_the_account_is_told(database: Installation) -> None:
    world = a_running_campaign(database, people=3)
    join(database, world.partner_id, Role.OWNER)

    send(database, MemoryProvider(script=[Act.REFUSE_ACCOUNT]))

    (notice,) = told(database, K.CAMPAIGN_STOPPED)
    assert notice.said["what"] == "provider_refused"


def test_the_mail_of_tomorrow_is_told_once_on_the_day_before(databases: Installation) -> None:
    world, scheduled = _scheduled(databases)
    join(databases, world.partner.organisation_id, Role.MARKETER)
    due = world.touches(scheduled)["reminder"].due_at
    assert due is not None

    world.set_clock(due - timedelta(days=2))
    assert told_tomorrow(databases) == []
    world.set_clock(due - timedelta(hours=26))
    assert told_tomorrow(databases) == []  # still the day before yesterday's evening, or before nine
    world.set_clock(due.replace(hour=11) - timedelta(days=1))
    for _ in range(3):
        owners, marketers = told_tomorrow(databases)

    assert owners.said == marketers.said
    assert (owners.said["mail"], owners.said["people"]) == ("Reminder", 2)


def told_tomorrow(installation: Installation) -> list[Notice]:
    telling.tell_tomorrow(installation.worker)
    return told(installation, K.MAIL_TOMORROW)


def test_nobody_is_told_of_tomorrow_on_the_day_of_the_launch(database: Installation) -> None:
    """Whoever launched on Monday for Tuesday has just read the date."""
    world, _ = _scheduled(database)
    world.set_clock(DUE - timedelta(hours=20))

    assert told_tomorrow(database) == []


def test_first_results_come_once_a_day_after_the_first_mail(databases: Installation) -> None:
    world = a_running_campaign(databases, people=7)
    join(databases, world.partner_id, Role.MARKETER)
    send(databases)
    advance(databases, hours=23)
    assert results(databases) == []

    advance(databases, hours=2)
    for _ in range(3):
        (notice,) = results(databases)
    advance(databases, hours=90)

    assert len(results(databases)) == 1
    assert notice.said == {
        "campaign": notice.said["campaign"],
        "sent": 7,
        "clicked": 0,
        "answered": 0,
        "leads": 0,
    }


def results(installation: Installation) -> list[Notice]:
    first_results.tell_first_results(installation.worker)
    return told(installation, K.FIRST_RESULTS)


def advance(installation: Installation, hours: int) -> None:
    with installation.worker.transaction() as session:
        clock.advance(session, timedelta(hours=hours))


def test_a_campaign_of_a_firm_without_people_stops_all_the_same(database: Installation) -> None:
    world = a_running_campaign(database, people=3)

    send(database, MemoryProvider(script=[Act.REFUSE_ACCOUNT]))

    assert campaign(database, world.campaign_id).stop_reason is StopReason.PROVIDER_REFUSED
    assert told(database, K.CAMPAIGN_STOPPED) == []
