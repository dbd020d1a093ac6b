"""Reading a calendar file strictly: what the figures need, and nothing that RFC 5545 does not allow. Whatever is
read is read by icalendar as well, which must find the same."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar

LONGEST_LINE = 75  # bytes
_LINE = re.compile(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)
_ONCE = ("METHOD", "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS")
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Event:
    """What a calendar makes of the file."""

    method: str
    uid: str
    sequence: int
    status: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    attendee: str  # without mailto:, in lower case, empty without one


def read(content: bytes) -> Event:
    """The one event of a file. ValueError says what is wrong with it."""
    lines = _unfolded(content)
    frame = [line for line in lines if line.startswith(("BEGIN:", "END:"))]
    if frame != ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR"]:
        raise ValueError(f"the file is not one calendar with one event: {frame}")
    if lines[0] != frame[0] or lines[-1] != frame[-1]:
        raise ValueError("something stands outside of the calendar")
    found: dict[str, str] = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"a line that is none: {line[:60]!r}")
        name, _, value = match.groups()
        if name in found and name not in ("BEGIN", "END"):
            raise ValueError(f"{name} stands twice")
        found[name] = value
    missing = [name for name in (*_ONCE, "VERSION", "PRODID") if not found.get(name)]
    if missing or found["VERSION"] != "2.0":
        raise ValueError(f"the file lacks {missing or 'VERSION:2.0'}")
    read = Event(
        method=found["METHOD"],
        uid=found["UID"],
        sequence=int(found["SEQUENCE"]),
        status=found["STATUS"],
        starts_at=_instant(found["DTSTART"]),
        ends_at=_instant(found["DTEND"]),
        summary=_text(found["SUMMARY"]),
        attendee=found.get("ATTENDEE", "").removeprefix("mailto:").lower(),
    )
    if read != (other := _by_icalendar(content)):
        raise ValueError(f"icalendar reads something else: {other} instead of {read}")
    return read


def _by_icalendar(content: bytes) -> Event:
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return Event(
        method=str(calendar["METHOD"]),
        uid=str(event["UID"]),
        sequence=event.decoded("SEQUENCE"),
        status=str(event["STATUS"]),
        starts_at=event.decoded("DTSTART"),
        ends_at=event.decoded("DTEND"),
        summary=str(event["SUMMARY"]),
        attendee=str(event.get("ATTENDEE", "")).removeprefix("mailto:").lower(),
    )


def _unfolded(content: bytes) -> list[str]:
    if not content.endswith(b"\r\n"):
        raise ValueError("the last line has no end")
    raw = content.removesuffix(b"\r\n").split(b"\r\n")
    if any(b"\n" in line or b"\r" in line for line in raw):
        raise ValueError("a line ends without CRLF")
    if any(len(line) > LONGEST_LINE for line in raw):
        raise ValueError("a line is longer than 75 bytes")
    for line in raw:
        line.decode()  # no letter is cut in two
    return content.decode().removesuffix("\r\n").replace("\r\n ", "").split("\r\n")


def _instant(value: str) -> datetime:
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _text(value: str) -> str:
    if re.search(r"(?<!\\)(?:\\\\)*[;,]", value):
        raise ValueError("a comma or semicolon of a text is not marked")
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
