"""A webinar of the example world: launched, some people registered, ahead by three weeks."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.kit import TouchKind
from tcma import addresses, clock
from tcma.audiences.models import Contact
from tcma.errors import DomainError
from tcma.kits import catalogue
from tcma.kits.content import load_kit
from tcma.launches import drafts, launching, webinars
from tcma.launches.models import Campaign
from tcma.organisations import queries as organisations
from tcma.seed import people
from tcma.seed.people import World
from tcma.viewer import Viewer
from tcma.web import create_app
from tcma.webinars import sessions
from tcma.webinars.sessions import Wish

FIRM, VENDOR = "harbour-it", "northwind-security"
AHEAD = timedelta(days=21)
_REGISTERED = 5  # the last of them only wants the recording
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"


def make(world: World, report: Callable[[str], None]) -> bool:
    """Where one of the vendor's kits has a webinar; whether there was one."""
    viewer, installed = world.viewer(FIRM), world.installation
    campaign = _draft(world, viewer)
    if campaign is None:
        return False
    set_day(world, viewer, campaign)
    with installed.web.transaction(viewer.organisation_id) as session:
        drafts.set_start(session, viewer, campaign.public_id, now=True)
    launching.launch(installed.web, viewer, installed.storage, installed.settings, campaign.public_id)
    client = create_app(installed).test_client()
    for number, person in enumerate(_some(world, viewer)):
        _register(client, addresses.webinar(FIRM, campaign.slug), person, seat=number < _REGISTERED - 1)
    _draft(world, viewer)  # the next one, not set yet
    report("Harbour IT: a webinar three weeks ahead, first people registered")
    return True


def set_day(world: World, viewer: Viewer, campaign: Campaign) -> None:
    """A Thursday three weeks ahead for the webinar of a draft, where it has one."""
    installed = world.installation
    with installed.web.reading(viewer.organisation_id) as session:
        row = sessions.of_campaign(session, campaign.id)
        day = (clock.now(session) + AHEAD).date()
    if row is None:
        return
    wall = datetime.combine(day - timedelta(days=(day.weekday() - 3) % 7), time(14))
    room = f"https://meet.{viewer.organisation_name.split()[0].lower()}.example/live"
    wish = Wish(
        wall,
        campaign.timezone,
        room if room.isascii() else "https://meet.example/live",
        row.host_name or viewer.organisation_name,
    )
    webinars.set_webinar(installed.web, viewer, installed.storage, campaign.public_id, wish)


def _draft(world: World, viewer: Viewer) -> Campaign | None:
    web, files = world.installation.web, world.installation.storage
    with web.reading(viewer.organisation_id) as session:
        vendor = organisations.find_organisation(session, VENDOR)
        offered = [one for one in catalogue.offered_to(session, viewer) if one.vendor.id == vendor.id]
        found = [
            one.version.public_id
            for one in offered
            if any(
                touch.kind is TouchKind.WEBINAR for touch in load_kit(session, files, one.version.id).touches
            )
        ]
    if not found:
        return None
    campaign = drafts.draft(web, viewer, files, found[-1])  # the first that was published
    with web.transaction(viewer.organisation_id) as session:
        drafts.set_audience(session, viewer, campaign.public_id, people.list_of(world, viewer).list.public_id)
    return campaign


def _some(world: World, viewer: Viewer) -> list[Contact]:
    with world.installation.web.reading(viewer.organisation_id) as session:
        wanted = select(Contact).where(
            Contact.partner_id == viewer.organisation_id, Contact.deleted_at.is_(None)
        )
        found = list(session.scalars(wanted.order_by(Contact.id.desc()).limit(_REGISTERED)))
        session.expunge_all()
        return found


def _register(client: FlaskClient, path: str, person: Contact, *, seat: bool) -> None:
    headers = {"User-Agent": BROWSER}
    text = client.get(path, headers=headers).get_data(as_text=True)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    sizes = re.findall(r"<option>([^<]+)</option>", text)
    form = {name: unescape(value) for name, value in hidden.items()} | {
        "email": person.address_typed,
        "name": f"{person.first_name} {person.last_name}",
        "company": person.company,
        "employees": unescape(sizes[min(2, len(sizes) - 1)]) if sizes else person.employees,
        "zone": "Europe/Zurich",
        "reminders": "1",
        "do": "seat" if seat else "recording",
    }
    answer = client.post(path, data=form, headers=headers)
    if answer.status_code != 303:
        raise DomainError(f"Registering at {path} was answered with {answer.status_code}.")
