"""Day, time, zone and room of a webinar, as forms say them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import request

from campaigns.webinar import zones
from tcma import language
from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.web.partner import start_form
from tcma.webinars.models import WebinarSession
from tcma.webinars.sessions import Wish

_TIMES = {
    "at": "day"
}  # what the domain calls the time stands in two fields; the first one takes the sentence


@dataclass(frozen=True, slots=True)
class Fields:
    """What the fields show."""

    day: str
    hour: str
    zone: str
    room: str
    seats: str
    host: str


def of(row: WebinarSession, typed: Mapping[str, str] | None = None) -> Fields:
    """As kept, or as it was typed."""
    wall = datetime.fromisoformat(row.starts_local) if row.starts_local else None
    given = {
        "day": f"{wall:%Y-%m-%d}" if wall else "",
        "hour": f"{wall:%H:%M}" if wall else "",
        "zone": row.timezone,
        "room": row.room_url,
        "seats": str(row.seat_limit or ""),
        "host": row.host_name,
        **(typed or {}),
    }
    return Fields(**{name: given[name] for name in Fields.__dataclass_fields__})


def zone_options(zone: str) -> list[tuple[str, str]]:
    """Zones by name in the reader's language, the webinar's own first."""
    return list(zones.offered(language.current(), zone))


def wish() -> Wish:
    """The whole form. Invalid names what cannot be read."""
    has_time = request.form.get("day", "").strip() or request.form.get("hour", "").strip()
    seats = request.form.get("seats", "").strip()
    if seats and not (seats.isdecimal() and len(seats) < 7):
        sentence = _("Write the number of seats in figures.")
        raise Invalid(sentence, {"seats": sentence})
    return Wish(
        wall=start_form.typed_wall() if has_time else None,
        timezone=request.form.get("zone", ""),
        room_url=request.form.get("room", ""),
        host_name=request.form.get("host", ""),
        seats=int(seats) if seats else None,
    )


def named(error: Invalid) -> Invalid:
    """With the names that the form's fields have."""
    return Invalid(error.sentence, {_TIMES.get(name, name): said for name, said in error.fields.items()})


def typed() -> dict[str, str]:
    return {name: request.form[name] for name in Fields.__dataclass_fields__ if name in request.form}
