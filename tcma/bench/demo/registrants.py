"""People who register for a webinar, each with an own browser: from the mail to the page, the seat, the room."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from tcma.bench.demo import calendars
from tcma.bench.demo.browser import Answer, absolute, ask, hidden
from tcma.bench.demo.calendars import Event
from tcma.bench.demo.mails import Received
from tcma.bench.demo.prospects import an_option

SEAT, RECORDING, CANCEL, JOIN, AGAIN = "seat", "recording", "cancel", "join", "again"  # buttons
SAVED, FULL = "saved", "full"
_CALENDAR = re.compile(r'href="([^"]*/w/[A-Za-z0-9_-]{48}\.ics)"')


@dataclass(frozen=True, slots=True)
class Person:
    """Where somebody is, what they read, whether they want to be reminded."""

    address: str
    company: str
    language: str
    zone: str
    wants_reminders: bool = True


def register(mail: Received, person: Person, do: str = SEAT) -> str:
    """By the mail's first link. SAVED, FULL, or a sentence of what went wrong."""
    clicked = ask("GET", mail.clicks[0])
    target = clicked.location
    if clicked.status != 302 or not urlsplit(target).path.startswith("/w/"):
        return f"the link answered {clicked.status}"
    return register_at(target, person, do)


def register_at(target: str, person: Person, do: str = SEAT) -> str:
    """On the page at this address, as `register`."""
    page = ask("GET", target, headers=_speaks(person))
    if page.status != 200 or "Set-Cookie" in page.headers:
        return f"the page answered {page.status}"
    sent = _fill_in(target, page, person, do)
    if sent.status == 409:
        return FULL
    return _arrived(target, sent, person, do)


def ask_for_recording_instead(mail: Received, person: Person) -> str:
    """Of a page that says that all seats are taken: its other button."""
    target = ask("GET", mail.clicks[0]).location
    page = ask("GET", target, headers=_speaks(person))
    if page.status != 200 or 'value="seat"' in page.text:
        return f"the full page answered {page.status} and offers a seat"
    return _arrived(target, _fill_in(target, page, person, RECORDING), person, RECORDING)


def press(seat: str, do: str) -> tuple[int, str]:
    """A button of the seat's page: status, and where it leads."""
    shown = ask("GET", seat)
    if shown.status != 200:
        return shown.status, ""
    answer = ask("POST", seat, hidden(shown.text, urlsplit(seat).path) | {"do": do})
    return answer.status, answer.location


def calendar(address: str) -> Event:
    """Fetched and read. ValueError for a file that is none."""
    answer = ask("GET", address)
    kind = answer.headers.get("Content-Type", "")
    if answer.status != 200 or kind != "text/calendar; charset=utf-8":
        raise ValueError(f"{answer.status}, {kind}")
    return calendars.read(answer.content)


def _fill_in(target: str, page: Answer, person: Person, do: str) -> Answer:
    form = hidden(page.text) | {
        "email": person.address,
        "name": "Anna Muster",
        "company": person.company,
        "employees": an_option(page.text),
        "zone": person.zone,
        "do": do,
        **({"reminders": "1"} if person.wants_reminders else {}),
    }
    return ask("POST", target.partition("?")[0], form, headers=_speaks(person))


def _arrived(target: str, sent: Answer, person: Person, do: str) -> str:
    if sent.status != 303:
        return f"the form answered {sent.status}"
    page = ask("GET", absolute(target, sent.location), headers=_speaks(person))
    if page.status != 200:
        return f"the page after it answered {page.status}"
    found = _CALENDAR.search(page.text)
    if do == SEAT:
        if found is None:
            return "the page after it has no calendar file"
        if calendar(absolute(target, found[1])).status != "CONFIRMED":
            return "the calendar file after it is not confirmed"
    return SAVED


def _speaks(person: Person) -> dict[str, str]:
    return {"Accept-Language": f"{person.language},en;q=0.3" if person.language else "en"}
