"""Registering for a webinar: a seat, a lead as any form makes one, and the mail that confirms it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.db import insert_into
from tcma.errors import Conflict
from tcma.launches.confirmations import Kept
from tcma.launches.models import Campaign, CampaignTouch
from tcma.launches.webinars import WebinarPage
from tcma.leads import capture
from tcma.leads.capture import Form, KitFacts
from tcma.seats import mails
from tcma.seats.mails import Kind
from tcma.webinars import sessions
from tcma.webinars.models import Seat, SeatStatus, WebinarSession
from tcma.webinars.sessions import Phase


class Full(Conflict):
    """All seats are taken."""


class Closed(Conflict):
    """Nobody can register any more: it is over, or was cancelled."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose beside the form. `zone` is where they are; a seat, or only the recording."""

    zone: str
    wants_seat: bool = True
    wants_reminders: bool = True


@dataclass(frozen=True, slots=True)
class Mails:
    """Frozen before the transaction: without and with the request to confirm what was ticked, and the recording's
    where it is there already."""

    plain: Kept | None
    asking: Kept | None
    recording: Kept | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """`is_own`: the seat was not there before, so whoever registered may give it back without a mail."""

    seat: Seat
    answer: capture.Receipt
    is_own: bool


def register(
    session: Session,
    page: WebinarPage,
    form: Form,
    choice: Choice,
    prepared: Mails,
    *,
    hash_key: bytes,
    may_mail: bool,
) -> Receipt:
    """Keep one registration. The session belongs to the page's partner. The same form sent again changes nothing.

    Raises Full when the last seat went a moment ago, Closed when it is too late.
    """
    row = session.scalars(
        select(WebinarSession)
        .where(WebinarSession.id == page.session.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    now = clock.now(session)
    if choice.wants_seat:
        _require_room(session, row, form, now)
    elif row.cancelled_at is not None:
        raise Closed("This webinar was cancelled.")
    answer = capture.capture(
        session,
        session.get_one(Campaign, page.campaign.id),
        session.get_one(CampaignTouch, page.touch.id),
        form,
        KitFacts(page.kit.sale, page.kit.engagement, page.kit.lead_visibility),
        hash_key=hash_key,
        may_ask=may_mail and prepared.asking is not None,
    )
    contact_id = answer.person.contact_id
    assert contact_id is not None
    seat, is_new = _seat(session, row, contact_id, page.locale, choice, now)
    if answer.is_repeat:
        return Receipt(seat, answer, is_own=False)
    is_own = is_new or (choice.wants_seat and seat.status is not SeatStatus.SAVED)
    seat.lead_id = answer.lead.id
    if (
        is_new or seat.status is not SeatStatus.SAVED
    ):  # a seat stays as it is: anybody can type anybody's address
        seat.locale, seat.timezone = page.locale, choice.zone
        _settle(seat, row, choice, now)
    if may_mail:
        _confirm(session, page, prepared, answer, contact_id, wants_seat=choice.wants_seat)
    return Receipt(seat, answer, is_own=is_own)


def _settle(seat: Seat, row: WebinarSession, choice: Choice, now: datetime) -> None:
    if not choice.wants_seat:
        seat.want_recording()
        return
    seat.save()
    seat.wants_reminders, seat.registered_at = choice.wants_reminders, now
    sessions.set_reminders(seat, row, now)


def give_back_new(session: Session, page: WebinarPage, seat_id: int) -> None:
    """Give back a seat that was made a moment ago, by whoever made it. Nothing where it is none any more."""
    seat = session.scalar(
        select(Seat).where(Seat.id == seat_id, Seat.session_id == page.session.id).with_for_update()
    )
    if seat is not None and seat.status is SeatStatus.SAVED:
        seat.give_back()


def _require_room(session: Session, row: WebinarSession, form: Form, now: datetime) -> None:
    if sessions.phase(row, now) in (Phase.CANCELLED, Phase.OVER):
        raise Closed("Nobody can register for this webinar any more.")
    if row.seat_limit is None or sessions.taken_count(session, row) < row.seat_limit:
        return
    if not _has_seat(session, row, form.address):
        raise Full("All seats are taken.")


def _has_seat(session: Session, row: WebinarSession, address: str) -> bool:
    return bool(session.scalar(sessions.seat_of_address(row, address)))


def _seat(
    session: Session, row: WebinarSession, contact_id: int, locale: str, choice: Choice, now: datetime
) -> tuple[Seat, bool]:
    """The person's seat, and whether it was made now."""
    status = SeatStatus.SAVED if choice.wants_seat else SeatStatus.WANTS_RECORDING
    values = {
        "partner_id": row.partner_id,
        "campaign_id": row.campaign_id,
        "session_id": row.id,
        "contact_id": contact_id,
        "status": status,
        "locale": locale,
        "timezone": choice.zone,
        "wants_reminders": choice.wants_reminders,
        "registered_at": now,
        "change_count": 0,
        "reminded_count": 0,
    }
    made = session.execute(
        insert_into(session, Seat)
        .values(values)
        .on_conflict_do_nothing(index_elements=["session_id", "contact_id"])
        .returning(Seat.__table__.c.id)
    ).scalar()
    wanted = select(Seat).where(Seat.session_id == row.id, Seat.contact_id == contact_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one(), made is not None


def _confirm(
    session: Session,
    page: WebinarPage,
    prepared: Mails,
    answer: capture.Receipt,
    contact_id: int,
    *,
    wants_seat: bool,
) -> None:
    kept = prepared.asking if answer.asks_to_confirm and prepared.asking else prepared.plain
    if kept is not None:
        mails.queue(session, page, kept, contact_id=contact_id, occasion=answer.answer.id)
    if not wants_seat and prepared.recording is not None:
        number = mails.occasion(Kind.RECORDING, 0)
        mails.queue(session, page, prepared.recording, contact_id=contact_id, occasion=number)
