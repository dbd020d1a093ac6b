"""The calendar file of a webinar (RFC 5545): one event, put in, moved or taken out again.

Times are written in UTC, which every calendar shows in its owner's zone. An event is known by its `uid`; a
calendar takes a change only with a higher `sequence` than the one it has.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from campaigns.webinar.sessions import Session

PRODUCT = "-//TCMA//Webinars//EN"
LONGEST_LINE = 75  # bytes, without the line's end

_UNSAID = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_ADDRESS = re.compile(r"[^\s@<>\",;:\\]{1,64}@[^\s@<>\"',;:\\]{1,255}")


class Method(StrEnum):
    """What a calendar is asked to do. `PUBLISH` is a file to download, `REQUEST` an invitation or its change
    sent to one person, `CANCEL` takes the event out."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Entry:
    """One person's event. `uid` stays the same for as long as the seat, `sequence` counts its changes from 0,
    `made_at` is when the file was made. `address` is the page of the webinar, `text` plain."""

    uid: str
    sequence: int
    session: Session
    made_at: datetime
    text: str
    address: str
    organiser_name: str
    organiser_email: str
    attendee_name: str = ""
    attendee_email: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An event as it is frozen with a mail: all of it but whom it is for, and when the file is made. `starts_at` is an
    instant in ISO 8601; `sequence` counts the changes of the webinar alone."""

    method: Method
    uid: str
    sequence: int
    title: str
    starts_at: str
    minutes: int
    zone: str
    text: str
    organiser_name: str
    organiser_email: str

    def file(self, *, changes: int, made_at: datetime, address: str, attendee: str) -> bytes:
        """The file for one person: `changes` of their own seat, `address` of its page. Raises as `calendar_file`."""
        entry = Entry(
            uid=self.uid,
            sequence=self.sequence + changes,
            session=Session(self.title, datetime.fromisoformat(self.starts_at), self.minutes, self.zone),
            made_at=made_at,
            text=f"{self.text}\n{address}".strip(),
            address=address,
            organiser_name=self.organiser_name,
            organiser_email=self.organiser_email,
            attendee_email="" if self.method is Method.PUBLISH else attendee,
        )
        return calendar_file(entry, self.method)


def is_mailbox(email: str) -> bool:
    """Whether a calendar file can name this address."""
    return _ADDRESS.fullmatch(email) is not None


def calendar_file(entry: Entry, method: Method) -> bytes:
    """The file, in UTF-8 with CRLF. ValueError for an address that is none, and for an invitation or its end
    that says nobody it is for."""
    if method is not Method.PUBLISH and not entry.attendee_email:
        raise ValueError(f"A file with {method} is for one person; say whom.")
    cancelled = method is Method.CANCEL
    session = entry.session
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{_text(entry.uid)}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_instant(entry.made_at)}",
        f"DTSTART:{_instant(session.starts_at)}",
        f"DTEND:{_instant(session.ends_at)}",
        f"SUMMARY:{_text(session.title)}",
        f"DESCRIPTION:{_text(entry.text)}",
        f"URL:{_address(entry.address)}",
        f"LOCATION:{_text(entry.address)}",
        f"ORGANIZER;CN={_parameter(entry.organiser_name)}:mailto:{_mailbox(entry.organiser_email)}",
        *_attendee(entry),
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        f"TRANSP:{'TRANSPARENT' if cancelled else 'OPAQUE'}",
        "CLASS:PUBLIC",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _attendee(entry: Entry) -> list[str]:
    if not entry.attendee_email:
        return []
    name = _parameter(entry.attendee_name or entry.attendee_email)
    who = f"CN={name};PARTSTAT=ACCEPTED;RSVP=FALSE"
    return [f"ATTENDEE;{who}:mailto:{_mailbox(entry.attendee_email)}"]


def _instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("A calendar file holds instants; give them with a zone.")
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """A text as a value: no control characters, line breaks as \\n, and what separates values marked."""
    tidy = _UNSAID.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n"))
    for mark, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        tidy = tidy.replace(mark, written)
    return tidy


def _parameter(value: str) -> str:
    """A name in quotes; there is no way to write a quote in one."""
    return '"' + " ".join(_UNSAID.sub(" ", value).replace('"', "'").split()) + '"'


def _mailbox(email: str) -> str:
    if not _ADDRESS.fullmatch(email):
        raise ValueError(f"'{email[:80]}' is not an e-mail address that a calendar could use.")
    return email


def _address(address: str) -> str:
    if not re.fullmatch(r"https?://[!-~]+", address):
        raise ValueError(f"'{address[:80]}' is not an address of a page.")
    return address


def _folded(line: str) -> bytes:
    """A line in pieces of at most 75 bytes, never cut inside a character."""
    pieces, piece = [], b""
    for letter in line:
        encoded = letter.encode()
        if len(piece) + len(encoded) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += encoded
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
