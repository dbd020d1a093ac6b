"""Mails that came in."""

from tcma.jobs.queue import Job
from workers import replies_work as work
from workers.app import task
from workers.runner import run


@task(Job.REPLIES_TAKE)
def take(job_id: int) -> None:
    run(Job.REPLIES_TAKE, job_id, work.take)


@task(Job.REPLIES_ASK_AGAIN)
def ask_again(job_id: int) -> None:
    run(Job.REPLIES_ASK_AGAIN, job_id, work.ask_again)


@task(Job.REPLIES_FORGET_PERSON)
def forget_person(job_id: int) -> None:
    run(Job.REPLIES_FORGET_PERSON, job_id, work.forget_person)
