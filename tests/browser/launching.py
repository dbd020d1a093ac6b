"""The launch as a partner does it, step by step."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tcma import addresses
from tcma.launches.models import Campaign
from tests.browser import world
from tests.browser.people import Person


@dataclass
class Launch:
    """One person's way through the four steps, from wherever it stands."""

    person: Person
    folder: Path

    @property
    def page(self) -> Page:
        return self.person.page

    def begin(self, slug: str) -> None:
        """From the home of a firm that has launched nothing: the kit that is ready to launch."""
        self.person.open(f"/p/{slug}/")
        self.person.click(self.page.get_by_role("button", name="Launch this kit"))
        self.page.wait_for_url("**/setup/brand")

    def begin_kit(self, name: str) -> None:
        """From the page of one kit, to the first step."""
        self.person.open(f"/p/{world.HARBOUR}/kits")
        self.page.get_by_role("link", name=name).first.click()
        launch = re.compile("Launch this kit|Start another")  # with a draft the main button continues it
        self.person.click(self.page.get_by_role("button", name=launch).first)
        self.page.wait_for_url("**/setup/**")
        begun = self.page.url
        if not begun.endswith("/brand"):  # a firm with a logo starts with the people
            self.person.open(begun.rpartition("/")[0] + "/brand")

    def open_step(self, campaign: Campaign, step: str, slug: str = world.HARBOUR) -> None:
        """A step of a draft of that firm's."""
        self.person.open(f"{addresses.campaign(slug, campaign.public_id)}/setup/{step}")

    def choose_logo(self) -> None:
        self.person.choose_file(self.page.locator("input#logo"), world.write_logo(self.folder))
        expect(self.page.locator(".brand-logos img").first).to_be_visible()

    def continue_to(self, heading: str) -> None:
        self.person.press("Continue")
        expect(self.page.locator("h1")).to_contain_text(heading)

    def choose_people(self, file: Path | None = None, *, ready: str = "412 people ready.") -> None:
        own = self.folder / f"{self.folder.name}.csv"  # a file of the same name leads to the same list
        chosen = file or world.write_file(self.folder, own.name)
        self.person.choose_file(self.page.locator("input#file"), chosen)
        expect(self.page.locator("#ready")).to_have_text(ready)

    def they_are_customers(self) -> None:
        self.person.click(self.basis("customer"))
        expect(self.page.locator("#basis-card")).to_contain_text("Stated by")

    def basis(self, value: str) -> Locator:
        return self.page.locator(f"#basis-card input[value={value}]")

    def ask_for_money(self, amount: str = "CHF 400") -> None:
        """A rule grants it at once to Harbour IT; a person decides about Alpine IT's."""
        self.person.press(f"Ask Northwind Security for {amount}")
        expect(self.page.locator("#when-form")).to_be_visible()

    def launch(self) -> None:
        self.person.press("Launch campaign")
        expect(self.page.locator("#launch-dialog")).to_be_visible()
        self.person.press("Yes, launch")
        self.page.wait_for_url("**/campaigns/*")
