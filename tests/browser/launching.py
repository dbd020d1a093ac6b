"""The launch as a partner does it, step by step."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser import world
from tests.browser.people import Person

HOME = "/p/harbour-it/"


@dataclass
class Launch:
    """One person's way through the four steps, from wherever it stands."""

    person: Person
    folder: Path

    @property
    def page(self) -> Page:
        return self.person.page

    def begin(self, home: str = HOME) -> None:
        """From home: the kit that is ready to launch."""
        self.person.open(home)
        self.person.click(self.page.get_by_role("button", name="Launch this kit"))
        self.page.wait_for_url("**/setup/**")
        if "/setup/brand" not in self.page.url:  # a returning partner starts with the people
            self.open_step("brand")

    def begin_kit(self, name: str, partner: str = "harbour-it") -> None:
        """From the page of one kit."""
        self.person.open(f"/p/{partner}/kits")
        self.page.get_by_role("link", name=name).first.click()
        self.person.click(self.page.get_by_role("button", name="Launch this kit").first)
        self.page.wait_for_url("**/setup/**")

    def open_step(self, step: str) -> None:
        self.person.open(self.page.url.rpartition("/setup/")[0] + f"/setup/{step}")

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

    def go_on_without(self) -> None:
        self.person.press("Go on without")
        expect(self.page.locator("#when-form")).to_be_visible()

    def start_now(self) -> None:
        self.page.locator("#when-form input[value=now]").check()
        self.page.locator("#keep-time").click()
        self.page.wait_for_load_state()

    def launch(self) -> None:
        self.person.press("Launch campaign")
        expect(self.page.locator("#launch-dialog")).to_be_visible()
        self.person.press("Yes, launch")
        self.page.wait_for_url("**/campaigns/*")

    def all_but_the_launch(self) -> None:
        """Every step up to the last page, with nothing changed on the way."""
        self.begin_kit("Stop ransomware before Monday")
        self.open_step("brand")
        self.choose_logo()
        self.open_step("audience")
        self.choose_people()
        self.they_are_customers()
        self.continue_to("Budget")
        self.go_on_without()
