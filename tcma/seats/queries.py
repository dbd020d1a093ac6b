"""A partner's webinar as its page shows it: figures, who has a seat, what was uploaded."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from tcma.audiences.models import Contact
from tcma.db import Database
from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass
from tcma.launches.models import CampaignTouch
from tcma.leads.models import Lead
from tcma.viewer import Viewer
from tcma.webinars.models import AttendanceUpload, Seat, SeatStatus, WebinarSession

FILE_SLICE = 500


STAYED = 0.9  # of the planned minutes: from here on somebody stayed to the end; few come on the minute
NO_TIME = 1  # minutes that a list without times counts for each


class Standing(StrEnum):
    """What became of a seat, as its host reads it."""

    SAVED = "saved"
    GIVEN_BACK = "given_back"
    WANTS_RECORDING = "wants_recording"
    CAME = "came"
    DID_NOT_COME = "did_not_come"
    UNINVITED = "uninvited"


class Sort(StrEnum):
    REGISTERED = "registered"
    NAME = "name"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Figures:
    """`invited` got a mail that leads to the webinar. `attended`, of whom `guests` had no seat, and `no_shows` are
    None until an attendance list is here; `stayed` to the end also where no list says how long."""

    invited: int
    registered: int
    wants_recording: int
    given_back: int
    reminded: int
    joined: int
    attended: int | None
    stayed: int | None
    no_shows: int | None
    guests: int


@dataclass(frozen=True, slots=True)
class Registrant:
    """One line of the list."""

    seat: Seat
    contact: Contact
    lead: Lead | None

    @property
    def name(self) -> str:
        """Empty for somebody who was deleted."""
        contact = self.contact
        if contact.deleted_at is not None:
            return ""
        return f"{contact.first_name} {contact.last_name}".strip() or contact.address_typed


@dataclass(frozen=True, slots=True)
class Asked:
    """`after` is the cursor of the page before, "<value>|<id>"."""

    sort: Sort = Sort.REGISTERED
    descending: bool = True
    after: str = ""
    limit: int = 51


def standing(seat: Seat, row: WebinarSession) -> Standing:
    """Who came is told before what became of the seat: people give one back and come all the same."""
    if seat.status is SeatStatus.UNINVITED:
        return Standing.UNINVITED
    if seat.attended_at is not None:
        return Standing.CAME
    if seat.status is SeatStatus.SAVED and row.attendance_known_at is not None:
        return Standing.DID_NOT_COME
    return Standing(seat.status.value)


def long_enough(row: WebinarSession) -> int:
    """How many minutes somebody has to be there to have stayed to the end."""
    return ceil(row.minutes * STAYED)


def stayed(seat: Seat, row: WebinarSession) -> bool | None:
    """Whether somebody stayed to the end; None where nobody knows."""
    minutes = seat.attended_minutes
    return None if minutes is None or minutes <= NO_TIME else minutes >= long_enough(row)


def figures_of(session: Session, row: WebinarSession) -> Figures:
    """Two statements."""
    S = SeatStatus

    def count(which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((which, 1), else_=0)), 0)

    found = session.execute(
        select(
            count(Seat.status == S.SAVED),
            count(Seat.status == S.WANTS_RECORDING),
            count(Seat.status == S.GIVEN_BACK),
            count(Seat.reminded_count > 0),
            count(Seat.joined_at.is_not(None)),
            count(Seat.attended_at.is_not(None)),
            count(and_(Seat.status == S.SAVED, Seat.attended_at.is_(None))),
            count(Seat.status == S.UNINVITED),
            count(Seat.attended_minutes >= long_enough(row)),
            func.coalesce(func.max(Seat.attended_minutes), 0),
        ).where(Seat.session_id == row.id)
    ).one()
    invited = session.scalar(
        select(func.count(func.distinct(Delivery.contact_id)))
        .join(CampaignTouch, CampaignTouch.id == Delivery.touch_id)
        .where(
            Delivery.campaign_id == row.campaign_id,
            CampaignTouch.is_invitation,
            Delivery.message_class == MessageClass.MARKETING,
            Delivery.status.in_((DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.BOUNCED)),
        )
    )
    is_known = row.attendance_known_at is not None
    return Figures(
        invited=invited or 0,
        registered=found[0],
        wants_recording=found[1],
        given_back=found[2],
        reminded=found[3],
        joined=found[4],
        attended=found[5] if is_known else None,
        stayed=found[8] if is_known and (found[9] or 0) > NO_TIME else None,
        no_shows=found[6] if is_known else None,
        guests=found[7],
    )


def registrants_for(session: Session, viewer: Viewer, row: WebinarSession, asked: Asked) -> list[Registrant]:
    """A page of the list; one statement."""
    key = _KEYS[asked.sort]
    statement = (
        select(Seat, Contact, Lead)
        .join(Contact, Contact.id == Seat.contact_id)
        .outerjoin(Lead, Lead.id == Seat.lead_id)
        .where(Seat.session_id == row.id, Seat.partner_id == viewer.organisation_id)
        .limit(asked.limit)
    )
    statement = statement.where(*_after(key, asked))
    order = (key.desc(), Seat.id.desc()) if asked.descending else (key, Seat.id)
    return [Registrant(*found) for found in session.execute(statement.order_by(*order))]


def cursor_of(person: Registrant, sort: Sort) -> str:
    """What a page of the list ends with."""
    seat, contact = person.seat, person.contact
    if sort is Sort.NAME:
        return f"{(contact.last_name or contact.address).lower()}|{seat.id}"
    return f"{seat.id if sort is Sort.REGISTERED else seat.attended_minutes or 0}|{seat.id}"


def all_registrants(database: Database, viewer: Viewer, row: WebinarSession) -> Iterator[Registrant]:
    """Everybody, in slices with a short transaction each: for a file that leaves while it is read."""
    after = ""
    while True:
        asked = Asked(Sort.REGISTERED, False, after, FILE_SLICE)
        with database.reading(viewer.organisation_id) as session:
            found = registrants_for(session, viewer, row, asked)
        yield from found
        if len(found) < FILE_SLICE:
            return
        after = cursor_of(found[-1], Sort.REGISTERED)


def uploads_of(session: Session, row: WebinarSession) -> list[AttendanceUpload]:
    """The newest first."""
    wanted = select(AttendanceUpload).where(AttendanceUpload.session_id == row.id)
    return list(session.scalars(wanted.order_by(AttendanceUpload.id.desc()).limit(20)))


_KEYS: dict[Sort, Any] = {
    Sort.REGISTERED: Seat.id,
    Sort.NAME: func.lower(func.coalesce(func.nullif(Contact.last_name, ""), Contact.address)),
    Sort.MINUTES: func.coalesce(Seat.attended_minutes, 0),
}


def _after(key: Any, asked: Asked) -> tuple[ColumnElement[bool], ...]:
    value, _, number = asked.after.rpartition("|")
    if not number.isdecimal() or len(number) > 18 or not value:
        return ()
    seat_id, at = int(number), value
    if asked.sort is not Sort.NAME:
        if not value.isdecimal() or len(value) > 18:
            return ()
        at = int(value)  # type: ignore[assignment]
    beyond = key < at if asked.descending else key > at
    same = Seat.id < seat_id if asked.descending else Seat.id > seat_id
    return (or_(beyond, and_(key == at, same)),)
