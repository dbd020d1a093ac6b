"""Work to do once: asked for in a deed's transaction, done by a worker, found again after any crash."""

from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import and_, bindparam, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tcma import clock
from tcma.columns import UtcDateTime
from tcma.db import after_commit, is_postgresql
from tcma.jobs.models import JobRow

MAX_ATTEMPTS = 8
LONGEST_ERROR = 500
WORKER_ENDED = "Each time the worker ended before the job did: killed, or out of memory."


class Job(StrEnum):
    """Every job by name: equal to its task's module and function in `workers.tasks`."""

    LAUNCHES_RUN_LANE = "launches.run_lane"
    LAUNCHES_START_DUE = "launches.start_due"
    LAUNCHES_START_FUNDED = "launches.start_funded"
    LAUNCHES_STOP_RECALLED = "launches.stop_recalled"
    LAUNCHES_RECHECK_FUNDING = "launches.recheck_funding"
    LAUNCHES_RECONCILE = "launches.reconcile"
    LAUNCHES_FINISH = "launches.finish"
    LAUNCHES_TAKE_REPORT = "launches.take_report"
    FUNDS_SETTLE_LINES = "funds.settle_lines"
    FUNDS_EXPIRE_CERTIFICATES = "funds.expire_certificates"
    FUNDS_PROVE_BALANCES = "funds.prove_balances"
    FUNDS_REMIND = "funds.remind"
    LEADS_EXPIRE_SHELF_LIFE = "leads.expire_shelf_life"
    LEADS_WATCH_CLOCKS = "leads.watch_clocks"
    LEADS_BRING_BACK = "leads.bring_back"
    LEADS_TELL_HANDED = "leads.tell_handed"
    LEADS_TELL_PUSHED_BACK = "leads.tell_pushed_back"
    LEADS_ASK_FOR_UPDATES = "leads.ask_for_updates"
    NOTICES_SEND_DUE = "notices.send_due"
    NOTICES_TELL_TOMORROW = "notices.tell_tomorrow"
    NOTICES_TELL_FIRST_RESULTS = "notices.tell_first_results"
    NOTICES_FORGET_OLD = "notices.forget_old"
    AUDIENCES_READ_FILE = "audiences.read_file"
    AUDIENCES_READ_SUPPRESSIONS = "audiences.read_suppressions"
    AUDIENCES_FORGET_LIST = "audiences.forget_list"
    AUDIENCES_FORGET_UPLOADS = "audiences.forget_uploads"
    PARTNERS_LOOK_UP_SENDER = "partners.look_up_sender"
    PARTNERS_WATCH_SENDERS = "partners.watch_senders"
    REPLIES_TAKE = "replies.take"
    REPLIES_ASK_AGAIN = "replies.ask_again"
    REPLIES_FORGET_PERSON = "replies.forget_person"
    SEATS_TELL = "seats.tell"
    SEATS_REMIND = "seats.remind"
    AUDIT_SEAL_ENTRIES = "audit.seal_entries"
    JOBS_POLL = "jobs.poll"


class Publisher(Protocol):
    """Tells a worker that a row waits; losing the hint only costs the polling interval."""

    def publish(self, name: str, job_id: int) -> None: ...


class _Silent:
    def publish(self, name: str, job_id: int) -> None:
        """No broker at hand: the workers find the row when they poll."""


_publisher: list[Publisher] = [_Silent()]


def install_publisher(publisher: Publisher) -> None:
    """Called once by a root (web, worker, command) with Celery's send-by-name."""
    _publisher[0] = publisher


def enqueue(
    session: Session,
    job: Job,
    key: str,
    arguments: dict[str, Any] | None = None,
    *,
    delay: timedelta = timedelta(),
) -> None:
    """Ask for `job` once per `key`; the row is kept with the deed, the hint leaves after its commit.

    `delay` counts on the product's clock. Asking again with the same key changes nothing.
    """
    now = clock.now(session)
    values = {
        "name": job.value,
        "key": f"{job.value}:{key}",
        "arguments": arguments or {},
        "due_at": now + delay,
        "attempts": 0,
        "last_error": "",
        "created_at": now,
    }
    dialect = postgresql if is_postgresql(session) else sqlite
    statement = dialect.insert(JobRow).values(values).on_conflict_do_nothing(index_elements=["key"])
    job_id = session.execute(statement.returning(JobRow.id)).scalar()
    if job_id is not None and not delay:
        after_commit(session, lambda: _publisher[0].publish(job.value, job_id))


def cancel(session: Session, job: Job, key: str) -> bool:
    """Forget a job nobody has begun; False when it is under way or done (undo came too late)."""
    statement = (
        update(JobRow)
        .where(
            JobRow.key == f"{job.value}:{key}",
            JobRow.done_at.is_(None),
            JobRow.failed_at.is_(None),
            or_(JobRow.lease_until.is_(None), JobRow.lease_until < clock.real()),
        )
        .values(done_at=clock.now(session), last_error="cancelled")
    )
    return bool(session.execute(statement).rowcount)  # type: ignore[attr-defined]


_NOW, _REAL = bindparam("now", type_=UtcDateTime), bindparam("real", type_=UtcDateTime)
# Every worker asks these once a second, so they are built once.
_DUE = (
    select(JobRow)
    .where(
        JobRow.done_at.is_(None),
        JobRow.failed_at.is_(None),
        JobRow.attempts < MAX_ATTEMPTS,
        JobRow.due_at <= _NOW,
        or_(JobRow.retry_at.is_(None), JobRow.retry_at <= _REAL),
        or_(JobRow.lease_until.is_(None), JobRow.lease_until < _REAL),
    )
    .order_by(JobRow.due_at, JobRow.id)
    .limit(100)
)
_IS_USED_UP = and_(
    JobRow.done_at.is_(None),
    JobRow.failed_at.is_(None),
    JobRow.attempts >= MAX_ATTEMPTS,
    or_(JobRow.lease_until.is_(None), JobRow.lease_until < _REAL),
)
_USED_UP = select(JobRow.id).where(_IS_USED_UP).limit(1)


def due(session: Session) -> list[JobRow]:
    """Rows whose time has come and that nobody holds, oldest first, at most 100."""
    return list(session.scalars(_DUE, {"now": clock.now(session), "real": clock.real()}))


def take(session: Session, job_id: int, *, worker_id: int | None, lease: timedelta) -> JobRow | None:
    """Lease one row; None when another worker was faster, it is done, its time has not come, or its attempts are
    used up."""
    real = clock.real()
    taken = session.execute(
        update(JobRow)
        .where(
            JobRow.id == job_id,
            JobRow.done_at.is_(None),
            JobRow.failed_at.is_(None),
            JobRow.attempts < MAX_ATTEMPTS,
            JobRow.due_at <= clock.now(session),
            or_(JobRow.retry_at.is_(None), JobRow.retry_at <= real),
            or_(JobRow.lease_until.is_(None), JobRow.lease_until < real),
        )
        .values(lease_until=real + lease, worker_id=worker_id, attempts=JobRow.attempts + 1)
        .returning(JobRow.id)
    ).scalar()
    return session.get(JobRow, taken, populate_existing=True) if taken is not None else None


def finish(session: Session, row_id: int) -> None:
    session.execute(
        update(JobRow)
        .where(JobRow.id == row_id)
        .values(done_at=clock.now(session), lease_until=None, last_error="")
    )


def fail(session: Session, row: JobRow, error: str) -> None:
    """Put the row back with growing patience; after MAX_ATTEMPTS it waits for a person."""
    real = clock.real()
    final = row.attempts >= MAX_ATTEMPTS
    session.execute(
        update(JobRow)
        .where(JobRow.id == row.id)
        .values(
            lease_until=None,
            last_error=error[:LONGEST_ERROR],
            retry_at=real + timedelta(seconds=min(2**row.attempts, 300)),
            failed_at=clock.now(session) if final else None,
        )
    )


def has_used_up(session: Session) -> bool:
    """Whether there is anything for `give_up`."""
    return session.scalar(_USED_UP, {"real": clock.real()}) is not None


def give_up(session: Session) -> int:
    """Jobs whose attempts are used up and that nobody holds: their workers ended each time before they could say
    why. From now on they wait for a person; how many."""
    given_up = session.execute(
        update(JobRow)
        .where(_IS_USED_UP)
        .values(
            failed_at=clock.now(session),
            lease_until=None,
            worker_id=None,
            last_error=case((JobRow.last_error == "", WORKER_ENDED), else_=JobRow.last_error),
        )
        .returning(JobRow.id)
        .execution_options(synchronize_session=False),
        {"real": clock.real()},
    )
    return len(given_up.all())


def failed(session: Session, *, after: int = 0, limit: int = 100) -> list[JobRow]:
    """Jobs that wait for a person, oldest first, from the number behind `after` on."""
    wanted = select(JobRow).where(JobRow.done_at.is_(None), JobRow.failed_at.is_not(None), JobRow.id > after)
    return list(session.scalars(wanted.order_by(JobRow.id).limit(limit)))


def count_failed(session: Session) -> int:
    wanted = select(func.count()).where(JobRow.done_at.is_(None), JobRow.failed_at.is_not(None))
    return session.scalar(wanted) or 0


def retry(session: Session, job_id: int) -> bool:
    """A person says: once more, with all attempts. False for a job that does not wait for that."""
    name = session.execute(
        update(JobRow)
        .where(JobRow.id == job_id, JobRow.done_at.is_(None), JobRow.failed_at.is_not(None))
        .values(failed_at=None, attempts=0, retry_at=None, lease_until=None, worker_id=None)
        .returning(JobRow.name)
    ).scalar()
    if name is not None:
        after_commit(session, lambda: _publisher[0].publish(name, job_id))
    return name is not None
