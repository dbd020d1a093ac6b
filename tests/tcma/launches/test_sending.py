"""The lane: who gets a message, once, and what is written down about it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from campaigns.kit.model import ConditionKind
from campaigns.providers.memory import Act, MemoryProvider
from tcma import clock
from tcma.audiences import suppression
from tcma.audiences.models import Contact, PartnerSuppression, SuppressionReason
from tcma.config import Settings
from tcma.funds.models import CostLine
from tcma.jobs.models import JobRow
from tcma.kits.models import KitVersion, VersionStatus
from tcma.launches import sending_chunks
from tcma.launches.deliveries import Chunk, Delivery, DeliveryStatus
from tcma.launches.models import Campaign, TouchStatus
from tests.installation import Installation
from tests.tcma.launches.factories import (
    PlainComposer,
    a_running_campaign,
    a_worker,
    assert_figures_hold,
    deliveries,
    send,
    statuses,
    touch,
)

D = DeliveryStatus


def test_everybody_gets_one_message_however_often_lanes_run(databases: Installation) -> None:
    world = a_running_campaign(databases, people=150, chunk_size=40)
    provider = MemoryProvider()

    first = send(databases, provider)
    send(databases, provider)

    assert first.accepted_count == 150
    assert Counter(message.delivery_id for message in provider.sent).most_common(1)[0][1] == 1
    assert len(provider.sent) == 150
    assert statuses(databases, world.touch_ids[0]) == {D.SENT: 150}
    assert_figures_hold(databases, world.touch_ids[0])


def test_a_touch_with_nothing_waiting_is_done_and_its_campaign_looked_at(database: Installation) -> None:
    world = a_running_campaign(database, people=3)

    send(database)

    assert touch(database, world.touch_ids[0]).status is TouchStatus.DONE
    with database.worker.reading() as session:
        assert session.scalars(select(JobRow.arguments)).all() == [{"campaign_id": world.campaign_id}]
        assert session.scalars(select(Chunk.done_at)).one() is not None


def test_each_outcome_is_written_down_as_what_it_is(databases: Installation) -> None:
    world = a_running_campaign(databases, people=6)
    script = [
        Act.ACCEPT,
        Act.REFUSE,
        Act.REFUSE_ADDRESS,
        Act.DEFER,
        Act.ARRIVES_SILENTLY,
        Act.VANISHES,
    ]

    send(databases, MemoryProvider(script))

    rows = deliveries(databases, world.touch_ids[0])
    assert [row.status for row in rows] == [D.SENT, D.FAILED, D.FAILED, D.QUEUED, D.UNKNOWN, D.UNKNOWN]
    assert rows[0].provider_id == f"memory-{rows[0].id}"
    assert rows[1].reason == "554 5.7.1 Not this one"
    assert rows[2].reason == "no such address: 550 5.1.1 No such user"
    assert rows[3].not_before is not None and rows[3].not_before > clock.real() + timedelta(seconds=50)
    assert_figures_hold(databases, world.touch_ids[0])


def test_an_address_that_does_not_exist_is_suppressed(database: Installation) -> None:
    world = a_running_campaign(database, people=2)

    send(database, MemoryProvider([Act.ACCEPT, Act.REFUSE_ADDRESS]))

    with database.worker.reading() as session:
        found = session.scalars(select(PartnerSuppression)).one()
        assert found.reason is SuppressionReason.BOUNCED
        assert found.address_hash == session.get_one(Contact, world.contact_ids[1]).address_hash


def test_a_message_put_off_goes_later_and_once(database: Installation) -> None:
    world = a_running_campaign(database, people=3)
    provider = MemoryProvider([Act.DEFER])
    send(database, provider)
    assert len(provider.sent) == 2

    with database.worker.transaction() as session:
        session.execute(update(Delivery).values(not_before=None))
    send(database, provider)

    assert len({message.delivery_id for message in provider.sent}) == len(provider.sent) == 3
    assert statuses(database, world.touch_ids[0]) == {D.SENT: 3}
    assert [row.attempts for row in deliveries(database, world.touch_ids[0])] == [2, 1, 1]


def test_an_unknown_message_is_never_sent_again_by_itself(database: Installation) -> None:
    world = a_running_campaign(database, people=2)
    provider = MemoryProvider([Act.ARRIVES_SILENTLY, Act.VANISHES])

    send(database, provider)
    send(database, provider)

    assert len(provider.asked) == 2
    assert statuses(database, world.touch_ids[0]) == {D.UNKNOWN: 2}


@pytest.mark.parametrize("scope", ["partner", "programme", "platform"])
def test_a_suppressed_contact_is_skipped(databases: Installation, scope: str) -> None:
    world = a_running_campaign(databases, people=3)
    with databases.worker.transaction() as session:
        left = session.get_one(Contact, world.contact_ids[0])
        now = clock.now(session)
        reason = SuppressionReason.UNSUBSCRIBED
        if scope == "partner":
            suppression.suppress(session, world.partner_id, left.address_hash, reason, now)
        elif scope == "programme":
            suppression.suppress_for_programme(session, world.vendor_id, left.address_hash, reason, now)
        else:
            suppression.suppress_everywhere(session, left.address_hash, reason, now)
    provider = MemoryProvider()

    send(databases, provider)

    assert left.address_typed not in {message.recipient for message in provider.sent}
    assert statuses(databases, world.touch_ids[0]) == {D.SKIPPED: 1, D.SENT: 2}
    assert deliveries(databases, world.touch_ids[0])[0].reason == "suppressed"
    assert_figures_hold(databases, world.touch_ids[0])


def test_another_partners_suppression_stops_nobody_here(database: Installation) -> None:
    world, other = a_running_campaign(database, people=2), a_running_campaign(database, people=1)
    with database.worker.transaction() as session:
        person = session.get_one(Contact, world.contact_ids[0])
        suppression.suppress(
            session, other.partner_id, person.address_hash, SuppressionReason.UNSUBSCRIBED, clock.now(session)
        )

    send(database)

    assert statuses(database, world.touch_ids[0]) == {D.SENT: 2}


def test_a_deleted_contact_is_skipped(database: Installation) -> None:
    world = a_running_campaign(database, people=2)
    with database.worker.transaction() as session:
        session.get_one(Contact, world.contact_ids[1]).deleted_at = clock.now(session)

    send(database)

    assert deliveries(database, world.touch_ids[0])[1].reason == "deleted"
    assert_figures_hold(database, world.touch_ids[0])


def test_a_follow_up_goes_to_those_who_did_not_click(databases: Installation) -> None:
    world = a_running_campaign(databases, people=4, touches=2, condition=ConditionKind.NOT_CLICKED)
    with databases.worker.transaction() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.touch_id == world.touch_ids[0], Delivery.contact_id == world.contact_ids[2])
            .values(clicked_at=clock.now(session))
        )

    send(databases)

    assert statuses(databases, world.touch_ids[0]) == {D.SENT: 4}
    assert [row.reason for row in deliveries(databases, world.touch_ids[1])] == ["", "", "clicked", ""]
    assert_figures_hold(databases, world.touch_ids[1])


class Interrupting(MemoryProvider):
    """Does something once, after the n-th message was handed over."""

    def __init__(self, after: int, deed) -> None:  # type: ignore[no-untyped-def]
        super().__init__()
        self.after, self.deed = after, deed

    def send(self, batch):  # type: ignore[no-untyped-def]
        for outcome in super().send(batch):
            if len(self.sent) == self.after:
                self.deed()
            yield outcome


@pytest.mark.parametrize("deed", ["pause", "cancel", "recall", "skip_touch"])
def test_what_stops_a_campaign_takes_effect_at_the_next_claim(databases: Installation, deed: str) -> None:
    world = a_running_campaign(databases, people=200)

    def stop() -> None:
        with databases.worker.transaction() as session:
            found = session.get_one(Campaign, world.campaign_id)
            if deed == "pause":
                found.pause()
            elif deed == "cancel":
                found.cancel(clock.now(session))
            elif deed == "recall":
                version = session.get_one(KitVersion, world.kit_version_id)
                version.status = VersionStatus.RECALLED
            else:
                found.touches[0].skip()

    provider = Interrupting(10, stop)
    send(databases, provider)

    assert len(provider.sent) == databases.settings.group_size
    assert statuses(databases, world.touch_ids[0]) == {D.SENT: 64, D.QUEUED: 136}
    assert_figures_hold(databases, world.touch_ids[0])


def test_somebody_who_leaves_in_mid_send_gets_nothing_more(database: Installation) -> None:
    world = a_running_campaign(database, people=130)

    def leave() -> None:
        with database.worker.transaction() as session:
            last = session.get_one(Contact, world.contact_ids[-1])
            suppression.suppress(
                session,
                world.partner_id,
                last.address_hash,
                SuppressionReason.UNSUBSCRIBED,
                clock.now(session),
            )

    provider = Interrupting(5, leave)
    send(database, provider)

    assert len(provider.sent) == 129
    assert deliveries(database, world.touch_ids[0])[-1].status is D.SKIPPED


def test_a_message_that_cannot_be_made_fails_alone(database: Installation) -> None:
    world = a_running_campaign(database, people=3)
    with database.worker.reading() as session:
        address = session.get_one(Contact, world.contact_ids[1]).address_typed

    send(database, composer=PlainComposer(frozenset({address})))

    rows = deliveries(database, world.touch_ids[0])
    assert [row.status for row in rows] == [D.SENT, D.FAILED, D.SENT]
    assert "Nothing to say." in rows[1].reason
    assert_figures_hold(database, world.touch_ids[0])


def test_a_provider_that_breaks_leaves_one_message_in_doubt(database: Installation) -> None:
    world = a_running_campaign(database, people=5)

    class Broken(MemoryProvider):
        def send(self, batch):  # type: ignore[no-untyped-def]
            for place, outcome in enumerate(super().send(batch)):
                if place == 2 and not self.knows:
                    self.knows = True
                    raise RuntimeError("a defect")
                yield outcome

    provider = Broken()
    send(database, provider)

    assert statuses(database, world.touch_ids[0]) == {D.SENT: 4, D.UNKNOWN: 1}
    assert len(provider.sent) == len({message.delivery_id for message in provider.sent}) == 5


def test_a_lane_that_lost_its_lease_hands_nothing_over_any_more(database: Installation) -> None:
    world = a_running_campaign(database, people=50)
    lease = a_worker(database.worker)

    def lose() -> None:
        lease.is_held = False

    provider = Interrupting(7, lose)
    send(database, provider, lease=lease)

    assert len(provider.sent) == 7
    assert statuses(database, world.touch_ids[0]) == {D.SENT: 7, D.QUEUED: 43}
    assert all(row.attempts == 0 for row in deliveries(database, world.touch_ids[0])[7:])


def test_a_group_ends_after_its_time_and_the_rest_waits(database: Installation) -> None:
    world = a_running_campaign(database, people=10)
    installation = Installation(
        settings=_with(database, group_time=0.0),
        owner=database.owner,
        web=database.web,
        worker=database.worker,
    )
    turns = iter([False, False, True])

    send(installation, until=lambda: next(turns, True))

    assert statuses(database, world.touch_ids[0]) == {D.QUEUED: 10}
    assert_figures_hold(database, world.touch_ids[0])


def test_partners_take_turns(database: Installation) -> None:
    big = a_running_campaign(database, people=400, chunk_size=50)
    small = a_running_campaign(database, people=10)
    order: list[int] = []

    class Watching(MemoryProvider):
        def send(self, batch):  # type: ignore[no-untyped-def]
            order.extend(message.delivery_id for message in batch)
            return super().send(batch)

    send(database, Watching())

    ids = {row.id for row in deliveries(database, small.touch_ids[0])}
    assert max(order.index(delivery_id) for delivery_id in ids) < 100
    assert statuses(database, big.touch_ids[0]) == {D.SENT: 400}


def test_chunks_of_messages_that_were_left_out_are_closed(databases: Installation) -> None:
    world = a_running_campaign(databases, people=4, chunk_size=2)
    with databases.worker.transaction() as session:
        first_two = [row.id for row in deliveries(databases, world.touch_ids[0])[:2]]
        session.execute(update(Delivery).where(Delivery.id.in_(first_two)).values(status=D.SKIPPED))

    with databases.worker.transaction() as session:
        assert sending_chunks.close_empty(session) == 1
        assert sending_chunks.close_empty(session) == 0


def test_accepted_messages_are_counted_on_the_cost_line(databases: Installation) -> None:
    world = a_running_campaign(databases, people=6, touches=2, price=10_000_000)

    send(databases, MemoryProvider([Act.ACCEPT, Act.VANISHES, Act.REFUSE]))

    with databases.worker.reading() as session:
        line = session.scalars(select(CostLine).where(CostLine.campaign_id == world.campaign_id)).one()
        assert line.units == 10


def _with(installation: Installation, **values: Any) -> Settings:
    return replace(installation.settings, **values)
