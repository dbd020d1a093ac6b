"""What is due on a lead, and when: counted in the working hours, zone and holidays of who holds it."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.calendar import WorkingHours, add_working_time
from campaigns.calendar import working_hours as hours_of
from tcma.leads.dealings import ClockKind, LeadClock
from tcma.leads.models import Lead, Stage
from tcma.organisations.models import Organisation, User

ACCEPT_HOURS = 48  # working hours
CONTACT_DAYS = 3  # working days
UPDATE_DAYS = 10  # working days: every fourteen days, and nobody is asked on a holiday
LOOK_AGAIN = timedelta(days=90)  # one in nurture that nobody touched shows up

KIND = {
    Stage.NEW: ClockKind.ACCEPT,
    Stage.ACCEPTED: ClockKind.CONTACT,
    Stage.CONTACTED: ClockKind.UPDATE,
    Stage.QUALIFIED: ClockKind.UPDATE,
    Stage.OPPORTUNITY: ClockKind.UPDATE,
    Stage.NURTURING: ClockKind.NURTURE,
}


def calendar_of(owner: Organisation, holder: User | None = None) -> WorkingHours:
    """The working hours of the owner, in the zone of the person who holds the lead."""
    return hours_of(
        (holder.timezone if holder else None) or owner.timezone,
        owner.country,
        owner.holiday_region,
        opens=time(*divmod(owner.opens, 60)),
        closes=time(*divmod(min(owner.closes, 24 * 60 - 1), 60)),
        days=frozenset(int(day) for day in owner.working_days),
        closed=frozenset(date.fromisoformat(day) for day in owner.closed_on),
    )


def calendar_for(session: Session, lead: Lead) -> WorkingHours:
    """The calendar a lead's clocks run by; at most two statements."""
    owner = session.get_one(Organisation, lead.owner_id)
    holder = session.get(User, lead.holder_id) if lead.holder_id is not None else None
    return calendar_of(owner, holder)


def length(kind: ClockKind, calendar: WorkingHours) -> timedelta:
    """The working time a clock gives; not for nurture, which counts plain days."""
    if kind is ClockKind.ACCEPT:
        return timedelta(hours=ACCEPT_HOURS)
    return calendar.day_length * (CONTACT_DAYS if kind is ClockKind.CONTACT else UPDATE_DAYS)


def due_at(kind: ClockKind, start: datetime, calendar: WorkingHours) -> datetime:
    """When a clock that starts at `start` (aware) is over."""
    if kind is ClockKind.NURTURE:
        return start + LOOK_AGAIN
    return add_working_time(start, length(kind, calendar), calendar)


def turn(session: Session, lead: Lead, now: datetime, calendar: WorkingHours, *, is_met: bool) -> None:
    """End the running clock of a locked lead, met by a person or dropped by the product, and start the one of
    its stage; a closed lead has none."""
    running = running_clock(session, lead)
    if running is not None:
        if is_met:
            running.met_at = now
        else:
            running.dropped_at = now
    kind = KIND.get(lead.stage)
    lead.clock_from = lead.clock_until = None
    if kind is None:
        return
    until, warn_at = due_at(kind, now, calendar), None
    if kind is ClockKind.NURTURE and lead.comes_back_at is not None:
        until = lead.comes_back_at
    elif kind is ClockKind.ACCEPT and lead.may_go_back:
        warn_at = add_working_time(now, length(kind, calendar) * 3 / 4, calendar)
    lead.clock_from, lead.clock_until = now, until
    session.add(
        LeadClock(
            lead_id=lead.id,
            owner_id=lead.owner_id,
            vendor_id=lead.vendor_id,
            kind=kind,
            started_at=now,
            due_at=until,
            warn_at=warn_at,
        )
    )
    session.flush()


def running_clock(session: Session, lead: Lead) -> LeadClock | None:
    return session.scalar(
        select(LeadClock)
        .where(
            LeadClock.lead_id == lead.id,
            LeadClock.met_at.is_(None),
            LeadClock.dropped_at.is_(None),
        )
        .order_by(LeadClock.id.desc())
        .limit(1)
    )
