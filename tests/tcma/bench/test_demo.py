"""The whole loop with few people; the long forms are `tcma demo` with each kit and each way out."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from campaigns import kit as kits
from campaigns.webinar import Entry, Method, Session, attendance, calendar_file, reminders
from tcma.bench.demo import attendance_files, calendars, firms, midmarket
from tcma.bench.demo.attendance_files import TOOLS, Day
from tcma.bench.demo.figures import Figures
from tcma.bench.demo.gathering import ZONE, Gathering, Registered, State
from tcma.bench.demo.registrants import Person
from tcma.bench.demo.subjects import DAY, HOUR, UNKNOWN, Known, Subjects
from tcma.cli.root import main

WALL = datetime(2026, 12, 10, 16, 0)  # noqa: DTZ001  (the organiser's clock)
PLACES = ("Europe/Zurich", "America/Los_Angeles", "Asia/Tokyo")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_whole_loop_ends_with_every_figure_right() -> None:
    typed = ["demo", "--kit", "midmarket", "--by", "sendgrid", "--rows", str(midmarket.LEAST_ROWS)]

    done = CliRunner().invoke(main, typed)

    assert done.exit_code == 0, done.output
    assert "Every figure is right." in done.output and done.output.count("\n  ok  ") >= 100


def test_a_kit_of_fewer_rows_than_its_people_need_is_refused() -> None:
    done = CliRunner().invoke(main, ["demo", "--kit", "small", "--rows", "99"])

    assert done.exit_code == 2 and "This kit needs 100 rows or more." in done.output


def test_a_figure_that_is_not_what_it_must_be_is_remembered() -> None:
    lines: list[str] = []
    figures = Figures(lines.append)

    figures.equal("leads", 3, 3)
    figures.equal("people", 4, 5)

    assert figures.wrong == ["people"] and lines[1] == "WRONG people: 4 instead of 5"


def test_each_mail_of_the_kits_is_known_by_its_subject_in_one_language() -> None:
    for slug in ("watch-a-server-come-back", midmarket.KIT):
        kit = kits.read(kits.read_folder(firms.KITS / slug))
        known = Subjects(kit)
        for touch in kit.touches:
            for locale, subject in touch.subject.items():
                written = subject.replace("{{ contact.company }}", "Betrieb 7, Bau & Söhne AG")
                assert known.known(written) == Known(touch.key, locale)
        assert known.known("Something else").kind == UNKNOWN


def test_the_lists_of_the_tools_say_who_was_there_and_how_long() -> None:
    came = {"anna@firm.example": 38, "bea@firm.example": 1, "carl@firm.example": 40}
    day = Day("One server, restored", WALL, 40)

    for name, write in TOOLS.items():
        read = attendance.read(write(day, came, ["dora@firm.example"]))

        assert (read.tool.value, dict(read.minutes), read.problems) == (name.lower(), came, ())
    assert attendance_files.zoom(day, came, []).count(b"Anna@Firm.Example") == 2  # came in twice


def test_reminders_are_due_when_the_product_means_them_to_be() -> None:
    plan = Gathering("harbour-it", "server", "1", 40, 20, WALL, {})
    for number, zone in enumerate((*PLACES, PLACES[0])):
        person = Person(f"p{number}@firm.example", "Firm", "en", zone, wants_reminders=number < 3)
        plan.people[person.address] = Registered(person, State.SEAT)

    due = {(address, kind): at for at, kind, people in plan.reminders() for address in people}

    session = Session("One server", plan.starts_at, 40, ZONE)
    for number, zone in enumerate(PLACES):
        wanted = reminders(session, datetime(2026, 11, 1, tzinfo=UTC), zone)
        assert {ahead.value: at for ahead, at in wanted.items()} == {
            kind: due[f"p{number}@firm.example", kind] for kind in (DAY, HOUR)
        }
    assert Counter(kind for _, kind in due) == {DAY: 3, HOUR: 3}
    in_los_angeles = plan.people["p1@firm.example"].person
    assert plan.says_hour("We begin at 7:00 AM (PST).", in_los_angeles, "en")
    assert plan.says_hour("um 07:00 Uhr", in_los_angeles, "de")
    assert not plan.says_hour("um 16:00 Uhr, 17:00 dort, 7:00 nie", in_los_angeles, "de")


def a_calendar() -> bytes:
    begins = datetime(2026, 12, 10, 15, 0, tzinfo=UTC)
    session = Session("Zusehen, wie ein Server zurückkommt; " * 4, begins, 40, ZONE)
    entry = Entry(
        "1@host.example", 3, session, begins, "Text", "https://host.example/w/1", "Firma", "a@b.example"
    )
    return calendar_file(entry, Method.PUBLISH)


def test_a_calendar_file_is_read_as_it_was_written() -> None:
    event = calendars.read(a_calendar())

    assert (event.method, event.status, event.uid, event.sequence) == (
        "PUBLISH",
        "CONFIRMED",
        "1@host.example",
        3,
    )
    assert event.summary == "Zusehen, wie ein Server zurückkommt; " * 4
    assert (event.starts_at.hour, event.ends_at.minute, event.attendee) == (15, 40, "")


@pytest.mark.parametrize(
    ("found", "instead", "why"),
    [
        (b"\r\n", b"\n", "no end"),
        (b"SEQUENCE:3\r\n", b"", "lacks"),
        (b"SEQUENCE:3\r\n", b"SEQUENCE:3\r\nSEQUENCE:4\r\n", "twice"),
        (b"SEQUENCE:3\r\n", b"SEQUENCE:3\r\nX-LONG:" + b"x" * 75 + b"\r\n", "75"),
        (b"SEQUENCE:3\r\n", b"SEQUENCE:3\r\nnonsense\r\n", "none"),
        (b"Zusehen\\,", b"Zusehen,", "marked"),
        (b"END:VEVENT\r\n", b"", "one event"),
    ],
)
def test_a_calendar_file_that_calendars_would_not_take_is_no_right_figure(
    found: bytes, instead: bytes, why: str
) -> None:
    assert found in a_calendar()
    with pytest.raises(ValueError, match=why):
        calendars.read(a_calendar().replace(found, instead))
