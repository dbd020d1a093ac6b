"""Who is taken for dead: not a process that lives, and nobody for one failed beat."""

import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from tcma import clock
from tcma.jobs import leases
from tcma.jobs.leases import Lease
from tcma.jobs.models import Worker
from tcma.launches import reconcile
from tests.installation import Installation
from tests.tcma.launches.factories import a_worker


def silent_for(installation: Installation, worker_id: int, seconds: float, **values: object) -> None:
    with installation.worker.transaction() as session:
        beat_at = clock.real() - timedelta(seconds=seconds)
        session.execute(update(Worker).where(Worker.id == worker_id).values(beat_at=beat_at, **values))


def test_a_worker_whose_process_lives_may_be_silent_for_much_longer(databases: Installation) -> None:
    worker = a_worker(databases.worker)

    silent_for(databases, worker.worker_id, 9 * 30.0)
    assert reconcile.end_dead_workers(databases.worker, lease=30.0) == []

    silent_for(databases, worker.worker_id, 11 * 30.0)
    assert reconcile.end_dead_workers(databases.worker, lease=30.0) == [worker.worker_id]


def test_a_silent_worker_on_another_host_is_dead_after_its_lease(databases: Installation) -> None:
    worker = a_worker(databases.worker)
    silent_for(databases, worker.worker_id, 2 * 30.0, host="elsewhere.example")

    assert reconcile.end_dead_workers(databases.worker, lease=30.0) == [worker.worker_id]


def test_a_process_that_is_gone_is_dead_at_once(database: Installation) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    worker = a_worker(database.worker)
    silent_for(database, worker.worker_id, 0.0, pid=process.pid)

    assert reconcile.end_dead_workers(database.worker, lease=30.0) == [worker.worker_id]


@pytest.mark.postgresql
def test_on_postgresql_a_worker_whose_beat_fails_once_keeps_its_lock(postgresql: Installation) -> None:
    lease = Lease(postgresql.worker, 1.2)
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = :lock_class"
        " AND objid = :worker_id AND granted"
    )
    with postgresql.worker.transaction() as session:
        key = {"lock_class": leases.LOCK_CLASS, "worker_id": lease.worker_id}
        assert session.scalars(cut, key).all() == [True]

    time.sleep(0.6)  # the beat that meets the broken connection has been

    with postgresql.worker.reading() as session:
        assert leases.dead(session, 60.0) == []
    time.sleep(0.9)
    assert lease.held()
    lease.sign_off()


@pytest.mark.postgresql
def test_on_postgresql_a_beat_that_fails_beside_the_lock_lets_nobody_in_between(
    postgresql: Installation,
) -> None:
    lease = Lease(postgresql.worker, 1.2)
    deaths = 0
    with postgresql.worker.transaction() as session, postgresql.worker.reading() as other:
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        session.execute(select(Worker).where(Worker.id == lease.worker_id).with_for_update())
        other.execute(text("SELECT pg_sleep(0.3)"))  # the beat waits for the row by now
        waiting = text("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        assert session.scalars(waiting).all() == [True]
        for _ in range(20):
            deaths += len(leases.dead(other, 60.0))
            time.sleep(0.01)

    time.sleep(0.6)
    assert deaths == 0
    assert lease.held()
    lease.sign_off()
