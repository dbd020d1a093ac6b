"""A prospect without script: the page, its form, and what it weighs."""

from collections.abc import Callable

from playwright.sync_api import expect

from tcma.bench.browser.house import House
from tests.browser import world
from tests.browser.people import Person, heard_by

At = Callable[..., Person]
HEAVIEST = 150 * 1024  # bytes without pictures


def test_the_form_works_without_script_cookies_or_other_hosts(house: House, at: At) -> None:
    made = world.scene(house, 3, "Microsite's people")
    campaign = made.draft(now=True)
    made.launch(campaign)
    visitor = at(house, script=False)
    page = visitor.page
    page.goto(f"/c/harbour-it/{campaign.slug}")
    boxes = page.locator("input[type=checkbox]")
    assert boxes.count() > 0 and boxes.and_(page.locator(":checked")).count() == 0
    page.locator("form button[type=submit]").first.click()
    expect(page.locator("[role=alert], .problems, .error").first).to_be_visible()
    page.locator("input[type=email]").first.fill("anna@lindt.example")
    for name, value in {"name": "Anna Meier", "company": "Lindt AG"}.items():
        page.locator(f"input[name={name}]").first.fill(value)
    size = page.locator("select[name=employees]")
    if size.count():
        size.first.select_option(index=2)
    else:
        page.locator("input[name=employees]").first.fill("40")
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url("**/thanks**")
    assert page.context.cookies() == []
    heard = heard_by(page)
    page.goto(f"/c/harbour-it/{campaign.slug}")
    page.wait_for_load_state("networkidle")
    sizes = {
        answer.url: answer.request.sizes()["responseBodySize"]
        for answer in heard
        if answer.status == 200 and answer.request.resource_type != "image"
    }
    assert 0 < sum(sizes.values()) <= HEAVIEST, sizes
