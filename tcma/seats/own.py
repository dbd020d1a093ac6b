"""What a person does with an own seat: look, join, give it back, ask for the recording, take it again."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.links import Token
from tcma import clock
from tcma.audit import trail
from tcma.errors import Conflict, NotFound, phrase
from tcma.launches import event_rows
from tcma.launches.deliveries import Delivery, TouchEventKind
from tcma.launches.event_rows import EventRow
from tcma.launches.models import Campaign
from tcma.seats import registering
from tcma.webinars import sessions
from tcma.webinars.models import Seat, SeatStatus, WebinarSession
from tcma.webinars.sessions import Phase

_NO_SEAT = phrase("This link does not lead to a seat any more.")


@dataclass(frozen=True, slots=True)
class Held:
    """A seat with its webinar and campaign."""

    seat: Seat
    session: WebinarSession
    campaign: Campaign


def find(session: Session, token: Token, *, lock: bool = False) -> Held:
    """The seat a verified token leads to: of whom its mail went to, or by its number where it names no mail.
    NotFound when that is gone."""
    seats = select(Seat, WebinarSession, Campaign).join(WebinarSession, WebinarSession.id == Seat.session_id)
    seats = seats.join(Campaign, Campaign.id == Seat.campaign_id).where(Seat.partner_id == token.partner_id)
    if token.artefact_id:
        seats = seats.join(
            Delivery,
            (Delivery.contact_id == Seat.contact_id) & (Delivery.campaign_id == Seat.campaign_id),
        ).where(Delivery.id == token.delivery_id, Delivery.partner_id == token.partner_id)
    else:
        seats = seats.where(Seat.id == token.delivery_id)
    row = session.execute(seats).one_or_none()
    if row is None:
        raise NotFound(_NO_SEAT)
    held = Held(*row)
    if lock:  # the webinar before the seat, as everybody does
        session.refresh(held.session, with_for_update=True)
        session.refresh(held.seat, with_for_update=True)
    return held


def join(session: Session, held: Held) -> str:
    """The address of the room, for who has a seat, from a quarter of an hour before the beginning to the end.
    The first press is kept; Conflict says why the room is not open."""
    seat, row = held.seat, held.session
    now = clock.now(session)
    if sessions.phase(row, now) is not Phase.ROOM_OPEN or seat.status is not SeatStatus.SAVED:
        raise Conflict("The room is not open for this seat now.")
    if seat.joined_at is None:
        seat.joined_at = now
        event_rows.append(session, [event(seat, TouchEventKind.JOINED, held.campaign)])
    return row.room_url


def give_back(session: Session, held: Held) -> None:
    _require_ahead(session, held)
    held.seat.give_back()
    trail.record(session, None, "seat.given_back", held.campaign, organisation_id=held.seat.partner_id)


def want_recording(session: Session, held: Held) -> None:
    """Instead of the seat; after the end beside it, for who was there too."""
    if sessions.phase(held.session, clock.now(session)) is Phase.CANCELLED:
        raise Conflict("This webinar was cancelled: there will be no recording.")
    held.seat.want_recording()


def take_again(session: Session, held: Held) -> None:
    """Conflict (`registering.Full`) when others have it now."""
    _require_ahead(session, held)
    row, seat = held.session, held.seat
    if seat.status is SeatStatus.SAVED:
        return
    if row.seat_limit is not None and sessions.taken_count(session, row) >= row.seat_limit:
        raise registering.Full("All seats are taken.")
    seat.save()
    sessions.set_reminders(seat, row, clock.now(session))


def event(seat: Seat, kind: TouchEventKind, campaign: Campaign, **detail: int) -> EventRow:
    """Something that happened with a seat, once for each kind. Of no mail: the seat says whose it is."""
    at = (seat.joined_at if kind is TouchEventKind.JOINED else seat.attended_at) or seat.registered_at
    return EventRow(
        campaign.partner_id, campaign.id, None, kind, at, identity=f"seat:{seat.id}", detail=detail or None
    )


def _require_ahead(session: Session, held: Held) -> None:
    if sessions.phase(held.session, clock.now(session)) in (Phase.OVER, Phase.CANCELLED):
        raise Conflict("This webinar is over.")
