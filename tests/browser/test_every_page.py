"""What holds on every page: found by following links, so that a new page is in without being listed.

The suite opens each page once, themes and widths taking turns; `tcma axe` looks at all of them in all.
"""

import gzip
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle, product

import pytest
from playwright.sync_api import Browser, Response

from tcma.bench.browser import axe, tour
from tcma.bench.browser.house import House
from tcma.bench.visitor import Visitor
from tests.browser import world
from tests.browser.conftest import watch
from tests.browser.people import heard_by

SCRIPT, STYLE = 90 * 1024, 25 * 1024  # compressed bytes a page may load
OWNER = world.member(world.BUSY)


@dataclass
class Round:
    """One look at each view that the owner's links lead to."""

    findings: list[axe.Finding] = field(default_factory=list)
    sizes: dict[str, Counter[str]] = field(default_factory=dict)  # path -> compressed bytes by kind
    wrong: list[str] = field(default_factory=list)  # what no page may do


@pytest.fixture(scope="module")
def round_(house: House, browser: Browser) -> Round:
    found = Visitor.signed_in(house.installation, OWNER).crawl(f"/p/{world.BUSY}/")
    assert not found.broken, found.broken
    made, looks = Round(), cycle(product(axe.THEMES, axe.WIDTHS))
    weights: dict[str, int] = {}
    with browser.new_context(base_url=house.base, locale="en-GB", reduced_motion="reduce") as context:
        tour.sign_in(context, house.installation, OWNER, house.base)
        page = context.new_page()
        watch(page, house, made.wrong)
        heard = heard_by(page)
        for path, (theme, width) in zip(found.pages.values(), looks, strict=False):
            heard.clear()
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            page.set_viewport_size({"width": width, "height": axe.HEIGHT})
            page.goto(path)
            made.sizes[path] = weighed(heard, weights)
            made.findings += axe.check(page, path, f"{theme}, {width} px")
            if width in axe.READ_AT:
                made.findings += axe.enlarged(page, path, f"{width} px")
    return made


def weighed(heard: list[Response], weights: dict[str, int]) -> Counter[str]:
    """Compressed bytes by kind; `weights` are those of files that an earlier page loaded too."""
    found: Counter[str] = Counter()
    for answer in heard:
        kind = answer.request.resource_type
        if kind in ("script", "stylesheet") and answer.status == 200:
            if answer.url not in weights:
                weights[answer.url] = len(gzip.compress(answer.body()))
            found[kind] += weights[answer.url]
    return found


def test_no_page_breaks_a_rule_of_accessibility_or_scrolls_sideways(round_: Round) -> None:
    assert len(round_.sizes) > 20
    assert not round_.findings, "\n".join(map(str, round_.findings))


def test_script_and_styles_of_every_page_stay_light(round_: Round) -> None:
    for path, sizes in round_.sizes.items():
        assert 0 < sizes["stylesheet"] <= STYLE and sizes["script"] <= SCRIPT, (path, sizes)


def test_no_page_fails_in_its_script_or_asks_another_host(round_: Round) -> None:
    assert not round_.wrong, "\n".join(round_.wrong)
