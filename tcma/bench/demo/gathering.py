"""A campaign's webinar as the demo knows it, and what its host does with it on the partner's pages."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaigns.kit import Kit
from tcma.bench.demo.calendars import Event
from tcma.bench.demo.house import House
from tcma.bench.demo.member import Member
from tcma.bench.demo.registrants import Person
from tcma.bench.demo.subjects import DAY, HOUR

ZONE = "Europe/Zurich"  # the organiser's
ROOM = "https://meet.harbour-it.example/live"
FILM = "https://video.harbour-it.example/restore"
EARLIEST, LATEST = time(8), time(20)  # nobody is reminded of tomorrow at night


class State(StrEnum):
    """What the host's list calls it."""

    SEAT = "Has a seat"
    RECORDING = "Wants the recording"
    GIVEN_BACK = "Gave the seat back"


@dataclass
class Registered:
    """One person. `seat` is the page that the mails lead to, `event` what a calendar last got of it."""

    person: Person
    state: State
    seat: str = ""
    event: Event | None = None


@dataclass
class Gathering:
    partner: str  # in addresses
    campaign: str
    campaign_id: str
    minutes: int
    seats: int
    wall: datetime  # the beginning on the organiser's clock
    titles: Mapping[str, str]  # by locale
    people: dict[str, Registered] = field(default_factory=dict)

    @property
    def starts_at(self) -> datetime:
        return self.wall.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def says_hour(self, text: str, person: Person, locale: str) -> bool:
        """Whether a text has the beginning on the clock of a reader; English ones may count to twelve."""
        there = self.starts_at.astimezone(ZoneInfo(person.zone))
        ways = [f"{there:%H:%M}", *([f"{there:%I:%M}".lstrip("0")] if locale == "en" else [])]
        return any(re.search(rf"(?<!\d){way}(?!\d)", text) for way in ways)

    @property
    def host_page(self) -> str:
        return f"/p/{self.partner}/webinars/{self.campaign_id}"

    @property
    def page(self) -> str:
        return f"/w/{self.partner}/{self.campaign}"

    def those(self, *states: State) -> list[str]:
        return [address for address, one in self.people.items() if one.state in states]

    def reminders(self) -> list[tuple[datetime, str, list[str]]]:
        """When, which, and whom: the day before at the webinar's own hour in the person's zone, between 8 and 20
        o'clock there, and an hour before."""
        due: dict[tuple[datetime, str], list[str]] = defaultdict(list)
        for address in self.those(State.SEAT):
            person = self.people[address].person
            if not person.wants_reminders:
                continue
            there = self.starts_at.astimezone(ZoneInfo(person.zone))
            hour = min(max(there.time(), EARLIEST), LATEST)
            day_before = datetime.combine(there.date() - timedelta(days=1), hour, there.tzinfo)
            due[day_before.astimezone(UTC), DAY].append(address)
            due[self.starts_at - timedelta(hours=1), HOUR].append(address)
        return [(at, kind, people) for (at, kind), people in sorted(due.items())]


def planned(house: House, kit: Kit, campaign: str, number: str, seats: int, days: int) -> Gathering:
    """At two in the afternoon, so many days ahead."""
    content = kit.webinar(kit.default_language)
    assert content is not None
    wall = day_ahead(house, days, 14)
    titles = {locale: webinar.title for locale in kit.languages if (webinar := kit.webinar(locale))}
    return Gathering("harbour-it", campaign, number, content.minutes, seats, wall, titles)


def set_day(member: Member, gathering: Gathering) -> None:
    """Day, room and seats of a draft."""
    path = f"/p/{gathering.partner}/campaigns/{gathering.campaign_id}/setup/webinar"
    fields = {**_when(gathering.wall), "room": ROOM, "host": "Marc Keller", "seats": str(gathering.seats)}
    member.press(path, path, fields)


def move(member: Member, gathering: Gathering, wall: datetime) -> None:
    member.press(gathering.host_page, f"{gathering.host_page}/move", _when(wall))
    gathering.wall = wall


def cancel(member: Member, gathering: Gathering) -> None:
    member.press(f"{gathering.host_page}/cancel", f"{gathering.host_page}/cancel")


def upload_attendance(member: Member, gathering: Gathering, content: bytes) -> None:
    member.press(gathering.host_page, f"{gathering.host_page}/attendance", file=("list", content))


def set_recording(member: Member, gathering: Gathering) -> None:
    member.press(gathering.host_page, f"{gathering.host_page}/recording", {"recording": FILM})


def host_list(member: Member, gathering: Gathering) -> list[Mapping[str, str]]:
    """The host's file of everybody, a mapping by column for each."""
    text = member.open(f"{gathering.host_page}/registrations.csv")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def day_ahead(house: House, days: int, hour: int) -> datetime:
    """That many days from now, at a full hour of the organiser's clock."""
    today = house.now().astimezone(ZoneInfo(ZONE)).date()
    return datetime.combine(today + timedelta(days=days), time(hour))


def _when(wall: datetime) -> dict[str, str]:
    return {"day": f"{wall:%Y-%m-%d}", "hour": f"{wall:%H:%M}", "zone": ZONE}
