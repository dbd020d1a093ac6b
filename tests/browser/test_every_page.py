"""What holds on every page: found by following links, so that a new page is in without being listed.

The suite looks at each page once, themes and widths taking turns; `tcma axe` looks at all of them in all.
"""

import gzip
from collections.abc import Callable
from itertools import cycle, product

import pytest

from tcma.bench.browser import axe
from tcma.bench.browser.house import House
from tcma.bench.visitor import Visitor
from tests.browser import world
from tests.browser.people import Person, heard_by
from tests.browser.world import Names

At = Callable[..., Person]
SCRIPT, STYLE = 90 * 1024, 25 * 1024  # compressed bytes a page may load


@pytest.fixture(scope="module")
def paths(house: House) -> list[str]:
    """One address of each view that the owner's links lead to."""
    made = world.scene(house, 30)
    made.launch(made.draft(now=True))
    made.draft()

    installation = house.installation()
    found = Visitor.signed_in(installation, Names.owner).crawl("/p/harbour-it/")
    installation.dispose()
    assert not found.broken, found.broken
    return list(found.pages.values())


@pytest.mark.timeout(600)
def test_no_page_breaks_a_rule_of_accessibility_or_scrolls_sideways(
    house: House, at: At, paths: list[str]
) -> None:
    pages = {dark: at(house, Names.owner, dark=dark).page for dark in (False, True)}
    looks = cycle(product((False, True), axe.WIDTHS))
    findings = []
    for path in paths:
        dark, width = next(looks)
        page = pages[dark]
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        findings += axe.check(page, path, f"{'dark' if dark else 'light'}, {width} px")
        if width in axe.READ_AT:
            findings += axe.enlarged(page, path, f"{width} px")
    assert len(paths) > 20
    assert not findings, "\n".join(map(str, findings))


def test_script_and_styles_of_every_page_stay_light(house: House, at: At, paths: list[str]) -> None:
    page = at(house, Names.owner).page
    heard = heard_by(page)
    for path in paths:
        heard.clear()
        page.goto(path)
        sizes = {"script": 0, "stylesheet": 0}
        for answer in heard:
            kind = answer.request.resource_type
            if kind in sizes and answer.status == 200:
                sizes[kind] += len(gzip.compress(answer.body()))
        assert sizes["script"] <= SCRIPT and sizes["stylesheet"] <= STYLE, (path, sizes)
        assert sizes["stylesheet"] or page.url.endswith(".csv"), path
