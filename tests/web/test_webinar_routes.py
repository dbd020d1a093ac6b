"""The routes of a webinar's page and of a seat in it × who comes × method, generated from the routes themselves. Two
partners have one each, of the same kit; nothing here changes anything, so all of them share one installation."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.routing import Rule

from campaigns.links import Purpose
from tcma import addresses
from tcma.launches import webinars
from tcma.launches.deliveries import Delivery, MessageClass
from tcma.launches.models import Campaign
from tcma.web.guards import Access
from tcma.webinars.models import Seat, WebinarSession
from tests.campaigns.webinar_kit import webinar_files
from tests.tcma.launches.world import MONDAY, World, a_world
from tests.tcma.seats.scene import a_wish
from tests.web.site import ANNA, DORA, Site, another_site, behind, inputs, on_sqlite
from tests.web.test_routes import ELSEWHERE, KEPT, OF_FIRST, OF_SECOND, ask, cells, guard_of

ROWS = (*KEPT, Seat, WebinarSession)
PAGES = [cell for cell in cells(Access.CAMPAIGN) if cell.values[0].endpoint.startswith("webinar.")]
SEATS = [cell for cell in cells(Access.TOKEN) if guard_of(cell.values[0]).purpose is Purpose.SEAT]
OPENS = {Purpose.SEAT, Purpose.PREVIEW, Purpose.CALENDAR}  # the last one the calendar file alone


@pytest.fixture(scope="module")
def sites(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Site]]:
    """Each with one person who has a seat."""
    folder = tmp_path_factory.mktemp("webinars")
    shutil.copyfile(sqlite_template, folder / "tcma.db")
    installation = on_sqlite(folder)
    world = a_world(installation, webinar_files())
    world.set_clock(MONDAY)
    world.people([ANNA], company="Lindt AG")
    first = behind(world, launched(world))
    second = another_site(first, launched)
    for site, address in ((first, ANNA), (second, DORA)):
        visitor, page = site.visitor(), page_of(site)
        form = {"email": address, "zone": "Europe/Zurich", "reminders": "1", "do": "seat"}
        token = inputs(visitor.get(page).text)["form_token"]
        assert visitor.post(page, {"form_token": token, **form}).status_code == 303
    yield [first, second]
    installation.dispose()


def launched(world: World) -> Campaign:
    campaign, owner = world.draft(), world.partner
    wish = a_wish(host_name=owner.organisation_name)
    webinars.set_webinar(world.installation.web, owner, world.files, campaign.public_id, wish)
    return world.launch(campaign).campaign


def page_of(site: Site) -> str:
    return addresses.webinar(site.slug.split("/")[2], site.campaign.slug)


def mail_of(site: Site) -> Delivery:
    """The mail that confirmed the seat."""
    found = site.rows(Delivery, partner_id=site.partner_id, message_class=MessageClass.SERVICE)[0]
    assert isinstance(found, Delivery)
    return found


def everything(site: Site) -> list[list[str]]:
    return [[str(vars(row) | {"_sa_instance_state": ""}) for row in site.rows(model)] for model in ROWS]


def test_the_tables_know_the_routes() -> None:
    assert {rule.values[0].endpoint for rule in PAGES} == {
        f"webinar.{view}" for view in ("show", "register", "registered", "give_back")
    }
    assert {rule.values[0].endpoint for rule in SEATS} == {"seat.show", "seat.press", "seat.calendar"}


@pytest.mark.parametrize(("rule", "method"), PAGES)
def test_a_webinars_page_is_open_by_its_own_address_alone(sites: list[Site], rule: Rule, method: str) -> None:
    before = everything(sites[0])
    for site, foreign in zip(sites, (OF_SECOND, OF_FIRST), strict=True):
        shown = ask(site, rule, method)
        assert shown.status_code in (200, 303, 422)
        assert not any(word.encode() in shown.data for word in foreign)
    for wrong in ({"partner": "nobody"}, {"campaign": "nothing"}, {"partner": "vendor-1"}):
        assert ask(sites[0], rule, method, **wrong).status_code == 404, wrong
    assert everything(sites[0]) == before


@pytest.mark.parametrize(("rule", "method"), SEATS)
def test_a_seat_is_opened_by_its_own_link_alone(sites: list[Site], rule: Rule, method: str) -> None:
    site, other = sites
    before = everything(site)
    for one, foreign in zip(sites, (OF_SECOND, OF_FIRST), strict=True):
        answer = ask(one, rule, method, token=one.token(Purpose.SEAT, mail_of(one)))
        assert answer.status_code == (303 if method == "POST" else 200)
        assert not any(word.encode() in answer.data for word in foreign)
    mail, another = mail_of(site), mail_of(other)
    sign, genuine = site.installation.signer.token, site.token(Purpose.SEAT, mail)
    refused = {
        "none": "-",
        "cut off": genuine[:-1],
        "changed": genuine[:-1] + ("A" if genuine[-1] != "A" else "B"),
        "of another installation": ELSEWHERE.signer.token(
            Purpose.SEAT, mail.partner_id, mail.artefact_id, mail.id
        ),
        "another's partner": sign(Purpose.SEAT, another.partner_id, mail.artefact_id, mail.id),
        "another's seat": sign(Purpose.SEAT, mail.partner_id, mail.artefact_id, another.id),
        "nobody's": sign(Purpose.SEAT, 10_000, mail.artefact_id, mail.id),
        **{purpose.name: site.token(purpose, mail) for purpose in Purpose if purpose not in OPENS},
    }
    for why, token in refused.items():
        answer = ask(site, rule, method, token=token)
        assert answer.status_code == 404, why
        assert not any(word.encode() in answer.data for word in (*OF_FIRST, *OF_SECOND)), why
    assert everything(site) == before
