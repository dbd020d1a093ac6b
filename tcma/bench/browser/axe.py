"""What a program can check of accessibility on every page: axe in both themes and at three widths, no sideways
scrolling, everything that a press opens as well, and nothing lost when text is twice as large."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import product

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

from tcma.bench.browser import corners, tour
from tcma.bench.browser.chromium import opened
from tcma.bench.browser.house import House
from tcma.bench.browser.stop import Stop
from tcma.bench.browser.text import lost_at_twice_the_size, scrolls_sideways, settle
from tcma.installation import Installation

# Frames hold previews without script, which never answer axe; what they show is looked at as a page of its own.
# Nothing is preloaded: only rules on films and experiments would ask for it, at the cost of every stylesheet anew.
OPTIONS = {"iframes": False, "resultTypes": ["violations"], "preload": False}
WIDTHS = (320, 768, 1360)
READ_AT = (768, 1360)  # text twice as large on the narrowest window would be as on one of 160 px
HEIGHT = 900
ROUND = 24  # pages
THEMES = ("light", "dark")
# Everything folded away is unfolded, and the ids of what opens over the page are read.
UNFOLD = "() => document.querySelectorAll('details').forEach(one => { one.open = true; })"
OPENING = "() => [...document.querySelectorAll('dialog[id], [popover][id]')].map(one => one.id)"
# False for what a wide screen shows anyway.
OPEN = """id => {
  const part = document.getElementById(id);
  if (part.matches(':popover-open, [open]') || part.checkVisibility()) return false;
  if (part.matches('dialog')) part.showModal(); else part.showPopover();
  return true;
}"""
SHUT = """id => {
  const part = document.getElementById(id);
  if (part.matches('dialog')) part.close(); else if (part.matches(':popover-open')) part.hidePopover();
}"""
ON_EVERY_PAGE = {"search", "help", "more", "organisation-menu"}


@dataclass(frozen=True, slots=True)
class Finding:
    page: str
    look: str
    what: str

    def __str__(self) -> str:
        return f"{self.page} ({self.look}): {self.what}"


@dataclass
class Checked:
    """What was looked at, and what was found. A look is one page, or one thing that opens on it, in one theme at
    one width."""

    pages: list[str] = field(default_factory=list)
    looks: int = 0
    findings: list[Finding] = field(default_factory=list)


def check_all(only: str, report: Callable[[str], None]) -> Checked:
    checked = Checked()
    with tour.house(report) as (house, installation):
        found = tour.stops(installation)
        chosen = [stop for stop in found + corners.find(installation, found) if only in stop.name]
        report(f"{len(chosen)} pages")

        def look(mine: list[Stop]) -> Checked:
            with opened() as browser:
                part = _check_as(browser, house, installation, mine, report)
            report(f"{mine[0].email or 'nobody'}: {len(mine)} pages, {len(part.findings)} findings")
            return part

        with ThreadPoolExecutor(os.cpu_count()) as browsers:
            for part in browsers.map(look, _rounds(chosen)):
                checked.pages += part.pages
                checked.looks += part.looks
                checked.findings += part.findings
    return checked


def _rounds(chosen: list[Stop]) -> Iterator[list[Stop]]:
    """What one browser looks at: some pages of one person. Those of nobody stay together in their
    order: one of them locks the door to sign in."""
    for email in dict.fromkeys(stop.email for stop in chosen):
        mine = [stop for stop in chosen if stop.email == email]
        size = ROUND if email else len(mine)
        yield from (mine[start : start + size] for start in range(0, len(mine), size))


def _check_as(
    browser: Browser,
    house: House,
    installation: Installation,
    chosen: list[Stop],
    report: Callable[[str], None],
) -> Checked:
    """One person's pages; each is opened once and then looked at in every theme and width. What is found is said at
    once."""
    checked, email = Checked(), chosen[0].email
    context = browser.new_context(
        base_url=house.base,
        viewport={"width": WIDTHS[-1], "height": HEIGHT},
        locale="en-GB",
        reduced_motion="reduce",
    )
    if email:
        tour.sign_in(context, installation, email, house.base)
    page = context.new_page()
    shared: set[str] = set()
    for stop in chosen:
        checked.pages.append(stop.name)
        before = len(checked.findings)
        try:
            stop.visit(page)
            checked.looks += _check_looks(page, stop.name, shared, checked.findings)
        except BrowserError as error:
            what = f"cannot be looked at: {str(error).splitlines()[0]}"
            checked.findings.append(Finding(stop.name, stop.path, what))
            page.close()
            page = context.new_page()
        for finding in checked.findings[before:]:
            report(str(finding))
    context.close()
    return checked


def _check_looks(page: Page, name: str, shared: set[str], findings: list[Finding]) -> int:
    looks = 0
    page.evaluate(UNFOLD)
    parts = [part for part in page.evaluate(OPENING) if part not in shared]
    shared.update(ON_EVERY_PAGE & set(parts))
    for theme, width in product(THEMES, WIDTHS):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": HEIGHT})
        settle(page)
        look = f"{theme}, {width} px"
        findings += check(page, name, look)
        looks += 1
        is_sized = theme == "light" and width in READ_AT  # sizes are the same in both themes
        if is_sized:
            findings += enlarged(page, name, look)
        for part in parts:
            if page.evaluate(OPEN, part):
                settle(page)
                findings += check_part(page, name, look, part, is_sized=is_sized)
                page.evaluate(SHUT, part)
                looks += 1
    return looks


def check(page: Page, name: str, look: str) -> list[Finding]:
    """axe on the page as it stands, and whether it scrolls sideways."""
    found = [Finding(name, look, what) for what in _violations(page, "")]
    if scrolls_sideways(page):
        found.append(Finding(name, look, "scrolls sideways"))
    return found


def check_part(page: Page, name: str, look: str, part: str, *, is_sized: bool) -> list[Finding]:
    """The dialog, menu or sheet that lies open over the page."""
    within = f"#{part}"
    what = list(_violations(page, within))
    if scrolls_sideways(page):
        what.append("scrolls sideways")
    if is_sized:
        what += [f"at twice the size {lost}" for lost in lost_at_twice_the_size(page, within)]
    return [Finding(f"{name} {within}", look, one) for one in what]


def enlarged(page: Page, name: str, look: str) -> list[Finding]:
    """The page that is open, with text at twice its size."""
    return [Finding(name, f"{look}, text at 200 %", lost) for lost in lost_at_twice_the_size(page)]


def _violations(page: Page, within: str) -> Iterator[str]:
    """Of the page as a whole, or of one part of it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "([within, options]) => axe.run(within || document, options).then(all => all.violations.map("
        "rule => [rule.id, rule.help, rule.nodes.slice(0, 3).map(node => node.target.join(' ')).join(', ')]))",
        [within, OPTIONS],
    )
    return (f"{rule}: {words} ({where})" for rule, words, where in found)
