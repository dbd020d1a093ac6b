"""What providers report becomes the same state in every order, however often and however early."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from campaigns.providers.memory import Act, MemoryProvider
from tcma.audiences.models import PartnerSuppression, SuppressionReason
from tcma.bench.send_world import World
from tcma.funds.models import CostLine
from tcma.launches import events
from tcma.launches.deliveries import DeliveryStatus, TouchEvent
from tests.installation import Installation
from tests.tcma.launches.factories import (
    a_running_campaign,
    assert_figures_hold,
    deliveries,
    send,
    statuses,
    touch,
)

D = DeliveryStatus
AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SEND = "send"


def told(delivery_id: int, kind: str, minutes: int = 0) -> dict[str, object]:
    return {"delivery_id": delivery_id, "kind": kind, "at": AT + timedelta(minutes=minutes)}


def apply(installation: Installation, *given: Mapping[str, object]) -> events.Receipt:
    with installation.worker.transaction() as session:
        return events.apply(session, given)


def end_state(installation: Installation, world: World) -> dict[str, object]:
    """All that events may change, without ids and times."""
    found = touch(installation, world.touch_ids[0])
    with installation.worker.reading() as session:
        kinds = session.scalars(
            select(TouchEvent.kind)
            .where(TouchEvent.campaign_id == world.campaign_id)
            .order_by(TouchEvent.kind)
        ).all()
        reasons = session.scalars(
            select(PartnerSuppression.reason)
            .where(PartnerSuppression.partner_id == world.partner_id)
            .order_by(PartnerSuppression.reason)
        ).all()
        units = session.scalars(select(CostLine.units).where(CostLine.campaign_id == world.campaign_id)).one()
    return {
        "statuses": statuses(installation, world.touch_ids[0]),
        "counts": (found.complained_count, found.unsubscribed_count, found.bounced_count),
        "kinds": kinds,
        "reasons": reasons,
        "units": units,
    }


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_order_and_every_repetition_ends_the_same(databases: Installation, data: st.DataObject) -> None:
    kinds = data.draw(
        st.lists(
            st.sampled_from(["accepted", "delivered", "bounced", "deferred", "unsubscribed", "complained"]),
            min_size=1,
            max_size=5,
            unique=True,
        )
    )
    steps = [SEND, *kinds]
    repeated = steps + data.draw(st.lists(st.sampled_from(steps), max_size=3))
    shuffled = data.draw(st.permutations(repeated))

    ends = []
    for order in (steps, shuffled):
        world = a_running_campaign(databases, people=1, price=10_000_000)
        delivery_id = deliveries(databases, world.touch_ids[0])[0].id
        for step in order:
            if step == SEND:
                send(databases)
            else:
                apply(databases, told(delivery_id, step))
        assert_figures_hold(databases, world.touch_ids[0])
        ends.append(end_state(databases, world))

    assert ends[0] == ends[1]


def test_a_batch_with_everything_at_once_equals_one_by_one(databases: Installation) -> None:
    kinds = ["bounced", "delivered", "complained", "delivered", "unsubscribed", "accepted", "complained"]
    ends = []
    for at_once in (True, False):
        world = a_running_campaign(databases, people=1)
        send(databases)
        delivery_id = deliveries(databases, world.touch_ids[0])[0].id
        batch = [told(delivery_id, kind) for kind in kinds]
        for part in [batch] if at_once else [[event] for event in batch]:
            apply(databases, *part)
        ends.append(end_state(databases, world))

    assert ends[0] == ends[1]


def test_forty_six_copies_of_an_event_count_once(databases: Installation) -> None:
    world = a_running_campaign(databases, people=2)
    send(databases)
    first = deliveries(databases, world.touch_ids[0])[0].id

    receipts = [apply(databases, *[told(first, "complained", minute)] * 23) for minute in (0, 5)]

    assert [receipt.new_count for receipt in receipts] == [1, 0]
    assert touch(databases, world.touch_ids[0]).complained_count == 1
    with databases.worker.reading() as session:
        assert session.scalar(select(func.count()).select_from(TouchEvent)) == 1


def test_a_message_the_provider_has_already_is_not_sent_again(database: Installation) -> None:
    world = a_running_campaign(database, people=1)
    provider = MemoryProvider([Act.DEFER])
    send(database, provider)
    row = deliveries(database, world.touch_ids[0])[0]
    assert row.status is D.QUEUED

    apply(database, told(row.id, "delivered"))
    send(database, provider)

    assert provider.sent == []
    assert statuses(database, world.touch_ids[0]) == {D.DELIVERED: 1}


def test_an_event_settles_an_unknown_message(databases: Installation) -> None:
    world = a_running_campaign(databases, people=2, price=10_000_000)
    send(databases, MemoryProvider([Act.ARRIVES_SILENTLY, Act.VANISHES]))
    first = deliveries(databases, world.touch_ids[0])[0]

    apply(databases, told(first.id, "delivered"))

    assert statuses(databases, world.touch_ids[0]) == {D.DELIVERED: 1, D.UNKNOWN: 1}
    assert end_state(databases, world)["units"] == 1
    assert_figures_hold(databases, world.touch_ids[0])


def test_a_hard_bounce_lowers_the_count_and_suppresses_the_address(databases: Installation) -> None:
    world = a_running_campaign(databases, people=3, price=10_000_000)
    send(databases)
    first = deliveries(databases, world.touch_ids[0])[0]

    apply(databases, told(first.id, "bounced"))

    end = end_state(databases, world)
    assert end["units"] == 2
    assert end["reasons"] == [SuppressionReason.BOUNCED]
    assert statuses(databases, world.touch_ids[0]) == {D.SENT: 2, D.BOUNCED: 1}
    assert_figures_hold(databases, world.touch_ids[0])


def test_what_came_back_for_now_changes_no_state(database: Installation) -> None:
    world = a_running_campaign(database, people=1)
    send(database)
    row = deliveries(database, world.touch_ids[0])[0]

    apply(database, told(row.id, "deferred"), told(row.id, "deferred", 5))

    assert statuses(database, world.touch_ids[0]) == {D.SENT: 1}
    assert end_state(database, world)["reasons"] == []


@pytest.mark.parametrize("kinds", [("blocked", "bounced"), ("bounced", "stopped_earlier", "blocked")])
def test_ways_of_not_arriving_are_events_of_their_own_in_either_order(
    database: Installation, kinds: tuple[str, ...]
) -> None:
    found = []
    for order in (kinds, kinds[::-1]):
        world = a_running_campaign(database, people=1)
        send(database)
        row = deliveries(database, world.touch_ids[0])[0]
        for kind in order:
            apply(database, told(row.id, kind))
        with database.worker.reading() as session:
            kept = session.scalars(select(TouchEvent).where(TouchEvent.delivery_id == row.id)).all()
            hard = sorted(bool((event.detail or {})["hard"]) for event in kept)
        found.append((hard, end_state(database, world)))

    assert found[0] == found[1]
    assert found[0][0] == [False] * (len(kinds) - 1) + [True]
    assert_figures_hold(database, world.touch_ids[0])


def test_what_was_blocked_says_nothing_against_the_address(database: Installation) -> None:
    world = a_running_campaign(database, people=1)
    send(database)
    apply(database, told(deliveries(database, world.touch_ids[0])[0].id, "blocked"))

    assert statuses(database, world.touch_ids[0]) == {D.BOUNCED: 1}
    assert end_state(database, world)["reasons"] == []


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"delivery_id": "1", "kind": "delivered", "at": AT},
        {"delivery_id": True, "kind": "delivered", "at": AT},
        {"delivery_id": 2**63, "kind": "delivered", "at": AT},
        {"delivery_id": 999_999, "kind": "delivered", "at": AT},
        {"delivery_id": 1, "kind": "exploded", "at": AT},
        {"delivery_id": 1, "kind": ["delivered"], "at": AT},
        {"delivery_id": 1, "kind": "delivered", "at": "yesterday"},
        {"delivery_id": 1, "kind": "delivered", "at": "2026-11-24T09:30:00"},
        {"delivery_id": 1, "kind": "delivered", "at": float("inf")},
        {"delivery_id": 1, "kind": "delivered", "at": None},
        "delivered",
        None,
    ],
)
def test_a_malformed_event_is_skipped_alone(database: Installation, broken: object) -> None:
    world = a_running_campaign(database, people=1)
    send(database)
    row = deliveries(database, world.touch_ids[0])[0]

    receipt = apply(database, broken, told(row.id, "delivered"))  # type: ignore[arg-type]

    assert receipt.new_count == 1
    assert [skipped.position for skipped in receipt.skipped] == [0]
    assert receipt.skipped[0].sentence.endswith(".")
    assert statuses(database, world.touch_ids[0]) == {D.DELIVERED: 1}
