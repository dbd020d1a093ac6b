"""A webinar's pages: registering without script, one's own seat, and the host's page. One story, in its order."""

import io
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
import pytest

from campaigns.channels.microsite_form import TRAP
from campaigns.links import Purpose
from tcma.launches.deliveries import MessageClass
from tcma.webinars.models import Seat, SeatStatus
from tests.campaigns.attendance_lists import GOTO
from tests.campaigns.webinar_kit import webinar_files
from tests.installation import Installation
from tests.tcma.launches.world import MONDAY, a_world
from tests.tcma.seats.scene import ROOM
from tests.web.partner.campaign_scene import marketer, page_of, part, setup_of, words
from tests.web.site import Site, Visitor, behind, inputs

PAGE = "/w/harbour-it/sleep-well"
ANNA, BEA = "anna@firm.example", "bea@firm.example"
SET = {
    "day": "2026-12-10", "hour": "14:00", "zone": "Europe/Zurich", "room": ROOM, "host": "Marc", "seats": "2",
}  # fmt: skip


@pytest.fixture
def site(database: Installation) -> Site:
    world = a_world(database, webinar_files())
    world.people([ANNA, BEA], company="Firm")
    world.set_clock(MONDAY)
    return behind(world, world.draft())


def register(visitor: Visitor, address: str, **changes: str) -> str:
    """Fill in the form and press its button; where it leads."""
    hidden = inputs(visitor.get(PAGE).text)
    given = {"email": address, "zone": "Europe/Zurich", "reminders": "1", "do": "seat", **changes}
    answer = visitor.post(PAGE, {"form_token": hidden["form_token"], **given})
    assert answer.status_code == 303, words(answer.text)
    return str(answer.location)


def seat_of(site: Site, number: int) -> Seat:
    found = site.rows(Seat)[number]
    assert isinstance(found, Seat)
    return found


def link_of(site: Site, number: int = 0) -> str:
    """The page of a seat, as the confirmation mail says it."""
    mail = [one for one in site.confirmations() if one.message_class is MessageClass.SERVICE][number]
    return f"/w/{site.token(Purpose.SEAT, mail)}"


def calendar(visitor: Visitor, seat: str) -> tuple[str, bytes, int]:
    """Method, beginning and sequence of a seat's calendar file, as a calendar reads them."""
    read: Any = icalendar.Calendar.from_ical(visitor.get(f"{seat}.ics").data)
    (entry,) = read.walk("VEVENT")
    return str(read["METHOD"]), entry["DTSTART"].to_ical(), int(entry["SEQUENCE"])


def at(site: Site, text: str) -> None:
    site.world.set_clock(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Zurich")))


def set_and_launch(site: Site) -> None:
    """Through the pages of the launch: what is missing is said, then it is set, then it is launched."""
    host = marketer(site)
    assert "not complete" in words(host.get(setup_of(site.campaign, "brand")).text)
    blocked = host.get(setup_of(site.campaign, "launch")).text
    assert "Put in the link of the room" in part(blocked, "check-webinar")
    wrong = host.post(
        setup_of(site.campaign, "webinar"), {**SET, "room": "http://meet.example", "seats": "9"}
    )
    assert wrong.status_code == 422 and "https://" in words(wrong.text) and 'value="14:00"' in wrong.text
    assert host.post(setup_of(site.campaign, "webinar"), SET).status_code == 303
    assert "10 Dec" in part(host.get(setup_of(site.campaign, "launch")).text, "sentence")
    shown = host.get(page_of(site.campaign, "/preview/talk")).text
    assert "Sleep well, live" in shown and "10 December" in shown
    site.world.launch(site.campaign)


def test_people_register_without_script_come_and_are_counted(site: Site) -> None:
    visitor = site.visitor("en-GB")
    assert visitor.get(PAGE).status_code == 404  # nothing to see before the launch
    set_and_launch(site)

    page = visitor.get(PAGE).text
    assert "<script" not in page and "13:00" in page and "14:00" in page and "Both receive the list" in page
    wrong = visitor.post(PAGE, {"form_token": inputs(page)["form_token"], "email": "anna", "do": "seat"})
    assert wrong.status_code == 422 and "is not complete" in words(wrong.text)
    machine = {"form_token": inputs(page)["form_token"], "email": ANNA, TRAP: "x", "do": "seat"}
    assert visitor.post(PAGE, machine).status_code == 303 and not site.rows(Seat)

    done = register(visitor, ANNA, zone="Europe/London")
    thanks = visitor.get(done).text
    assert "Your seat is saved" in words(thanks) and "Cancel my seat" in thanks
    assert "Sleep well, live: Thursday, 10 December 2026" in words(thanks).replace(
        "Thursday 10", "Thursday, 10"
    )
    assert seat_of(site, 0).timezone == "Europe/London" and len(site.leads()) == 1
    again = visitor.get(register(visitor, ANNA)).text
    refused = visitor.post("/w/harbour-it/sleep-well/registered", {"k": inputs(again)["k"], "do": "cancel"})
    assert "link in the mail" in words(refused.text) and seat_of(site, 0).status is SeatStatus.SAVED
    register(visitor, BEA)
    assert "All seats are taken" in words(visitor.get(PAGE).text)
    late = visitor.post(
        PAGE, {"form_token": inputs(page)["form_token"], "email": "c@firm.example", "do": "seat"}
    )
    assert late.status_code == 409 and "All seats are taken" in words(late.text)
    register(visitor, "c@firm.example", do="recording")

    _own_seat(site, visitor)
    _host(site)


def _own_seat(site: Site, visitor: Visitor) -> None:
    mine = link_of(site)
    early = words(visitor.get(mine).text)
    assert "The room opens at 12:45" in early and "Join now" not in early
    assert calendar(visitor, mine) == ("PUBLISH", b"20261210T130000Z", 0)
    assert visitor.post(mine, {"do": "join"}).status_code == 409
    visitor.post(mine, {"do": "cancel"})
    assert calendar(visitor, mine) == ("CANCEL", b"20261210T130000Z", 1)
    assert "Take a seat after all" in visitor.get(mine).text
    visitor.post(mine, {"do": "again"})

    at(site, "2026-12-10T13:50")
    open_ = visitor.get(mine)
    assert "Join now" in open_.text and seat_of(site, 0).joined_at is None  # looking changes nothing
    allowed = re.search(r"form-action ([^;]+)", open_.headers["Content-Security-Policy"])
    assert allowed is not None and f"https://{urlsplit(ROOM).netloc}" in allowed[1]
    joined = visitor.post(mine, {"do": "join"})
    assert (joined.status_code, joined.location) == (303, ROOM) and seat_of(site, 0).joined_at is not None
    _refused(site, visitor)


def _refused(site: Site, visitor: Visitor) -> None:
    """No other link opens a seat, and nobody else's."""
    mail, sign = site.confirmations()[0], site.installation.signer.token
    other = sign(Purpose.SEAT, mail.partner_id + 1, mail.artefact_id, mail.id)
    wrong = [
        site.token(purpose, mail) for purpose in Purpose if purpose not in (Purpose.SEAT, Purpose.PREVIEW)
    ]
    for token in ("A" * 48, other, sign(Purpose.SEAT, 10_000, 0, 1), *wrong):
        assert visitor.get(f"/w/{token}").status_code == 404 == visitor.post(f"/w/{token}").status_code
    assert visitor.get(f"/w/{other}.ics").status_code == visitor.get("/w/x.ics").status_code == 404
    assert "test mail" in visitor.get(f"/w/{site.token(Purpose.PREVIEW, mail)}").text
    for path in ("/w/nobody/sleep-well", "/w/harbour-it/nothing", "/w/harbour-it/nothing/registered"):
        assert visitor.get(path).status_code == 404 == visitor.post(path).status_code
    assert visitor.get(f"{PAGE}/registered?k=x").status_code == 303


def _host(site: Site) -> None:
    host, address = marketer(site), f"/p/harbour-it/webinars/{site.campaign.public_id}"
    shown = host.get(f"{address}?sort=name")
    assert "Open the room" in shown.text and ANNA in part(shown.text, "people")
    assert part(host.get(page_of(site.campaign)).text, "webinar").endswith("Registered 2 Attended –")
    at(site, "2026-12-10T15:00")
    past = words(site.visitor().get(PAGE).text)
    assert "has taken place" in past and "Send me the recording" in past
    assert "Your seat" not in past and "Save my seat" not in past and "cannot come" not in past
    assert "Sleep well, live" in words(site.visitor().get(link_of(site)).text)
    file = {"list": (io.BytesIO(GOTO.encode()), "list.csv")}
    read = host.follow(host.post(f"{address}/attendance", file))
    assert "2 people you know were there" in words(read.text) and "GoTo" in read.text
    bad = host.post(f"{address}/attendance", {"list": (io.BytesIO(b"a,b\n1,2\n"), "x.csv")})
    assert bad.status_code == 422 and "no attendance list" in words(bad.text)
    rows = host.get(f"{address}/registrations.csv").text
    assert ANNA in rows and "41" in rows
    assert host.post(f"{address}/recording", {"recording": "ftp://x"}).status_code == 422
    host.post(f"{address}/recording", {"recording": "https://video.example/1"})
    assert "https://video.example/1" in site.visitor().get(PAGE).text
    assert "Watch the recording" in site.visitor().get(link_of(site)).text
    story = words(host.get(f"/p/harbour-it/leads/{site.leads()[0].public_id}").text)
    assert "registered for “Webinar”" in story and "joined “Webinar”" in story and "for 41 minutes" in story
    assert host.post(f"{address}/move", SET).status_code == 422  # it is over


def test_no_other_day_is_promised_for_a_mail_that_is_counted_from_the_webinar(site: Site) -> None:
    """It is the day after, a Saturday; every other mail goes on a working day."""
    draft, host = site.world.draft(wall=datetime.fromisoformat("2026-11-26T09:30")), marketer(site)
    assert host.post(setup_of(draft, "webinar"), {**SET, "day": "2026-12-11"}).status_code == 303
    schedule = part(host.get(setup_of(draft, "launch")).text, "schedule")
    assert schedule.count("no working day") == 1 and "Sat 12 Dec" in schedule
    assert "one press" not in schedule


def test_a_webinar_is_moved_and_cancelled_politely(site: Site) -> None:
    set_and_launch(site)
    visitor, host = site.visitor(), marketer(site)
    register(visitor, ANNA)
    address = f"/p/harbour-it/webinars/{site.campaign.public_id}"
    host.post(f"{address}/move", {**SET, "day": "2026-12-17"})
    assert "17 December" in visitor.get(PAGE).text
    assert calendar(visitor, link_of(site)) == ("PUBLISH", b"20261217T130000Z", 1)
    assert "1 person has a seat" in words(host.get(f"{address}/cancel").text)
    host.post(f"{address}/cancel")
    page = visitor.get(PAGE)
    assert page.status_code == 410 and "does not take place" in words(page.text)
    assert "does not take place" in words(visitor.get(link_of(site)).text)
