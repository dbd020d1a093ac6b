"""Leads: what time does to them, and what people are told."""

from tcma.jobs.queue import Job
from tcma.leads import aging, nurture, telling, telling_back
from workers.app import task
from workers.runner import run


@task(Job.LEADS_EXPIRE_SHELF_LIFE)
def expire_shelf_life(job_id: int) -> None:
    run(Job.LEADS_EXPIRE_SHELF_LIFE, job_id, lambda current: aging.end_shelf_lives(current.database))


@task(Job.LEADS_WATCH_CLOCKS)
def watch_clocks(job_id: int) -> None:
    run(Job.LEADS_WATCH_CLOCKS, job_id, lambda current: aging.watch_clocks(current.database))


@task(Job.LEADS_BRING_BACK)
def bring_back(job_id: int) -> None:
    run(Job.LEADS_BRING_BACK, job_id, lambda current: nurture.bring_back_due(current.database))


@task(Job.LEADS_ASK_FOR_UPDATES)
def ask_for_updates(job_id: int) -> None:
    run(Job.LEADS_ASK_FOR_UPDATES, job_id, lambda current: telling.ask_for_updates(current.database))


@task(Job.LEADS_TELL_HANDED)
def tell_handed(job_id: int) -> None:
    run(
        Job.LEADS_TELL_HANDED,
        job_id,
        lambda current, lead_id, deed_key: telling.tell_handed(current.database, lead_id, deed_key),
    )


@task(Job.LEADS_TELL_PUSHED_BACK)
def tell_pushed_back(job_id: int) -> None:
    run(
        Job.LEADS_TELL_PUSHED_BACK,
        job_id,
        lambda current, lead_id, deed_key: telling_back.tell_pushed_back(current.database, lead_id, deed_key),
    )
