"""Step 1 of a launch in the browser: fields that keep themselves, locks, pictures, the way through the steps."""

import io
import re
from html import unescape

import pytest
from PIL import Image

from tcma.kits.models import Kit, KitVersion
from tcma.launches import drafts
from tcma.launches.models import Campaign
from tcma.organisations.models import Organisation, User
from tcma.partners import brands, senders
from tcma.partners.models import BrandProfile
from tcma.viewer import Role
from tests.factories import a_viewer
from tests.tcma.launches.ready import TUESDAY
from tests.tcma.launches.world import LOGO
from tests.web.partner.campaign_scene import marketer, setup_of, words
from tests.web.people import Visitor, signed_in
from tests.web.site import Site

ONE = {"X-Saved-Field": "1"}


@pytest.fixture
def draft(site: Site) -> Campaign:
    return site.world.draft(wall=TUESDAY)


@pytest.fixture
def person(site: Site) -> Visitor:
    return marketer(site)


def value_of(page: str, name: str) -> str:
    """What stands in a text field of a page."""
    found = re.search(rf'<input id="{name}"[^>]*?value="([^"]*)"', page)
    found = found or re.search(rf'<textarea id="{name}".*?>\n(.*?)</textarea>', page, re.DOTALL)
    assert found, name
    return unescape(found[1])


def profile(site: Site) -> BrandProfile:
    with site.installation.worker.reading() as session:
        found = brands.profile_of(session, site.partner_id)
    assert found is not None
    return found


def a_photo(kind: str = "JPEG") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (10, 90, 160)).save(out, kind)
    return io.BytesIO(out.getvalue())


def test_the_step_shows_the_vendors_texts_with_limits_and_the_locks_with_their_reason(
    person: Visitor, draft: Campaign
) -> None:
    page = person.get(setup_of(draft, "brand")).text
    assert value_of(page, "region-invite-headline") == "Stop ransomware before Monday"
    assert "Headline of the invitation, 60 characters" in page
    assert "Set by Northwind Security: The figure belongs to a named study" in page
    assert 'name="region-invite-figure"' not in page and 'name="region-page-figures"' not in page
    assert "Back to original" not in page


def test_a_field_keeps_itself_and_nothing_else_changes(site: Site, person: Visitor, draft: Campaign) -> None:
    before = profile(site)
    answer = person.post(
        setup_of(draft, "brand"), {"region-invite-headline": "Sleep on Friday", "locale": "en"}, headers=ONE
    )
    assert answer.status_code == 200
    assert 'id="setup-saved"' in answer.text and "Back to original" in answer.text
    assert 'id="preview"' not in answer.text  # drawn on its own
    assert site.world.reread(draft).region_values == {"en": {"invite-headline": "Sleep on Friday"}}
    person.post(setup_of(draft, "brand"), {"contact_phone": "+41 44 000 00 00"}, headers=ONE)
    after = profile(site)
    assert after.contact_phone == "+41 44 000 00 00"
    assert (after.contact_name, after.colour, after.logo) == (before.contact_name, before.colour, before.logo)


@pytest.mark.parametrize(
    ("region", "words_"),
    [
        ("invite-figure", "is locked and stays as it is. The figure belongs to a named study"),
        ("invented", "This kit has no region of this name"),
    ],
)
def test_a_value_for_a_part_that_is_locked_or_unknown_is_refused_and_nothing_is_stored(
    site: Site, person: Visitor, draft: Campaign, region: str, words_: str
) -> None:
    sent = {
        "locale": "en",
        f"region-{region}": "99 of 100",
        "region-invite-headline": "Sleep on Friday",
        "contact_phone": "+41 44 000 00 00",
    }
    answer = person.post(setup_of(draft, "brand"), sent)
    assert answer.status_code == 422 and words_ in unescape(answer.text)
    assert site.world.reread(draft).region_values == {}
    assert profile(site).contact_phone != "+41 44 000 00 00"


def test_a_picture_for_a_locked_part_is_refused_and_nothing_is_stored(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    answer = person.post(setup_of(draft, "brand"), {"region-invite-figure": (a_photo(), "photo.jpg")})
    assert answer.status_code == 422 and "takes a text, not a picture" in answer.text
    assert site.world.reread(draft).region_values == {}


def test_a_text_that_is_too_long_stays_typed_and_says_so(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    answer = person.post(
        setup_of(draft, "brand"), {"region-invite-headline": "x" * 61, "locale": "en"}, headers=ONE
    )
    assert answer.status_code == 422
    assert "has 61 characters. It may have 60." in answer.text
    assert 'id="region-invite-headline-error"' in answer.text
    assert value_of(answer.text, "region-invite-headline") == "x" * 61
    assert site.world.reread(draft).region_values == {}


def test_back_to_original_takes_the_vendors_text_again(site: Site, person: Visitor, draft: Campaign) -> None:
    address = setup_of(draft, "brand")
    person.post(address, {"region-invite-headline": "Sleep on Friday", "locale": "en"}, headers=ONE)
    whole = {"region-invite-headline": "Sleep on Friday", "locale": "en", "original": "invite-headline"}
    page = person.follow(person.post(address, whole))
    assert value_of(page.text, "region-invite-headline") == "Stop ransomware before Monday"
    assert site.world.reread(draft).region_values == {"en": {}}


def test_a_form_sent_as_a_whole_keeps_no_copy_of_the_vendors_texts_and_goes_on(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    address = setup_of(draft, "brand")
    page = person.get(address).text
    names = re.findall(
        r'(?:<input id|<textarea id)="(region-[a-z-]+)"[^>]*name="region-[a-z-]+"(?! type="(?:file|checkbox))',
        page,
    )
    sent = {name: value_of(page, name).replace("\n", "\r\n") for name in names if "picture" not in name}
    assert len(sent) > 8
    answer = person.post(address, {**sent, "region-quote": ["off", "on"], "locale": "en", "continue": "1"})
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/setup/audience")
    assert site.world.reread(draft).region_values == {"en": {"quote": "on"}}


def test_a_picture_of_ones_own_is_taken_in_shown_and_given_back(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    address = setup_of(draft, "brand")
    answer = person.post(
        address, {"region-page-picture": (a_photo("PNG"), "../../photo.exe"), "locale": "en"}, headers=ONE
    )
    assert answer.status_code == 200
    name = site.world.reread(draft).region_values["en"]["page-picture"]
    assert re.fullmatch(r"[0-9a-f]{64}\.jpg", name) and f'src="/i/{name}"' in answer.text
    assert person.get(f"/i/{name}").status_code == 200
    person.post(address, {"original": "page-picture", "locale": "en"}, headers=ONE)
    assert site.world.reread(draft).region_values == {"en": {}}


def test_a_file_that_is_no_picture_is_refused_beside_its_field(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    fake = (io.BytesIO(b"<svg onload=alert(1)>"), "photo.png")
    answer = person.post(setup_of(draft, "brand"), {"region-page-picture": fake, "locale": "en"}, headers=ONE)
    assert answer.status_code == 422 and 'id="region-page-picture-error"' in answer.text
    assert "neither PNG nor JPEG" in answer.text
    assert site.world.reread(draft).region_values == {}


def test_a_picture_that_was_never_uploaded_here_cannot_be_named(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    sent = {"region-page-picture": f"{'0' * 64}.png", "locale": "en"}
    answer = person.post(setup_of(draft, "brand"), sent)
    assert answer.status_code == 422 and "not here any more" in answer.text


def test_a_logo_brings_its_colours_and_one_that_is_none_is_refused_with_a_sentence(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    address = setup_of(draft, "brand")
    answer = person.post(
        address, {"logo": (io.BytesIO(LOGO.replace(b"#1d3f72", b"#2e7d32")), "logo.svg")}, headers=ONE
    )
    assert answer.status_code == 200
    assert re.findall(r'name="colour" value="(#[0-9a-f]{6})"', answer.text)
    assert "easy to read" in words(answer.text) or "so that everybody can read them" in words(answer.text)
    shown = re.findall(r'<img src="(/i/[0-9a-f]{64}\.png)"', answer.text)
    assert len(shown) == 2 and all(person.get(path).status_code == 200 for path in shown)
    kept = profile(site).logo
    refused = person.post(address, {"logo": (io.BytesIO(b"GIF89a nothing"), "logo.gif")}, headers=ONE)
    assert refused.status_code == 422 and 'id="logo-error"' in refused.text
    assert "neither PNG, JPEG nor SVG" in refused.text
    assert profile(site).logo == kept


def test_a_grey_is_darkened_and_the_page_says_so_with_both_colours(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    answer = person.post(setup_of(draft, "brand"), {"colour": "own", "colour_own": "#8a8a8a"}, headers=ONE)
    assert "We darkened your grey a little on buttons so that everybody can read them." in words(answer.text)
    assert 'fill="#8a8a8a"' in answer.text and 'fill="#757575"' in answer.text
    assert "grey" in re.search(r'id="setup-steps".*?</nav>', answer.text, re.DOTALL)[0]  # type: ignore[index]
    bad = person.post(setup_of(draft, "brand"), {"colour": "own", "colour_own": "reddish"}, headers=ONE)
    assert bad.status_code == 422 and 'id="colour-error"' in bad.text
    assert profile(site).colour == "#8a8a8a"


def test_a_missing_postal_address_is_asked_for_and_then_no_more(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    with site.worker() as session:
        firm = session.get_one(Organisation, site.partner_id)
        firm.street = firm.city = firm.postal_code = ""
    address = setup_of(draft, "brand")
    page = person.get(address).text
    assert 'id="street"' in page and "Your postal address is missing" in words(page)
    answer = person.post(address, {"street": "Hafenstrasse 1"}, headers=ONE)
    assert "Your postal address is missing" in words(answer.text)
    person.post(address, {"postal_code": "8001", "city": "Zürich"}, headers=ONE)
    page = person.get(address).text
    assert 'id="street"' not in page and "is missing" not in words(page)


def test_a_sending_address_of_ones_own_is_not_taken_from_a_form(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    person.post(setup_of(draft, "brand"), {"sender_email": "boss@bank.example"}, headers=ONE)
    with site.installation.worker.reading() as session:
        assert senders.own_address(session, site.partner_id) == ""


def test_a_reader_sees_the_step_and_changes_nothing(site: Site, draft: Campaign) -> None:
    with site.installation.owner.transaction() as session:
        reader = a_viewer(session, session.get_one(Organisation, site.partner_id), Role.READER)
        email = session.get_one(User, reader.user_id).email
    visitor = signed_in(site, email)
    assert visitor.get(setup_of(draft, "brand")).status_code == 200
    assert visitor.post(setup_of(draft, "brand"), {"contact_name": "Mallory"}).status_code == 403
    assert profile(site).contact_name == "Marc Keller"


def test_another_partner_does_not_find_the_draft(sites: list[Site]) -> None:
    draft = sites[0].world.draft()
    stranger = marketer(sites[1])
    path = f"/p/alpine-it/campaigns/{draft.public_id}/setup/brand"
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, {"region-invite-headline": "Mine now"}).status_code == 404


def test_launching_a_kit_makes_a_draft_and_leads_a_returning_partner_to_the_people(
    site: Site, person: Visitor
) -> None:
    version = site.world.version.public_id
    answer = person.post("/p/harbour-it/campaigns/setup", {"version": str(version)})
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/setup")
    assert person.get(answer.headers["Location"]).headers["Location"].endswith("/setup/audience")
    (made,) = [
        found for found in site.rows(Campaign, partner_id=site.partner_id) if found.id != site.campaign.id
    ]
    assert made.status == "draft" and made.list_id == site.campaign.list_id

    again = person.post("/p/harbour-it/campaigns/setup", {"version": str(version)})
    assert again.headers["Location"] == answer.headers["Location"]
    kit = site.rows(KitVersion, public_id=version)[0].kit_id
    page = person.get(f"/p/harbour-it/kits/{site.rows(Kit, id=kit)[0].public_id}").text
    assert "Continue your draft" in page and "Launch this kit" not in page
    another = person.post("/p/harbour-it/campaigns/setup", {"version": str(version), "another": "1"})
    assert another.headers["Location"] != answer.headers["Location"]


def test_a_kit_that_is_not_there_is_not_launched(site: Site, person: Visitor) -> None:
    assert person.post("/p/harbour-it/campaigns/setup", {"version": "nonsense"}).status_code == 422
    unknown = "0190a000-0000-7000-8000-000000000000"
    assert person.post("/p/harbour-it/campaigns/setup", {"version": unknown}).status_code == 404


def test_a_launched_campaign_has_no_steps(site: Site, person: Visitor) -> None:
    away = person.get(setup_of(site.campaign, "brand"))
    assert away.status_code == 303 and away.headers["Location"].endswith(
        f"/campaigns/{site.campaign.public_id}"
    )
    assert "This campaign was launched." in person.follow(away).text
    assert person.post(setup_of(site.campaign, "budget"), {"continue": "1"}).status_code == 409


def test_each_language_of_a_campaign_has_texts_of_its_own(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    world = site.world
    drafts.set_locales(world.installation.web, world.partner, world.files, draft.public_id, ["en", "de"])
    address = setup_of(draft, "brand")
    page = person.get(f"{address}?locale=de").text
    assert value_of(page, "region-invite-button") == "Checkliste holen" and 'value="de"' in page
    person.post(address, {"region-invite-button": "Jetzt holen", "locale": "de"}, headers=ONE)
    assert world.reread(draft).region_values == {"de": {"invite-button": "Jetzt holen"}}
    assert value_of(person.get(f"{address}?locale=en").text, "region-invite-button") == "Get the checklist"


def test_the_picture_of_the_contact_person_is_taken_in_and_removed_on_the_step(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    step = setup_of(draft, "brand")
    saved = person.post(step, {"contact_picture": (a_photo(), "me.jpg")}, headers=ONE)
    kept = profile(site).contact_picture
    assert saved.status_code == 200 and kept is not None and kept["large"]["name"] in saved.text
    answer = person.post(step, {"no_picture": "1"})
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/setup/brand")
    assert profile(site).contact_picture is None
