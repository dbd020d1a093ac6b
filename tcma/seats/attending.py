"""An attendance list taken in: who of those with a seat came, and for how long."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import ContentError
from campaigns.webinar import attendance
from tcma import clock
from tcma.audiences.models import Contact
from tcma.audit import trail
from tcma.db import insert_into
from tcma.errors import Conflict, Invalid, NotFound, phrase
from tcma.launches import event_rows, queries, webinars
from tcma.launches.deliveries import TouchEventKind
from tcma.launches.models import Campaign
from tcma.seats import own
from tcma.viewer import OrganisationKind, Role, Viewer
from tcma.webinars import sessions
from tcma.webinars.models import AttendanceUpload, Seat, SeatStatus, WebinarSession
from tcma.webinars.sessions import Phase

SLICE = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What a list brought. `is_repeat`: the very same file was here before, and nothing changed."""

    upload: AttendanceUpload
    is_repeat: bool


def upload(session: Session, viewer: Viewer, public_id: UUID, content: bytes) -> Taken:
    """Read a list of Zoom, Teams or GoTo. Invalid for a file that is none; Conflict before the webinar is over.

    Two lists of one webinar do not add up: a person keeps the longer time. Whom the partner knows gets a seat that
    says so; an address that nobody here has is counted, and said by hand whose it is (`came`).
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    try:
        found = attendance.read(content)
    except ContentError as error:
        sentence = error.problems[0].sentence
        raise Invalid(sentence, {"list": sentence}) from error
    campaign = queries.find_campaign(session, viewer, public_id, lock=True)
    row = webinars.find_session(session, campaign, lock=True)
    now = clock.now(session)
    if sessions.phase(row, now) not in (Phase.OVER, Phase.ROOM_OPEN):
        raise Conflict("The attendance list comes after the webinar.")
    sha256 = hashlib.sha256(content).hexdigest()
    known = session.scalar(
        select(AttendanceUpload).where(
            AttendanceUpload.session_id == row.id, AttendanceUpload.content_sha256 == sha256
        )
    )
    if known is not None:
        return Taken(known, is_repeat=True)
    strangers = _take(session, campaign, row, found.minutes)
    row.attendance_known_at = row.attendance_known_at or now
    taken = AttendanceUpload(
        partner_id=row.partner_id,
        session_id=row.id,
        content_sha256=sha256,
        tool=found.tool.value,
        people_count=len(found.minutes),
        guest_count=strangers,
        problems="\n".join(found.problems),
        uploaded_by_id=viewer.user_id,
        uploaded_at=now,
        size=len(content),
    )
    session.add(taken)
    session.flush()
    trail.record(session, viewer, "webinar.attendance_uploaded", campaign, {"people": len(found.minutes)})
    return Taken(taken, is_repeat=False)


def came(session: Session, viewer: Viewer, public_id: UUID, contact_id: UUID, *, did: bool = True) -> Seat:
    """Somebody says who was there under another address, or takes that back: it counts as any attendance, without
    minutes. Conflict before an attendance list is here, and against one that names the person."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    campaign = queries.find_campaign(session, viewer, public_id, lock=True)
    row = webinars.find_session(session, campaign, lock=True)
    seat = session.scalar(
        select(Seat)
        .join(Contact, Contact.id == Seat.contact_id)
        .where(Seat.session_id == row.id, Contact.public_id == contact_id)
        .with_for_update(of=Seat)
    )
    if seat is None:
        raise NotFound(phrase("This person has no seat in this webinar."))
    if row.attendance_known_at is None:
        raise Conflict(phrase("Put in the attendance list first; then say who else was there."))
    if seat.attended_minutes is not None:
        raise Conflict(phrase("The attendance list says that this person was there."))
    seat.attended_at = row.starts_at if did else None
    trail.record(session, viewer, "webinar.came" if did else "webinar.did_not_come", campaign)
    return seat


def _take(session: Session, campaign: Campaign, row: WebinarSession, minutes: Mapping[str, int]) -> int:
    """Write the minutes into the seats; how many on the list nobody here knows."""
    strangers, wanted = 0, sorted(minutes)
    for start in range(0, len(wanted), SLICE):
        part = wanted[start : start + SLICE]
        contacts = session.execute(
            select(Contact.address, Contact.id).where(
                Contact.partner_id == row.partner_id,
                Contact.address.in_(part),
                Contact.deleted_at.is_(None),
            )
        ).all()
        by_contact = {contact_id: minutes[address] for address, contact_id in contacts}
        had = set(
            session.scalars(
                select(Seat.contact_id).where(
                    Seat.session_id == row.id,
                    Seat.contact_id.in_(by_contact),
                    Seat.status != SeatStatus.UNINVITED,
                )
            )
        )
        strangers += len(part) - len(by_contact)
        _add_guests(session, campaign, row, sorted(by_contact.keys() - had))
        seats = session.scalars(
            select(Seat).where(Seat.session_id == row.id, Seat.contact_id.in_(by_contact)).order_by(Seat.id)
        ).all()
        for seat in seats:
            seat.attended_minutes = max(seat.attended_minutes or 0, by_contact[seat.contact_id])
            seat.attended_at = seat.attended_at or row.starts_at
        event_rows.append(session, [own.event(seat, TouchEventKind.ATTENDED, campaign) for seat in seats])
    return strangers


def _add_guests(session: Session, campaign: Campaign, row: WebinarSession, contact_ids: list[int]) -> None:
    now = clock.now(session)
    values = [
        {
            "partner_id": row.partner_id,
            "campaign_id": campaign.id,
            "session_id": row.id,
            "contact_id": contact_id,
            "status": SeatStatus.UNINVITED,
            "locale": campaign.locales[0],
            "timezone": row.timezone,
            "wants_reminders": False,
            "registered_at": now,
            "change_count": 0,
            "reminded_count": 0,
        }
        for contact_id in contact_ids
    ]
    if values:
        statement = insert_into(session, Seat).values(values)
        session.execute(statement.on_conflict_do_nothing(index_elements=["session_id", "contact_id"]))
