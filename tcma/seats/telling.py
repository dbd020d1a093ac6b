"""Mails to everybody with a seat: reminders at their time, and what changed. Queued once, however often a worker
begins anew; each slice is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from tcma import clock, storage
from tcma.config import Settings
from tcma.db import Database
from tcma.jobs import queue as jobs
from tcma.jobs import rows
from tcma.jobs.queue import Job
from tcma.launches import webinars
from tcma.launches.confirmations import Kept
from tcma.launches.models import Campaign, CampaignStatus
from tcma.launches.webinars import WebinarPage
from tcma.organisations.models import Organisation
from tcma.seats import mails
from tcma.seats.mails import Kind
from tcma.webinars import sessions
from tcma.webinars.models import Seat, SeatStatus, WebinarSession

SLICE = 200
DAY_IS_OVER = timedelta(hours=2)
"""This shortly before the beginning the reminder of the day before says nothing that the next does not."""

_TOLD = {
    Kind.MOVED: (SeatStatus.SAVED,),
    Kind.CANCELLED: (SeatStatus.SAVED, SeatStatus.WANTS_RECORDING),
    Kind.RECORDING: (SeatStatus.WANTS_RECORDING,),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Readers of one mail: of one webinar, in one language and zone."""

    session_id: int
    locale: str
    timezone: str
    kind: Kind


def enqueue(session: Session, row: WebinarSession, kind: Kind) -> None:
    """Tell everybody concerned, once for each state of the webinar."""
    arguments = {"session_id": row.id, "kind": int(kind), "sequence": row.sequence}
    jobs.enqueue(session, Job.SEATS_TELL, f"{row.id}:{int(kind)}:{row.sequence}", arguments)


def tell(
    database: Database,
    files: storage.Storage,
    settings: Settings,
    *,
    session_id: int,
    kind: int,
    sequence: int,
) -> int:
    """The job behind `enqueue`; how many mails were queued. Nothing where the webinar was changed again since."""
    about = Kind(kind)
    with database.reading() as session:
        row = session.get_one(WebinarSession, session_id)
        if row.sequence != sequence:
            return 0
        wanted = (
            select(Seat.locale, Seat.timezone)
            .where(Seat.session_id == session_id, Seat.status.in_(_TOLD[about]))
            .distinct()
        )
        groups = [Group(session_id, locale, zone, about) for locale, zone in session.execute(wanted)]
    concerned = Seat.status.in_(_TOLD[about])
    return sum(
        rows.try_all(groups, lambda group: _tell(database, files, settings, group, concerned), name="tell")
    )


def remind_due(database: Database, files: storage.Storage, settings: Settings) -> int:
    """The beat: reminders whose time has come; how many were queued. What comes too late is dropped: nothing
    reminds of a webinar that has begun."""
    with database.transaction() as session:
        _drop_late(session, clock.now(session))
    with database.reading() as session:
        now = clock.now(session)
        groups = [
            Group(session_id, locale, zone, kind)
            for kind in (Kind.DAY, Kind.HOUR)
            for session_id, locale, zone in session.execute(
                select(Seat.session_id, Seat.locale, Seat.timezone).where(_is_due(kind, now)).distinct()
            )
        ]

    def remind(group: Group) -> int:
        with database.reading() as session:
            due = _is_due(group.kind, clock.now(session))
        return _tell(database, files, settings, group, due)

    return sum(rows.try_all(groups, remind, name="remind"))


def open_page(session: Session, files: storage.Storage, row: WebinarSession, locale: str) -> WebinarPage:
    """The webinar as it stands, for mails about it."""
    campaign = session.get_one(Campaign, row.campaign_id)
    partner = session.get_one(Organisation, row.partner_id)
    page = webinars.open_page(session, files, campaign, partner, locale)
    session.expunge_all()
    return page


def _tell(
    database: Database,
    files: storage.Storage,
    settings: Settings,
    group: Group,
    concerned: ColumnElement[bool],
) -> int:
    with database.reading() as session:
        page = open_page(session, files, session.get_one(WebinarSession, group.session_id), group.locale)
    kept = mails.freeze(files, page, group.kind, zone=group.timezone, base_url=settings.base_url)
    queued, after = 0, 0
    while True:
        with database.transaction() as session:
            row = _locked(session, page)
            if row is None:
                return queued
            seats = session.scalars(
                select(Seat)
                .where(
                    Seat.session_id == group.session_id,
                    Seat.locale == group.locale,
                    Seat.timezone == group.timezone,
                    Seat.id > after,
                    concerned,
                )
                .order_by(Seat.id)
                .limit(SLICE)
                .with_for_update()
            ).all()
            queued += _queue(session, row, page, group.kind, kept, seats)
        if len(seats) < SLICE:
            return queued
        after = seats[-1].id


def _locked(session: Session, page: WebinarPage) -> WebinarSession | None:
    """The webinar, before its seats as everybody locks them; None where it was changed since the mail was
    frozen: the next run tells what holds now."""
    row = session.get_one(WebinarSession, page.session.id, with_for_update=True)
    is_same = (row.sequence, row.starts_at) == (page.session.sequence, page.session.starts_at)
    return row if is_same else None


def _queue(
    session: Session,
    row: WebinarSession,
    page: WebinarPage,
    kind: Kind,
    kept: Kept,
    seats: Sequence[Seat],
) -> int:
    """A reminder that is queued is due no more."""
    reminds = kind in (Kind.DAY, Kind.HOUR)
    number = mails.occasion(kind, 0 if kind is Kind.RECORDING else row.sequence)
    until = row.starts_at if reminds else None
    queued = 0
    for seat in seats:
        made = mails.queue(session, page, kept, contact_id=seat.contact_id, occasion=number, not_after=until)
        queued += made
        if kind is Kind.DAY:
            seat.day_reminder_at = None
        if kind is Kind.HOUR:
            seat.day_reminder_at = seat.hour_reminder_at = None
        if reminds:
            seat.reminded_count += made
    return queued


def _is_due(kind: Kind, now: datetime) -> ColumnElement[bool]:
    at = Seat.day_reminder_at if kind is Kind.DAY else Seat.hour_reminder_at
    return (Seat.status == SeatStatus.SAVED) & (at <= now)


def _drop_late(session: Session, now: datetime) -> None:
    """Reminders that would say nothing new, or of a webinar that was cancelled or recalled."""
    begun = _of_sessions(WebinarSession.starts_at <= now)
    soon = _of_sessions(WebinarSession.starts_at <= now + DAY_IS_OVER)
    gone = _of_sessions(
        WebinarSession.cancelled_at.is_not(None)
        | WebinarSession.campaign_id.in_(
            select(Campaign.id).where(Campaign.status == CampaignStatus.RECALLED)
        )
    )
    for column, late in ((Seat.day_reminder_at, or_(soon, gone)), (Seat.hour_reminder_at, or_(begun, gone))):
        session.execute(
            update(Seat)
            .where(column <= now, late)
            .values({column: None})
            .execution_options(synchronize_session=False)
        )


def _of_sessions(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return Seat.session_id.in_(select(WebinarSession.id).where(which))


def due_anew(session: Session, row: WebinarSession, now: datetime) -> None:
    """After the webinar was moved every saved seat is reminded of the new day."""
    for seat in session.scalars(
        select(Seat).where(Seat.session_id == row.id, Seat.status == SeatStatus.SAVED).order_by(Seat.id)
    ):
        sessions.set_reminders(seat, row, now)
