"""Every recurring job, on one page: seconds between two runs. Running one twice, or late, changes nothing."""

from tcma.config import Settings
from tcma.jobs.queue import Job

SUBJECTS = (
    "audiences",
    "audit",
    "funds",
    "jobs",
    "launches",
    "leads",
    "notices",
    "partners",
    "replies",
    "seats",
)

EVERY = {
    Job.LAUNCHES_START_DUE: 5,
    Job.LAUNCHES_FINISH: 60,
    Job.LAUNCHES_RECONCILE: 30,
    Job.FUNDS_SETTLE_LINES: 300,
    Job.FUNDS_EXPIRE_CERTIFICATES: 300,
    Job.FUNDS_PROVE_BALANCES: 6 * 3600,
    Job.FUNDS_REMIND: 3600,
    Job.LEADS_EXPIRE_SHELF_LIFE: 300,
    Job.LEADS_WATCH_CLOCKS: 60,
    Job.LEADS_BRING_BACK: 300,
    Job.LEADS_ASK_FOR_UPDATES: 3600,
    Job.NOTICES_SEND_DUE: 15,
    Job.REPLIES_ASK_AGAIN: 300,
    Job.SEATS_REMIND: 60,
    Job.NOTICES_TELL_TOMORROW: 1800,
    Job.NOTICES_TELL_FIRST_RESULTS: 1800,
    Job.NOTICES_FORGET_OLD: 6 * 3600,
    Job.AUDIENCES_FORGET_UPLOADS: 3600,
    Job.PARTNERS_WATCH_SENDERS: 3600,
    Job.AUDIT_SEAL_ENTRIES: 600,
}
PRODUCTION_POLL = 5.0  # seconds; embedded it is the setting `poll`


def beat(settings: Settings) -> dict[str, dict[str, object]]:
    """The table in Celery's words. A run nobody took before the next one is dropped."""
    poll = settings.poll if settings.embedded else max(settings.poll, PRODUCTION_POLL)
    seconds = {Job.JOBS_POLL: poll, **EVERY}
    return {
        job.value: {
            "task": job.value,
            "schedule": every,
            "args": [0],
            "options": {"expires": max(every, 1.0), "ignore_result": True},
        }
        for job, every in seconds.items()
    }
