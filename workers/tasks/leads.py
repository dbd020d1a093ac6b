"""Leads: the end of their shelf life."""

from tcma.jobs.queue import Job
from tcma.leads import aging
from workers.app import task
from workers.runner import run


@task(Job.LEADS_EXPIRE_SHELF_LIFE)
def expire_shelf_life(job_id: int) -> None:
    run(Job.LEADS_EXPIRE_SHELF_LIFE, job_id, lambda current: aging.end_shelf_lives(current.database))
