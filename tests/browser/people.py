"""What a person does at a browser, counted."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, Response

from tcma.bench.browser.house import House
from tcma.organisations import links
from tcma.organisations import queries as organisations


@dataclass
class Person:
    """Somebody at an open page. `clicks` and `typed` count what was done since they were set to zero."""

    page: Page
    house: House
    clicks: int = 0
    typed: int = 0

    def sign_in(self, email: str) -> None:
        """By a link as it comes by mail: one page, one button."""
        with self.house.installation.owner.transaction() as session:
            token = links.make(session, organisations.find_user(session, email), "/account/").token
        self.page.goto(f"/sign-in/{token}")
        self.page.get_by_role("button").last.click()
        self.page.wait_for_url("**/account/")

    def open(self, path: str) -> None:
        self.page.goto(path)

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def press(self, name: str) -> None:
        """A button or link by its words."""
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        self.click(button.or_(link).first)

    def choose_file(self, field: Locator, file: Path) -> None:
        """Choosing a file counts as one click."""
        field.set_input_files(file)
        self.clicks += 1

    def type(self, field: Locator, text: str) -> None:
        field.fill(text)
        self.typed += 1

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def scrolls_sideways(self) -> bool:
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )


def heard_by(page: Page) -> list[Response]:
    """What servers answer to a page from here on; the list grows."""
    heard: list[Response] = []

    def hear(answer: Response) -> None:
        heard.append(answer)

    page.on("response", hear)
    return heard
