"""Audiences: files read, lists and uploads forgotten."""

from tcma.jobs.queue import Job
from workers import audiences_work as work
from workers.app import task
from workers.runner import run


@task(Job.AUDIENCES_READ_FILE)
def read_file(job_id: int) -> None:
    run(Job.AUDIENCES_READ_FILE, job_id, work.read_file)


@task(Job.AUDIENCES_READ_SUPPRESSIONS)
def read_suppressions(job_id: int) -> None:
    run(Job.AUDIENCES_READ_SUPPRESSIONS, job_id, work.read_suppressions)


@task(Job.AUDIENCES_FORGET_LIST)
def forget_list(job_id: int) -> None:
    run(Job.AUDIENCES_FORGET_LIST, job_id, work.forget_list)


@task(Job.AUDIENCES_FORGET_UPLOADS)
def forget_uploads(job_id: int) -> None:
    run(Job.AUDIENCES_FORGET_UPLOADS, job_id, work.forget_uploads)
