"""The brand's own page: the same fields as step 1, with a live sample."""

import io
import re
import time
from html import unescape

import pytest
from PIL import Image, ImageDraw

from tcma.kits.models import KitVersion
from tcma.organisations.models import Organisation, User
from tcma.partners import brands
from tcma.partners.models import BrandProfile
from tcma.viewer import Role
from tests.factories import a_viewer
from tests.tcma.launches.world import LOGO
from tests.tcma.partners import firm_site
from tests.web.partner.campaign_scene import marketer, words
from tests.web.people import Visitor, signed_in
from tests.web.site import Site, behind

PICTURE = "contact_picture"

PAGE = "/p/harbour-it/brand"
ONE = {"X-Saved-Field": "1"}


@pytest.fixture
def person(site: Site) -> Visitor:
    return marketer(site)


def kept(site: Site) -> tuple[BrandProfile, Organisation]:
    with site.installation.worker.reading() as session:
        found = brands.profile_of(session, site.partner_id)
        assert found is not None
        return found, session.get_one(Organisation, site.partner_id)


def a_photo() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (10, 90, 160)).save(out, "JPEG")
    return io.BytesIO(out.getvalue()), "me.jpg"


def sample_of(person: Visitor) -> str:
    found = re.search(r'<iframe[^>]*src="([^"]+)"', person.get(PAGE).text)
    assert found is not None
    return unescape(found[1])


def test_the_page_holds_every_field_of_the_brand_and_a_sample_in_it(person: Visitor) -> None:
    page = person.get(PAGE)
    assert page.status_code == 200
    for field in ("logo", "colour", "contact_name", "sender_name", "legal_name", "street", "imprint_url"):
        assert f'id="{field}"' in page.text
    assert "Dark text on your orange, 6.9 to 1: easy to read." in words(page.text)
    frame = person.get(sample_of(person))
    assert frame.status_code == 200 and "#f58220" in frame.text and "Marc Keller" in frame.text
    assert "default-src 'none'" in frame.headers["Content-Security-Policy"]


def test_all_fields_are_saved_at_once_or_one_by_one(site: Site, person: Visitor) -> None:
    answer = person.post(
        PAGE,
        {
            "contact_name": " Ursina  Alpiger ",
            "contact_title": "Owner",
            "website": "harbour-it.example/welcome",
            "legal_name": "Harbour IT AG",
            "street": "Quai 7",
        },
    )
    assert "Your brand is saved." in person.follow(answer).text
    profile, firm = kept(site)
    assert (profile.contact_name, profile.contact_title) == ("Ursina Alpiger", "Owner")
    assert profile.website == "https://harbour-it.example/welcome"
    assert (firm.legal_name, firm.street) == ("Harbour IT AG", "Quai 7")
    one = person.post(PAGE, {"contact_title": ""}, headers=ONE)
    assert one.status_code == 200 and 'id="setup-saved"' in one.text
    assert kept(site)[0].contact_title == ""
    assert "Ursina Alpiger" in person.get(sample_of(person)).text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("contact_email", "marc at harbour", "Write it as name@company.com."),
        ("imprint_url", "javascript://x", "Write the whole address, beginning with https://."),
        ("contact_name", "M" * 121, "At most 120 characters"),
        ("contact_title", "Sales\x07", "control characters cannot be used"),
        ("street", "x" * 161, "At most 160 characters"),
    ],
)
def test_a_field_that_cannot_be_printed_is_refused_beside_it_and_nothing_is_kept(
    site: Site, person: Visitor, field: str, typed: str, said: str
) -> None:
    before = kept(site)[0].contact_phone
    answer = person.post(PAGE, {field: typed, "contact_phone": "+41 44 000 00 00"})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert said in unescape(answer.text)
    assert kept(site)[0].contact_phone == before


def test_a_file_that_is_too_large_or_no_logo_is_refused(site: Site, person: Visitor) -> None:
    before = kept(site)[0].logo
    large = (io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(6 * 1024 * 1024)), "logo.png")
    answer = person.post(PAGE, {"logo": large}, headers=ONE)
    assert answer.status_code == 422 and "larger than 5 MB" in answer.text
    huge = (io.BytesIO(bytes(10 * 1024 * 1024)), "logo.png")
    assert person.post(PAGE, {"logo": huge}, headers=ONE).status_code == 413
    assert kept(site)[0].logo == before
    assert person.post(PAGE, {"logo": (io.BytesIO(LOGO), "logo.svg")}, headers=ONE).status_code == 200


def test_a_logo_for_dark_ground_replaces_the_one_that_was_made(site: Site, person: Visitor) -> None:
    white = io.BytesIO()
    drawn = Image.new("RGBA", (300, 120))
    ImageDraw.Draw(drawn).ellipse((20, 10, 280, 110), fill="white", outline="#f58220", width=9)
    drawn.save(white, "PNG")
    person.post(PAGE, {"logo": (io.BytesIO(LOGO), "logo.svg")}, headers=ONE)
    before = kept(site)[0].logo
    refused = person.post(PAGE, {"logo_dark": (io.BytesIO(b"GIF89a"), "dark.gif")}, headers=ONE)
    assert refused.status_code == 422 and 'id="logo_dark-error"' in refused.text
    answer = person.post(PAGE, {"logo_dark": (io.BytesIO(white.getvalue()), "dark.png")}, headers=ONE)
    after = kept(site)[0].logo
    assert before and after and after["light"] == before["light"] and after["dark"] != before["dark"]
    assert not after["dark_has_plate"] and f"/i/{after['dark']['name']}" in answer.text
    other = LOGO.replace(b"#f58220", b"#20a5f5")
    assert other != LOGO
    person.post(PAGE, {"logo": (io.BytesIO(other), "logo.svg")}, headers=ONE)
    again = kept(site)[0].logo
    assert (
        again and again["light"] != after["light"] and again["dark"] == after["dark"]
    )  # it is the partner's own
    assert 'id="no-logo-dark"' in person.get(PAGE).text
    removed = person.follow(person.post(PAGE, {"no_logo_dark": "1"})).text
    made = kept(site)[0].logo
    assert made and made["light"] == again["light"] and made["dark"] not in (after["dark"], before["dark"])
    assert "made_dark" not in made and 'id="no-logo-dark"' not in removed


def test_a_picture_of_the_contact_person_is_shown_at_once_in_the_mail_and_on_the_page(
    site: Site, person: Visitor
) -> None:
    assert 'id="no-picture"' not in person.get(PAGE).text
    saved = person.post(PAGE, {PICTURE: a_photo()}, headers=ONE)
    kept_picture = kept(site)[0].contact_picture
    assert kept_picture is not None
    small, large = (f"/i/{kept_picture[size]['name']}" for size in ("small", "large"))
    assert saved.status_code == 200 and large in saved.text and 'id="no-picture"' in saved.text
    for address in (small, large):
        picture = person.get(address)
        assert (picture.status_code, picture.content_type) == (200, "image/jpeg")
    assert small in person.get(sample_of(person)).text

    answer = person.post(PAGE, {"no_picture": "1"})
    assert "Your brand is saved." in person.follow(answer).text
    assert kept(site)[0].contact_picture is None
    assert small not in person.get(sample_of(person)).text


def test_what_is_no_picture_of_a_person_is_refused_beside_the_field(site: Site, person: Visitor) -> None:
    answer = person.post(PAGE, {PICTURE: (io.BytesIO(LOGO), "me.jpg"), "contact_title": "Owner"})
    assert answer.status_code == 422 and 'id="contact_picture-error"' in answer.text
    assert "neither PNG nor JPEG" in answer.text and 'value="Owner"' in answer.text
    assert kept(site)[0].contact_picture is None and kept(site)[0].contact_title != "Owner"


def test_a_partner_without_brand_and_without_kits_sees_an_empty_form_and_what_will_be_there(
    site: Site, person: Visitor
) -> None:
    with site.installation.owner.transaction() as session:
        session.delete(brands.profile_of(session, site.partner_id))
        for version in session.query(KitVersion):
            version.status = "withdrawn"  # type: ignore[assignment]
    page = person.get(PAGE)
    assert page.status_code == 200 and "Once a vendor opens a kit to you" in page.text
    person.post(PAGE, {"contact_phone": "+41 44 555 00 00"}, headers=ONE)
    assert kept(site)[0].contact_phone == "+41 44 555 00 00"
    assert kept(site)[0].contact_email  # whoever saved it answers until somebody else is named


def test_a_reader_looks_and_changes_nothing(site: Site) -> None:
    with site.installation.owner.transaction() as session:
        reader = a_viewer(session, session.get_one(Organisation, site.partner_id), Role.READER)
        email = session.get_one(User, reader.user_id).email
    visitor = signed_in(site, email)
    assert visitor.get(PAGE).status_code == 200
    assert visitor.post(PAGE, {"contact_name": "Mallory"}).status_code == 403


def test_another_partners_brand_is_not_found(sites: list[Site]) -> None:
    stranger = marketer(sites[1])
    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(PAGE, {"contact_name": "Mallory"}).status_code == 404


def test_a_logo_that_cannot_be_fetched_is_said_so_and_everything_else_is_kept(
    site: Site, person: Visitor
) -> None:
    page = person.get(PAGE).text
    assert "Fetch logo and colours from" in page
    before = kept(site)[0].logo
    answer = person.post(
        PAGE, {"fetch": "1", "website": "http://127.0.0.1:9/", "contact_title": "Chief of everything"}
    )

    assert answer.status_code == 422
    assert "127.0.0.1:9 did not answer. Try again later, or upload the logo." in words(answer.text)
    profile = kept(site)[0]
    assert profile.logo == before and profile.contact_title == "Chief of everything"


def test_the_logo_of_the_firms_web_site_is_taken_in_like_an_upload(site: Site, person: Visitor) -> None:
    brands.set_logo(site.installation.web, site.world.partner, site.installation.storage, LOGO)
    uploaded = kept(site)[0].logo  # the same picture as the web site's
    with site.worker() as session:
        profile = brands.profile_of(session, site.partner_id)
        assert profile is not None
        profile.logo = None
    with firm_site.served() as address:
        page = person.follow(person.post(PAGE, {"fetch": "1", "website": f"{address}/told"}))

    assert "Your brand is saved." in words(page.text)
    assert uploaded is not None and kept(site)[0].logo == uploaded


def test_a_web_site_that_keeps_one_waiting_is_given_up_and_said_so(site: Site) -> None:
    hurried = behind(site.world, site.campaign, website_time=0.3)
    before = kept(site)[0].logo
    person = marketer(hurried)
    with firm_site.served() as address:
        begun = time.monotonic()
        answer = person.post(PAGE, {"fetch": "1", "website": f"{address}/trickle"})
        assert time.monotonic() - begun < 6  # not the eight seconds of other installations

    assert answer.status_code == 422
    assert "took too long to answer. Try again later, or upload the logo." in words(answer.text)
    assert kept(site)[0].logo == before
