"""One lead with all that is known: its people, what they did and said, what was done with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import case, select
from sqlalchemy.orm import Session, joinedload

from tcma.launches import clicks
from tcma.launches.deliveries import Delivery, MessageClass, TouchEvent, TouchEventKind
from tcma.launches.models import Campaign, CampaignTouch
from tcma.leads import queries, transitions
from tcma.leads.dealings import (
    Deed,
    LeadAmount,
    LeadDeal,
    LeadFinding,
    LeadNote,
    NoteKind,
    Question,
)
from tcma.leads.models import Lead, LeadAnswer, LeadPerson, LeadStep, LeadTransition
from tcma.organisations.models import User
from tcma.webinars.models import Seat, SeatStatus

MOST_EVENTS = 300
Row = TypeVar("Row", LeadNote, LeadFinding, LeadAmount, LeadDeal)


class Sort(StrEnum):
    """What an entry of the timeline is."""

    SENT = "sent"
    CLICKED = "clicked"
    VISITED = "visited"
    ANSWERED = "answered"
    REGISTERED = "registered"
    JOINED = "joined"
    ATTENDED = "attended"
    CALL = "call"
    MAIL = "mail"
    NOTE = "note"
    SPOKE = "spoke"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `name` is the touch, the person or the colleague; the rest as the sort has it."""

    sort: Sort
    at: datetime
    name: str = ""
    count: int = 1
    text: str = ""
    answer: LeadAnswer | None = None
    move: LeadTransition | None = None
    touch: str = ""
    campaign: str = ""  # named where mails of several reached these people


@dataclass(frozen=True, slots=True)
class Story:
    """All of it, read at once. `machine_count` clicks were made by mail scanners and are not shown."""

    lead: Lead
    people: tuple[LeadPerson, ...]
    answers: tuple[LeadAnswer, ...]
    steps: tuple[LeadStep, ...]
    moves: tuple[LeadTransition, ...]  # those that count
    notes: tuple[LeadNote, ...]
    findings: dict[Question, LeadFinding]
    amounts: tuple[LeadAmount, ...]
    deal: LeadDeal | None
    entries: tuple[Entry, ...]
    machine_count: int
    names: dict[int, str]  # of users

    def days(self, zone: ZoneInfo) -> list[tuple[date, list[Entry]]]:
        """The entries by day on the clock of `zone`, newest first."""
        by_day = groupby(self.entries, key=lambda entry: entry.at.astimezone(zone).date())
        return [(day, list(entries)) for day, entries in by_day]


def read(session: Session, lead: Lead) -> Story:
    """Of a lead of the viewer. Eleven statements, however much happened; the oldest events of a mailing that
    never ends are left out beyond MOST_EVENTS."""
    people = queries.people_of(session, lead)
    answers = queries.answers_of(session, lead)
    steps = queries.steps_of(session, lead)
    moves = transitions.standing(queries.transitions_of(session, lead))
    notes = _rows(session, LeadNote, lead)
    findings = {row.question: row for row in _rows(session, LeadFinding, lead)}
    amounts = _rows(session, LeadAmount, lead)
    deals = _rows(session, LeadDeal, lead)
    touched, machine_count = _events(session, lead, people)
    names = _names(session, moves, notes)
    entries = [
        *touched,
        *(_answered(answer, people) for answer in answers),
        *_seats(session, lead, people),
        *(_moved(move, names) for move in _told(moves, notes)),
        *(_noted(note, names) for note in notes if note.text or note.kind in (NoteKind.CALL, NoteKind.MAIL)),
    ]
    return Story(
        lead=lead,
        people=tuple(people),
        answers=tuple(answers),
        steps=tuple(steps),
        moves=tuple(moves),
        notes=tuple(notes),
        findings=findings,
        amounts=tuple(amounts),
        deal=deals[-1] if deals else None,
        entries=tuple(reversed(sorted(entries, key=lambda entry: entry.at))),
        machine_count=machine_count,
        names=names,
    )


def with_relations(session: Session, lead: Lead) -> Lead:
    """The same lead with company, campaign, vendor and holder, in one statement."""
    return session.scalars(
        select(Lead)
        .where(Lead.id == lead.id)
        .options(
            joinedload(Lead.company),
            joinedload(Lead.campaign).load_only(Campaign.name, Campaign.kit_version_id),
            joinedload(Lead.vendor),
            joinedload(Lead.holder),
        )
        .execution_options(populate_existing=True)
    ).one()


def _rows(session: Session, model: type[Row], lead: Lead) -> list[Row]:
    return list(session.scalars(select(model).where(model.lead_id == lead.id).order_by(model.id)))


def _events(session: Session, lead: Lead, people: Sequence[LeadPerson]) -> tuple[list[Entry], int]:
    """Mails these people got from this vendor's campaigns, their clicks and visits; and the machines' clicks."""
    contacts = {person.contact_id: person.name for person in people if person.contact_id is not None}
    if not contacts:
        return [], 0
    theirs = (
        select(
            TouchEvent.kind,
            TouchEvent.at,
            TouchEvent.machine,
            CampaignTouch.name,
            Campaign.name,
            Delivery.contact_id,
            case((clicks.by_person(), 1), else_=0).label("by_person"),
        )
        .join(Delivery, Delivery.id == TouchEvent.delivery_id)
        .join(CampaignTouch, CampaignTouch.id == Delivery.touch_id)
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .where(
            Delivery.contact_id.in_(contacts),
            Delivery.partner_id == lead.owner_id,
            CampaignTouch.vendor_id == lead.vendor_id,
            TouchEvent.kind.in_((TouchEventKind.CLICKED, TouchEventKind.VISITED)),
        )
        .order_by(TouchEvent.at.desc(), TouchEvent.id.desc())
        .limit(MOST_EVENTS)
    )
    sent = (
        select(Delivery.sent_at, CampaignTouch.name, Campaign.name, Delivery.contact_id)
        .join(CampaignTouch, CampaignTouch.id == Delivery.touch_id)
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .where(
            Delivery.contact_id.in_(contacts),
            Delivery.partner_id == lead.owner_id,
            CampaignTouch.vendor_id == lead.vendor_id,
            Delivery.message_class == MessageClass.MARKETING,
            Delivery.sent_at.is_not(None),
        )
        .order_by(Delivery.sent_at.desc())
        .limit(MOST_EVENTS)
    )
    entries = [
        Entry(Sort.SENT, at, name=contacts[contact_id], touch=touch, campaign=campaign)
        for at, touch, campaign, contact_id in session.execute(sent)
        if at is not None
    ]
    machines = 0
    for kind, at, machine, touch, campaign, contact_id, by_person in session.execute(theirs):
        if kind is TouchEventKind.CLICKED and not by_person:
            machines += 1
        elif kind is TouchEventKind.CLICKED:
            entries.append(Entry(Sort.CLICKED, at, contacts[contact_id], touch=touch, campaign=campaign))
        elif not machine:
            entries.append(Entry(Sort.VISITED, at, contacts[contact_id], touch=touch, campaign=campaign))
    if len({entry.campaign for entry in entries}) == 1:
        entries = [replace(entry, campaign="") for entry in entries]
    return entries, machines


def _seats(session: Session, lead: Lead, people: Sequence[LeadPerson]) -> list[Entry]:
    """What these people did about webinars of this vendor's campaigns."""
    contacts = {person.contact_id: person.name for person in people if person.contact_id is not None}
    rows = session.execute(
        select(Seat, CampaignTouch.name)
        .join(CampaignTouch, CampaignTouch.campaign_id == Seat.campaign_id)
        .where(
            Seat.contact_id.in_(contacts),
            Seat.partner_id == lead.owner_id,
            CampaignTouch.vendor_id == lead.vendor_id,
            CampaignTouch.kind == "webinar",
        )
        .order_by(Seat.id)
        .limit(MOST_EVENTS)
    )
    found = []
    for seat, touch in rows:
        name = contacts[seat.contact_id]
        if seat.status is SeatStatus.SAVED:
            found.append(Entry(Sort.REGISTERED, seat.registered_at, name=name, touch=touch))
        if seat.joined_at is not None:
            found.append(Entry(Sort.JOINED, seat.joined_at, name=name, touch=touch))
        if seat.attended_at is not None:
            minutes = seat.attended_minutes or 0
            found.append(Entry(Sort.ATTENDED, seat.attended_at, name=name, touch=touch, count=minutes))
    return found


def _told(moves: Sequence[LeadTransition], notes: Sequence[LeadNote]) -> list[LeadTransition]:
    """One line a deed: the rungs it climbed on the way are not told, nor a beginning that its answer tells, nor
    a contact whose note does."""
    last = {move.deed_key: move.id for move in moves}
    noted = {note.deed_key for note in notes if note.kind is NoteKind.SPOKE and note.text}
    return [
        move
        for move in moves
        if move.id == last[move.deed_key]
        and move.deed != Deed.BEGAN
        and not (move.deed == Deed.CONTACTED and move.deed_key in noted)
    ]


def _answered(answer: LeadAnswer, people: Sequence[LeadPerson]) -> Entry:
    name = next((person.name for person in people if person.id == answer.person_id), "")
    return Entry(Sort.ANSWERED, answer.created_at, name=name, answer=answer)


def _moved(move: LeadTransition, names: dict[int, str]) -> Entry:
    return Entry(Sort.MOVED, move.at, name=names.get(move.user_id or 0, ""), move=move)


def _noted(note: LeadNote, names: dict[int, str]) -> Entry:
    return Entry(Sort(note.kind.value), note.at, name=names.get(note.user_id or 0, ""), text=note.text)


def _names(session: Session, moves: Sequence[LeadTransition], notes: Sequence[LeadNote]) -> dict[int, str]:
    acting = [move.user_id for move in moves] + [note.user_id for note in notes]
    wanted = {user_id for user_id in acting if user_id is not None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {user_id: name for user_id, name in rows}
