"""Webinars: reminders in the registrant's zone, what texts say of day and time, and the calendar file."""

# ruff: noqa: E501  (tables read better in one line a case)

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.kit.names import WEBINAR
from campaigns.kit.webinar import Ahead
from campaigns.webinar import Entry, Method, Session, calendar_file, names, reminders

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
THURSDAY = datetime(2026, 3, 5, 13, 0, tzinfo=UTC)  # 14:00 in Zurich
EARLIEST, LATEST = (datetime.combine(date(year, 1, 1), time()) for year in (2026, 2030))
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc"))


def a_session(starts_at: datetime = THURSDAY, title: str = "Sleep well") -> Session:
    return Session(title, starts_at, 40, "Europe/Zurich")


def an_entry(**changes: object) -> Entry:
    given = {
        "uid": "seat-7@tcma.example",
        "sequence": 0,
        "session": a_session(),
        "made_at": LONG_AGO,
        "text": "Forty minutes.",
        "address": "https://tcma.example/w/abc",
        "organiser_name": "Harbour IT",
        "organiser_email": "eva@harbour-it.example",
    }
    return Entry(**(given | changes))  # type: ignore[arg-type]


class TestReminders:
    def test_they_come_the_day_before_at_the_same_time_of_day_and_an_hour_before(self) -> None:
        found = reminders(a_session(), LONG_AGO, "Europe/Zurich")
        assert found == {
            Ahead.DAY: datetime(2026, 3, 4, 13, 0, tzinfo=UTC),
            Ahead.HOUR: datetime(2026, 3, 5, 12, 0, tzinfo=UTC),
        }

    def test_whoever_sits_where_it_is_night_is_reminded_by_day(self) -> None:
        tokyo = reminders(a_session(datetime(2026, 3, 5, 16, 0, tzinfo=UTC)), LONG_AGO, "Asia/Tokyo")
        assert tokyo[Ahead.DAY].astimezone(ZoneInfo("Asia/Tokyo")) == datetime(
            2026, 3, 5, 8, 0, tzinfo=ZoneInfo("Asia/Tokyo")
        )

    def test_the_time_of_day_stays_when_the_clocks_change_in_between(self) -> None:
        sunday = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)  # 14:00, summer time since this morning
        day_before = reminders(a_session(sunday), LONG_AGO, "Europe/Zurich")[Ahead.DAY]
        assert day_before == datetime(2026, 3, 28, 13, 0, tzinfo=UTC)

    def test_who_registers_late_is_not_reminded_of_what_the_confirmation_just_said(self) -> None:
        session = a_session()
        assert set(reminders(session, THURSDAY - timedelta(hours=20), "Europe/Zurich")) == {Ahead.HOUR}
        assert reminders(session, THURSDAY - timedelta(minutes=80), "Europe/Zurich") == {}
        assert reminders(session, THURSDAY + timedelta(days=1), "Europe/Zurich") == {}

    @given(
        st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
        st.sampled_from(ZONES),
    )
    def test_the_first_is_by_day_on_the_day_before_wherever_somebody_is(
        self, at: datetime, zone: str
    ) -> None:
        found = reminders(a_session(at), LONG_AGO, zone)
        there = found[Ahead.DAY].astimezone(ZoneInfo(zone))
        assert there.date() == at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
        assert time(8) <= there.time() <= time(20)
        assert found[Ahead.DAY] < found[Ahead.HOUR] == at - timedelta(hours=1)

    def test_a_start_without_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="with a zone"):
            a_session(EARLIEST)


class TestNames:
    def test_they_are_all_the_names_a_kit_may_use(self) -> None:
        found = names(a_session(), organisers=["Harbour IT"], locale="en", zone="Europe/Zurich")
        assert set(found) == WEBINAR

    @pytest.mark.parametrize(
        ("locale", "zone", "expected"),
        [
            ("de", "Europe/Zurich", ("Donnerstag, 5. März 2026", "14:00", "Mitteleuropäische Normalzeit", "Harbour IT und Northwind")),
            ("en-GB", "America/New_York", ("Thursday, 5 March 2026", "08:00", "Eastern Standard Time", "Harbour IT and Northwind")),
            ("fr", "Asia/Tokyo", ("jeudi 5 mars 2026", "22:00", "heure normale du Japon", "Harbour IT et Northwind")),
        ],
    )  # fmt: skip
    def test_day_time_and_zone_are_the_readers(
        self, locale: str, zone: str, expected: tuple[str, str, str, str]
    ) -> None:
        found = names(a_session(), organisers=["Harbour IT", "Northwind"], locale=locale, zone=zone)
        assert tuple(found[f"webinar.{name}"] for name in ("date", "time", "zone", "organisers")) == expected

    @pytest.mark.parametrize(
        ("locale", "country", "expected"),
        [
            ("en", "CH", ("Thursday, 5 March 2026", "14:00")),
            ("en", "DE", ("Thursday, 5 March 2026", "14:00")),
            ("en", "FR", ("Thursday 5 March 2026", "14:00")),  # nobody wrote down how the French write English
            ("en", "US", ("Thursday, March 5, 2026", "2:00")),
            ("en-GB", "US", ("Thursday 5 March 2026", "14:00")),  # who says it is asked no more
            ("de", "CH", ("Donnerstag, 5. März 2026", "14:00")),
        ],
    )  # fmt: skip
    def test_days_are_written_as_where_the_partner_is(
        self, locale: str, country: str, expected: tuple[str, str]
    ) -> None:
        found = names(a_session(), organisers=[], locale=locale, zone="Europe/Zurich", country=country)
        day, hour = expected
        assert found["webinar.date"].replace(",", "") == day.replace(",", "")
        assert found["webinar.time"].startswith(hour)


def read(content: bytes) -> dict[str, tuple[str, str]]:
    """The properties of the one event and of the calendar: parameters and unescaped value by name. Strict: CRLF,
    lines of 75 bytes, one VEVENT in one VCALENDAR, each property once."""
    assert content.endswith(b"\r\n") and b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    lines = content.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert [line for line in lines if line.startswith(("BEGIN", "END"))][1:-1] == [
        "BEGIN:VEVENT",
        "END:VEVENT",
    ]
    found: dict[str, tuple[str, str]] = {}
    for line in lines:
        match = re.fullmatch(
            r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):([^\x00-\x1f]*)', line
        )
        assert match is not None, line
        if match.group(1) not in ("BEGIN", "END"):
            assert match.group(1) not in found
            value = re.sub(r"\\(.)", lambda m: "\n" if m.group(1) == "n" else m.group(1), match.group(3))
            found[match.group(1)] = match.group(2), value
    return found


class TestCalendarFile:
    def test_it_says_when_what_where_and_who(self) -> None:
        found = {
            name: value for name, (_more, value) in read(calendar_file(an_entry(), Method.PUBLISH)).items()
        }
        assert (found["DTSTART"], found["DTEND"]) == ("20260305T130000Z", "20260305T134000Z")
        assert (found["METHOD"], found["STATUS"], found["SEQUENCE"]) == ("PUBLISH", "CONFIRMED", "0")
        assert (found["SUMMARY"], found["URL"]) == ("Sleep well", "https://tcma.example/w/abc")
        assert found["ORGANIZER"] == "mailto:eva@harbour-it.example" and "ATTENDEE" not in found

    def test_a_moved_webinar_is_the_same_event_with_a_higher_number(self) -> None:
        person = {"attendee_name": "Anna Keller", "attendee_email": "anna@lindt.example"}
        first = read(calendar_file(an_entry(**person), Method.REQUEST))
        moved = read(
            calendar_file(
                an_entry(**person, sequence=1, session=a_session(THURSDAY + timedelta(days=7))),
                Method.REQUEST,
            )
        )
        assert moved["UID"] == first["UID"]
        assert (first["SEQUENCE"][1], moved["SEQUENCE"][1]) == ("0", "1")
        assert moved["DTSTART"][1] == "20260312T130000Z"
        assert moved["ATTENDEE"] == (
            ';CN="Anna Keller";PARTSTAT=ACCEPTED;RSVP=FALSE',
            "mailto:anna@lindt.example",
        )

    def test_a_cancelled_one_is_taken_out(self) -> None:
        gone = read(calendar_file(an_entry(attendee_email="anna@lindt.example", sequence=2), Method.CANCEL))
        assert (gone["METHOD"][1], gone["STATUS"][1], gone["TRANSP"][1]) == (
            "CANCEL",
            "CANCELLED",
            "TRANSPARENT",
        )
        assert (gone["UID"][1], gone["SEQUENCE"][1]) == ("seat-7@tcma.example", "2")

    @settings(max_examples=50, deadline=None)
    @given(
        st.text(st.characters(codec="utf-8"), max_size=200),
        st.text(st.characters(codec="utf-8"), max_size=60),
    )
    def test_no_text_breaks_out_of_its_line(self, text: str, name: str) -> None:
        found = read(
            calendar_file(
                an_entry(text=text, organiser_name=name, session=a_session(title=name)), Method.PUBLISH
            )
        )
        assert set(found) == {
            "VERSION", "PRODID", "CALSCALE", "METHOD", "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY",
            "DESCRIPTION", "URL", "LOCATION", "ORGANIZER", "STATUS", "TRANSP", "CLASS",
        }  # fmt: skip
        if text.isprintable():
            assert found["DESCRIPTION"][1] == text

    def test_lines_break_in_the_text_as_they_were_written(self) -> None:
        text = "First, second; third\\fourth\r\nNext line"
        found = read(calendar_file(an_entry(text=text), Method.PUBLISH))
        assert found["DESCRIPTION"][1] == "First, second; third\\fourth\nNext line"

    @pytest.mark.parametrize(
        "email", ["", "eva", "eva@x.example\r\nX:1", "a@b:c", '"a"@b.example', "a b@c.example"]
    )
    def test_an_address_that_could_break_out_is_refused(self, email: str) -> None:
        with pytest.raises(ValueError, match="not an e-mail address"):
            calendar_file(an_entry(organiser_email=email), Method.PUBLISH)

    def test_an_invitation_to_nobody_and_a_page_that_is_none_are_refused(self) -> None:
        with pytest.raises(ValueError, match="say whom"):
            calendar_file(an_entry(), Method.REQUEST)
        with pytest.raises(ValueError, match="address of a page"):
            calendar_file(an_entry(address="https://a.example/\r\nX:1"), Method.PUBLISH)
        with pytest.raises(ValueError, match="with a zone"):
            calendar_file(an_entry(made_at=EARLIEST), Method.PUBLISH)
