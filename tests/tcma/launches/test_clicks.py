"""Clicks: people are counted, each once; machines are told from them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from campaigns.links import Purpose, Token
from tcma import clock
from tcma.bench.send_world import World
from tcma.launches import clicks
from tcma.launches.clicks import Counting
from tcma.launches.deliveries import Delivery, TouchEvent
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign, deliveries, send, touch

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
HOUR = 3_600.0


def a_sent_mail(installation: Installation, people: int = 1) -> tuple[World, Delivery]:
    world = a_running_campaign(installation, people=people)
    send(installation)
    return world, deliveries(installation, world.touch_ids[0])[0]


def click(
    installation: Installation,
    row: Delivery,
    number: int = 0,
    *,
    after: float = HOUR,
    method: str = "GET",
    agent: str = BROWSER,
    links: int = 3,
    counting: Counting = Counting.PER_PERSON,
) -> bool:
    """As the web process does; `after` seconds after the sending."""
    assert row.sent_at is not None
    token = Token(1, Purpose.CLICK, row.partner_id, row.artefact_id, row.id)
    with installation.web.transaction(row.partner_id) as session:
        return clicks.record(
            session,
            token,
            number,
            at=row.sent_at + timedelta(seconds=after),
            method=method,
            user_agent=agent,
            link_count=links,
            window=5.0,
            counting=counting,
        )


def test_a_person_counts_once_however_often_they_click(databases: Installation) -> None:
    world, row = a_sent_mail(databases)

    counted = [click(databases, row, after=HOUR + minutes * 60) for minutes in range(3)]

    assert counted == [True, True, True]
    assert touch(databases, world.touch_ids[0]).clicked_count == 1
    assert row.sent_at is not None
    assert deliveries(databases, world.touch_ids[0])[0].clicked_at == row.sent_at + timedelta(seconds=HOUR)


@pytest.mark.parametrize(
    "shown",
    [
        {"method": "HEAD"},
        {"after": 2.0},
        {"after": -1.0},
        {"agent": ""},
        {"agent": "Mozilla/5.0 (compatible; Proofpoint URL Defense)"},
        {"agent": "python-requests/2.32"},
        {"agent": "Barracuda Sentinel"},
    ],
)
def test_a_machine_is_known_by_what_it_does(database: Installation, shown: dict[str, object]) -> None:
    world, row = a_sent_mail(database)

    assert click(database, row, **shown) is False  # type: ignore[arg-type]

    assert touch(database, world.touch_ids[0]).clicked_count == 0
    with database.worker.reading() as session:
        assert session.scalars(select(TouchEvent.machine)).all() == [True]


def test_a_burst_over_all_links_takes_its_first_clicks_back(databases: Installation) -> None:
    world, row = a_sent_mail(databases)

    counted = [click(databases, row, number, after=HOUR + number) for number in range(3)]

    assert counted == [True, True, False]
    assert touch(databases, world.touch_ids[0]).clicked_count == 0
    assert deliveries(databases, world.touch_ids[0])[0].clicked_at is None
    with databases.worker.reading() as session:
        persons = select(func.count()).select_from(TouchEvent).join(Delivery).where(clicks.by_person())
        assert session.scalar(persons) == 0


def test_a_person_who_clicks_after_a_burst_counts(database: Installation) -> None:
    world, row = a_sent_mail(database)
    for number in range(3):
        click(database, row, number, after=HOUR + number)

    assert click(database, row, 1, after=2 * HOUR) is True

    assert touch(database, world.touch_ids[0]).clicked_count == 1
    with database.worker.reading() as session:
        persons = select(func.count()).select_from(TouchEvent).join(Delivery).where(clicks.by_person())
        assert session.scalar(persons) == 1


def test_a_person_who_clicked_before_a_burst_stays_counted(database: Installation) -> None:
    world, row = a_sent_mail(database)
    click(database, row, 1, after=HOUR)

    for number in range(3):
        click(database, row, number, after=2 * HOUR + number)

    assert touch(database, world.touch_ids[0]).clicked_count == 1


def persons(installation: Installation) -> int:
    """Clicks that count as a person's, however late it showed that they do not."""
    with installation.worker.reading() as session:
        query = select(func.count()).select_from(TouchEvent).join(Delivery).where(clicks.by_person())
        return session.scalar(query) or 0


def test_a_program_that_asks_with_head_is_a_machine_when_it_then_gets(databases: Installation) -> None:
    world, row = a_sent_mail(databases)

    counted = [
        click(databases, row, after=HOUR, method="HEAD"),
        click(databases, row, after=HOUR + 1),
        click(databases, row, 1, after=HOUR + 2),
    ]

    assert counted == [False, False, False]
    assert touch(databases, world.touch_ids[0]).clicked_count == 0
    assert persons(databases) == 0


def test_a_program_that_asks_with_head_after_its_get_is_taken_back(databases: Installation) -> None:
    world, row = a_sent_mail(databases)

    assert click(databases, row, after=HOUR) is True
    assert click(databases, row, after=HOUR + 1, method="HEAD") is False

    assert touch(databases, world.touch_ids[0]).clicked_count == 0
    assert deliveries(databases, world.touch_ids[0])[0].clicked_at is None
    assert persons(databases) == 0


@pytest.mark.parametrize("machine_first", [True, False])
def test_another_program_in_the_same_seconds_stays_a_person(
    databases: Installation, machine_first: bool
) -> None:
    world, row = a_sent_mail(databases)
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    def machine(after: float) -> bool:
        return click(databases, row, after=after, method="HEAD", agent=firefox)

    if machine_first:
        counted = [machine(HOUR), click(databases, row, after=HOUR + 1)]
    else:
        counted = [click(databases, row, after=HOUR), machine(HOUR + 1)]

    assert sorted(counted) == [False, True]
    assert touch(databases, world.touch_ids[0]).clicked_count == 1
    assert persons(databases) == 1


def test_the_same_program_an_hour_later_is_a_person(database: Installation) -> None:
    world, row = a_sent_mail(database)

    click(database, row, after=HOUR, method="HEAD")

    assert click(database, row, after=2 * HOUR) is True
    assert touch(database, world.touch_ids[0]).clicked_count == 1


def test_a_person_reading_link_after_link_is_no_machine(database: Installation) -> None:
    world, row = a_sent_mail(database)

    counted = [click(database, row, number, after=HOUR + 40 * number) for number in range(3)]

    assert counted == [True, True, True]
    assert touch(database, world.touch_ids[0]).clicked_count == 1


def test_the_same_request_told_twice_is_one_event(database: Installation) -> None:
    _, row = a_sent_mail(database)

    click(database, row)
    click(database, row)

    with database.worker.reading() as session:
        assert session.scalar(select(func.count()).select_from(TouchEvent)) == 1


def test_where_only_totals_may_be_kept_no_event_names_anybody(databases: Installation) -> None:
    world, row = a_sent_mail(databases)

    assert click(databases, row, counting=Counting.TOTALS) is False

    with databases.worker.reading() as session:
        event = session.scalars(select(TouchEvent)).one()
        assert (event.delivery_id, event.machine, event.campaign_id) == (None, False, world.campaign_id)
        assert event.detail == {"link": 0, "touch": world.touch_ids[0]}
    assert deliveries(databases, world.touch_ids[0])[0].clicked_at is None


def test_a_click_on_another_partners_message_is_nobodys(databases: Installation) -> None:
    _, row = a_sent_mail(databases)
    other = a_running_campaign(databases, people=1)
    token = Token(1, Purpose.CLICK, other.partner_id, row.artefact_id, row.id)

    with databases.web.transaction(other.partner_id) as session:
        counted = clicks.record(
            session,
            token,
            0,
            at=clock.now(session) + timedelta(hours=1),
            method="GET",
            user_agent=BROWSER,
            link_count=3,
            window=5.0,
        )

    assert counted is False
    with databases.worker.reading() as session:
        assert session.scalar(select(func.count()).select_from(TouchEvent)) == 0


def test_before_it_is_sent_only_machines_know_a_link() -> None:
    at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert clicks.looks_like_machine(method="GET", user_agent=BROWSER, sent_at=None, at=at, window=5.0)
    assert not clicks.looks_like_machine(
        method="GET", user_agent=BROWSER, sent_at=at - timedelta(minutes=1), at=at, window=5.0
    )
