"""When a webinar takes place, for each reader in the reader's own zone and language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name
from babel.lists import format_list

from campaigns.calendar import to_utc
from campaigns.kit.webinar import Ahead
from campaigns.language import dates_in

EARLIEST, LATEST = time(8), time(20)
"""Between which a reminder the day before arrives, in the registrant's zone."""

TOO_LATE = timedelta(minutes=30)
"""A reminder due this soon after registering would only repeat the confirmation."""

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Session:
    """One webinar as a partner set it: `starts_at` aware, `minutes` long, `zone` the organiser's (IANA)."""

    title: str
    starts_at: datetime
    minutes: int
    zone: str

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None:
            raise ValueError("A webinar starts at an instant; give it with a zone.")

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def reminders(session: Session, registered_at: datetime, zone: str) -> dict[Ahead, datetime]:
    """When somebody in `zone` is reminded (UTC), without what would come too late to be of use.

    The first reminder comes on the day before, at the webinar's own time of day, though not before 8 or after
    20 o'clock there; the second an hour before. A time of day that the clocks leave out moves forward.
    """
    begins = session.starts_at.astimezone(ZoneInfo(zone))
    day_before = begins.date() - _DAY
    at = min(max(begins.time(), EARLIEST), LATEST)
    due = {
        Ahead.DAY: to_utc(datetime.combine(day_before, at), zone),
        Ahead.HOUR: session.starts_at.astimezone(UTC) - _HOUR,
    }
    return {ahead: when for ahead, when in due.items() if when >= registered_at + TOO_LATE}


def names(
    session: Session, *, organisers: Sequence[str], locale: str, zone: str, country: str = ""
) -> Mapping[str, str]:
    """What the names `webinar.*` of a kit's texts say to a reader in `zone`; `locale` as in kits ("de-CH").
    `organisers` are the firms that invite, the partner first; `country` is the partner's, whose way of writing days
    is used where the locale says none."""
    language = dates_in(locale, country)
    begins = session.starts_at.astimezone(ZoneInfo(zone))
    return {
        "webinar.title": session.title,
        "webinar.date": format_date(begins.date(), "full", locale=language),
        "webinar.time": format_time(begins.timetz(), "short", locale=language),
        "webinar.zone": get_timezone_name(begins, "long", locale=language),
        "webinar.minutes": str(session.minutes),
        "webinar.organisers": format_list(list(organisers), locale=language),
    }
