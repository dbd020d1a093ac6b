"""What single cells mean: employee counts, countries, languages, names, customer or prospect, legal basis."""

import re
from functools import lru_cache
from typing import NamedTuple

from babel import Locale

from campaigns.people.model import Basis, Relation

LANGUAGES_READ = ("en", "de")  # in which country and language names are understood

MAX_EMPLOYEES = 10_000_000

_COUNTRY_ALIASES = {
    "usa": "US", "u.s.a.": "US", "u.s.": "US", "united states of america": "US",
    "vereinigte staaten von amerika": "US",
    "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "grossbritannien": "GB",
    "großbritannien": "GB", "brd": "DE", "d": "DE", "a": "AT", "holland": "NL", "die niederlande": "NL",
    "the netherlands": "NL", "czech republic": "CZ", "tschechische republik": "CZ", "suisse": "CH",
    "svizzera": "CH",
    "fl": "LI", "osterreich": "AT", "oesterreich": "AT",
}  # fmt: skip
_YES = frozenset(["yes", "y", "true", "1", "x", "ja", "j", "wahr"])
_NO = frozenset(["no", "n", "false", "0", "nein", "falsch"])
_RELATIONS = {
    Relation.CUSTOMER: [
        "customer",
        "client",
        "existing",
        "kunde",
        "kundin",
        "bestandskunde",
        "bestandskundin",
        "kunden",
    ],
    Relation.PROSPECT: [
        "prospect",
        "lead",
        "interessent",
        "interessentin",
        "neukunde",
        "suspect",
        "kein_kunde",
        "noncustomer",
    ],
}
_BASES = {
    Basis.CUSTOMER: ("customer", "existing customer", "kunde", "kundin", "bestandskunde"),
    Basis.AGREED: (
        "agreed", "consent", "opt-in", "optin", "double opt-in", "einwilligung", "eingewilligt",
        "zugestimmt", "zustimmung",
    ),
    Basis.BUSINESS_CONTACT: (
        "business contact", "business_contact", "business", "legitimate interest", "geschäftskontakt",
        "berechtigtes interesse",
    ),
    Basis.NOT_SURE: ("not sure", "not_sure", "unsure", "unknown", "unklar", "unsicher", "weiss nicht",
        "weiß nicht"),
}  # fmt: skip
_HONORIFICS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "sir",
        "madam",
        "herr",
        "frau",
        "hr",
        "fr",
        "hrn",
        "dipl",
        "ing",
        "mag",
        "doktor",
        "professor",
        "monsieur",
        "madame",
    ]
)
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?!\d)")
_COUNT = re.compile(r"(?:ca\.?|approx\.?|about|rund|etwa|~)?\s*(\d{1,8})")
_BAND = re.compile(
    r"(?:from|von|zwischen|between)?\s*(\d{1,8})\s*(?:-|–|—|\.\.+|to|bis|and|und|/)\s*(\d{1,8})"
)
_OPEN = re.compile(
    r"(\d{1,8})\s*(?:\+|and more|or more|plus|und mehr|oder mehr)"
    r"|(?:from|ab|mindestens|min\.?|≥|>=)\s*(\d{1,8})"
)
_ABOVE = re.compile(r"(?:>|more than|over|mehr als|über)\s*(\d{1,8})")
_BELOW = re.compile(r"(?:<|less than|fewer than|under|unter|weniger als)\s*(\d{1,8})")
_UP_TO = re.compile(r"(?:≤|<=|up to|max\.?|bis|bis zu|höchstens)\s*(\d{1,8})")
_UNITS = re.compile(
    r"\s*(?:employees|people|staff|fte|mitarbeiter(?:innen|/-innen|/innen|\*innen|:innen)?|ma|mitarbeitende|personen)\.?\s*$"
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
    """ISO 3166 code of a country given by code or by its English or German name; "" if it names none."""
    text = " ".join(given.split())
    if len(text) > 60:
        return ""
    if text.upper() in _COUNTRY_CODES:
        return text.upper()
    return _COUNTRY_NAMES.get(text.casefold(), "")


@lru_cache(maxsize=4096)
def language(given: str) -> str:
    """ISO 639 code of a language given by code ("de", "de-CH") or by its English or German name; else ""."""
    text = given.strip().casefold()
    if len(text) > 60:
        return ""
    code = re.split(r"[-_]", text)[0]
    if code in _LANGUAGE_CODES:
        return code
    return _LANGUAGE_NAMES.get(text, "")


@lru_cache(maxsize=1024)
def relation(given: str) -> Relation:
    """Customer or prospect, from words or from the yes and no of a column named "Customer"."""
    word = given.strip().casefold().strip(".!")
    if word in _YES or word in _RELATIONS[Relation.CUSTOMER]:
        return Relation.CUSTOMER
    if word in _NO or re.sub(r"[\s-]+", "_", word) in _RELATIONS[Relation.PROSPECT]:
        return Relation.PROSPECT
    return Relation.UNKNOWN


@lru_cache(maxsize=1024)
def basis(given: str) -> Basis | None:
    """The legal basis a cell names. A bare "yes" names none: it says that something is so, not what."""
    word = " ".join(given.casefold().split()).strip(".!")
    return next((basis for basis, words in _BASES.items() if word in words), None)


def is_honorific(given: str) -> bool:
    words = re.findall(r"[^\W\d_]+", given.casefold())
    return bool(words) and all(word in _HONORIFICS for word in words)


def split_name(full: str) -> tuple[str, str]:
    """(first, last) of "Anna Meier", "Meier, Anna" or "Ludwig van Beethoven"; a single word is a first
    name."""
    last, comma, first = full.partition(",")
    if comma and first.strip() and last.strip():
        return first.strip(), last.strip()
    words = full.replace(",", " ").split()
    if len(words) < 2:
        return "".join(words), ""
    start = len(words) - 1
    particles = [i for i, word in enumerate(words[1:-1], 1) if word.islower() and len(word) <= 4]
    if particles:
        start = particles[0]
    return " ".join(words[:start]), " ".join(words[start:])


def _band(lowest: int, highest: int | None) -> Band:
    return NO_BAND if max(lowest, highest or 0) > MAX_EMPLOYEES else Band(lowest, highest)


def _names(kind: str) -> dict[str, str]:
    """Name -> code of territories or languages in every language read."""
    named = (
        (str(name), str(code)) for it in LANGUAGES_READ for code, name in getattr(Locale(it), kind).items()
    )
    return {name.casefold(): code for name, code in named if len(code) == 2 and code.isalpha()}


_NOT_COUNTRIES = frozenset(["EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"])
_COUNTRY_NAMES = {
    name: code for name, code in _names("territories").items() if code not in _NOT_COUNTRIES
} | _COUNTRY_ALIASES
_COUNTRY_CODES = frozenset(_COUNTRY_NAMES.values())
_LANGUAGE_NAMES = _names("languages")
_LANGUAGE_CODES = frozenset(_LANGUAGE_NAMES.values())
