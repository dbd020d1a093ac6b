"""Jobs: taken, called, put down; and the page of everything that recurs."""

import socket
import time
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from tcma import clock
from tcma.audit import trail
from tcma.audit.models import AuditEntry
from tcma.config import load
from tcma.db import Base
from tcma.funds.models import CostLine, LineStatus
from tcma.jobs import queue
from tcma.jobs.models import JobRow
from tcma.jobs.queue import Job
from tcma.launches.models import CampaignStatus
from tcma.web import health
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign, a_worker, campaign, send
from workers import polling, runner, schedule
from workers.app import Hints, app, make_app
from workers.runtime import Runtime, install


@pytest.fixture
def runtime(database: Installation) -> Runtime:
    made = Runtime.start(database)
    made.lease.stop_beating()
    install(made)
    return made


def ask(runtime: Runtime, **arguments: object) -> int:
    with runtime.database.transaction() as session:
        queue.enqueue(session, Job.LAUNCHES_FINISH, "1", arguments)
        return session.scalars(select(JobRow.id)).one()


def row(runtime: Runtime, job_id: int) -> JobRow:
    with runtime.database.reading() as session:
        found = session.get_one(JobRow, job_id)
        session.expunge(found)
        return found


def test_a_job_is_called_with_its_arguments_and_done_once(runtime: Runtime) -> None:
    job_id = ask(runtime, campaign_id=7)
    calls: list[int] = []

    for _ in range(3):
        runner.run(Job.LAUNCHES_FINISH, job_id, lambda _current, campaign_id: calls.append(campaign_id))

    assert calls == [7]
    assert row(runtime, job_id).done_at is not None


def test_a_job_that_fails_keeps_its_error_and_waits(runtime: Runtime) -> None:
    job_id = ask(runtime)

    def fail(_current: Runtime) -> None:
        raise RuntimeError("the disk is full")

    runner.run(Job.LAUNCHES_FINISH, job_id, fail)

    found = row(runtime, job_id)
    assert found.done_at is None
    assert found.last_error == "RuntimeError: the disk is full"
    assert found.retry_at is not None and found.retry_at > clock.real()


def test_a_hint_with_the_wrong_name_runs_nothing(runtime: Runtime) -> None:
    job_id = ask(runtime)
    calls: list[int] = []

    runner.run(Job.AUDIT_SEAL_ENTRIES, job_id, lambda _current: calls.append(1))

    assert calls == []


def test_polling_hints_at_due_jobs_and_at_what_may_be_sent(database: Installation, runtime: Runtime) -> None:
    job_id = ask(runtime)
    a_running_campaign(database, people=3)
    hints: list[tuple[str, int]] = []

    polling.poll(runtime, lambda name, number: hints.append((name, number)))

    assert sorted(hints) == [("launches.finish", job_id), ("launches.run_lane", 0)]


def test_a_job_somebody_holds_is_not_hinted_at(runtime: Runtime) -> None:
    job_id = ask(runtime)
    other = a_worker(runtime.database)
    with runtime.database.transaction() as session:
        assert queue.take(session, job_id, worker_id=other.worker_id, lease=runner.JOB_LEASE)
    hints: list[tuple[str, int]] = []

    polling.poll(runtime, lambda name, number: hints.append((name, number)))

    assert hints == []


def test_a_job_that_kills_every_worker_is_given_up_told_and_tried_again_when_a_person_says_so(
    runtime: Runtime,
) -> None:
    job_id = ask(runtime)
    for attempt in range(queue.MAX_ATTEMPTS):
        with runtime.database.transaction() as session:
            taken = queue.take(session, job_id, worker_id=None, lease=-runner.JOB_LEASE)  # over at once
            assert taken is not None and taken.attempts == attempt + 1
    hints: list[tuple[str, int]] = []

    with runtime.database.transaction() as session:
        assert queue.take(session, job_id, worker_id=None, lease=runner.JOB_LEASE) is None
    polling.poll(runtime, lambda name, number: hints.append((name, number)))

    assert hints == []
    assert health.check(runtime.installation).failed_jobs == 1
    with runtime.database.transaction() as session:
        (given_up,) = queue.failed(session)
        assert (given_up.id, given_up.last_error) == (job_id, queue.WORKER_ENDED)
        assert queue.retry(session, job_id) and not queue.retry(session, job_id)
        assert queue.failed(session) == [] and queue.count_failed(session) == 0
    calls: list[int] = []
    runner.run(Job.LAUNCHES_FINISH, job_id, lambda _current, **_arguments: calls.append(1))
    assert calls == [1] and row(runtime, job_id).attempts == 1


def test_every_recurring_job_without_work_changes_no_row_and_logs_no_error(runtime: Runtime) -> None:
    app.loader.import_default_modules()
    before = rows_by_table(runtime)

    with capture_logs() as logs:
        for job in schedule.EVERY:
            app.tasks[job.value](0)

    assert logs == []
    assert rows_by_table(runtime) == before


def rows_by_table(runtime: Runtime) -> dict[str, list[tuple[object, ...]]]:
    with runtime.database.reading() as session:
        tables = Base.metadata.sorted_tables
        return {table.name: [tuple(row) for row in session.execute(select(table))] for table in tables}


def test_the_recurring_jobs_end_a_campaign_settle_its_money_and_seal_its_audit(
    database: Installation, runtime: Runtime
) -> None:
    app.loader.import_default_modules()
    world = a_running_campaign(database, people=3, price=10_000_000)
    send(database)
    app.tasks[Job.LAUNCHES_FINISH.value](0)

    assert campaign(database, world.campaign_id).status is CampaignStatus.FINISHED
    with runtime.database.transaction() as session:
        assert session.scalars(select(CostLine.status)).one() is LineStatus.RELEASED
        clock.advance(session, timedelta(days=8))
    for job in schedule.EVERY:
        app.tasks[job.value](0)
    with runtime.database.reading() as session:
        assert session.scalars(select(CostLine.status)).one() is LineStatus.SETTLED
        assert session.scalars(select(AuditEntry.action)).all() == ["campaign.finished"]
        assert trail.unsealed_organisations(session) == []


def test_a_hint_into_nowhere_costs_less_than_a_second_and_is_noted() -> None:
    lost = make_app(load({"TCMA_ENVIRONMENT": "test", "TCMA_BROKER_URL": "redis://127.0.0.1:1/0"}))
    hints = Hints(lost)

    begun = time.monotonic()
    with capture_logs() as logs:
        hints.publish(Job.LAUNCHES_FINISH.value, 1)

    assert time.monotonic() - begun < 1
    assert [(log["event"], log["job"]) for log in logs] == [("hint_not_sent", "launches.finish")]


def test_a_hint_to_a_broker_that_never_answers_costs_less_than_a_second() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        address = deaf.getsockname()
        full = [socket.socket() for _ in range(3)]  # nobody accepts, so the next one knocks in vain
        for caller in full:
            caller.setblocking(False)
            caller.connect_ex(address)
        url = f"redis://127.0.0.1:{address[1]}/0"
        hints = Hints(make_app(load({"TCMA_ENVIRONMENT": "test", "TCMA_BROKER_URL": url})))

        begun = time.monotonic()
        with capture_logs() as logs:
            hints.publish(Job.LAUNCHES_FINISH.value, 1)
        assert time.monotonic() - begun < 1
        for caller in full:
            caller.close()
    assert [log["event"] for log in logs] == ["hint_not_sent"]


def test_messages_are_acknowledged_late_and_never_planned_in_the_broker() -> None:
    made = make_app(load({"TCMA_ENVIRONMENT": "test", "TCMA_BROKER_URL": "redis://127.0.0.1:1/0"}))

    assert made.conf.task_acks_late and made.conf.task_reject_on_worker_lost
    assert made.conf.worker_prefetch_multiplier == 1
    assert made.conf.accept_content == ["json"]
    assert {entry["task"] for entry in made.conf.beat_schedule.values()} == {
        Job.JOBS_POLL.value,
        *(job.value for job in schedule.EVERY),
    }
    assert (
        max(runner.JOB_LEASE.total_seconds(), 60) < made.conf.broker_transport_options["visibility_timeout"]
    )


def test_a_moved_clock_makes_a_later_job_due(runtime: Runtime) -> None:
    job_id = ask(runtime)
    with runtime.database.transaction() as session:
        session.execute(update(JobRow).values(due_at=clock.now(session) + runner.JOB_LEASE))
    runner.run(Job.LAUNCHES_FINISH, job_id, lambda _current: None)
    assert row(runtime, job_id).done_at is None

    with runtime.database.transaction() as session:
        clock.advance(session, runner.JOB_LEASE * 2)
    runner.run(Job.LAUNCHES_FINISH, job_id, lambda _current: None)
    assert row(runtime, job_id).done_at is not None
