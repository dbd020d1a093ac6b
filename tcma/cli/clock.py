"""`tcma clock`: the product's time, movable outside production."""

import re
from datetime import UTC, datetime, timedelta

import click

from tcma import clock
from tcma.cli.frame import Desk, answering
from tcma.errors import Invalid

_SPAN = re.compile(r"([+-]?)(\d{1,6})([smhd])\Z")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@click.group("clock")
def command() -> None:
    """Show or move the product's time (never in production)."""


@command.command()
@answering
def show(desk: Desk) -> None:
    """What time the product thinks it is."""
    with desk.installation.owner.reading() as session:
        now, ahead = clock.now(session), clock.now(session) - clock.real()
    desk.say(
        f"{now:%Y-%m-%d %H:%M:%S} UTC, {ahead.total_seconds() / 3600:.1f} hours ahead of the real time.",
        now=now.isoformat(),
        ahead_seconds=round(ahead.total_seconds()),
    )


@command.command()
@click.argument("span")
@answering
def move(desk: Desk, span: str) -> None:
    """Move web and worker together by SPAN: 90m, 2h, 4d; a minus moves back (write -- -2h)."""
    by = parse_span(span)
    with desk.installation.owner.transaction() as session:
        now = clock.advance(session, by)
    desk.say(f"It is now {now:%Y-%m-%d %H:%M:%S} UTC.", now=now.isoformat())


@command.command()
@click.argument("moment", type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]))
@answering
def to(desk: Desk, moment: datetime) -> None:
    """Move web and worker together to a MOMENT in UTC: "2026-11-24 08:31"."""
    with desk.installation.owner.transaction() as session:
        now = clock.advance(session, moment.replace(tzinfo=UTC) - clock.now(session))
    desk.say(f"It is now {now:%Y-%m-%d %H:%M:%S} UTC.", now=now.isoformat())


def parse_span(text: str) -> timedelta:
    found = _SPAN.match(text.strip())
    if not found:
        raise Invalid(f"'{text[:20]}' is not a span of time. Write 90m, 2h or 4d.")
    sign = -1 if found[1] == "-" else 1
    return sign * timedelta(**{_UNITS[found[3]]: int(found[2])})
