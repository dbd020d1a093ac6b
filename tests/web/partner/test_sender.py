"""The page of the own sending address: entered, its records shown with what stands there, looked up again, removed."""

from collections.abc import Iterator
from html import unescape

import pytest

from tcma.organisations.models import Organisation, User
from tcma.partners import senders
from tcma.partners.models import SenderDomain
from tcma.partners.names import SystemResolver
from tcma.partners.sender_records import Ways
from tcma.viewer import Role
from tests.factories import a_viewer
from tests.names import Zone, served
from tests.web.partner.campaign_scene import words
from tests.web.people import Visitor, signed_in
from tests.web.site import Site

PAGE = "/p/harbour-it/brand/sender"
ADDRESS = {"sender_address": "news@own.example"}


@pytest.fixture(scope="module")
def server() -> Iterator[Zone]:
    with served() as zone:
        yield zone


def person_with(site: Site, role: Role) -> Visitor:
    with site.installation.owner.transaction() as session:
        person = a_viewer(session, session.get_one(Organisation, site.partner_id), role)
        email = session.get_one(User, person.user_id).email
    return signed_in(site, email)


def row_of(site: Site) -> SenderDomain | None:
    with site.installation.worker.reading() as session:
        return senders.sender_of(session, site.partner_id)


def test_records_are_shown_looked_up_by_a_worker_and_the_page_stops_asking(site: Site, server: Zone) -> None:
    owner = person_with(site, Role.OWNER)
    assert "Use your own domain" in owner.get("/p/harbour-it/brand").text
    page = owner.follow(owner.post(PAGE, ADDRESS)).text
    row = row_of(site)
    assert row is not None
    shared = site.installation.settings.mail_from.rpartition("@")[2]
    for text in (f"tcma-domain={row.token}", f"v=spf1 include:{shared} ~all", "_dmarc.own.example"):
        assert text in page
    assert (
        page.count("data-copy=") == 8 and "Being looked up" in page and 'hx-trigger="load delay:1s"' in page
    )
    settings = site.installation.settings
    server.table["own.example", "TXT"] = ["v=spf1 -all"]
    server.table["_tcma.own.example", "TXT"] = [f"tcma-domain={row.token}"]
    senders.look_up(site.installation.worker, settings, SystemResolver(server.address), row.id)

    page = owner.get(PAGE).text

    said = words(page)
    assert "Not verified yet" in said and "Missing" in said and "Now there stands: v=spf1 -all" in said
    assert f"v=spf1 include:{shared} -all" in page and 'hx-trigger="load delay' not in page
    assert "own.example is not verified yet" in words(owner.get("/p/harbour-it/brand").text)
    for shown in senders.shown(row_of(site) or row, Ways.of(settings)):
        server.table[shown.record.name, shown.record.kind] = [shown.record.value]
    senders.look_up(site.installation.worker, settings, SystemResolver(server.address), row.id)
    assert "go out from news@own.example" in words(owner.get(PAGE).text)
    assert "news@own.example, your own verified address" in words(owner.get("/p/harbour-it/brand").text)
    assert "leaves from the shared domain again" in owner.follow(owner.post(f"{PAGE}/remove", {})).text
    assert row_of(site) is None


def test_a_refused_domain_is_said_beside_the_field_and_kept_as_typed(site: Site) -> None:
    owner = person_with(site, Role.OWNER)
    answer = owner.post(PAGE, {"sender_address": "marc@gmail.com"})
    assert answer.status_code == 422 and 'id="sender_address-error"' in answer.text
    assert "belongs to a mail provider" in unescape(answer.text) and 'value="marc@gmail.com"' in answer.text
    assert row_of(site) is None


def test_a_marketer_has_it_looked_up_and_changes_nothing(site: Site) -> None:
    marketer, owner = person_with(site, Role.MARKETER), person_with(site, Role.OWNER)
    assert marketer.post(PAGE, ADDRESS).status_code == 403
    owner.post(PAGE, ADDRESS)
    assert marketer.post(f"{PAGE}/look", {}).status_code == 303
    assert marketer.post(f"{PAGE}/remove", {}).status_code == 403
    page = marketer.get(PAGE).text
    assert 'id="look-again"' in page and 'id="sender-form"' not in page


def test_another_partners_sender_is_not_found(sites: list[Site]) -> None:
    stranger = person_with(sites[1], Role.OWNER)
    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(f"{PAGE}/look", {}).status_code == 404
