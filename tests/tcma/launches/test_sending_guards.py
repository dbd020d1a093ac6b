"""The first messages go alone; bad figures stop a campaign; a person's "continue" is honoured."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.providers.memory import Act, MemoryProvider
from tcma.launches import events, soft_start
from tcma.launches.deliveries import DeliveryStatus
from tcma.launches.models import Campaign, CampaignStatus, StopReason
from tcma.launches.soft_start import Figures, Verdict, verdict
from tests.installation import Installation
from tests.tcma.launches.factories import (
    a_running_campaign,
    assert_figures_hold,
    campaign,
    deliveries,
    send,
    statuses,
    touch,
)

D = DeliveryStatus
AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def waiting(installation: Installation, seconds: float) -> Installation:
    return Installation(
        settings=replace(installation.settings, soft_start_wait=seconds),
        owner=installation.owner,
        web=installation.web,
        worker=installation.worker,
    )


def report(installation: Installation, touch_id: int, kind: str, count: int) -> None:
    rows = [row for row in deliveries(installation, touch_id) if row.status is D.SENT][:count]
    with installation.worker.transaction() as session:
        events.apply(session, [{"delivery_id": row.id, "kind": kind, "at": AT} for row in rows])


def resume(installation: Installation, campaign_id: int) -> None:
    with installation.worker.transaction() as session:
        session.get_one(Campaign, campaign_id).start()


def test_the_first_few_go_alone_and_the_rest_wait(databases: Installation) -> None:
    world = a_running_campaign(databases, people=100, soft_start_size=25)

    send(waiting(databases, 3_600))

    assert statuses(databases, world.touch_ids[0]) == {D.SENT: 25, D.QUEUED: 75}
    assert touch(databases, world.touch_ids[0]).soft_start_until is not None
    assert_figures_hold(databases, world.touch_ids[0])


def test_after_the_wait_the_rest_goes(databases: Installation) -> None:
    world = a_running_campaign(databases, people=100, soft_start_size=25)

    send(waiting(databases, 0))

    assert statuses(databases, world.touch_ids[0]) == {D.SENT: 100}


def test_one_bad_address_among_the_first_stops_nothing(database: Installation) -> None:
    world = a_running_campaign(database, people=100, soft_start_size=25)

    send(waiting(database, 0), MemoryProvider([Act.REFUSE_ADDRESS]))

    assert statuses(database, world.touch_ids[0]) == {D.SENT: 99, D.FAILED: 1}


def test_bad_addresses_among_the_first_stop_the_campaign_with_a_sentence(databases: Installation) -> None:
    world = a_running_campaign(databases, people=100, soft_start_size=25)
    script = [Act.REFUSE_ADDRESS] * 4

    send(waiting(databases, 0), MemoryProvider(script))

    stopped = campaign(databases, world.campaign_id)
    assert stopped.status is CampaignStatus.STOPPED
    assert stopped.stop_reason is StopReason.BAD_ADDRESSES
    assert stopped.stop_sentence == "4 of 25 addresses do not exist. Check your list."
    assert statuses(databases, world.touch_ids[0]) == {D.SENT: 21, D.FAILED: 4, D.QUEUED: 75}


def test_a_person_who_continues_is_believed(database: Installation) -> None:
    world = a_running_campaign(database, people=100, soft_start_size=25)
    send(waiting(database, 0), MemoryProvider([Act.REFUSE_ADDRESS] * 4))

    resume(database, world.campaign_id)
    send(waiting(database, 3_600))

    assert campaign(database, world.campaign_id).status is CampaignStatus.RUNNING
    assert statuses(database, world.touch_ids[0]) == {D.SENT: 96, D.FAILED: 4}


@pytest.mark.parametrize("kind", ["bounced", "complained"])
def test_what_comes_back_during_the_wait_stops_the_campaign(database: Installation, kind: str) -> None:
    world = a_running_campaign(database, people=60, soft_start_size=25)
    send(waiting(database, 3_600))

    report(database, world.touch_ids[0], kind, 2)
    soft_start.review(database.worker, wait=3_600)

    assert campaign(database, world.campaign_id).status is CampaignStatus.STOPPED


def test_a_soft_start_of_everybody_is_none(database: Installation) -> None:
    world = a_running_campaign(database, people=10, soft_start_size=25)

    send(waiting(database, 3_600))

    assert statuses(database, world.touch_ids[0]) == {D.SENT: 10}


def test_five_percent_of_hard_bounces_stop_a_running_campaign_until_new_ones_come(
    databases: Installation,
) -> None:
    world = a_running_campaign(databases, people=100)
    with databases.worker.transaction() as session:
        session.get_one(Campaign, world.campaign_id)
    send(databases)
    report(databases, world.touch_ids[0], "bounced", 5)

    assert soft_start.review(databases.worker, wait=0) == [world.campaign_id]
    assert campaign(databases, world.campaign_id).stop_sentence.startswith("5 of 100 addresses")

    resume(databases, world.campaign_id)
    assert soft_start.review(databases.worker, wait=0) == []
    report(databases, world.touch_ids[0], "bounced", 5)
    assert soft_start.review(databases.worker, wait=0) == [world.campaign_id]


def test_complaints_warn_before_they_stop(database: Installation) -> None:
    world = a_running_campaign(database, people=200)
    send(database)
    report(database, world.touch_ids[0], "complained", 1)

    assert soft_start.review(database.worker, wait=0) == []
    warning = soft_start.warning(touch(database, world.touch_ids[0]))
    assert warning == "1 person of 200 reported this mail as spam. At 0.3 % sending stops."

    report(database, world.touch_ids[0], "complained", 1)
    assert soft_start.review(database.worker, wait=0) == [world.campaign_id]
    assert campaign(database, world.campaign_id).stop_reason is StopReason.COMPLAINTS


@given(
    out=st.integers(0, 5_000),
    bad=st.integers(0, 300),
    complaints=st.integers(0, 30),
    in_soft_start=st.booleans(),
)
def test_worse_figures_never_make_a_better_verdict(
    out: int, bad: int, complaints: int, in_soft_start: bool
) -> None:
    found = Figures(out, bad, complaints, in_soft_start)
    if verdict(found) is not Verdict.GO:
        assert verdict(replace(found, bad_count=bad + 1)) is not Verdict.GO
        assert verdict(replace(found, complained_count=complaints + 1)) is not Verdict.GO
