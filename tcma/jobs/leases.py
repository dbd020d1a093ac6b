"""Worker processes: registered, beating, and ended by somebody else once they are dead.

Everything a worker holds (chunks, groups, jobs) names its row in `workers`. A row ends in one of three
ways: the worker signs off; its process is gone (seen at once: by its advisory lock on PostgreSQL, by its
process id beside SQLite); it has not beaten for longer than the lease (much longer, where its process is
seen to be alive). All times are of the real clock.
"""

import os
import socket
import threading
import time
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, TextClause, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tcma import clock
from tcma.db import Database, is_postgresql
from tcma.jobs.models import JobRow, Worker

LOCK_CLASS = 0x7C3A  # the first half of the advisory lock's key; the second is the worker's id
GRACE = 1.5  # others wait this much longer than the holder before they call a lease lost
PATIENCE = 10.0  # leases of silence before a process that is seen to be alive is given up all the same
BEATS = 6  # per lease
TRY_AGAIN = 0.5  # seconds after a beat that failed, at most
LOCK_WAIT = 2_000  # milliseconds for a lock that should be free: longer and the old connection still has it

_here: set[int] = set()  # workers of this very process

_log = structlog.get_logger(__name__)


class Lease:
    """This process's registration, kept alive by a thread of its own until `sign_off`.

    `held()` costs a comparison, so a lane asks before every message. Once lost (declared dead by
    another process, or paused for too long) it never comes back: register anew.
    """

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._seconds = seconds
        self._stop = threading.Event()
        self._lost = False
        self._lock: Connection | None = None
        self.worker_id = self._register()
        _here.add(self.worker_id)
        self._valid_until = time.monotonic() + seconds
        self._thread = threading.Thread(target=self._beat_on, name="heartbeat", daemon=True)
        self._thread.start()

    def held(self) -> bool:
        return not self._lost and time.monotonic() < self._valid_until

    def progressed(self, oldest_waiting_at: datetime | None) -> None:
        """The worker looked at all rows; since when the oldest waits. This is what /health looks at."""
        with self._database.transaction() as session:
            session.execute(
                update(Worker)
                .where(Worker.id == self.worker_id)
                .values(progress_at=clock.real(), oldest_waiting_at=oldest_waiting_at)
            )

    def sign_off(self) -> None:
        """End orderly; the caller has nothing in flight any more."""
        self.stop_beating()
        try:
            with self._database.transaction() as session:
                end(session, self.worker_id)
        finally:
            self._lose()

    def _lose(self) -> None:
        self._lost = True
        self._unlock()
        _here.discard(self.worker_id)

    def stop_beating(self) -> None:
        self._stop.set()
        self._thread.join()

    def _register(self) -> int:
        now = clock.real()
        values = {
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "started_at": now,
            "beat_at": now,
            "progress_at": now,
        }
        with self._database.transaction() as session:
            worker_id = session.execute(insert(Worker).values(values).returning(Worker.id)).scalar_one()
            self._hold_lock(worker_id)  # before anybody can see the row without its lock
        return worker_id

    def _beat_on(self) -> None:
        usual = pause = self._seconds / BEATS
        while not self._stop.wait(pause):
            try:
                if not self._beat():
                    _log.error("worker_lease_lost", worker_id=self.worker_id)
                    self._lose()
                    return
                pause = usual
            except SQLAlchemyError as error:  # the database is away: the lease runs out unless it returns
                _log.warning("worker_beat_failed", error=type(error).__name__)
                self._keep_lock()
                pause = min(usual, TRY_AGAIN)

    def _beat(self) -> bool:
        begun = time.monotonic()
        if begun >= self._valid_until:
            return False
        self._hold_lock(self.worker_id)
        with self._database.transaction() as session:
            beaten = session.execute(
                update(Worker)
                .where(Worker.id == self.worker_id, Worker.ended_at.is_(None))
                .values(beat_at=clock.real())
                .returning(Worker.id)
            ).scalar()
        self._valid_until = begun + self._seconds
        return beaten is not None

    def _keep_lock(self) -> None:
        """A failed beat may have cost the lock's connection too. Without the lock anybody who reaches the
        database takes this worker for dead, so it is taken anew at once, not at the next beat."""
        for _ in range(2):  # the connection that was broken, then a new one
            try:
                self._hold_lock(self.worker_id)
                return
            except SQLAlchemyError as error:
                _log.warning("worker_lock_lost", error=type(error).__name__)
                self._unlock()

    def _hold_lock(self, worker_id: int) -> None:
        """A connection that lives as long as the process: PostgreSQL drops the lock with it."""
        if self._database.engine.dialect.name != "postgresql":
            return
        if self._lock is not None:
            self._lock.execute(text("SELECT 1"))
            return
        self._lock = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            self._lock.execute(text(f"SET lock_timeout = {LOCK_WAIT}"))
            self._lock.execute(_lock_statement("pg_advisory_lock"), _lock_key(worker_id))
        except SQLAlchemyError:
            self._unlock()  # a connection that holds nothing must not be taken for the lock
            raise

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.invalidate()
            self._lock.close()
            self._lock = None


_LIVING = (  # built once: every worker asks once a second
    select(Worker.id, Worker.host, Worker.pid, Worker.beat_at)
    .where(Worker.ended_at.is_(None))
    .order_by(Worker.id)
)


def dead(session: Session, seconds: float) -> list[int]:
    """Workers that hold their row but are gone. Runs in the transaction that will end them."""
    rows = session.execute(_LIVING).all()
    now = clock.real()
    return [
        row.id
        for row in rows
        if row.beat_at < now - timedelta(seconds=seconds * _patience(row.id, row.host, row.pid))
        or is_gone(session, row.id, row.host, row.pid)
    ]


def end(session: Session, worker_id: int) -> None:
    """Close the worker's row and free the jobs it held."""
    session.execute(
        update(JobRow)
        .where(JobRow.worker_id == worker_id, JobRow.done_at.is_(None), JobRow.failed_at.is_(None))
        .values(worker_id=None, lease_until=None)
    )
    session.execute(
        update(Worker).where(Worker.id == worker_id, Worker.ended_at.is_(None)).values(ended_at=clock.real())
    )


def _patience(worker_id: int, host: str, pid: int) -> float:
    """How many leases a worker may be silent. One whose process lives is busy, or kept from its database."""
    return PATIENCE if host == socket.gethostname() and _is_alive(worker_id, pid) else GRACE


def is_gone(session: Session, worker_id: int, host: str, pid: int) -> bool:
    """Whether the worker's process is known to be no more. Beside SQLite of workers of this host alone."""
    if is_postgresql(session):
        statement = _lock_statement("pg_try_advisory_xact_lock")
        return bool(session.execute(statement, _lock_key(worker_id)).scalar())
    return host == socket.gethostname() and not _is_alive(worker_id, pid)


def _is_alive(worker_id: int, pid: int) -> bool:
    """Whether this worker's process runs on this host."""
    if pid == os.getpid():  # if the worker is not this one, it is a dead process whose number this one got
        return worker_id in _here
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _lock_statement(function: str) -> TextClause:
    return text(f"SELECT {function}(:lock_class, :worker_id)")


def _lock_key(worker_id: int) -> dict[str, int]:
    return {"lock_class": LOCK_CLASS, "worker_id": worker_id % 2**31}
