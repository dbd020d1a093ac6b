"""Money: settled, expired, proved, and people reminded of it."""

from tcma.jobs.queue import Job
from workers import money_work as work
from workers.app import task
from workers.runner import run


@task(Job.FUNDS_SETTLE_LINES)
def settle_lines(job_id: int) -> None:
    run(Job.FUNDS_SETTLE_LINES, job_id, work.settle_lines)


@task(Job.FUNDS_EXPIRE_CERTIFICATES)
def expire_certificates(job_id: int) -> None:
    run(Job.FUNDS_EXPIRE_CERTIFICATES, job_id, work.expire_certificates)


@task(Job.FUNDS_PROVE_BALANCES)
def prove_balances(job_id: int) -> None:
    run(Job.FUNDS_PROVE_BALANCES, job_id, work.prove_balances)


@task(Job.FUNDS_REMIND)
def remind(job_id: int) -> None:
    run(Job.FUNDS_REMIND, job_id, work.remind)
