"""The worker as it runs: a process of its own, embedded and with a real broker."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from celery import Celery
from sqlalchemy import func, select

from tcma.bench.send_world import Plan, World, build
from tcma.config import ROOT, child_environment
from tcma.jobs import queue
from tcma.jobs.models import JobRow, Worker
from tcma.jobs.queue import Job
from tcma.kits.models import KitVersion, VersionStatus
from tcma.launches.deliveries import DeliveryStatus
from tcma.launches.models import Campaign, CampaignStatus
from tests.installation import Installation
from tests.tcma.launches.factories import assert_figures_hold, campaign, statuses

LIMIT = 40.0


@contextmanager
def a_worker_process(installation: Installation, **changed: str) -> Iterator[subprocess.Popen[bytes]]:
    settings = installation.settings
    environment = child_environment(
        settings,
        environment="test",
        database_url=settings.database_url,
        database_url_web=settings.database_url_web,
        database_url_worker=settings.database_url_worker,
        **{"poll": "0.2", **changed},
    )
    process = subprocess.Popen([sys.executable, "-m", "workers"], cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_for(reached: Callable[[], object]) -> None:
    end = time.monotonic() + LIMIT
    while not reached():
        assert time.monotonic() < end, "Nothing came of it."
        time.sleep(0.05)


def a_campaign_with_mail(installation: Installation, people: int) -> World:
    with installation.worker.transaction() as session:
        key = installation.settings.hash_key
        return build(session, Plan(people), hash_key=key, files=installation.storage)


def ask_to_stop_recalled(installation: Installation, world: World) -> int:
    with installation.worker.transaction() as session:
        session.get_one(KitVersion, world.kit_version_id).status = VersionStatus.RECALLED
        arguments = {"kit_version_id": world.kit_version_id}
        queue.enqueue(session, Job.LAUNCHES_STOP_RECALLED, "1", arguments)
        return session.scalars(select(JobRow.id).where(JobRow.name == Job.LAUNCHES_STOP_RECALLED.value)).one()


def is_done(installation: Installation, job_id: int) -> bool:
    with installation.worker.reading() as session:
        return session.get_one(JobRow, job_id).done_at is not None


@pytest.mark.slow
def test_the_embedded_worker_sends_drains_and_signs_off(databases: Installation, tmp_path: Path) -> None:
    world = a_campaign_with_mail(databases, people=30)

    with a_worker_process(databases) as process:
        wait_for(lambda: statuses(databases, world.touch_ids[0]) == {DeliveryStatus.SENT: 30})
        wait_for(lambda: _progress(databases))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0

    assert len(list((databases.settings.var / "files" / "outbox").iterdir())) == 30
    assert_figures_hold(databases, world.touch_ids[0])
    with databases.worker.reading() as session:
        assert session.scalars(select(Worker.ended_at)).one() is not None
        assert session.scalars(select(JobRow.done_at)).one() is not None


def _progress(installation: Installation) -> bool:
    with installation.worker.reading() as session:
        done = session.scalar(select(func.count()).where(JobRow.done_at.is_not(None)))
        moved = session.scalar(select(func.count()).where(Worker.progress_at > Worker.started_at))
        return bool(done and moved)


@pytest.fixture
def broker(broker_server: str) -> Iterator[str]:
    client = redis.Redis.from_url(broker_server)
    client.flushall()
    yield broker_server
    client.flushall()


@pytest.mark.broker
def test_a_job_hinted_at_twice_is_done_once(database: Installation, broker: str) -> None:
    world = a_campaign_with_mail(database, people=1)
    job_id = ask_to_stop_recalled(database, world)
    sender = Celery(broker=broker)
    for _ in range(5):
        sender.send_task(Job.LAUNCHES_STOP_RECALLED.value, args=[job_id], ignore_result=True)

    with a_worker_process(database, broker_url=broker):
        wait_for(lambda: is_done(database, job_id))
        time.sleep(0.5)

    assert campaign(database, world.campaign_id).status is CampaignStatus.RECALLED
    with database.worker.reading() as session:
        assert session.get_one(JobRow, job_id).attempts == 1


@pytest.mark.broker
def test_a_flushed_broker_loses_no_job(database: Installation, broker: str) -> None:
    world = a_campaign_with_mail(database, people=1)
    sender = Celery(broker=broker)
    with a_worker_process(database, broker_url=broker):
        job_id = ask_to_stop_recalled(database, world)
        sender.send_task(Job.LAUNCHES_STOP_RECALLED.value, args=[job_id], ignore_result=True)
        redis.Redis.from_url(broker).flushall()
        sender.send_task(Job.JOBS_POLL.value, args=[0], ignore_result=True)  # what the beat does every 5 s
        wait_for(lambda: is_done(database, job_id))


@pytest.mark.broker
def test_the_work_of_a_killed_worker_is_done_by_the_next(database: Installation, broker: str) -> None:
    world = a_campaign_with_mail(database, people=20)
    with database.worker.transaction() as session:
        session.get_one(Campaign, world.campaign_id).pause()
    sender = Celery(broker=broker)
    with a_worker_process(database, broker_url=broker) as first:
        wait_for(lambda: _workers(database) == 1)
        first.kill()
        first.wait()
    with database.worker.transaction() as session:
        session.get_one(Campaign, world.campaign_id).start()

    with a_worker_process(database, broker_url=broker):
        wait_for(lambda: _workers(database) == 2)
        sender.send_task(Job.JOBS_POLL.value, args=[0], ignore_result=True)
        wait_for(lambda: statuses(database, world.touch_ids[0]) == {DeliveryStatus.SENT: 20})

    with database.worker.reading() as session:
        assert session.scalars(select(Worker.ended_at).order_by(Worker.id)).first() is not None


def _workers(installation: Installation) -> int:
    with installation.worker.reading() as session:
        return int(session.scalar(select(func.count()).select_from(Worker)) or 0)
