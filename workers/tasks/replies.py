"""Mails that came in."""

from tcma.jobs.queue import Job
from workers import replies_work as work
from workers.app import task
from workers.runner import run


@task(Job.REPLIES_TAKE)
def take(job_id: int) -> None:
    run(Job.REPLIES_TAKE, job_id, work.take)
