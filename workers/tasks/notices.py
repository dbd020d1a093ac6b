"""The platform's own mails to users."""

from tcma.jobs.queue import Job
from workers import notices_work as work
from workers.app import task
from workers.runner import run


@task(Job.NOTICES_SEND_DUE)
def send_due(job_id: int) -> None:
    run(Job.NOTICES_SEND_DUE, job_id, work.send_due)
