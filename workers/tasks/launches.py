"""Campaigns: started, sent, settled, ended."""

from tcma.jobs.queue import Job
from workers import campaigns_work as work
from workers.app import Hints, app, task
from workers.lanes import run_lane as send
from workers.runner import run


@task(Job.LAUNCHES_RUN_LANE)
def run_lane(job_id: int) -> None:
    run(Job.LAUNCHES_RUN_LANE, job_id, lambda current: send(current, Hints(app).publish))


@task(Job.LAUNCHES_START_DUE)
def start_due(job_id: int) -> None:
    run(Job.LAUNCHES_START_DUE, job_id, work.start_due)


@task(Job.LAUNCHES_START_FUNDED)
def start_funded(job_id: int) -> None:
    run(Job.LAUNCHES_START_FUNDED, job_id, work.start_funded)


@task(Job.LAUNCHES_STOP_RECALLED)
def stop_recalled(job_id: int) -> None:
    run(Job.LAUNCHES_STOP_RECALLED, job_id, work.stop_recalled)


@task(Job.LAUNCHES_RECHECK_FUNDING)
def recheck_funding(job_id: int) -> None:
    run(Job.LAUNCHES_RECHECK_FUNDING, job_id, work.recheck_funding)


@task(Job.LAUNCHES_RECONCILE)
def reconcile(job_id: int) -> None:
    run(Job.LAUNCHES_RECONCILE, job_id, work.reconcile)


@task(Job.LAUNCHES_FINISH)
def finish(job_id: int) -> None:
    run(Job.LAUNCHES_FINISH, job_id, work.finish)


@task(Job.LAUNCHES_TAKE_REPORT)
def take_report(job_id: int) -> None:
    run(Job.LAUNCHES_TAKE_REPORT, job_id, work.take_report)
