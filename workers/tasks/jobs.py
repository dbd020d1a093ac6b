"""Looking after the queue itself."""

from tcma.jobs.queue import Job
from workers import polling
from workers.app import Hints, app, task
from workers.runner import run


@task(Job.JOBS_POLL)
def poll(job_id: int) -> None:
    run(Job.JOBS_POLL, job_id, lambda current: polling.poll(current, Hints(app).publish))
