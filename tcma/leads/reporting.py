"""What a partner reports on the leads it was paid for, and how much of it in time.

An update is due when the clock of a contacted lead ends. One that was met counts when it was met, one that is
over counts as due; what the product ended (a lead that rests, goes back or expires) was never owed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.launches.models import Campaign
from tcma.leads.dealings import ClockKind, LeadClock
from tcma.leads.models import Lead, LeadSource
from tcma.viewer import Viewer

LEAST = 5  # with fewer due the rule counts as met
WINDOW = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a partner reports. `overdue_count` leads wait for an update right now."""

    due_count: int
    on_time_count: int
    overdue_count: int

    @property
    def share(self) -> float:
        """On time, 0 to 1; 1 while too few were due to say."""
        return 1.0 if self.due_count < LEAST else self.on_time_count / self.due_count


def standing(
    session: Session, viewer: Viewer, *, vendor_id: int | None = None, since: datetime | None = None
) -> Standing:
    """The viewer's own, over one vendor or all, over the last 90 days or `since`. One statement."""
    now = clock.now(session)
    begin = since or now - WINDOW
    row = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((LeadClock.met_at <= LeadClock.due_at, 1), else_=0)), 0),
            func.coalesce(func.sum(case((LeadClock.met_at.is_(None), 1), else_=0)), 0),
        )
        .select_from(LeadClock)
        .join(Lead, Lead.id == LeadClock.lead_id)
        .outerjoin(Campaign, Campaign.id == Lead.campaign_id)
        .where(
            LeadClock.owner_id == viewer.organisation_id,
            LeadClock.kind == ClockKind.UPDATE,
            LeadClock.dropped_at.is_(None),
            or_(LeadClock.met_at >= begin, and_(LeadClock.met_at.is_(None), LeadClock.due_at <= now)),
            _is_owed(),
            *([LeadClock.vendor_id == vendor_id] if vendor_id is not None else []),
        )
    ).one()
    return Standing(int(row[0]), int(row[1]), int(row[2]))


def _is_owed() -> ColumnElement[bool]:
    """Leads of funded campaigns and those the vendor handed out."""
    return or_(Campaign.certificate_id.is_not(None), Lead.source != LeadSource.PARTNER_SOURCED)
