"""Posts that stand ready: counted, copied by one press, with pictures in the partner's brand and a link that counts."""

import io
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import expect

from tcma.bench.browser.house import House
from tcma.launches import drafts, launching
from tcma.organisations import queries as organisations
from tcma.partners import brands
from tests.browser import world
from tests.browser.people import Person
from tests.browser.world import HARBOUR, Names
from tests.web.site import BROWSER

At = Callable[..., Person]
SIZES = {(1200, 627), (1080, 1080)}
COLOUR = "#f58220"
NEAR, SOME = 12, 0.005  # of 255 for each colour; of the picture's pixels


def test_a_post_is_copied_with_its_pictures_and_leads_to_the_page(house: House, at: At) -> None:
    installed, campaign = house.installation, world.draft(house)
    with installed.owner.reading() as session:
        marc = organisations.viewer_for(session, Names.owner, HARBOUR)
    with installed.web.transaction(marc.organisation_id) as session:
        brands.change(session, marc, {"colour": COLOUR})  # another test may have tried colours
        drafts.set_link_only(session, marc, campaign.public_id)
    launching.launch(installed.web, marc, installed.storage, installed.settings, campaign.public_id)
    mia = at(house, Names.marketer)
    mia.page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    mia.open(f"/p/{HARBOUR}/campaigns/{campaign.public_id}/social")
    post = mia.page.locator(".posts .card").first
    text = post.locator(".post-text").text_content() or ""
    expect(post).to_contain_text(f"{len(text)} of ")
    post.get_by_role("button", name="Copy text").click()
    expect(post.get_by_role("button")).to_have_text("Copied")
    assert mia.page.evaluate("navigator.clipboard.readText()") == text

    pictures = [Image.open(io.BytesIO(content)) for content in loaded(mia)]
    assert {picture.size for picture in pictures} == SIZES
    assert all(share_of_brand(picture) > SOME for picture in pictures)

    visitor = at(house)
    visitor.page.set_extra_http_headers({"User-Agent": BROWSER})  # one without a window counts as a machine
    visitor.open(text.split()[-1])
    expect(visitor.page.locator("form button[type=submit]").first).to_be_visible()
    mia.page.reload()
    expect(mia.page.locator("#visits")).to_contain_text("1 visit")


def loaded(person: Person) -> list[bytes]:
    """The pictures of the page, as its browser gets them."""
    found = person.page.locator(".post-pictures img")
    addresses = [str(one.get_attribute("src")) for one in found.all()]
    return [person.page.request.get(address).body() for address in addresses]


def share_of_brand(picture: Image.Image) -> float:
    """How much of the picture has the partner's colour."""
    small = picture.convert("RGB").resize((200, 120), Image.Resampling.NEAREST)
    colours = small.getcolors(small.width * small.height) or []
    close = sum(
        count
        for count, pixel in colours
        if isinstance(pixel, tuple)
        and all(abs(one - other) <= NEAR for one, other in zip(pixel, bytes.fromhex(COLOUR[1:]), strict=True))
    )
    return close / (small.width * small.height)
