"""Not now: a lead rests until a day, and comes back as new."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.calendar import to_utc
from tcma import clock
from tcma.audiences import consents
from tcma.audiences.models import Contact
from tcma.db import Database
from tcma.errors import Invalid, phrase
from tcma.jobs import rows
from tcma.leads import clocks, service, telling, transitions
from tcma.leads.dealings import Deed
from tcma.leads.models import Lead, LeadPerson, Stage
from tcma.leads.transitions import Done
from tcma.viewer import Viewer

MONTHS = (3, 6, 12)
LONGEST = timedelta(days=3 * 366)
LIMIT = 500


def not_now(session: Session, viewer: Viewer, public_id: UUID, until: date) -> Done:
    """Let it rest until the morning of `until`, a day of the holder's calendar within three years."""
    lead = service.worked(session, viewer, public_id)
    calendar = clocks.calendar_for(session, lead)
    today = clock.now(session).astimezone(calendar.zone).date()
    if not today < until <= today + LONGEST:
        sentence = phrase("Choose a day after today and within three years.")
        raise Invalid(sentence, {"until": sentence})
    back_at = to_utc(datetime.combine(until, calendar.opens), calendar.zone.key)
    return transitions.perform(session, viewer, lead, Deed.NURTURED, Stage.NURTURING, comes_back_at=back_at)


def in_months(day: date, months: int) -> date:
    """The same day some months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def bring_back_due(database: Database, limit: int = LIMIT) -> int:
    """Leads whose day has come are new again, one transaction each; how many."""

    def due(session: Session) -> Sequence[int]:
        return session.scalars(
            select(Lead.id)
            .where(Lead.stage == Stage.NURTURING, Lead.comes_back_at <= clock.now(session))
            .order_by(Lead.comes_back_at)
            .limit(limit)
        ).all()

    return sum(rows.each(database, due, _bring_back))


def who_agreed(session: Session, lead: Lead) -> list[str]:
    """Names of the lead's people who agreed to the owner's news: whom a newsletter may reach meanwhile."""
    return list(
        session.scalars(
            select(LeadPerson.name)
            .join(Contact, Contact.id == LeadPerson.contact_id)
            .where(
                LeadPerson.lead_id == lead.id,
                Contact.deleted_at.is_(None),
                consents.latest_given(Contact, lead.owner_id),
            )
            .order_by(LeadPerson.id)
        )
    )


def _bring_back(session: Session, lead_id: int) -> bool:
    lead = session.scalar(select(Lead).where(Lead.id == lead_id).with_for_update(of=Lead))
    now = clock.now(session)
    if lead is None or lead.stage is not Stage.NURTURING or (lead.comes_back_at or now) > now:
        return False
    transitions.perform(session, None, lead, Deed.CAME_BACK, Stage.NEW)
    telling.tell_back(session, lead)
    return True
