"""How long a lead stays fresh, in its holder's working days."""

from datetime import datetime

from campaigns.calendar import WorkingHours, add_working_time
from campaigns.kit import Sale
from tcma.leads.models import Grade, Lead

# Days by grade and kind of sale. An inquiry is given the life of an MQL: nobody has judged it yet.
DAYS = {
    (Grade.SQL, Sale.TRANSACTIONAL): 14,
    (Grade.SQL, Sale.COMPLEX): 45,
    (Grade.MQL, Sale.TRANSACTIONAL): 60,
    (Grade.MQL, Sale.COMPLEX): 365,
    (Grade.INQUIRY, Sale.TRANSACTIONAL): 60,
    (Grade.INQUIRY, Sale.COMPLEX): 365,
}


def ends_at(start: datetime, grade: Grade, sale: Sale, calendar: WorkingHours) -> datetime:
    """When the shelf life ends: that many of the holder's working days after `start` (aware)."""
    return add_working_time(start, calendar.day_length * DAYS[grade, sale], calendar)


def warns_at(start: datetime, grade: Grade, sale: Sale, calendar: WorkingHours) -> datetime:
    """When a quarter of it is left."""
    return add_working_time(start, calendar.day_length * DAYS[grade, sale] * 3 / 4, calendar)


def renew(lead: Lead, now: datetime, calendar: WorkingHours) -> None:
    """It is as fresh as its grade allows from now on."""
    lead.shelf_life_until = ends_at(now, lead.grade, lead.sale, calendar)
    lead.shelf_life_warn_at = warns_at(now, lead.grade, lead.sale, calendar)
    lead.shelf_life_told_at = None
