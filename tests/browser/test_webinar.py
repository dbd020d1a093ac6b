"""A prospect without script takes a seat; the host puts up who came."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import expect
from sqlalchemy import select

from campaigns.links import Purpose
from tcma import addresses, clock
from tcma.bench.browser.house import House
from tcma.kits import service as kits
from tcma.launches import drafts, launching, webinars
from tcma.launches.models import Campaign
from tcma.organisations import queries as organisations
from tcma.webinars.models import Seat
from tcma.webinars.sessions import Wish
from tests.browser.people import Person
from tests.browser.world import HARBOUR, Names
from tests.campaigns.attendance_lists import GOTO
from tests.campaigns.webinar_kit import webinar_files
from tests.tcma.launches.world import publish

At = Callable[..., Person]
ANNA, ROOM = "anna@firm.example", "https://meet.example/j/1"


def a_webinar(house: House) -> Campaign:
    """Launched by link only, and begins in ten minutes: the room is open."""
    installed = house.installation
    with installed.owner.transaction() as session:
        vendor = organisations.viewer_for(session, Names.vendor, "northwind-security")
        owner = organisations.viewer_for(session, Names.owner, HARBOUR)
        soon = clock.now(session).astimezone(ZoneInfo("Europe/Zurich")) + timedelta(minutes=10)
    made = kits.import_files(installed.web, vendor, installed.storage, webinar_files(), slug="live")
    publish(installed, vendor, installed.storage, made.version)
    campaign = drafts.draft(installed.web, owner, installed.storage, made.version.public_id, name="Live")
    wish = Wish(soon.replace(tzinfo=None), "Europe/Zurich", ROOM, "Marc")
    webinars.set_webinar(installed.web, owner, installed.storage, campaign.public_id, wish)
    with installed.web.transaction(owner.organisation_id) as session:
        drafts.set_link_only(session, owner, campaign.public_id)
    return launching.launch(
        installed.web, owner, installed.storage, installed.settings, campaign.public_id
    ).campaign


def test_a_seat_without_script_and_the_attendance_list(house: House, at: At, tmp_path: Path) -> None:
    campaign = a_webinar(house)
    page = at(house, script=False).page
    page.goto(addresses.webinar(HARBOUR, campaign.slug))
    page.get_by_label("E-mail", exact=True).fill(ANNA)
    page.get_by_label("Your time zone").select_option("Europe/London")
    page.get_by_role("button", name="Save my seat").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your seat is saved")
    assert page.context.cookies() == []
    with house.installation.owner.reading() as session:
        seat = session.scalars(select(Seat).where(Seat.campaign_id == campaign.id)).one()
    token = house.installation.signer.token(Purpose.SEAT, campaign.partner_id, 0, seat.id)
    page.goto(addresses.seat(token))
    expect(page.get_by_role("button", name="Join now")).to_be_visible()

    host = at(house)
    host.sign_in(Names.marketer)
    host.open(f"/p/{HARBOUR}/webinars/{campaign.public_id}")
    attendance = tmp_path / "goto.csv"
    attendance.write_text(GOTO)
    host.choose_file(host.page.locator("#list"), attendance)
    host.press("Read the list")
    expect(host.page.locator("#attendance")).to_contain_text("GoTo")
    expect(host.page.locator("#people")).to_contain_text("41")
