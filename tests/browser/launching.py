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
        expect(self.page.locator("h1")).to_have_text("Your brand")

    def choose_logo(self) -> None:
        self.person.choose_file(self.page.locator("input#logo"), world.write_logo(self.folder))
        expect(self.page.locator(".brand-logos img").first).to_be_visible()

    def continue_to(self, heading: str) -> None:
        self.person.press("Continue")
        expect(self.page.locator("h1")).to_contain_text(heading)

    def choose_people(self, file: Path | None = None, *, ready: str = "412 people ready.") -> None:
        self.person.choose_file(self.page.locator("input#file"), file or world.write_file(self.folder))
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
        self.begin()
        self.choose_logo()
        self.continue_to("Who gets it")
        self.choose_people()
        self.they_are_customers()
        self.continue_to("Budget")
        self.go_on_without()
