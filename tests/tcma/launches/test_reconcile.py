"""Dead workers, messages in doubt, and what becomes of them."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from campaigns.providers.base import Accepted, Outcome
from campaigns.providers.memory import Act, MemoryProvider
from tcma import clock
from tcma.audit.models import AuditEntry
from tcma.errors import Conflict, Refused
from tcma.jobs import leases, queue, rows
from tcma.jobs.leases import Lease
from tcma.jobs.models import JobRow, Worker
from tcma.jobs.queue import Job
from tcma.launches import reconcile, sending_chunks
from tcma.launches.deliveries import Chunk, DeliveryStatus, SendGroup
from tcma.launches.models import Campaign, CampaignTouch
from tcma.launches.sending_claim import Group, claim_group
from tcma.launches.sending_record import record
from tcma.viewer import OrganisationKind, Role, Viewer
from tests.installation import Installation
from tests.tcma.launches.factories import (
    Holding,
    PlainComposer,
    a_running_campaign,
    a_worker,
    assert_figures_hold,
    campaign,
    deliveries,
    send,
    statuses,
    touch,
)

D = DeliveryStatus


def a_group_in_flight(installation: Installation, worker: Holding, size: int = 4) -> Group:
    with installation.worker.transaction() as session:
        turn = sending_chunks.take(session, worker.worker_id)
        assert turn is not None
        group = claim_group(session, turn, worker.worker_id, size).group
    assert group is not None
    return group


def die(installation: Installation, worker: Holding) -> None:
    """Its heart stopped long ago."""
    with installation.worker.transaction() as session:
        long_ago = clock.real() - timedelta(hours=1)
        session.execute(update(Worker).where(Worker.id == worker.worker_id).values(beat_at=long_ago))


def a_viewer(partner_id: int, role: Role = Role.MARKETER, user_id: int = 1) -> Viewer:
    return Viewer(partner_id, OrganisationKind.PARTNER, "Harbour IT", user_id, frozenset({role}))


def test_a_dead_workers_group_is_unknown_and_its_chunk_goes_on(databases: Installation) -> None:
    world = a_running_campaign(databases, people=10)
    dead = a_worker(databases.worker)
    a_group_in_flight(databases, dead)
    die(databases, dead)

    assert reconcile.end_dead_workers(databases.worker, lease=30.0) == [dead.worker_id]
    send(databases)

    assert statuses(databases, world.touch_ids[0]) == {D.UNKNOWN: 4, D.SENT: 6}
    assert [row.reason for row in deliveries(databases, world.touch_ids[0])[:4]] == [
        reconcile.WORKER_ENDED
    ] * 4
    assert_figures_hold(databases, world.touch_ids[0])


def test_a_living_workers_group_is_left_alone(databases: Installation) -> None:
    world = a_running_campaign(databases, people=10)
    alive = a_worker(databases.worker)
    a_group_in_flight(databases, alive)

    assert reconcile.end_dead_workers(databases.worker, lease=30.0) == []
    assert statuses(databases, world.touch_ids[0]) == {D.SENDING: 4, D.QUEUED: 6}


def test_a_paused_worker_does_not_write_over_what_was_decided(databases: Installation) -> None:
    world = a_running_campaign(databases, people=4)
    paused = a_worker(databases.worker)
    group = a_group_in_flight(databases, paused)
    die(databases, paused)
    reconcile.end_dead_workers(databases.worker, lease=30.0)

    with databases.worker.transaction() as session:
        outcomes = list(MemoryProvider([Act.DEFER] * 4).send(_messages(group)))
        record(session, group.group_id, group.turn, outcomes, {})

    assert statuses(databases, world.touch_ids[0]) == {D.UNKNOWN: 4}
    assert_figures_hold(databases, world.touch_ids[0])


def _messages(group: Group):  # type: ignore[no-untyped-def]
    composer = PlainComposer()
    return [composer.compose(claimed, str(group.group_id)) for claimed in group.messages]


def test_a_dead_workers_jobs_are_free_at_once(database: Installation) -> None:
    dead = a_worker(database.worker)
    with database.worker.transaction() as session:
        queue.enqueue(session, Job.LAUNCHES_FINISH, "1", {"campaign_id": 1})
    with database.worker.transaction() as session:
        row_id = session.scalars(select(JobRow.id)).one()
        assert queue.take(session, row_id, worker_id=dead.worker_id, lease=timedelta(hours=1))
    die(database, dead)

    reconcile.end_dead_workers(database.worker, lease=30.0)

    with database.worker.reading() as session:
        assert [row.id for row in queue.due(session)] == [row_id]


@pytest.mark.postgresql
def test_on_postgresql_a_lost_lock_is_death_at_once(postgresql: Installation) -> None:
    lease = Lease(postgresql.worker, 60.0)
    with postgresql.worker.reading() as session:
        assert leases.dead(session, 60.0) == []

    lease.stop_beating()
    lease._unlock()  # what the server does when the process is killed

    with postgresql.worker.reading() as session:
        assert leases.dead(session, 60.0) == [lease.worker_id]


def test_a_worker_beats_and_signs_off(databases: Installation) -> None:
    lease = Lease(databases.worker, 0.6)
    time.sleep(1.0)
    assert lease.held()
    with databases.worker.reading() as session:
        assert leases.dead(session, 0.6) == []

    lease.sign_off()

    assert not lease.held()
    with databases.worker.reading() as session:
        assert session.scalars(select(Worker.ended_at)).one() is not None


def test_a_worker_declared_dead_notices(database: Installation) -> None:
    lease = Lease(database.worker, 0.6)
    with database.worker.transaction() as session:
        leases.end(session, lease.worker_id)
    time.sleep(0.4)
    assert not lease.held()


def test_a_group_nobody_records_becomes_unknown_after_a_while(database: Installation) -> None:
    world = a_running_campaign(database, people=10)
    a_group_in_flight(database, a_worker(database.worker))
    with database.worker.transaction() as session:
        long_ago = clock.real() - timedelta(hours=1)
        session.execute(update(SendGroup).values(started_at=long_ago))
        session.execute(update(Chunk).values(leased_at=long_ago))

    reconcile.end_stale_groups(database.worker)
    send(database)

    assert statuses(database, world.touch_ids[0]) == {D.UNKNOWN: 4, D.SENT: 6}
    assert_figures_hold(database, world.touch_ids[0])


def test_what_the_provider_found_is_sent_and_what_it_has_not_goes_again(databases: Installation) -> None:
    world = a_running_campaign(databases, people=2, price=10_000_000)
    provider = MemoryProvider([Act.ARRIVES_SILENTLY, Act.VANISHES])
    send(databases, provider)
    provider.knows = True

    settled = reconcile.resolve(databases.worker, provider, reconcile_after=86_400, absence_shows_after=0.0)
    assert settled == 2
    assert statuses(databases, world.touch_ids[0]) == {D.SENT: 1, D.QUEUED: 1}
    send(databases, provider)

    assert statuses(databases, world.touch_ids[0]) == {D.SENT: 2}
    assert len({message.delivery_id for message in provider.sent}) == len(provider.sent) == 2
    assert_figures_hold(databases, world.touch_ids[0])


def test_absence_proves_nothing_while_the_attempt_is_young(database: Installation) -> None:
    world = a_running_campaign(database, people=1)
    provider = MemoryProvider([Act.VANISHES])
    send(database, provider)
    provider.knows = True

    assert reconcile.resolve(database.worker, provider, reconcile_after=86_400) == 0
    assert statuses(database, world.touch_ids[0]) == {D.UNKNOWN: 1}


def test_what_stays_unclear_is_unknown_not_resent(database: Installation) -> None:
    world = a_running_campaign(database, people=1)
    provider = MemoryProvider([Act.VANISHES])
    send(database, provider)

    reconcile.resolve(database.worker, provider, reconcile_after=0.0)
    reconcile.resolve(database.worker, provider, reconcile_after=0.0)

    row = deliveries(database, world.touch_ids[0])[0]
    assert (row.status, row.reason) == (D.UNKNOWN, reconcile.NOT_RESENT)


def test_a_person_has_unknown_messages_sent_again(databases: Installation) -> None:
    world = a_running_campaign(databases, people=3)
    provider = MemoryProvider([Act.ACCEPT, Act.VANISHES, Act.VANISHES])
    send(databases, provider)

    viewer = a_viewer(world.partner_id, user_id=world.user_id)
    with databases.web.transaction(world.partner_id) as session:
        found = session.get_one(Campaign, world.campaign_id)
        count = reconcile.send_again(session, viewer, found, found.touches[0])
    send(databases, provider)

    assert count == 2
    assert statuses(databases, world.touch_ids[0]) == {D.SENT: 3}
    assert_figures_hold(databases, world.touch_ids[0])
    with databases.worker.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["campaign.sent_again"]


def test_nobody_sends_again_from_a_cancelled_campaign_or_without_the_role(database: Installation) -> None:
    world = a_running_campaign(database, people=1)
    send(database, MemoryProvider([Act.VANISHES]))
    with database.worker.transaction() as session:
        found = session.get_one(Campaign, world.campaign_id)
        touch_row = session.get_one(CampaignTouch, world.touch_ids[0])
        with pytest.raises(Refused):
            reconcile.send_again(session, a_viewer(world.partner_id, Role.READER), found, touch_row)
        found.cancel(clock.now(session))
        with pytest.raises(Conflict, match="cancelled"):
            reconcile.send_again(session, a_viewer(world.partner_id), found, touch_row)
    assert campaign(database, world.campaign_id).ended_at is not None
    assert touch(database, world.touch_ids[0]).unknown_count == 1
    assert deliveries(database, world.touch_ids[0])[0].status is D.UNKNOWN


class _Moody(MemoryProvider):
    """Fails whenever it is asked about one message."""

    def __init__(self, about: int) -> None:
        super().__init__()
        self._about = about

    def look_up(self, attempt_id: str, delivery_id: int) -> Outcome | None:
        if delivery_id == self._about:
            raise ConnectionError("The provider hung up.")
        return Accepted(delivery_id, "found")


def test_a_look_up_that_fails_stops_no_other_and_is_tried_again(databases: Installation) -> None:
    world = a_running_campaign(databases, people=3)
    worker = a_worker(databases.worker)
    a_group_in_flight(databases, worker, size=3)
    die(databases, worker)
    reconcile.end_dead_workers(databases.worker, lease=60)
    first = deliveries(databases, world.touch_ids[0])[0].id

    with pytest.raises(rows.RowsFailed, match="1 of 3"):
        reconcile.resolve(databases.worker, _Moody(first), reconcile_after=0)

    assert statuses(databases, world.touch_ids[0]) == {D.UNKNOWN: 1, D.SENT: 2}
    found = deliveries(databases, world.touch_ids[0])[0]
    assert found.reason != reconcile.NOT_RESENT and found.not_before is not None
    assert_figures_hold(databases, world.touch_ids[0])
