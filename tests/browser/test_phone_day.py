"""A day of a sales person with nothing but a phone: from the lead's mail to the sale."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tcma import addresses
from tcma.bench.browser.house import House
from tcma.viewer import Role
from tests.browser import world
from tests.browser.mailbox import Mail, mails, wait_for
from tests.browser.people import Person
from tests.browser.prospects import answer

At = Callable[..., Person]
EVA = world.member(world.BY_PHONE, Role.SALES)


def test_from_the_mail_to_the_sale_without_pinching_or_sideways_scrolling(house: House, at: At) -> None:
    made = world.scene(house, 3, "Regulars", slug=world.BY_PHONE)
    campaign = made.draft(now=True)
    made.launch(campaign)
    microsite = addresses.microsite(world.BY_PHONE, campaign.slug)
    answer(at(house, script=False), microsite, "tim@linth.example", "Linth Bau", phone="+41 44 555 09 09")
    mail = wait_for(lambda: new_lead(house))
    assert mail is not None

    page = at(house, phone=True).page
    page.goto(next(link for link in mail.links if "/l/" in link))
    fits(page)
    page.locator("#step-accept").click()
    expect(page.get_by_role("status").first).to_contain_text("Linth Bau")
    fits(page)

    page = at(house, EVA, phone=True).page
    page.goto(f"/p/{world.BY_PHONE}/leads?view=mine")
    fits(page)
    page.get_by_text("Linth Bau").first.click()
    page.wait_for_url(re.compile(r"/leads/[0-9a-f-]{36}"))
    fits(page)
    call = page.locator("a[data-attempt=call]:visible").first
    assert call.get_attribute("href") == "tel:+41445550909"
    # A browser without a telephone would ask which program to open, and wait.
    call.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    with page.expect_response(re.compile("/attempts$")) as logged:
        call.click()
    assert logged.value.status < 400
    lead = page.url.partition("?")[0]

    def deed(name: str) -> None:
        page.goto(lead)
        in_bar, below = f".lead-bar a[href*='/{name}']:visible", f"#step-{name}:visible"
        page.locator(f"{in_bar}, {below}").first.tap()
        expect(page.locator("#deed-send")).to_be_visible()
        fits(page)

    deed("contacted")
    page.locator("#note").fill("Wants an offer for forty seats.")
    send(page)
    deed("qualify")
    for name, value in {
        "budget": "yes",
        "authority": "yes",
        "need": "yes",
        "horizon": "this_quarter",
    }.items():
        page.locator(f"label:has(input[name={name}][value={value}])").click()
    send(page)
    deed("won")
    page.locator("input[name=product_0]").fill("Firewall")
    page.locator("input[name=amount_0]").fill("12'000")
    send(page)
    page.goto(lead)
    fits(page)
    expect(page.locator("main")).to_contain_text("Won")
    expect(page.locator("main")).to_contain_text("12,000")
    expect(page.locator("main")).to_contain_text("called")


def send(page: Page) -> None:
    """The form that is open, and what it leads to."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.locator("#deed-send").tap()
    assert sent.value.status < 400
    expect(page.locator("#deed-send")).to_have_count(0)
    page.wait_for_load_state()


def new_lead(house: House) -> Mail | None:
    return next(
        (
            mail
            for mail in mails(house, EVA).values()
            if "lead" in mail.subject.lower() and "Linth Bau" in mail.html
        ),
        None,
    )


def fits(page: Page) -> None:
    """Nothing is wider than the phone, the page is shown at its own size, and buttons suit a finger."""
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url
    assert page.evaluate("visualViewport.scale") == 1
    small = page.locator("main .button:visible").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 40).map(one => one.textContent.trim())"
    )
    assert not small, (page.url, small)
