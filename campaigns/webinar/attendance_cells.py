"""Times as attendance lists write them: how long somebody was there, when they came and left."""

import re
from datetime import datetime

_UNITS = {"h": 3600, "m": 60, "s": 1}
_PART = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(h|hours?|hrs?|std\.?|stunden?|m|mins?\.?|minutes?|minuten?|s|secs?\.?|seconds?|sek\.?"
    r"|sekunden?)(?![a-z])",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_MOMENTS = (
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y, %I:%M:%S %p",
    "%m/%d/%y, %I:%M:%S %p",
    "%m/%d/%y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %H:%M:%S",
    "%b %d, %Y %I:%M:%S %p",
    "%b %d, %Y %I:%M %p",
    "%b %d, %Y %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %I:%M:%S %p",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y, %H:%M:%S",
    "%d.%m.%y, %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y, %H:%M:%S",
)
_PLACE = re.compile(r"\s+(?:[A-Z]{3,5}|GMT[+-]\d+|UTC|\([^)]*\))$")
LONGEST = 24 * 3600.0  # seconds; more is no time in a webinar


def seconds_of(text: str) -> float | None:
    """ "41", "41m 5s", "1 hour 2 minutes", "1 Std. 2 Min.", "00:41:05"; a number alone counts minutes. None for
    anything else."""
    tidy = text.strip().replace("\u00a0", " ").replace("\u202f", " ")
    if _NUMBER.fullmatch(tidy):
        return _bounded(_number(tidy) * 60)
    clock = _CLOCK.fullmatch(tidy)
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return _bounded(hours * 3600 + minutes * 60 + seconds)
    parts = _PART.findall(tidy)
    rest = _PART.sub("", tidy).replace("and", "").replace("und", "").strip(" ,")
    if not parts or rest:
        return None
    return _bounded(sum(_number(number) * _UNITS[_unit(unit)] for number, unit in parts))


def seconds_between(came: str, left: str) -> float | None:
    """Between two moments of one list; None where either is not there or the list is not to be understood."""
    for pattern in _MOMENTS:
        first, last = _moment(came, pattern), _moment(left, pattern)
        if first is not None and last is not None:
            return _bounded((last - first).total_seconds())
    return None


def _moment(text: str, pattern: str) -> datetime | None:
    tidy = " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())
    try:
        # Both ends of a row are on the same clock, whichever that is: only their distance counts.
        return datetime.strptime(_PLACE.sub("", tidy) if not tidy.endswith(("AM", "PM")) else tidy, pattern)  # noqa: DTZ007
    except ValueError:
        return None


def _unit(word: str) -> str:
    lower = word.lower()
    return "h" if lower.startswith(("h", "st")) else lower[0]


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _bounded(seconds: float) -> float | None:
    return float(seconds) if 0 <= seconds <= LONGEST else None
