"""Mails that fall on a day on which people of the partner's country rest: a hint, moved by a person or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns import calendar
from tcma.launches.models import CampaignTouch, TouchStatus
from tcma.launches.schedule import EMAIL, after


@dataclass(frozen=True, slots=True)
class Rest:
    """Local wall times: when a mail is due, and the same hour of the next working day; and whether other mails
    that wait move by as many days with it."""

    due: datetime
    instead: datetime
    moves_later: bool = False


def rest_on(wall: datetime, country: str) -> Rest | None:
    """None for a local time on a working day of `country`. Pure."""
    day = calendar.next_working_day(wall.date(), country)
    return None if day == wall.date() else Rest(wall, datetime.combine(day, wall.time()))


def resting(touches: Iterable[CampaignTouch], country: str) -> dict[str, Rest]:
    """By key: the mails that wait for such a day. Those counted from a webinar keep their distance to it."""
    found, every = {}, list(touches)
    for touch in every:
        waits = touch.kind == EMAIL and touch.status is TouchStatus.PENDING and not touch.counted_from
        if waits and touch.due_local and (rest := rest_on(datetime.fromisoformat(touch.due_local), country)):
            found[touch.key] = replace(rest, moves_later=bool(after(every, touch)))
    return found
