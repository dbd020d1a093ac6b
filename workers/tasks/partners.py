"""Partners: their own sending domains looked up."""

from tcma.jobs.queue import Job
from workers import partners_work as work
from workers.app import task
from workers.runner import run


@task(Job.PARTNERS_LOOK_UP_SENDER)
def look_up_sender(job_id: int) -> None:
    run(Job.PARTNERS_LOOK_UP_SENDER, job_id, work.look_up_sender)


@task(Job.PARTNERS_WATCH_SENDERS)
def watch_senders(job_id: int) -> None:
    run(Job.PARTNERS_WATCH_SENDERS, job_id, work.watch_senders)
