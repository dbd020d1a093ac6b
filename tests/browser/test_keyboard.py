"""The five main ways through the product, without a mouse."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tcma.bench.browser.house import House
from tests.browser import world
from tests.browser.keys import press, walk_to
from tests.browser.launching import Launch
from tests.browser.people import Person
from tests.browser.prospects import answer
from tests.browser.world import Names

At = Callable[..., Person]


def test_launching(house: House, at: At, tmp_path: Path) -> None:
    launch = Launch(at(house, Names.owner), tmp_path)
    page = launch.page
    launch.begin_kit("Stop ransomware before Monday")
    launch.open_step("brand")
    launch.choose_logo()
    launch.open_step("audience")
    launch.choose_people()  # the file is chosen in a dialog of the browser's own
    walk_to(page, launch.basis("customer"))
    page.keyboard.press("Space")
    expect(page.locator("#basis-card")).to_contain_text("Stated by")
    press(page, page.locator("#continue"))
    page.wait_for_url("**/setup/budget")
    press(page, page.get_by_role("button", name="Go on without"))
    page.wait_for_url("**/setup/launch")
    press(page, page.locator("#launch"))
    expect(page.locator("#launch-dialog")).to_be_visible()
    press(page, page.locator("#yes-launch"))
    page.wait_for_url("**/campaigns/*")


def test_working_a_lead(house: House, at: At) -> None:
    made = world.scene(house, 3, "Lead's people")
    campaign = made.draft(now=True)
    made.launch(campaign)
    answer(at(house, script=False), campaign.slug, "beat@aare.example", "Aare Bau")
    page = at(house, Names.sales).page
    page.goto("/p/harbour-it/leads")
    page.get_by_text("Aare Bau").first.wait_for()
    press(page, page.locator("#step-accept"))
    expect(page.locator("body")).to_contain_text("Accepted")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement !== document.body")


def test_asking_for_funding(house: House, at: At) -> None:
    page = at(house, Names.owner).page
    page.goto("/p/harbour-it/funding")
    press(page, page.get_by_role("link", name="Ask for funding").first)
    page.wait_for_url("**/funding/**")
    walk_to(page, page.locator("main input:not([type=hidden]), main textarea, main select").first)


def test_uploading_contacts(house: House, at: At) -> None:
    page = at(house, Names.marketer).page
    page.goto("/p/harbour-it/audiences")
    walk_to(page, page.locator("input#file"))


def test_inviting_a_colleague(house: House, at: At) -> None:
    page = at(house, Names.owner).page
    page.goto("/p/harbour-it/team")
    field = page.locator("input[type=email]").first
    walk_to(page, field)
    page.keyboard.type("nina@harbour-it.example")
    button = page.get_by_role("button", name="Invite").first
    press(page, button)
    expect(page.locator("main")).to_contain_text("nina@harbour-it.example")
