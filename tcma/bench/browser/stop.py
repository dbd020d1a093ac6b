"""One thing to look at: a page as one person opens it, and what is pressed there before the look."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

Gesture = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Stop:
    """One page as one person opens it."""

    name: str  # of its pictures: person and view
    path: str
    email: str  # "" for a stranger
    gesture: Gesture | None = None  # opens a dialog or a menu, or sends a form that is refused
    answer: str = ""  # what the server would say here, for answers nobody can ask for

    def visit(self, page: Page) -> None:
        """Open it and do what is done there."""
        if self.answer:
            page.route(f"**{self.path}", lambda route: route.fulfill(body=self.answer, content_type=HTML))
        page.goto(self.path)
        if self.gesture:
            page.wait_for_load_state()
            self.gesture(page)


def press(*selectors: str) -> Gesture:
    """Click what is in sight of each selector, one after the other; on a phone some of it is folded away."""

    def gesture(page: Page) -> None:
        for selector in selectors:
            found = page.locator(selector).locator("visible=true")
            if found.count():
                found.first.click()
                page.wait_for_timeout(SETTLES)

    return gesture


def send(form: str, **typed: str) -> Gesture:
    """Fill a form by the names of its fields and send it whatever the browser thinks of it."""

    def gesture(page: Page) -> None:
        for name, value in typed.items():
            page.locator(f"{form} [name={name}]").first.evaluate(
                "(field, text) => { field.value = text; }", value
            )
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.locator(form).first.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
        page.wait_for_timeout(SETTLES)
        page.wait_for_load_state()
        page.wait_for_timeout(SETTLES)

    return gesture


HTML = "text/html; charset=utf-8"
SETTLES = 250  # milliseconds until what a press opened stands still
