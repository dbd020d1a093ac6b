"""Whether this installation works, by what it does and not by what is running."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from tcma import clock
from tcma.installation import Installation
from tcma.jobs import leases, queue
from tcma.jobs.models import Worker

SILENT_AFTER = timedelta(seconds=30)  # a worker that polls every 5 s at most


@dataclass(frozen=True, slots=True)
class Health:
    database: str
    worker: str
    oldest_waiting_at: datetime | None
    failed_jobs: int | None = None  # they wait for a person; None where nobody could look

    @property
    def ok(self) -> bool:
        return self.database == "works" and self.worker == "works"

    def as_json(self) -> dict[str, str | bool | int | None]:
        oldest = self.oldest_waiting_at
        return {
            "ok": self.ok,
            "database": self.database,
            "worker": self.worker,
            "oldest_waiting_since": oldest.isoformat() if oldest else None,
            "failed_jobs": self.failed_jobs,
        }


def check(installation: Installation) -> Health:
    """Database answers, a worker made progress lately, and since when the oldest row waits. A worker that was
    killed counts no more from that moment, though its row waits to be closed. Jobs that failed for good are told,
    and make nothing ill."""
    try:
        with installation.web.reading() as session:
            rows = session.scalars(
                select(Worker).where(Worker.ended_at.is_(None), Worker.beat_at > clock.real() - SILENT_AFTER)
            )
            here = [one for one in rows if not leases.is_gone(session, one.id, one.host, one.pid)]
            progress = max((one.progress_at for one in here), default=None)
            failed = queue.count_failed(session)
            oldest = min((one.oldest_waiting_at for one in here if one.oldest_waiting_at), default=None)
    except SQLAlchemyError:
        return Health("does not answer", "not known", None)
    if progress is None:
        return Health("works", "no worker is running", None, failed)
    if clock.real() - progress > SILENT_AFTER:
        return Health("works", f"no progress since {progress:%H:%M:%S} UTC", oldest, failed)
    return Health("works", "works", oldest, failed)
