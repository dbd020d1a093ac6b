"""The five main ways through the product to their end (a launch, a list, money, a lead, a colleague) and the way
in, without a mouse. At every stop and after every update of a
page the focus is on something, in sight, and covered by nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tcma import addresses
from tcma.bench.browser.house import House
from tests.browser import world
from tests.browser.keys import choose, focus_is_seen, pick, press, walk_to, write
from tests.browser.people import Person
from tests.browser.prospects import answer
from tests.browser.world import Names
from tests.tcma.audiences import four_hundred

At = Callable[..., Person]
WIDTHS = pytest.mark.parametrize("width", [1280, 375], ids=["desk", "narrow"])  # narrow has bars at both ends


def test_from_home_to_a_running_campaign(house: House, at: At, tmp_path: Path) -> None:
    page = steady(at(house, world.member(world.BY_KEYBOARD)))
    page.goto(f"/p/{world.BY_KEYBOARD}/")
    press(page, page.get_by_role("button", name="Launch this kit"))
    page.wait_for_url("**/setup/brand")
    walk_to(page, page.locator("input#logo"))  # the file itself is chosen in a dialog of the browser's own
    page.locator("input#logo").set_input_files(world.write_logo(tmp_path))
    expect(page.locator(".brand-logos img").first).to_be_visible()
    focus_is_seen(page)
    headline = page.get_by_label(re.compile("Headline of the invitation"))
    write(page, headline, "Sleep on Friday night")
    expect(page.frame_locator("#preview-frame").locator("body")).to_contain_text("Sleep on Friday night")
    expect(headline).to_be_focused()
    focus_is_seen(page)
    press(page, page.get_by_role("button", name="Continue"))
    page.wait_for_url("**/setup/audience")
    walk_to(page, page.locator("input#file"))
    page.locator("input#file").set_input_files(world.write_file(tmp_path))
    expect(page.locator("#ready")).to_have_text("412 people ready.")
    focus_is_seen(page)
    pick(page, page.locator("#basis-card input[value=customer]"))
    expect(page.locator("#basis-card")).to_contain_text("Stated by")
    focus_is_seen(page)
    press(page, page.locator("#continue"))
    page.wait_for_url("**/setup/budget")
    write(page, page.locator("#amount-0"), "600")
    page.keyboard.press("Tab")
    expect(page.locator("#ask")).to_contain_text("CHF 307.73")  # half of 600 and of what the messages cost
    focus_is_seen(page)
    press(page, page.locator("#ask"))
    page.wait_for_url("**/setup/launch")
    pick(page, page.locator("#when-form input[value=now]"))
    expect(page.locator("#sentence")).to_contain_text("right now")
    focus_is_seen(page)
    press(page, page.locator("#test"))
    expect(page.get_by_text("The test is on its way")).to_be_visible()
    press(page, page.locator("#launch"))
    expect(page.locator("#launch-dialog")).to_be_visible()
    focus_is_seen(page)
    press(page, page.locator("#yes-launch"))
    page.wait_for_url(re.compile(r"/campaigns/[0-9a-f-]{36}$"))
    expect(page.locator("h1")).to_contain_text("Stop ransomware")
    stays_through_updates(page)


def stays_through_updates(page: Page) -> None:
    """The progress asks for itself anew while somebody stands in it, until everybody has the mail."""
    sent = page.locator("#figure-sent a")
    sent.wait_for()
    walk_to(page, sent)
    expect(page.locator("#figure-sent")).to_have_text(str(four_hundred.READY), timeout=60_000)
    expect(sent).to_be_focused()
    focus_is_seen(page)


def test_contacts_with_a_column_to_name_and_a_row_to_mend(house: House, at: At) -> None:
    page = steady(at(house, Names.marketer))
    page.goto("/p/harbour-it/audiences")
    walk_to(page, page.locator("input#file"))
    rows = "Kontakt;Wer;Firma;Notiz\nanna@lindt.example;Anna;Lindt AG;x\nbeat@;Beat;Aare Bau;y\n"
    page.locator("input#file").set_input_files(
        {"name": "visitors.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    expect(page.locator("#ready")).to_have_text("1 person ready.")
    focus_is_seen(page)
    pick(page, page.locator("#basis-card input[value=customer]"))
    expect(page.locator("#basis-card")).to_contain_text("Stated by")
    focus_is_seen(page)
    column = page.get_by_label("What the column Wer means")
    assert column.input_value() == ""
    choose(page, column, "first_name")
    page.keyboard.press("Tab")
    expect(page.locator("#file-result")).to_be_visible()
    expect(column).to_have_value("first_name")
    focus_is_seen(page)
    write(page, page.locator("#row-3 input[name^=cell-]").first, "beat@aare.example")
    page.keyboard.press("Enter")
    expect(page.locator("#ready")).to_have_text("2 people ready.")
    expect(page.locator("#row-3")).to_have_count(0)
    page.reload()
    press(page, page.get_by_role("link", name="People").first)
    expect(page.locator("main")).to_contain_text("beat@aare.example")
    expect(page.locator("main")).to_contain_text("Anna")


@WIDTHS
def test_asking_for_funding_until_the_request_stands(house: House, at: At, width: int) -> None:
    page = steady(at(house, Names.owner, width=width))
    page.goto("/p/harbour-it/funding")
    press(page, page.locator("#ask"))
    page.wait_for_url("**/funding/ask")
    pick(page, page.locator("input[name=activity]").first)
    write(page, page.locator("#why"), "An evening for thirty customers at our office.")
    write(page, page.locator("#amount"), "700")
    press(page, page.locator("#look"))
    expect(page.locator("#outlook")).not_to_be_empty()
    focus_is_seen(page)
    press(page, page.locator("#send"))
    page.wait_for_url(re.compile("/funding/"))
    expect(page.locator("h1")).to_contain_text("700")
    expect(page.locator("main")).to_contain_text("An evening for thirty customers")


@WIDTHS
def test_a_lead_from_new_to_won(house: House, at: At, width: int) -> None:
    made = world.scene(house, 3, f"People of {width}")
    campaign = made.draft(now=True)
    made.launch(campaign)
    company = f"Aare Bau {width}"
    microsite = addresses.microsite(world.HARBOUR, campaign.slug)
    answer(at(house, script=False), microsite, f"beat@aare{width}.example", company)
    page = steady(at(house, Names.sales, width=width))
    page.goto("/p/harbour-it/leads?view=new")
    open_lead(page, company)
    press(page, step(page, "Accept"))
    expect(page.get_by_role("status").filter(has_text=company)).to_be_visible()
    page.goto("/p/harbour-it/leads?view=all")
    open_lead(page, company)
    deed(page, "Contacted")
    write(page, page.locator("#deed-form #note"), "Wants an offer for forty seats.")
    send(page)
    deed(page, "Qualify")
    for name, value in {
        "budget": "yes",
        "authority": "yes",
        "need": "yes",
        "horizon": "this_quarter",
    }.items():
        pick(page, page.locator(f"input[name={name}][value={value}]"))
    send(page)
    deed(page, "Won")
    write(page, page.locator("input[name=amount_0]"), "12000")
    write(page, page.locator("input[name=product_0]"), "Firewall")
    send(page)
    expect(page.locator("#lead .lead-state")).to_contain_text("Won")


def open_lead(page: Page, company: str) -> None:
    """Beside the list on a wide screen, a page of its own on a narrow one."""
    press(page, page.locator(".inbox-row a").filter(has_text=company).first)
    expect(page.locator("#lead:visible .lead-where")).to_contain_text(company)


def deed(page: Page, name: str) -> None:
    """The small form of a step: in place on a wide screen, a page on a narrow one."""
    press(page, step(page, name))
    page.locator("#deed-form").wait_for()
    page.keyboard.press("Tab")
    focus_is_seen(page)


def step(page: Page, name: str) -> Locator:
    """The next steps stand under the name, the first of them on a narrow screen in the bar."""
    button = page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    )
    return button.locator("visible=true").first


def send(page: Page) -> None:
    with page.expect_navigation():
        press(page, page.locator("#deed-send"))


@WIDTHS
def test_inviting_a_colleague_until_the_invitation_stands(house: House, at: At, width: int) -> None:
    page = steady(at(house, Names.owner, width=width))
    page.goto("/p/harbour-it/")
    press(page, page.locator("button.org, button[popovertarget=more]").locator("visible=true").first)
    press(page, page.get_by_role("link", name="Team").locator("visible=true").first)
    page.wait_for_url("**/team")
    write(page, page.locator("#email"), Names.sales)
    pick(page, page.locator("#invite-form input[value=sales]"))
    press(page, page.locator("#invite-form button"))
    expect(page.locator("#problem")).to_be_focused()  # she has this role already
    focus_is_seen(page)
    newcomer = f"new-{width}@harbour-it.example"
    write(page, page.locator("#email"), newcomer)
    expect(page.locator("#invite-form input[value=sales]")).to_be_checked()
    press(page, page.locator("#invite-form button"))
    expect(page.locator("#people")).to_contain_text(newcomer)
    press(page, page.locator("#people li").filter(has_text=newcomer).get_by_role("button", name="Take back"))
    expect(page.locator("#people")).not_to_contain_text(newcomer)


def test_signing_in_and_changing_the_firm(house: House, at: At) -> None:
    page = steady(at(house))
    page.goto("/sign-in")
    focus_is_seen(page)  # it begins in the first field
    page.keyboard.type(Names.of_two_firms)
    write(page, page.locator("#password"), "not this one")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_be_focused()
    focus_is_seen(page)
    write(page, page.locator("#password"), world.PASSWORD)
    page.keyboard.press("Enter")
    press(page, page.get_by_role("link", name="Harbour IT"))
    page.wait_for_url("**/p/harbour-it/**")
    menu, opener = page.locator("#organisation-menu"), page.locator("button.org")
    press(page, opener)
    expect(menu).to_be_visible()
    focus_is_seen(page)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    walk_to(page, menu.get_by_role("link", name="Alpine IT"), "ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/alpine-it/**")


def steady(person: Person) -> Page:
    """Without motion: what the focus looks like stands at once."""
    person.page.emulate_media(reduced_motion="reduce")
    return person.page
