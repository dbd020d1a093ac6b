"""What single cells mean: employee counts, countries, languages, names, customer or prospect, legal basis."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale

from campaigns.people import words
from campaigns.people.model import Basis, Relation

LANGUAGES_READ = (
    "en",
    "de",
    "fr",
    "es",
    "it",
    "nl",
    "ja",
)  # in which country and language names are understood

MAX_EMPLOYEES = 10_000_000

_EASTERN = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]").search
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?!\d)")
_COUNT = re.compile(r"(?:ca\.?|env\.?|environ|aprox\.?|circa|約|approx\.?|about|rund|etwa|~)?\s*(\d{1,8})")
_BAND = re.compile(
    r"(?:from|von|zwischen|between|de|entre|da|tra|van|tussen)?\s*(\d{1,8})\s*(?:-|–|—|〜|～|\.\.+|to|bis|and|und|à|et|a|y|e|tot|t/m|から|/)\s*(\d{1,8})"
)
_OPEN = re.compile(
    r"(\d{1,8})\s*(?:\+|and more|or more|plus|und mehr|oder mehr|et plus|ou plus|o más|y más|o più|e oltre"
    r"|of meer|en meer|以上)"
    r"|(?:from|ab|mindestens|min\.?|≥|>=)\s*(\d{1,8})"
)
_ABOVE = re.compile(r"(?:>|more than|over|mehr als|über|plus de|más de|più di|oltre|meer dan)\s*(\d{1,8})")
_BELOW = re.compile(
    r"(?:<|less than|fewer than|under|unter|weniger als|moins de|menos de|meno di|minder dan)\s*(\d{1,8})"
)
_UP_TO = re.compile(r"(?:≤|<=|up to|max\.?|bis|bis zu|höchstens|jusqu'à|hasta|fino a|tot)\s*(\d{1,8})")
_UNITS = re.compile(
    r"\s*(?:employees|people|staff|fte|mitarbeiter(?:innen|/-innen|/innen|\*innen|:innen)?|ma|mitarbeitende|personen|salariés|employés|collaborateurs|empleados|trabajadores"
    r"|dipendenti|addetti|medewerkers|werknemers|名|人)\.?\s*$"
)


class Band(NamedTuple):
    """An inclusive range of employees; None where the range is open or nothing could be read."""

    lowest: int | None
    highest: int | None


NO_BAND = Band(None, None)


@lru_cache(maxsize=8192)
def employees(given: str) -> Band:
    """The range a count or band stands for: "120", "1'200", "50-249", "50 to 249", "250+", "< 10".

    A dot or comma before exactly three digits groups thousands, as nobody employs 1.2 people.
    """
    if len(given) > 60:
        return NO_BAND
    text = _UNITS.sub("", given.lower().strip().lstrip("="))
    text = _GROUPED.sub(lambda match: re.sub(r"\D", "", match[0]), text).strip().strip('"')
    text = re.sub(r"(\d)[.,]0+$", r"\1", text)  # a spreadsheet's "120.0"
    if match := _COUNT.fullmatch(text):
        return _band(int(match[1]), int(match[1]))
    if match := _BAND.fullmatch(text):
        return _band(*sorted((int(match[1]), int(match[2]))))
    if match := _OPEN.fullmatch(text):
        return _band(int(match[1] or match[2]), None)
    if match := _ABOVE.fullmatch(text):
        return _band(int(match[1]) + 1, None)
    if match := _UP_TO.fullmatch(text):
        return _band(1 if int(match[1]) else 0, int(match[1]))
    if match := _BELOW.fullmatch(text):
        return _band(1, int(match[1]) - 1) if int(match[1]) > 1 else NO_BAND
    return NO_BAND


@lru_cache(maxsize=4096)
def country(given: str) -> str:
    """ISO 3166 code of a country given by code or by its name in a language read; "" if it names none."""
    text = " ".join(given.split())
    if len(text) > 60:
        return ""
    countries = _countries()
    if text.upper() in countries.values():
        return text.upper()
    return countries.get(text.casefold(), "")


@lru_cache(maxsize=4096)
def language(given: str) -> str:
    """ISO 639 code of a language given by code ("de", "de-CH") or by its English or German name; else ""."""
    text = given.strip().casefold()
    if len(text) > 60:
        return ""
    code = re.split(r"[-_]", text)[0]
    languages = _languages()
    return code if code in languages.values() else languages.get(text, "")


@lru_cache(maxsize=1024)
def relation(given: str) -> Relation:
    """Customer or prospect, from words or from the yes and no of a column named "Customer"."""
    word = re.sub(r"[\s_-]+", " ", given.strip().casefold().strip(".!"))
    if word in words.YES or word in words.RELATIONS[Relation.CUSTOMER]:
        return Relation.CUSTOMER
    if word in words.NO or word in words.RELATIONS[Relation.PROSPECT]:
        return Relation.PROSPECT
    return Relation.UNKNOWN


@lru_cache(maxsize=1024)
def basis(given: str) -> Basis | None:
    """The legal basis a cell names. A bare "yes" names none: it says that something is so, not what."""
    word = " ".join(given.casefold().split()).strip(".!")
    return next((basis for basis, known in words.BASES.items() if word in known), None)


def is_honorific(given: str) -> bool:
    found = re.findall(r"[^\W\d_]+", given.casefold())
    return bool(found) and all(word in words.HONORIFICS for word in found)


def split_name(full: str) -> tuple[str, str]:
    """(first, last) of "Anna Meier", "Meier, Anna" or "Ludwig van Beethoven"; a single word is a first
    name."""
    last, comma, first = full.partition(",")
    if comma and first.strip() and last.strip():
        return first.strip(), last.strip()
    parts = full.replace(",", " ").split()
    if len(parts) == 2 and _EASTERN(full):  # family name first
        return parts[1], parts[0]
    if len(parts) < 2:
        return "".join(parts), ""
    start = len(parts) - 1
    particles = [i for i, part in enumerate(parts[1:-1], 1) if part.islower() and len(part) <= 4]
    if particles:
        start = particles[0]
    return " ".join(parts[:start]), " ".join(parts[start:])


def _band(lowest: int, highest: int | None) -> Band:
    return NO_BAND if max(lowest, highest or 0) > MAX_EMPLOYEES else Band(lowest, highest)


@cache
def _countries() -> dict[str, str]:
    """Name -> code; made when first asked for, as every process would wait for it otherwise."""
    named = _names("territories")
    return {name: code for name, code in named.items() if code not in _NOT_COUNTRIES} | words.COUNTRY_ALIASES


@cache
def _languages() -> dict[str, str]:
    return _names("languages")


def _names(kind: str) -> dict[str, str]:
    """Name -> code of territories or languages in every language read."""
    named = (
        (str(name), str(code)) for it in LANGUAGES_READ for code, name in getattr(Locale(it), kind).items()
    )
    return {name.casefold(): code for name, code in named if len(code) == 2 and code.isalpha()}


_NOT_COUNTRIES = frozenset(["EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"])
