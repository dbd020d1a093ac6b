"""The platform's own mails to users."""

from tcma.jobs.queue import Job
from tcma.launches import telling
from tcma.leads import first_results
from tcma.notices import forgetting
from workers import notices_work as work
from workers.app import task
from workers.runner import run


@task(Job.NOTICES_SEND_DUE)
def send_due(job_id: int) -> None:
    run(Job.NOTICES_SEND_DUE, job_id, work.send_due)


@task(Job.NOTICES_TELL_TOMORROW)
def tell_tomorrow(job_id: int) -> None:
    run(Job.NOTICES_TELL_TOMORROW, job_id, lambda current: telling.tell_tomorrow(current.database))


@task(Job.NOTICES_TELL_FIRST_RESULTS)
def tell_first_results(job_id: int) -> None:
    run(
        Job.NOTICES_TELL_FIRST_RESULTS,
        job_id,
        lambda current: first_results.tell_first_results(current.database),
    )


@task(Job.NOTICES_FORGET_OLD)
def forget_old(job_id: int) -> None:
    run(Job.NOTICES_FORGET_OLD, job_id, lambda current: forgetting.forget_old(current.database))
