"""The time zones a registrant chooses from, and the one a browser's language makes likely."""

from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

OFFERED = (
    "Europe/Zurich Europe/Berlin Europe/Vienna Europe/Paris Europe/Brussels Europe/Amsterdam Europe/Luxembourg"
    " Europe/London Europe/Dublin Europe/Lisbon Europe/Madrid Europe/Rome Europe/Copenhagen Europe/Oslo"
    " Europe/Stockholm Europe/Helsinki Europe/Warsaw Europe/Prague Europe/Bratislava Europe/Budapest"
    " Europe/Ljubljana Europe/Zagreb Europe/Belgrade Europe/Bucharest Europe/Sofia Europe/Athens Europe/Tallinn"
    " Europe/Riga Europe/Vilnius Europe/Kyiv Europe/Istanbul Asia/Jerusalem Asia/Dubai Asia/Riyadh Asia/Kolkata"
    " Asia/Singapore Asia/Hong_Kong Asia/Shanghai Asia/Tokyo Asia/Seoul Australia/Sydney Australia/Perth"
    " Pacific/Auckland Africa/Johannesburg Africa/Cairo Africa/Lagos Africa/Nairobi America/New_York"
    " America/Chicago America/Denver America/Los_Angeles America/Toronto America/Vancouver America/Mexico_City"
    " America/Bogota America/Santiago America/Sao_Paulo America/Argentina/Buenos_Aires"
).split()


@lru_cache(maxsize=64)
def offered(locale: str, organiser: str) -> tuple[tuple[str, str], ...]:
    """Zone and what it is called in `locale` (as in kits, "de-CH"), by name, the organiser's first."""
    language = Locale.parse(locale, sep="-")
    others = sorted((_called(zone, language), zone) for zone in OFFERED if zone != organiser)
    return ((organiser, _called(organiser, language)), *((zone, called) for called, zone in others))


def is_zone(text: str, organiser: str) -> bool:
    """Whether a registrant may have chosen this one."""
    return text == organiser or text in OFFERED


@lru_cache(maxsize=256)
def likely(language_tag: str, organiser: str) -> str:
    """The zone of whoever reads "de-AT": that country's where it has one alone, else the organiser's."""
    territory = language_tag.replace("_", "-").partition("-")[2].upper()
    zones = get_global("territory_zones").get(territory, [])
    found = [zone for zone in zones if zone in OFFERED]
    return found[0] if len(zones) == 1 and found else organiser


def _called(zone: str, language: Locale) -> str:
    return str(get_timezone_location(zone, locale=language))
