"""Values as a reader reads them: in their language, their zone. Templates get nothing but plain texts."""

from datetime import date, datetime
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, format_skeleton, get_timezone_location
from babel.numbers import format_decimal

from tcma import language, money
from tcma.notices.grouping import zone_of
from tcma.notices.values import Amount, Value


def locale_of(wanted: str) -> Locale:
    """The reader's own locale where the product speaks its language, else that of a language it speaks.

    English without a country is British, like the product's words.
    """
    spoken = language.shipped(wanted)
    usual = Locale.parse("en_GB" if spoken == "en" else spoken)
    try:
        found = Locale.parse(wanted.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return usual
    return found if found.language == spoken and found.territory else usual


def plain(value: Value, locale: Locale, timezone: str) -> str:
    """The value as text: `CHF 400`, `24 Nov 2026`, `Tue 24 Nov, 09:30 (Zürich)`, `1,236`. A Link has none."""
    match value:
        case Amount():
            return _amount(value, locale)
        case datetime():
            return _moment(value, locale, timezone)
        case date():
            return str(format_skeleton("yMMMd", value, locale=locale))
        case int():
            return str(format_decimal(value, locale=locale))
        case str():
            return value
        case _:
            return ""


def call_address(phone: str) -> str:
    """`tel:` with the digits alone; empty where there are too few to dial."""
    digits = "".join(character for character in phone if character.isdecimal() and character.isascii())
    plus = "+" if phone.strip().startswith("+") else ""
    return f"tel:{plus}{digits}" if len(digits) >= SHORTEST_NUMBER else ""


SHORTEST_NUMBER = 5


def write_address(email: str) -> str:
    return f"mailto:{quote(email, safe='@+')}" if "@" in email else ""


def _amount(value: Amount, locale: Locale) -> str:
    """Whole amounts without decimals, like everywhere in the product."""
    shown = money.shown(value.minor, value.currency, str(locale))
    places = money.exponent(value.currency)
    return shown[: -places - 1] if places and not value.minor % 10**places else shown


def _moment(value: datetime, locale: Locale, timezone: str) -> str:
    zone = zone_of(timezone)
    day = format_skeleton("MMMEd", value.astimezone(zone), locale=locale)
    time = format_datetime(value, "HH:mm", tzinfo=zone, locale=locale)
    place = get_timezone_location(zone, locale=locale, return_city=True) if "/" in timezone else "UTC"
    return f"{day}, {time} ({place})"
