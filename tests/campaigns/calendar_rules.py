"""RFC 5545 and 5546 as far as one event goes, strictly: what is wrong with a calendar file, as sentences.

Written from the standards, beside the code that writes the files: it shares nothing with it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 75  # octets of a line, without its end
ONCE = frozenset(
    "UID DTSTAMP DTSTART DTEND SEQUENCE SUMMARY DESCRIPTION URL LOCATION ORGANIZER STATUS TRANSP CLASS CREATED"
    " LAST-MODIFIED PRIORITY GEO DURATION RECURRENCE-ID".split()
)
TEXTS = frozenset({"UID", "SUMMARY", "DESCRIPTION", "LOCATION"})
OF_CALENDAR = frozenset({"VERSION", "PRODID", "CALSCALE", "METHOD"})
STATES = {
    "PUBLISH": {"CONFIRMED", "TENTATIVE"},
    "REQUEST": {"CONFIRMED", "TENTATIVE"},
    "CANCEL": {"CANCELLED"},
}
_CONTENT = re.compile(
    r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)', re.S
)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_INSTANT = re.compile(r"\d{8}T\d{6}Z")
_ESCAPED = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
_MAIL = re.compile(r"(?i:mailto):[^\s@<>\",;:]+@[^\s@<>\",;:]+")


@dataclass(frozen=True)
class Read:
    """Properties by name (parameters, value as written) and what is wrong."""

    calendar: dict[str, tuple[str, str]]
    event: dict[str, tuple[str, str]]
    wrong: list[str]

    def instant(self, name: str) -> datetime:
        return datetime.strptime(self.event[name][1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    def text(self, name: str) -> str:
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.event[name][1])


def examine(content: bytes) -> Read:
    read = Read({}, {}, [])
    lines = _unfolded(content, read.wrong)
    path: list[str] = []
    for line in lines:
        found = _CONTENT.fullmatch(line)
        if found is None or _CONTROL.search(line):
            read.wrong.append(f"is no content line: {line[:60]!r}")
            continue
        name, parameters, value = found[1].upper(), found[2], found[3]
        if name == "BEGIN":
            path.append(value)
        elif name == "END":
            if not path or path.pop() != value:
                read.wrong.append(f"ends what did not begin: {value}")
        else:
            place = read.calendar if path == ["VCALENDAR"] else read.event
            if name in place and (name in ONCE or name in OF_CALENDAR):
                read.wrong.append(f"{name} stands twice")
            place[name] = parameters, value
    if path or lines[:1] != ["BEGIN:VCALENDAR"] or lines.count("BEGIN:VEVENT") != 1:
        read.wrong.append("is not one event in one calendar")
    _judge_calendar(read)
    _judge_event(read)
    return read


def _unfolded(content: bytes, wrong: list[str]) -> list[str]:
    if not content.endswith(b"\r\n") or re.search(rb"(?<!\r)\n|\r(?!\n)", content):
        wrong.append("a line does not end with CRLF")
    lines: list[str] = []
    for number, raw in enumerate(content.removesuffix(b"\r\n").split(b"\r\n"), 1):
        if len(raw) > LONGEST:
            wrong.append(f"line {number} has {len(raw)} octets")
        if not raw:
            wrong.append(f"line {number} is empty")
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            wrong.append(f"line {number} cuts a character in two")
            text = raw.decode("utf-8", "replace")
        if text.startswith((" ", "\t")) and lines:
            lines[-1] += text[1:]
        else:
            lines.append(text)
    return lines


def _judge_calendar(read: Read) -> None:
    for name in ("VERSION", "PRODID", "METHOD"):
        if not read.calendar.get(name, ("", ""))[1]:
            read.wrong.append(f"the calendar has no {name}")
    if read.calendar.get("VERSION", ("", "2.0"))[1] != "2.0":
        read.wrong.append("the version is not 2.0")
    if unknown := read.calendar.keys() - OF_CALENDAR:
        read.wrong.append(f"a calendar has no {sorted(unknown)}")


def _judge_event(read: Read) -> None:
    event, method = read.event, read.calendar.get("METHOD", ("", ""))[1]
    for name in ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "SUMMARY", "ORGANIZER", "STATUS"):
        if not event.get(name, ("", ""))[1]:
            read.wrong.append(f"the event has no {name}")
    for name in ("DTSTAMP", "DTSTART", "DTEND"):
        parameters, value = event.get(name, ("", "20260101T000000Z"))
        if parameters or not _INSTANT.fullmatch(value):
            read.wrong.append(f"{name} is no instant in UTC")
    for name in TEXTS & event.keys():
        if not _ESCAPED.fullmatch(event[name][1]):
            read.wrong.append(f"{name} holds what separates values, unmarked")
    if not re.fullmatch(r"\d{1,10}", event.get("SEQUENCE", ("", "0"))[1]):
        read.wrong.append("SEQUENCE is no number")
    if not _MAIL.fullmatch(event.get("ORGANIZER", ("", "mailto:a@b.example"))[1]):
        read.wrong.append("ORGANIZER is no mailto:")
    if not re.fullmatch(r"https?://[!-~]+", event.get("URL", ("", "https://a.example"))[1]):
        read.wrong.append("URL is no address")
    if event.get("STATUS", ("", ""))[1] not in STATES.get(method, set()):
        read.wrong.append(f"the status does not fit {method}")
    if (method == "PUBLISH") is ("ATTENDEE" in event):
        read.wrong.append(f"who it is for does not fit {method}")
    if "DTSTART" in event and "DTEND" in event and event["DTSTART"][1] >= event["DTEND"][1]:
        read.wrong.append("it ends before it begins")
    if "DURATION" in event and "DTEND" in event:
        read.wrong.append("it has a DURATION beside DTEND")
