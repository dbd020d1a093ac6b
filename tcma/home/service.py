"""Putting tasks off, and taking that back."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.db import insert_into
from tcma.errors import Conflict, Invalid, phrase
from tcma.home import tasks
from tcma.home.models import Snooze
from tcma.home.tasks import Finding, Kind, PutOff
from tcma.organisations.models import Organisation
from tcma.viewer import Viewer

MOST_SUBJECTS = 200
_KINDS = {kind.value for kind in Kind}


class Until(StrEnum):
    """How long a task can be put off; nothing hides it for good."""

    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"


def put_off(
    session: Session, viewer: Viewer, kind: Kind, findings: Iterable[Finding], choice: Until
) -> datetime:
    """Hold back what is known of a kind until the firm opens tomorrow or on Monday, or until four hours before
    the first of it is over; returns that moment. Conflict where that is now."""
    user_id = _person(viewer)
    firm = session.get_one(Organisation, viewer.organisation_id)
    known = [one for one in findings if one.kind is kind][:MOST_SUBJECTS]
    now = clock.now(session).astimezone(ZoneInfo(firm.timezone))
    until = tasks.held_until(known, moment(choice, now, firm.opens), now)
    if until <= now:
        raise Conflict(phrase("This cannot wait: the time for it is over in less than four hours."))
    subjects = sorted({one.subject for one in known})
    values = {"subjects": subjects, "until": until}
    session.execute(
        insert_into(session, Snooze)
        .values(user_id=user_id, organisation_id=viewer.organisation_id, kind=kind.value, **values)
        .on_conflict_do_update(index_elements=["user_id", "organisation_id", "kind"], set_=values)
    )
    return until


def bring_back(session: Session, viewer: Viewer, kind: Kind | None = None) -> None:
    """Show again what was put off: one kind, or everything."""
    gone = delete(Snooze).where(
        Snooze.user_id == _person(viewer), Snooze.organisation_id == viewer.organisation_id
    )
    session.execute(gone if kind is None else gone.where(Snooze.kind == kind.value))


def put_off_by(session: Session, viewer: Viewer) -> dict[Kind, PutOff]:
    """What this person put off here. One statement."""
    rows = session.scalars(
        select(Snooze).where(
            Snooze.user_id == _person(viewer), Snooze.organisation_id == viewer.organisation_id
        )
    )
    return {Kind(row.kind): PutOff(row.until, frozenset(row.subjects)) for row in rows if row.kind in _KINDS}


def moment(choice: Until, now: datetime, opens: int) -> datetime:
    """When a task comes back: at opening time (minutes after midnight) of the next day or next Monday, in the
    zone `now` is in."""
    days = 1 if choice is Until.TOMORROW else 7 - now.weekday()
    at = time(*divmod(min(opens, 24 * 60 - 1), 60))
    return datetime.combine(now.date() + timedelta(days=days), at, tzinfo=now.tzinfo)


def _person(viewer: Viewer) -> int:
    if viewer.user_id is None:
        raise Invalid(phrase("Only a person can put a task off."))
    return viewer.user_id
