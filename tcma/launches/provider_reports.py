"""What a provider reported, kept before it is answered and worked off by a worker.

The row goes once every event in it found its message. Events that came before our own commit of the message they
name wait and are tried again; after a day they are taken for another's.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from tcma import clock
from tcma.columns import Json, Key, UtcDateTime
from tcma.db import Base, Database
from tcma.jobs.queue import Job, enqueue
from tcma.launches import events
from tcma.tenancy import Tenancy

MOST_EVENTS = 1_000  # of one row: a transaction of well under a second
KEPT = timedelta(days=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)

_log = structlog.get_logger(__name__)


class ProviderReport(Base):
    """Events as `events.apply` takes them; numbers of messages, words and times, nothing personal."""

    __tablename__ = "provider_reports"
    __tenancy__ = Tenancy.GLOBAL  # one report tells of many partners' messages
    __web_rights__ = "SELECT, INSERT"

    id: Mapped[Key]
    provider: Mapped[str] = mapped_column(String(20))
    events: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)  # real clock


def keep(session: Session, provider: str, told: Sequence[Mapping[str, Any]]) -> None:
    """Keep the events for a worker; they are safe once the transaction is."""
    for start in range(0, len(told), MOST_EVENTS):
        piece = [dict(event) for event in told[start : start + MOST_EVENTS]]
        report = ProviderReport(provider=provider, events=piece, tries=0, received_at=clock.real())
        session.add(report)
        session.flush()
        _ask(session, report)


def take(database: Database, report_id: int) -> None:
    """Apply a report; running it twice changes nothing."""
    with database.transaction() as session:
        report = session.get(ProviderReport, report_id, with_for_update=True)
        if report is None:
            return
        receipt = events.apply(session, report.events)
        early = [report.events[position] for position in sorted(receipt.absent)]
        if early and clock.real() - report.received_at < KEPT:
            report.events, report.tries = early, report.tries + 1
            _ask(session, report)
            return
        session.delete(report)
    if early:
        _log.warning("events_of_no_message", provider=report.provider, count=len(early))


def _ask(session: Session, report: ProviderReport) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(report.tries - 1, 10), LONGEST_PAUSE) if report.tries else timedelta()
    key = secrets.token_hex(12)  # SQLite gives the number of a row that is gone to the next one
    enqueue(session, Job.LAUNCHES_TAKE_REPORT, key, {"report_id": report.id}, delay=pause)
