"""A webinar's day, time, room and seats: checked when they are given, and what is still missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from campaigns import calendar
from campaigns import webinar as times
from campaigns.kit.webinar import Ahead, Webinar
from tcma.audiences.models import Contact
from tcma.errors import Conflict, Invalid, phrase
from tcma.webinars.models import Seat, SeatStatus, WebinarSession

LONGEST_ADDRESS = 500
LONGEST_NAME = 120
LONGEST_AHEAD = timedelta(days=366)
MOST_SEATS = 100_000
OPENS_BEFORE = timedelta(minutes=15)
"""How long before its beginning people are let into the room."""

SAMPLE_AHEAD = timedelta(days=21)
_WALL = "%Y-%m-%dT%H:%M"


class Lack(StrEnum):
    """What keeps a webinar from being announced."""

    TIME = "time"
    PAST = "past"
    ROOM = "room"
    HOST = "host"


class Phase(StrEnum):
    """Where a webinar stands at a moment."""

    AHEAD = "ahead"
    ROOM_OPEN = "room_open"
    OVER = "over"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person typed. `wall` is local time in `timezone`, `seats` None for the kit's number."""

    wall: datetime | None
    timezone: str
    room_url: str
    host_name: str
    seats: int | None = None


def of_campaign(session: Session, campaign_id: int, *, lock: bool = False) -> WebinarSession | None:
    wanted = select(WebinarSession).where(WebinarSession.campaign_id == campaign_id)
    return session.scalar(wanted.with_for_update() if lock else wanted)


def begin(
    session: Session, *, partner_id: int, campaign_id: int, webinar: Webinar, timezone: str, host_name: str
) -> WebinarSession:
    """The webinar of a new draft: nothing is set yet but what the kit and the partner's brand say."""
    row = WebinarSession(
        partner_id=partner_id,
        campaign_id=campaign_id,
        timezone=timezone,
        minutes=webinar.minutes,
        seat_limit=webinar.seats,
        host_name=host_name[:LONGEST_NAME],
    )
    session.add(row)
    return row


def plan(row: WebinarSession, wish: Wish, webinar: Webinar, now: datetime) -> None:
    """Set all of it. Empty values stay empty until the launch asks for them; Invalid names each wrong field."""
    wrong: dict[str, str] = {}
    for field, check in (
        ("at", lambda: _checked_time(wish, now)),
        ("room", lambda: checked_link(wish.room_url)),
        ("seats", lambda: _checked_seats(wish.seats, webinar)),
        ("host", lambda: _checked_host(wish.host_name)),
    ):
        try:
            check()
        except Invalid as error:
            wrong[field] = error.sentence
    if wrong:
        raise Invalid("\n".join(wrong.values()), wrong)
    _set_time(row, wish)
    row.room_url, row.host_name = wish.room_url.strip(), _tidy(wish.host_name)
    row.seat_limit = wish.seats if wish.seats is not None else webinar.seats


def move(row: WebinarSession, wall: datetime, timezone: str, now: datetime) -> None:
    """Another day or time. Calendars are told by a higher sequence; all reminders are due anew."""
    require_ahead(row, now)
    wish = Wish(wall, timezone, row.room_url, row.host_name)
    try:
        _checked_time(wish, now)
    except Invalid as error:
        raise Invalid(error.sentence, {"at": error.sentence}) from error
    if calendar.to_utc(wall, timezone) == row.starts_at:
        raise Conflict("That is when it takes place already.")
    _set_time(row, wish)
    row.sequence += 1


def cancel(row: WebinarSession, now: datetime) -> None:
    require_ahead(row, now)
    row.cancelled_at = now
    row.sequence += 1


def require_ahead(row: WebinarSession, now: datetime) -> None:
    """Conflict once it is cancelled or has begun."""
    if row.cancelled_at is not None:
        raise Conflict("This webinar was cancelled.")
    if row.starts_at is None or row.starts_at <= now:
        raise Conflict("This webinar has begun; it can be neither moved nor cancelled any more.")


def lacks(row: WebinarSession, now: datetime) -> tuple[Lack, ...]:
    """What is missing before the webinar can be announced."""
    found = []
    if row.starts_at is None:
        found.append(Lack.TIME)
    elif row.starts_at <= now:
        found.append(Lack.PAST)
    if not row.room_url:
        found.append(Lack.ROOM)
    if not row.host_name:
        found.append(Lack.HOST)
    return tuple(found)


def planned(row: WebinarSession, title: str) -> times.Session | None:
    """When it takes place; None before a day was set."""
    if row.starts_at is None:
        return None
    return times.Session(title, row.starts_at, row.minutes, row.timezone)


def sample(webinar: Webinar, timezone: str, now: datetime) -> times.Session:
    """A likely day, for showing mails and pages before one was set: three weeks ahead at two o'clock."""
    day = (now + SAMPLE_AHEAD).astimezone(ZoneInfo(timezone)).replace(hour=14, minute=0, tzinfo=None)
    starts_at = calendar.to_utc(day.replace(second=0, microsecond=0), timezone)
    return times.Session(webinar.title, starts_at, webinar.minutes, timezone)


def phase(row: WebinarSession, now: datetime) -> Phase:
    if row.cancelled_at is not None:
        return Phase.CANCELLED
    if row.starts_at is None or now < row.starts_at - OPENS_BEFORE:
        return Phase.AHEAD
    return Phase.ROOM_OPEN if now < ends_at(row) else Phase.OVER


def ends_at(row: WebinarSession) -> datetime:
    """ValueError before a day was set."""
    if row.starts_at is None:
        raise ValueError("A webinar without a day has no end.")
    return row.starts_at + timedelta(minutes=row.minutes)


def taken_count(session: Session, row: WebinarSession) -> int:
    """How many seats are saved."""
    wanted = select(func.count()).where(Seat.session_id == row.id, Seat.status == SeatStatus.SAVED)
    return session.scalar(wanted) or 0


def set_reminders(seat: Seat, row: WebinarSession, now: datetime) -> None:
    """When this person is reminded: not at all where nobody asked for it or it would come too late."""
    seat.day_reminder_at = seat.hour_reminder_at = None
    held = planned(row, "")
    if held is None or not seat.wants_reminders or row.cancelled_at is not None:
        return
    due = times.reminders(held, now, seat.timezone)
    seat.day_reminder_at, seat.hour_reminder_at = due.get(Ahead.DAY), due.get(Ahead.HOUR)


def seat_of_address(row: WebinarSession, address: str) -> Select[int]:
    """The saved seat of whoever has this (normalised) address."""
    return (
        select(Seat.id)
        .join(Contact, Contact.id == Seat.contact_id)
        .where(
            Seat.session_id == row.id,
            Seat.status == SeatStatus.SAVED,
            Contact.partner_id == row.partner_id,
            Contact.address == address,
        )
    )


def checked_link(address: str) -> str:
    """An https address without spaces, as typed; empty stays empty. Invalid says what is wrong."""
    text = address.strip()
    if not text:
        return ""
    sentence = phrase("Write the whole address as the meeting tool gives it, beginning with https://.")
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Invalid(sentence) from error
    is_whole = parts.scheme == "https" and "." in host and not parts.username and not parts.password
    if not is_whole or len(text) > LONGEST_ADDRESS or not text.isascii() or not text.isprintable():
        raise Invalid(sentence)
    if any(letter in text for letter in " \"'<>\\;,"):
        raise Invalid(sentence)
    return text


def _checked_time(wish: Wish, now: datetime) -> None:
    if not wish.timezone:
        raise Invalid("Choose a time zone.")
    if wish.timezone not in available_timezones():
        raise Invalid(phrase("There is no time zone '%(zone)s'.", zone=wish.timezone[:40]))
    if wish.wall is None:
        return
    at = calendar.to_utc(wish.wall, wish.timezone)
    if at <= now:
        raise Invalid("That is past. Choose a day and time in the future.")
    if at > now + LONGEST_AHEAD:
        raise Invalid("A webinar takes place within a year. Choose an earlier day.")


def _checked_seats(seats: int | None, webinar: Webinar) -> None:
    most = webinar.seats or MOST_SEATS
    if seats is not None and not 1 <= seats <= most:
        raise Invalid(phrase("Between 1 and %(most)s seats.", most=most))


def _checked_host(name: str) -> None:
    if len(name) > LONGEST_NAME or not _tidy(name).isprintable():
        raise Invalid(phrase("At most %(most)s characters on one line.", most=LONGEST_NAME))


def _set_time(row: WebinarSession, wish: Wish) -> None:
    row.timezone = wish.timezone
    row.starts_local = wish.wall.strftime(_WALL) if wish.wall else None
    row.starts_at = calendar.to_utc(wish.wall, wish.timezone) if wish.wall else None


def _tidy(name: str) -> str:
    return " ".join(name.split())
