"""When things are due: a campaign's local times across clock changes, and time counted in working hours.

Pure: every function takes the moment it works from. Local wall times are naive, instants are aware and in
UTC.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

START_TIME = time(9, 30)
LEAD = timedelta(hours=12)
PREFERRED_DAYS = frozenset({1, 2, 3})  # Tuesday to Thursday; Monday is 0
WEEKDAYS = frozenset(range(5))
MAX_WORKING_DAYS = 5_000

_DAY = timedelta(days=1)


class Offset(NamedTuple):
    """A touch's place in its campaign: days after the start, and its local time (None: the time of the
    start)."""

    days: int
    at: time | None = None


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Business time: the days and hours of somebody in a country and zone. Make it with `working_hours`."""

    zone: ZoneInfo
    country: str
    subdivision: str | None
    days: frozenset[int]
    opens: time
    closes: time
    closed: frozenset[date] = field(default=frozenset())

    def is_working_day(self, day: date) -> bool:
        return (
            day.weekday() in self.days
            and day not in self.closed
            and not is_holiday(day, self.country, self.subdivision)
        )

    @property
    def day_length(self) -> timedelta:
        """One working day, for shelf lives given in days."""
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)


def next_start(now: datetime, zone: str, country: str, subdivision: str | None = None) -> datetime:
    """The proposed start as local wall time: 09:30 on the next Tuesday to Thursday within a week, else on
    the next working day; at least 12 hours after `now` (aware) and on no public holiday of `country` (ISO
    code)."""
    place = ZoneInfo(zone)
    today = _aware(now).astimezone(place).date()
    candidates = [
        datetime.combine(day, START_TIME)
        for day in (today + _DAY * n for n in range(60))
        if day.weekday() in WEEKDAYS and not is_holiday(day, country, subdivision)
    ]
    late_enough = [start for start in candidates if to_utc(start, zone) >= now + LEAD]
    within_a_week = [start for start in late_enough if start.date() < today + 8 * _DAY]
    preferred = [start for start in within_a_week if start.weekday() in PREFERRED_DAYS]
    return (preferred or late_enough)[0]


def next_working_day(day: date, country: str, subdivision: str | None = None) -> date:
    """`day` itself where people of `country` work on it (Monday to Friday, no public holiday), else the next day
    on which they do."""
    days = (day + _DAY * n for n in range(60))
    return next(
        found for found in days if found.weekday() in WEEKDAYS and not is_holiday(found, country, subdivision)
    )


def due_times(start_local: datetime, zone: str, offsets: Sequence[int | Offset]) -> list[datetime]:
    """The instants (UTC) of touches, in the order of `offsets` (days, or days and a local time).

    Wall time is kept across clock changes: 09:30 stays 09:30. A time that does not exist moves forward to the
    first that does; of a time that comes twice the first is taken. A touch of the first day with a time
    before the start is due at the start.
    """
    if start_local.tzinfo is not None:
        raise ValueError("The start is a local wall time; give it without a zone.")
    due = []
    for offset in offsets:
        days, at = offset if isinstance(offset, Offset) else (offset, None)
        if days < 0:
            raise ValueError(f"A touch cannot be due {-days} days before its campaign starts.")
        wall = datetime.combine(start_local.date() + days * _DAY, at or start_local.time())
        due.append(to_utc(max(wall, start_local), zone))
    return due


def to_utc(wall: datetime, zone: str) -> datetime:
    """The instant of a local wall time; see `due_times` for times that do not exist or come twice."""
    place = ZoneInfo(zone)
    first = wall.replace(tzinfo=place, fold=0)
    instant = first.astimezone(UTC)
    if instant.astimezone(place).replace(tzinfo=None) == wall:
        return instant
    return _end_of_gap(wall.replace(tzinfo=place, fold=1).astimezone(UTC), instant, place)


@lru_cache(maxsize=4096)
def is_holiday(day: date, country: str, subdivision: str | None = None) -> bool:
    """Whether `day` is a public holiday; never, for a country or part of one whose holidays are not known."""
    return day in _holidays_of(country.upper(), subdivision, day.year)


def working_hours(
    zone: str,
    country: str,
    subdivision: str | None = None,
    *,
    opens: time = time(8),
    closes: time = time(17),
    days: frozenset[int] = WEEKDAYS,
    closed: frozenset[date] = frozenset(),
) -> WorkingHours:
    """Business time of somebody: the same hours on each of `days` (Monday is 0) but public holidays and
    `closed`."""
    if not opens < closes:
        raise ValueError("Working hours have to open before they close.")
    if not days or not days <= frozenset(range(7)):
        raise ValueError("Working days are numbers from 0 (Monday) to 6, at least one.")
    return WorkingHours(ZoneInfo(zone), country, subdivision, days, opens, closes, closed)


def add_working_time(at: datetime, duration: timedelta, calendar: WorkingHours) -> datetime:
    """The instant (UTC) when `duration` of working time has passed since `at` (aware).

    Time outside working hours does not count. Nothing added gives `at` itself. At most 5,000 working days.
    """
    if duration < timedelta(0):
        raise ValueError("Working time is counted forwards.")
    if duration > calendar.day_length * MAX_WORKING_DAYS:
        raise ValueError(f"More than {MAX_WORKING_DAYS:,} working days cannot be counted.")
    at = _aware(at).astimezone(UTC)
    left = duration
    if not left:
        return at
    for opening, closing in _spans(at, calendar):
        start = max(at, opening)
        if closing - start >= left:
            return start + left
        left -= max(closing - start, timedelta(0))
    raise ValueError("There is not that much working time in this calendar.")


def working_time_between(start: datetime, end: datetime, calendar: WorkingHours) -> timedelta:
    """Working time from `start` to `end` (both aware); negative if `end` comes first."""
    if end < start:
        return -working_time_between(end, start, calendar)
    total = timedelta(0)
    for opening, closing in _spans(_aware(start).astimezone(UTC), calendar):
        if opening >= end:
            break
        total += max(min(closing, end) - max(opening, start), timedelta(0))
    return total


def _spans(at: datetime, calendar: WorkingHours) -> Iterator[tuple[datetime, datetime]]:
    """Opening and closing of each working day from the one before `at` on, for as long as any duration may
    need."""
    zone = calendar.zone.key
    day = at.astimezone(calendar.zone).date() - _DAY
    for _ in range(MAX_WORKING_DAYS * 10):
        if calendar.is_working_day(day):
            yield (
                to_utc(datetime.combine(day, calendar.opens), zone),
                to_utc(datetime.combine(day, calendar.closes), zone),
            )
        day += _DAY


def _end_of_gap(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The instant between two at which the clock is put forward, by halving."""
    offset = before.astimezone(place).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(place).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


@lru_cache(maxsize=1024)
def _holidays_of(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError:
        return frozenset()


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs its zone; UTC is best.")
    return moment
