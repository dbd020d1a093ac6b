"""Running one job: take its row, call, put it down as done or to be tried again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog

from tcma.jobs import queue
from tcma.jobs.queue import Job
from workers.runtime import runtime

JOB_LEASE = timedelta(seconds=120)  # no job takes more than a minute

_log = structlog.get_logger(__name__)


def run(job: Job, job_id: int, call: Callable[..., object]) -> None:
    """Call `call(runtime, **arguments)` for the row `job_id`; 0 is a run of the schedule, which has no row.

    A hint for a row that is done, held by somebody else or not due does nothing.
    """
    current = runtime()
    if not job_id:
        call(current)
        return
    with current.database.transaction() as session:
        row = queue.take(session, job_id, worker_id=current.lease.worker_id, lease=JOB_LEASE)
        if row is None or row.name != job.value:
            return
        arguments: dict[str, Any] = dict(row.arguments)
    try:
        call(current, **arguments)
    except Exception as error:
        _log.exception("job_failed", job=job.value, job_id=job_id, attempt=row.attempts)
        with current.database.transaction() as session:
            queue.fail(session, row, f"{type(error).__name__}: {error}")
        return
    with current.database.transaction() as session:
        queue.finish(session, job_id)
