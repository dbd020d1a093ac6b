"""Why a lead is its owner's, in one plain sentence in the reader's language."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy.orm import Session

from tcma import language
from tcma.language import gettext as _
from tcma.launches.deliveries import TouchEventKind
from tcma.leads import queries
from tcma.leads.models import Lead, LeadStep
from tcma.organisations.models import Organisation


def why(session: Session, lead: Lead) -> str:
    """The sentence, with the day as the owner's clock had it. At most two statements."""
    owner = session.get_one(Organisation, lead.owner_id)
    return sentence(lead, queries.steps_of(session, lead), ZoneInfo(owner.timezone))


def sentence(lead: Lead, steps: Sequence[LeadStep], zone: ZoneInfo) -> str:
    day = said_day(lead.first_touch_at, zone)
    if not steps or lead.first_touch_kind == TouchEventKind.SUBMITTED:
        return _(
            "They answered the form on your page on %(day)s, without an earlier touch in 90 days.", day=day
        )
    name = steps[0].touch_name
    if lead.first_touch_kind == TouchEventKind.CLICKED:
        first = _(
            "The first touch in the last 90 days was their click in your message “%(name)s” on %(day)s.",
            name=name,
            day=day,
        )
    elif lead.first_touch_kind == TouchEventKind.REPLIED:
        first = _(
            "The first touch in the last 90 days was their reply to your message “%(name)s” on %(day)s.",
            name=name,
            day=day,
        )
    elif lead.first_touch_kind == TouchEventKind.VISITED:
        first = _(
            "The first touch in the last 90 days was their visit to your page “%(name)s” on %(day)s.",
            name=name,
            day=day,
        )
    else:
        first = _(
            "The first touch in the last 90 days was your message “%(name)s” on %(day)s.", name=name, day=day
        )
    return f"{first} {_('Rule: first partner touch, 90 days.')}"


def said_day(at: datetime, zone: ZoneInfo) -> str:
    """12 November 2026, on the clock of `zone`, in the current language."""
    locale = "en_GB" if language.current() == "en" else language.current()
    return format_date(at.astimezone(zone), "long", locale=locale)
