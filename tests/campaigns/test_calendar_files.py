"""Every kind of calendar file there is, by the letter of the standards, and as a calendar reads it."""

import re
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from campaigns import kit
from campaigns.kit.files import read_folder
from campaigns.kit.webinar import Webinar
from campaigns.webinar import Invitation, Method
from tests.campaigns.calendar_rules import examine
from tests.campaigns.kit_files import STARTER
from tests.campaigns.webinar_kit import webinar_files

MADE = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
SEAT = "https://tcma.example/w/" + "aB3_-" * 10
PARTNERS = (
    "Harbour IT", "Müller, Söhne; Partner\nZürich", 'The "Best" of IT: Ltd', "株式会社ハーバー" * 12,
    "Back\\slash \t\x07 & Co",
)  # fmt: skip
# a wall clock with its zone: summer and winter time, none at all, half hours, both sides of a change
TIMES = (
    ("2026-12-10T14:00", "Europe/Zurich"), ("2026-07-10T14:00", "Europe/Zurich"),
    ("2026-10-25T03:00", "Europe/Berlin"), ("2026-03-29T03:00", "Europe/London"),
    ("2026-12-31T23:30", "Asia/Tokyo"), ("2026-06-01T09:00", "Asia/Kolkata"),
    ("2026-07-10T08:00", "America/Sao_Paulo"), ("2026-01-05T17:45", "Pacific/Auckland"),
)  # fmt: skip
TITLES = ("Grüezi, wie geht's; gut?", "Une sauvegarde\\restauration, en 40 minutes", "ü" * 400, "👩‍💻 " * 60)


@cache
def webinars() -> tuple[Webinar, ...]:
    """Of every kit that is shipped and of the tests', in each of their languages."""
    folders = sorted(path for path in STARTER.parent.iterdir() if (path / "webinar.yml").exists())
    kits = [kit.read(read_folder(folder)) for folder in folders]
    kits.append(kit.read(webinar_files()))
    found = [one.webinar(locale) for one in kits for locale in one.languages]
    return tuple(webinar for webinar in found if webinar is not None)


def an_invitation(
    method: Method = Method.PUBLISH,
    *,
    title: str = "Sleep well",
    text: str = "Forty minutes.",
    partner: str = PARTNERS[0],
    at: tuple[str, str] = TIMES[0],
    sequence: int = 0,
    minutes: int = 40,
) -> Invitation:
    wall, zone = at
    starts_at = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone))
    return Invitation(
        method=method,
        uid="01a20421-5ea3-70dd-8b6b-a682cbe6190b.webinar@tcma.example",
        sequence=sequence,
        title=title,
        starts_at=starts_at.isoformat(),
        minutes=minutes,
        zone=zone,
        text=text,
        organiser_name=partner,
        organiser_email="eva@harbour-it.example",
    )


def file_of(invitation: Invitation, changes: int = 0) -> bytes:
    return invitation.file(changes=changes, made_at=MADE, address=SEAT, attendee="o'brien@lindt.example")


def every_file() -> list[tuple[Invitation, bytes]]:
    found = [
        an_invitation(method, title=webinar.title, text=webinar.description, minutes=webinar.minutes, at=at)
        for webinar in webinars()
        for method in Method
        for at in TIMES[:2]
    ]
    found += [an_invitation(method, partner=name) for method in Method for name in PARTNERS]
    found += [an_invitation(method, title=title, text=title * 3) for method in Method for title in TITLES]
    found += [an_invitation(method, at=at, sequence=3) for method in Method for at in TIMES]
    return [(one, file_of(one)) for one in found]


def test_every_calendar_file_keeps_to_the_letter_of_the_standard_and_says_when_it_is() -> None:
    files = every_file()
    assert len(files) > 60 and {one.locale[:2] for one in webinars()} >= {"en", "de", "fr"}
    for invitation, content in files:
        read = examine(content)
        assert not read.wrong, (invitation, read.wrong)
        starts_at = datetime.fromisoformat(invitation.starts_at)
        assert read.instant("DTSTART") == starts_at and read.instant("DTSTAMP") == MADE
        assert (read.instant("DTEND") - read.instant("DTSTART")).seconds == invitation.minutes * 60
        assert read.calendar["METHOD"][1] == invitation.method
        if invitation.title.isprintable():
            assert read.text("SUMMARY") == invitation.title
        assert read.text("DESCRIPTION").endswith(SEAT) and read.event["URL"][1] == SEAT


def test_a_calendar_reads_each_of_them_as_it_was_meant() -> None:
    for invitation, content in every_file():
        read: Any = icalendar.Calendar.from_ical(content)
        (event,) = read.walk("VEVENT")
        assert not read.errors and not event.errors
        assert event.decoded("DTSTART") == datetime.fromisoformat(invitation.starts_at)
        assert str(event["ORGANIZER"]) == "mailto:eva@harbour-it.example"
        named = " ".join(re.sub(r"[\x00-\x1f]", " ", invitation.organiser_name).replace('"', "'").split())
        assert event["ORGANIZER"].params["CN"] == named
        assert ("ATTENDEE" in event) is (invitation.method is not Method.PUBLISH)


def test_one_event_is_told_by_its_uid_and_what_comes_later_has_a_higher_number() -> None:
    """Registered, given back, taken again, moved twice, cancelled."""
    P, C = Method.PUBLISH, Method.CANCEL
    story = [(P, 0, 0), (C, 0, 1), (P, 0, 2), (P, 1, 2), (P, 2, 2), (C, 3, 2)]
    read = [examine(file_of(an_invitation(method, sequence=of_all), own)) for method, of_all, own in story]
    numbers = [int(one.event["SEQUENCE"][1]) for one in read]
    assert numbers == sorted(set(numbers)) and len({one.event["UID"] for one in read}) == 1
    assert [one.event["STATUS"][1] == "CANCELLED" for one in read] == [method is C for method, *_ in story]


WHOLE = file_of(an_invitation(title="Grüezi, zusammen " * 8, partner=PARTNERS[1]))


@pytest.mark.parametrize(
    ("sentence", "old", "new"),
    [
        ("CRLF", b"\r\nMETHOD", b"\nMETHOD"),
        ("octets", b"PRODID:", b"PRODID:" + b"x" * 80),
        ("cuts a character", "ü".encode(), b"\xc3"),
        ("is empty", b"BEGIN:VEVENT", b"\r\nBEGIN:VEVENT"),
        ("stands twice", b"CLASS:", b"UID:other\r\nCLASS:"),
        ("no PRODID", b"PRODID:", b"X-PRODID:"),
        ("no METHOD", b"METHOD:PUBLISH\r\n", b""),
        ("no DTSTAMP", b"DTSTAMP:", b"X-STAMP:"),
        ("no UID", b"UID:", b"X-UID:"),
        ("no instant in UTC", b"T130000Z", b"T130000"),
        ("no instant in UTC", b"DTSTART:", b"DTSTART;TZID=Europe/Zurich:"),
        ("unmarked", b"\\,", b","),
        ("no content line", b"STATUS:", b"ST ATUS:"),
        ("no mailto", b"mailto:", b"https:"),
        ("status does not fit", b"METHOD:PUBLISH", b"METHOD:CANCEL"),
        ("who it is for", b"CLASS:", b"ATTENDEE:mailto:a@b.example\r\nCLASS:"),
        ("ends before", b"DTEND:2026", b"DTEND:2025"),
        ("not one event", b"END:VCALENDAR", b"BEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR"),
        ("did not begin", b"END:VEVENT", b"END:VTODO"),
        ("no number", b"SEQUENCE:0", b"SEQUENCE:-1"),
    ],
)  # fmt: skip
def test_the_rules_see_what_is_wrong(sentence: str, old: bytes, new: bytes) -> None:
    assert not examine(WHOLE).wrong and old in WHOLE
    assert any(sentence in wrong for wrong in examine(WHOLE.replace(old, new, 1)).wrong)
