"""`tcma webinar`: day and room, who registered, who came."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from tcma import addresses, clock
from tcma.audiences import queries as people
from tcma.cli.frame import Desk, acting, wall_time
from tcma.errors import Invalid
from tcma.kits.content import load_kit
from tcma.launches import queries as campaigns
from tcma.launches import webinars
from tcma.launches.models import Campaign
from tcma.organisations.models import Organisation
from tcma.seats import attending, hosting, queries
from tcma.seats.queries import Registrant
from tcma.viewer import OrganisationKind, Role
from tcma.web import lists
from tcma.webinars import sessions
from tcma.webinars.models import WebinarSession
from tcma.webinars.sessions import Wish

PARTNER = OrganisationKind.PARTNER
MARKETER = [Role.MARKETER]
MOST_LISTED = 1_000
LARGEST_LIST = 10_000_001  # bytes; one more than is taken, so that a larger one is refused as such


@click.group("webinar")
def command() -> None:
    """A campaign's webinar: day and room, who registered, who came. CAMPAIGN is the name in its address."""


@command.command()
@click.argument("campaign")
@acting(PARTNER)
def show(desk: Desk, campaign: str) -> None:
    """When and where it takes place, how it stands, and its figures."""
    with desk.look() as session:
        found, row = _find(session, desk, campaign)
        webinar = load_kit(session, desk.installation.storage, found.kit_version_id).webinar(found.locales[0])
        assert webinar is not None
        firm = session.get_one(Organisation, found.partner_id)
        figures = queries.figures_of(session, row)
        phase = sessions.phase(row, clock.now(session))
    facts = {
        "title": webinar.title,
        "at": row.starts_local,
        "zone": row.timezone,
        "minutes": row.minutes,
        "state": phase.value,
        "room": row.room_url,
        "host": row.host_name,
        "seats": row.seat_limit,
        "recording": row.recording_url,
        "page": f"{desk.base_url}{addresses.webinar(firm.slug, found.slug)}",
    }
    counts = {name: getattr(figures, name) for name in figures.__dataclass_fields__}
    lines = [f"{name.replace('_', ' ')}: {_shown(value)}" for name, value in {**facts, **counts}.items()]
    desk.say("\n".join(lines), **facts, figures=counts)


@command.command("set")
@click.argument("campaign")
@click.option("--at", help="Local time YYYY-MM-DDTHH:MM.")
@click.option("--zone", help="Its time zone, such as Europe/Zurich.")
@click.option("--room", help="The link of the room, from your meeting tool.")
@click.option("--host", help="Who leads it.")
@click.option("--seats", type=click.IntRange(1), help="How many seats; at most the kit's number.")
@acting(PARTNER, roles=MARKETER)
def plan(
    desk: Desk,
    campaign: str,
    at: str | None,
    zone: str | None,
    room: str | None,
    host: str | None,
    seats: int | None,
) -> None:
    """Set the webinar of a draft; what you leave out stays as it is."""
    with desk.look() as session:
        found, row = _find(session, desk, campaign)
    kept = datetime.fromisoformat(row.starts_local) if row.starts_local else None
    wish = Wish(
        wall=wall_time(at) if at else kept,
        timezone=zone or row.timezone,
        room_url=row.room_url if room is None else room,
        host_name=row.host_name if host is None else host,
        seats=seats or row.seat_limit,
    )
    installed = desk.installation
    made = webinars.set_webinar(installed.web, desk.viewer, installed.storage, found.public_id, wish)
    with desk.look() as session:
        lacks = [lack.value for lack in sessions.lacks(made, clock.now(session))]
    desk.say(
        f"Saved. Still missing: {', '.join(lacks)}." if lacks else "Saved. Nothing is missing.",
        at=made.starts_local,
        missing=lacks,
    )


@command.command()
@click.argument("campaign")
@click.argument("start")
@click.option("--zone", help="Another time zone than before.")
@acting(PARTNER, roles=MARKETER)
def move(desk: Desk, campaign: str, start: str, zone: str | None) -> None:
    """Move it to the local time START, YYYY-MM-DDTHH:MM. Everybody with a seat is told."""
    wall, installed = wall_time(start), desk.installation
    with desk.look() as session:
        found, row = _find(session, desk, campaign)
    moved = hosting.move(
        installed.web,
        desk.viewer,
        installed.storage,
        desk.settings,
        found.public_id,
        wall,
        zone or row.timezone,
    )
    desk.say(
        f"Moved to {start} ({moved.timezone}). Everybody with a seat is told.",
        at=moved.starts_local,
        zone=moved.timezone,
    )


@command.command()
@click.argument("campaign")
@acting(PARTNER, roles=MARKETER)
def cancel(desk: Desk, campaign: str) -> None:
    """It does not take place. Everybody with a seat is told; this cannot be undone."""
    with desk.deed() as session:
        found, _row = _find(session, desk, campaign)
        hosting.cancel(session, desk.viewer, found.public_id)
    desk.say("Cancelled. Everybody with a seat is told.")


@command.command("people")
@click.argument("campaign")
@click.option(
    "--csv", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write everybody to this file."
)
@acting(PARTNER)
def registrants(desk: Desk, campaign: str, target: Path | None) -> None:
    """Who registered, in that order, and who came: at most 1,000 people, in a file all of them."""
    with desk.look() as session:
        _found, row = _find(session, desk, campaign)
        session.expunge_all()
    everybody = queries.all_registrants(desk.installation.web, desk.viewer, row)
    if target is None:
        rows = [_line(person, row) for person, _number in zip(everybody, range(MOST_LISTED), strict=False)]
        desk.table(rows, "Nobody yet.")
        return
    count = 0

    def counted() -> Iterator[list[object]]:
        nonlocal count
        for person in everybody:
            count += 1
            yield list(_line(person, row).values())

    with target.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lists.csv_lines(_HEAD, counted()))
    desk.say(f"{count} people are in {target}.", people=count, file=str(target))


@command.command()
@click.argument("campaign")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@acting(PARTNER, roles=MARKETER)
def attendance(desk: Desk, campaign: str, file: Path) -> None:
    """Read the attendance list FILE: the CSV of Zoom, Teams or GoTo, as you downloaded it."""
    with file.open("rb") as source:
        content = source.read(LARGEST_LIST)
    with desk.deed() as session:
        found, _row = _find(session, desk, campaign)
        taken = attending.upload(session, desk.viewer, found.public_id, content)
    upload = taken.upload
    problems = upload.problems.split("\n") if upload.problems else []
    if taken.is_repeat:
        said = "This very list was here before. Nothing changed."
    else:
        said = f"{upload.people_count} people, {upload.guest_count} of them with an address you do not have."
    desk.say(
        "\n".join([said, *problems]),
        tool=upload.tool,
        people=upload.people_count,
        unknown=upload.guest_count,
        repeat=taken.is_repeat,
        problems=problems,
    )


@command.command()
@click.argument("campaign")
@click.argument("address")
@click.option("--no", is_flag=True, help="Take that back.")
@acting(PARTNER, roles=MARKETER)
def came(desk: Desk, campaign: str, address: str, no: bool) -> None:
    """Say that the registrant with ADDRESS was there, under another address than on the list."""
    with desk.deed() as session:
        found, _row = _find(session, desk, campaign)
        person = people.find_contact_by_address(session, desk.viewer, address)
        attending.came(session, desk.viewer, found.public_id, person.public_id, did=not no)
    desk.say("Taken back." if no else "Noted.")


@command.command()
@click.argument("campaign")
@click.argument("link", required=False, default="")
@click.option("--remove", is_flag=True, help="Take it off the page.")
@acting(PARTNER, roles=MARKETER)
def recording(desk: Desk, campaign: str, link: str, remove: bool) -> None:
    """Put the recording at LINK on the webinar's page; those who asked for it get one mail."""
    if bool(link.strip()) is remove:
        raise Invalid("Give the link of the recording, or --remove to take it off the page.")
    with desk.deed() as session:
        found, _row = _find(session, desk, campaign)
        hosting.set_recording(session, desk.viewer, found.public_id, link)
    desk.say("The recording is off the page." if remove else "The page shows the recording.")


_HEAD = ("address", "name", "company", "state", "registered", "zone", "joined", "minutes", "stayed", "lead")


def _line(person: Registrant, row: WebinarSession) -> dict[str, Any]:
    seat, contact = person.seat, person.contact
    stayed = queries.stayed(seat, row)
    return {
        "address": contact.address_typed,
        "name": person.name or "deleted",
        "company": contact.company,
        "state": queries.standing(seat, row).value,
        "registered": seat.registered_at,
        "zone": seat.timezone,
        "joined": seat.joined_at,
        "minutes": seat.attended_minutes,
        "stayed": None if stayed is None else "yes" if stayed else "no",
        "lead": str(person.lead.public_id) if person.lead else None,
    }


def _find(session: Session, desk: Desk, slug: str) -> tuple[Campaign, WebinarSession]:
    found = campaigns.find_campaign_at(session, desk.viewer, slug)
    return found, webinars.find_session(session, found)


def _shown(value: object) -> str:
    return "–" if value in (None, "") else str(value)
