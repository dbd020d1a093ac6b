"""Launching a kit that holds more than this installation runs, and says another price in each country."""

from tcma.kits.catalogue import offered_to
from tcma.launches import artefacts, kit_previews, pages, webinars
from tcma.organisations.models import Organisation
from tests.campaigns.kit_materials import FULL, every_kind
from tests.installation import Installation
from tests.tcma.launches.world import MONDAY, World, a_world
from tests.tcma.seats.scene import a_wish

PRICES = "countries: {CH: {en: CHF 12 a seat}, DE: {en: EUR 11 a seat}}"


def a_priced_world(database: Installation) -> World:
    """Every kind of touch; the mail's figure and the page's lead are prices."""
    manifest = FULL.replace("reason: It is quoted.}", f"reason: Fixed., {PRICES}}}").replace(
        "lead: {label: Two lines}", f"lead: {{content: price, label: Price, reason: Fixed., {PRICES}}}"
    )
    return a_world(database, every_kind({"kit.yml": manifest}))


def test_only_what_runs_is_launched_and_the_price_is_the_partners_countrys(database: Installation) -> None:
    world = a_priced_world(database)
    world.people(["anna@firm.example"])
    world.set_clock(MONDAY)
    campaign = world.draft()
    webinars.set_webinar(database.web, world.partner, world.files, campaign.public_id, a_wish())
    campaign = world.launch(campaign).campaign

    assert set(world.touches(campaign)) == {"page", "invite", "reminder", "talk", "seat", "recording"}
    (delivery,) = world.deliveries(campaign, "invite")
    with world.as_partner() as session:
        partner = session.get_one(Organisation, campaign.partner_id)
        assert partner.country == "CH"
        mail = artefacts.load_artefact(session, world.files, delivery.artefact_id)
        page = pages.open_page(session, world.files, world.reread(campaign), partner, None)
        (offered,) = offered_to(session, world.partner)
    seen = kit_previews.look(database.web, world.partner, world.files, world.settings, offered.kit.public_id)
    for html in (mail.html, page.values.text("lead"), kit_previews.page(seen).values.text("lead")):
        assert html is not None and "CHF 12 a seat" in html and "EUR" not in html
    assert "81 in 100" not in mail.html
