"""A picture of every page: light and dark at a desk, and on a phone."""

from collections.abc import Callable
from html import escape
from pathlib import Path

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page

from tcma.bench.browser import tour
from tcma.bench.browser.chromium import SIZES, opened
from tcma.bench.browser.stop import SETTLES

TALLEST = 6_000  # pixels of a picture
OPEN = "document.querySelector('dialog[open], :popover-open') !== null"
LOOKS = (("desk", "light"), ("desk", "dark"), ("phone", "light"))


def take(folder: Path, only: str, report: Callable[[str], None]) -> int:
    """Write `<person>/<view>.<size>-<theme>.png` below `folder`, with a sheet of all; how many."""
    taken: list[Path] = []
    with tour.house(report) as (house, installation):
        stops = [stop for stop in tour.stops(installation) if only in stop.name]
        report(f"{len(stops)} pages")
        with opened() as browser:
            for size, theme in LOOKS:
                width, height = SIZES[size]
                for email in dict.fromkeys(stop.email for stop in stops):
                    context = browser.new_context(
                        base_url=house.base,
                        viewport={"width": width, "height": height},
                        color_scheme="dark" if theme == "dark" else "light",
                        device_scale_factor=1,
                        has_touch=size == "phone",
                        is_mobile=size == "phone",
                        locale="en-GB",
                        timezone_id="Europe/Zurich",
                        reduced_motion="reduce",
                    )
                    if email:
                        tour.sign_in(context, installation, email, house.base)
                    page = context.new_page()
                    for stop in (stop for stop in stops if stop.email == email):
                        path = folder / f"{stop.name}.{size}-{theme}.png"
                        path.parent.mkdir(parents=True, exist_ok=True)
                        try:
                            stop.visit(page)
                            page.wait_for_load_state("networkidle", timeout=5_000)
                        except BrowserError as error:  # a download, or a part that goes on asking
                            if "Timeout" not in str(error):
                                report(f"no picture of {stop.path}: {str(error).splitlines()[0]}")
                                continue
                        _picture(page, path, height)
                        taken.append(path)
                    context.close()
                report(f"{size}, {theme}: done")
    _sheet(folder, taken)
    return len(taken)


def _picture(page: Page, path: Path, height: int) -> None:
    """A page in a window as tall as itself, so that what sticks to the window's edges stands where it ends; what
    opened over a page in the window of the device."""
    width = (page.viewport_size or {"width": 0})["width"]
    if not page.evaluate(OPEN):
        tall = int(page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": width, "height": min(max(tall, height), TALLEST)})
        page.wait_for_timeout(SETTLES)
    page.screenshot(path=path)
    page.set_viewport_size({"width": width, "height": height})


def _sheet(folder: Path, taken: list[Path]) -> None:
    rows = "".join(
        f'<figure><img src="{escape(path.relative_to(folder).as_posix())}" loading="lazy">'
        f"<figcaption>{escape(path.relative_to(folder).as_posix())}</figcaption></figure>"
        for path in sorted(taken)
    )
    style = "body{display:flex;flex-wrap:wrap;gap:1rem}figure{width:30rem;margin:0}img{width:100%}"
    (folder / "index.html").write_text(f"<!doctype html><style>{style}</style>{rows}")
