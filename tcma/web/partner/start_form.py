"""When a launch begins, as a form says it: at the next good time, now, or at a day and hour of one's own."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from campaigns import calendar
from tcma import clock
from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.launches import drafts, schedule
from tcma.launches.setup import Draft
from tcma.web.unit import viewer

PROPOSED, NOW, DATE = CHOICES = "proposed", "now", "date"


@dataclass(frozen=True, slots=True)
class Start:
    """What the fields show: the choice, and the day and hour beside it."""

    choice: str
    proposed_at: datetime  # the next good time, as a moment
    day: str
    hour: str


def proposal(session: Session, draft: Draft) -> Start:
    """The draft's choice, with the next good time where it made none."""
    campaign = draft.campaign
    now = clock.now(session)
    good = calendar.next_start(now, campaign.timezone, draft.partner.country)
    chosen = campaign.starts_local
    wall = datetime.fromisoformat(chosen) if chosen not in (None, schedule.START_NOW) and chosen else good
    choice = PROPOSED if chosen is None else NOW if chosen == schedule.START_NOW else DATE
    return Start(choice, calendar.to_utc(good, campaign.timezone), f"{wall:%Y-%m-%d}", f"{wall:%H:%M}")


def as_typed(start: Start) -> Start:
    """The same fields as the form that was refused filled them in."""
    choice = request.form.get("when", start.choice)
    return replace(
        start,
        choice=choice if choice in CHOICES else start.choice,
        day=request.form.get("day", start.day)[:40],
        hour=request.form.get("hour", start.hour)[:40],
    )


def save(session: Session, draft: Draft) -> None:
    """Keep what the fields `when`, `day` and `hour` say; nothing where they were not sent."""
    choice = request.form.get("when")
    if choice is None:
        return
    wall = typed_wall() if choice == DATE else None
    if wall is not None and schedule.written(wall) == draft.campaign.starts_local:
        return
    try:
        drafts.set_start(session, viewer(), draft.campaign.public_id, wall, now=choice == NOW)
    except Invalid as error:
        raise Invalid(error.sentence, error.fields or {"day": error.sentence}) from error


def typed_wall() -> datetime:
    """The local time of the fields `day` and `hour`. Invalid names the one that cannot be read."""
    day, hour = request.form.get("day", "").strip(), request.form.get("hour", "").strip()
    try:
        date = datetime.strptime(day, "%Y-%m-%d")  # noqa: DTZ007  (local wall time is meant)
    except ValueError as error:
        sentence = _("Write the day like 2026-11-24.")
        raise Invalid(sentence, {"day": sentence}) from error
    try:
        time = datetime.strptime(hour, "%H:%M").time()  # noqa: DTZ007
    except ValueError as error:
        sentence = _("Write the time like 09:30.")
        raise Invalid(sentence, {"hour": sentence}) from error
    return datetime.combine(date, time)


def uuid_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("This choice is not there any more. Choose again.")) from error
