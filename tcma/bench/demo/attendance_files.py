"""Attendance lists as three meeting tools write them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Day:
    """The meeting on the organiser's clock."""

    title: str
    starts_at: datetime  # local time
    minutes: int


def zoom(day: Day, minutes: Mapping[str, int], absent: list[str]) -> bytes:
    """UTF-8 with a mark, a row for each time somebody came in: everybody left once in between."""
    head = [
        '"Attendee Report"',
        f'"Report Generated:","{_american(day, day.minutes + 90)}"',
        '"Topic","Webinar ID","Actual Start Time","Actual Duration (minutes)","# Registered"',
        f'"{day.title}","812 3456 7890","{_american(day, -5)}","{day.minutes + 5}","{len(minutes) + len(absent)}"',
        '"Attendee Details,"',
        '"Attended","User Name (Original Name)","Email","Join Time","Leave Time","Time in Session (minutes)"',
    ]
    rows = []
    for address, stayed in minutes.items():
        first = stayed // 2
        for begun, stay in ((0, first), (first + 1, stayed - first)):
            if stay:
                times = f'"{_american(day, begun)}","{_american(day, begun + stay)}"'
                rows.append(f'"Yes","{_name(address)}","{address.title()}",{times},"{stay}"')
    rows += [f'"No","{_name(address)}","{address}","--","--","--"' for address in absent]
    return "\r\n".join([*head, *rows, ""]).encode("utf-8-sig")


def teams(day: Day, minutes: Mapping[str, int], absent: list[str]) -> bytes:
    """UTF-16 with tabs, three parts; who was absent is not on it."""
    head = [
        "1. Summary",
        f"Meeting title\t{day.title}",
        f"Attended participants\t{len(minutes)}",
        "",
        "2. Participants",
    ]
    head.append("Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole")
    rows = [
        f"{_name(address)}\t{_short(day, 0)}\t{_short(day, stayed)}\t{stayed}m 10s\t{address}\t{address}\tAttendee"
        for address, stayed in minutes.items()
    ]
    tail = ["", "3. In-Meeting Activities", "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole"]
    tail += [
        f"{_name(address)}\t{_short(day, 0)}\t{_short(day, stayed)}\t{stayed}m\t{address}\tAttendee"
        for address, stayed in minutes.items()
    ]
    return "\r\n".join([*head, *rows, *tail, ""]).encode("utf-16")


def goto(day: Day, minutes: Mapping[str, int], absent: list[str]) -> bytes:
    head = [
        f"Attendee Report:,{day.title.replace(',', '')}",
        "",
        "Session Details",
        "Attended,Last Name,First Name,Email Address,Interest Rating,Join Time,Leave Time,Time in Session",
    ]
    rows = [
        f'Yes,Muster,{_name(address)},{address},71,"{_american(day, 0)} CET","{_american(day, stayed)} CET",'
        f"{stayed} minutes"
        for address, stayed in minutes.items()
    ]
    rows += [f"No,Muster,{_name(address)},{address},--,--,--,--" for address in absent]
    return "\n".join([*head, *rows, ""]).encode()


TOOLS: Mapping[str, Callable[[Day, Mapping[str, int], list[str]], bytes]] = {
    "Zoom": zoom,
    "Teams": teams,
    "GoTo": goto,
}


def _name(address: str) -> str:
    return address.partition("@")[0].title()


def _american(day: Day, minute: int) -> str:
    return f"{day.starts_at + timedelta(minutes=minute):%b %d, %Y %I:%M:%S %p}"


def _short(day: Day, minute: int) -> str:
    return f"{day.starts_at + timedelta(minutes=minute):%m/%d/%y, %I:%M:%S %p}"
