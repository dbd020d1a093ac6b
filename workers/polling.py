"""Looking at the rows: what is due, what may be sent, who died. Hints are sent for it; nothing is done here."""

from collections.abc import Callable

import structlog

from tcma.db import Database
from tcma.jobs import queue
from tcma.jobs.queue import Job
from tcma.launches import reconcile, sending, sending_chunks, soft_start
from workers.runtime import Runtime

_log = structlog.get_logger(__name__)

Hint = Callable[[str, int], None]


def poll(current: Runtime, hint: Hint) -> None:
    """One look, in short transactions; proves that this worker works."""
    database, settings = current.database, current.settings
    reconcile.end_dead_workers(database, lease=settings.lease)
    reconcile.end_stale_groups(database)
    soft_start.review(database, wait=settings.soft_start_wait)
    sending.complete_idle(database)
    _give_up(database)
    with database.reading() as session:
        due = [(row.name, row.id, row.due_at) for row in queue.due(session)]
        chunks = sending_chunks.waiting(session, settings.lanes)
    for name, job_id, _ in due:
        hint(name, job_id)
    for _ in range(chunks.count):
        hint(Job.LAUNCHES_RUN_LANE.value, 0)
    since = [due_at for _, _, due_at in due] + ([chunks.since] if chunks.since else [])
    current.lease.progressed(min(since, default=None))


def _give_up(database: Database) -> None:
    """Jobs that used up their attempts by killing their workers; hardly ever one, so that nothing is locked."""
    with database.reading() as session:
        if not queue.has_used_up(session):
            return
    with database.transaction() as session:
        _log.error("jobs_given_up", count=queue.give_up(session))
