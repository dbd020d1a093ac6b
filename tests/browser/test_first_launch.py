"""From a logo and a list to a running campaign."""

import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tcma.bench.browser.house import House
from tests.browser import world
from tests.browser.launching import Launch
from tests.browser.people import Person

At = Callable[..., Person]


def test_a_first_launch_takes_at_most_twelve_clicks_and_no_typing(
    house: House, at: At, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    marc = at(house, world.member(world.BY_MOUSE))
    begun = time.monotonic()
    launch = Launch(marc, tmp_path)
    launch.begin(world.BY_MOUSE)
    launch.choose_logo()
    launch.continue_to("Who gets it")
    launch.choose_people()
    expect(marc.page.locator("#skipped")).to_have_text(
        "9 rows were skipped: 4 without a valid address, 3 unsubscribed earlier, 2 twice in the file."
    )
    launch.they_are_customers()
    launch.continue_to("Budget")
    launch.ask_for_money()
    marc.press("Send me a test")
    expect(marc.page.get_by_text("The test is on its way")).to_be_visible()
    launch.launch()
    seconds = time.monotonic() - begun
    record_property("clicks", marc.clicks)
    record_property("seconds", round(seconds, 1))
    print(f"first launch: {marc.clicks} clicks, {marc.typed} typed, {seconds:.1f} s")
    assert marc.clicks <= 12 and marc.typed == 0
    expect(marc.page.locator("h1")).to_contain_text("Stop ransomware")
    expect(marc.page.locator("#progress, .badge").first).to_be_visible()
