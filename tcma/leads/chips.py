"""What the clock of a lead says: how much is left, how that looks, what follows. Pure; words are said elsewhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from campaigns.calendar import WorkingHours, working_time_between
from tcma.leads import clocks
from tcma.leads.dealings import ClockKind
from tcma.leads.models import Lead, Stage

URGENT = timedelta(hours=8)  # working hours
_WORKED = frozenset({Stage.NEW, Stage.ACCEPTED, Stage.CONTACTED, Stage.QUALIFIED, Stage.OPPORTUNITY})


class Look(StrEnum):
    CALM = "calm"  # more than half of the time is left
    SOON = "soon"
    URGENT = "urgent"  # under eight working hours: counts down
    OVER = "over"


class Says(StrEnum):
    """Which sentence a chip says; its time and its look choose the wording."""

    ACCEPT = "accept"
    CONTACT = "contact"
    UPDATE = "update"
    COMES_BACK = "comes_back"
    LOOK_AGAIN = "look_again"  # in nurture, untouched for 90 days
    GOES_BACK = "goes_back"  # its time is over and the next round of the clock takes it away
    WENT_BACK = "went_back"
    SHELF_LIFE_OVER = "shelf_life_over"  # still the owner's


@dataclass(frozen=True, slots=True)
class Chip:
    """`left` is working time, negative once `until` is past; `ticks` tells whether it runs right now."""

    says: Says
    look: Look
    until: datetime
    left: timedelta
    ticks: bool = False

    def days_left(self, calendar: WorkingHours) -> int:
        """Working days begun, at least one while anything is left."""
        return max(1, -(-self.left // calendar.day_length)) if self.left > timedelta(0) else 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a chip is decided from."""

    stage: Stage
    clock_from: datetime | None
    clock_until: datetime | None
    shelf_life_until: datetime
    may_go_back: bool
    comes_back: bool = False  # in nurture, with a day


def facts_of(lead: Lead) -> Facts:
    return Facts(
        lead.stage,
        lead.clock_from,
        lead.clock_until,
        lead.shelf_life_until,
        lead.may_go_back,
        lead.comes_back_at is not None,
    )


def chip(facts: Facts, now: datetime, calendar: WorkingHours) -> Chip | None:
    """The chip of a lead, None where nothing is due any more.

    A shelf life that is over is said before a clock: it is the larger consequence.
    """
    if facts.stage is Stage.EXPIRED:
        until = min(facts.shelf_life_until, facts.clock_until or facts.shelf_life_until)
        return Chip(Says.WENT_BACK, Look.OVER, until, timedelta(0))
    kind = clocks.KIND.get(facts.stage)
    if kind is None or facts.clock_from is None or facts.clock_until is None:
        return None
    if kind is ClockKind.NURTURE:
        over = facts.clock_until <= now
        says = Says.COMES_BACK if facts.comes_back else Says.LOOK_AGAIN
        return Chip(says, Look.SOON if over else Look.CALM, facts.clock_until, facts.clock_until - now)
    if facts.stage in _WORKED and facts.shelf_life_until <= now and facts.stage is not Stage.OPPORTUNITY:
        says = Says.GOES_BACK if facts.may_go_back else Says.SHELF_LIFE_OVER
        return Chip(says, Look.OVER, facts.shelf_life_until, facts.shelf_life_until - now)
    left = working_time_between(now, facts.clock_until, calendar)
    if facts.clock_until <= now:
        says = Says.GOES_BACK if kind is ClockKind.ACCEPT and facts.may_go_back else Says(kind.value)
        return Chip(says, Look.OVER, facts.clock_until, left)
    look = _look(left, working_time_between(facts.clock_from, facts.clock_until, calendar))
    return Chip(Says(kind.value), look, facts.clock_until, left, is_open_at(now, calendar))


def is_open_at(now: datetime, calendar: WorkingHours) -> bool:
    """Whether working time passes at this moment."""
    local = now.astimezone(calendar.zone)
    return calendar.is_working_day(local.date()) and calendar.opens <= local.time() < calendar.closes


def _look(left: timedelta, total: timedelta) -> Look:
    if left < URGENT:
        return Look.URGENT
    return Look.CALM if left * 2 > total else Look.SOON
