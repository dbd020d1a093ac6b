"""Figures, money and times as the reader writes them. Each public function is a filter of the same name.

Times are shown in the organisation's zone unless another is given; the language is the current one.
"""

from datetime import date as Day
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_timezone_location
from babel.numbers import format_decimal, format_percent
from flask import has_request_context

from tcma import language
from tcma import money as amounts
from tcma.language import gettext as _
from tcma.organisations.models import Organisation
from tcma.web import unit

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def money(amount: int, currency: str, exact: bool = False) -> str:
    """`CHF 1,000` for whole amounts of minor units, `CHF 12.50` otherwise or where `exact` (tables)."""
    shown = amounts.shown(amount, currency, str(locale()))
    places = amounts.exponent(currency)
    if exact or places == 0 or amount % 10**places:
        return shown
    return shown[: -places - 1]


def number(value: int) -> str:
    """`1,236`."""
    return format_decimal(value, locale=locale())


def ratio(value: float) -> str:
    """With one place: "4.5"."""
    return str(format_decimal(value, format="0.0", locale=locale()))


def percent(part: int, whole: int) -> str:
    """A share in whole percent, `66 %`; a dash where there is nothing to share."""
    if whole == 0:
        return "–"
    return (
        format_percent(part / whole, locale=locale())
        .replace("%", "\u00a0%")
        .replace("\u00a0\u00a0", "\u00a0")
    )


def date(value: Day | datetime) -> str:
    """`24 Nov 2026`."""
    return format_skeleton("yMMMd", _there(value), locale=locale())


def long_date(value: Day | datetime) -> str:
    """`24 November 2026`, for letters and certificates."""
    return format_date(_there(value), "long", locale=locale())


def weekday(value: Day | datetime) -> str:
    """`Tue 24 Nov`: a day near enough to be known without its year."""
    return format_skeleton("MMMEd", _there(value), locale=locale())


def month(value: Day | datetime) -> str:
    """`November 2026`."""
    return format_skeleton("yMMMM", _there(value), locale=locale())


def time(value: datetime, place: str | None = None) -> str:
    """`09:30` in the organisation's zone or in `place`, the name of a zone."""
    return format_time(value.astimezone(zone(place)), "HH:mm", tzinfo=zone(place), locale=locale())


def time_with_place(value: datetime, place: str | None = None) -> str:
    """`Tue 24 Nov, 09:30 Zurich time`: what is said before something is sent."""
    there = value.astimezone(zone(place))
    day = format_skeleton("MMMEd", there, tzinfo=zone(place), locale=locale())
    return _("%(day)s, %(time)s %(place)s time", day=day, time=time(value, place), place=city(place))


def city(place: str | None = None) -> str:
    """The town a zone is known by."""
    return get_timezone_location(zone(place), locale=locale(), return_city=True)


def moment(value: datetime) -> str:
    """`Tue 24 Nov, 09:30`: a line of a log or a timeline."""
    there = _there(value)
    return f"{format_skeleton('MMMEd', there, locale=locale())}, {time(value)}"


def ago(value: datetime, now: datetime) -> str:
    """`5 hours ago`, `yesterday`, or the date once it is more than a month."""
    passed = now - value
    if passed < MINUTE:
        return _("just now")
    if passed > 31 * DAY:
        return date(value)
    return str(format_timedelta(-passed, add_direction=True, locale=locale(), threshold=1))


def duration(value: timedelta) -> str:
    """`5 h 40 min`, `9 days`: what is left on a clock."""
    if value >= 2 * DAY:
        return str(format_timedelta(value, granularity="day", threshold=1000, locale=locale()))
    minutes = max(0, int(value.total_seconds()) // 60)
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min", minutes=minutes)
    if not minutes:
        return _("%(hours)s h", hours=hours)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)


def locale() -> Locale:
    """How figures and dates are written: the reader's language, in German with the organisation's country."""
    if language.current() == "en":
        return Locale("en", "GB")
    here = _here()
    return Locale("de", here.country if here and here.country in {"CH", "AT", "LI", "LU"} else "DE")


def zone(place: str | None = None) -> ZoneInfo:
    """The zone by its name; otherwise the reader's own, then the organisation's."""
    return ZoneInfo(place or own_zone())


def own_zone() -> str:
    """The name of the zone times are shown in unless a page says otherwise."""
    reader, here = unit.somebody() if has_request_context() else None, _here()
    return (reader.user.timezone if reader else None) or (here.timezone if here else "UTC")


def _here() -> Organisation | None:
    reader = unit.somebody() if has_request_context() else None
    return reader.place.organisation if reader and reader.place else None


def _there(value: Day | datetime) -> Day | datetime:
    return value.astimezone(zone()) if isinstance(value, datetime) else value


def machine_time(value: datetime) -> str:
    """For the `datetime` of a <time>, to the second."""
    return value.isoformat(timespec="seconds")


FILTERS = {
    filter.__name__: filter
    for filter in (
        ago,
        city,
        date,
        duration,
        long_date,
        machine_time,
        moment,
        money,
        month,
        number,
        percent,
        ratio,
        time,
        time_with_place,
        weekday,
    )
}
