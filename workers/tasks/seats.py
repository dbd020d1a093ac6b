"""Mails to people with a seat in a webinar."""

from tcma.jobs.queue import Job
from workers import seats_work as work
from workers.app import task
from workers.runner import run


@task(Job.SEATS_TELL)
def tell(job_id: int) -> None:
    run(Job.SEATS_TELL, job_id, work.tell)


@task(Job.SEATS_REMIND)
def remind(job_id: int) -> None:
    run(Job.SEATS_REMIND, job_id, work.remind)
