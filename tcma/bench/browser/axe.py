"""What a program can check of accessibility on every page: axe in both themes and at three widths, no sideways
scrolling at 320 px, and nothing lost when text is twice as large."""

from collections.abc import Callable
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tcma.bench.browser import tour
from tcma.bench.browser.chromium import opened

# Frames hold previews without script, which never answer axe; what they show is looked at as a page of its own.
OPTIONS = {"iframes": False, "resultTypes": ["violations"]}
WIDTHS = (320, 768, 1360)
THEMES = ("light", "dark")
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Text cut off by a box that hides what does not fit. Boxes that scroll, and text hidden from sight on purpose
# (one pixel high), are no loss.
CUT_OFF = """() => [...document.querySelectorAll('body *')].filter(e => {
  const s = getComputedStyle(e);
  if (!e.textContent.trim() || e.clientWidth < 2 || e.clientHeight < 2) return false;
  if (e.closest('[hidden], dialog:not([open]), [popover], .visually-hidden, svg, select')) return false;
  const hides = v => v === 'hidden' || v === 'clip';
  return (hides(s.overflowX) && e.scrollWidth > e.clientWidth + 1 && s.textOverflow !== 'ellipsis')
      || (hides(s.overflowY) && e.scrollHeight > e.clientHeight + 2);
}).map(e => e.tagName.toLowerCase() + '.' + e.className).slice(0, 5)"""


@dataclass(frozen=True, slots=True)
class Finding:
    page: str
    look: str
    what: str

    def __str__(self) -> str:
        return f"{self.page} ({self.look}): {self.what}"


def check_all(only: str, report: Callable[[str], None]) -> tuple[int, int, list[Finding]]:
    """Pages, looks and findings."""
    findings: list[Finding] = []
    looks = 0
    with tour.house(report) as (house, installation):
        stops = [stop for stop in tour.stops(installation) if only in stop.name]
        report(f"{len(stops)} pages")
        with opened() as browser:
            for theme in THEMES:
                for email in dict.fromkeys(stop.email for stop in stops):
                    context = browser.new_context(
                        base_url=house.base,
                        color_scheme="dark" if theme == "dark" else "light",
                        locale="en-GB",
                        reduced_motion="reduce",
                    )
                    if email:
                        tour.sign_in(context, installation, email, house.base)
                    page = context.new_page()
                    for stop in (stop for stop in stops if stop.email == email):
                        for width in WIDTHS:
                            page.set_viewport_size({"width": width, "height": 900})
                            page.goto(stop.path)
                            looks += 1
                            findings += check(page, stop.name, f"{theme}, {width} px")
                        findings += enlarged(page, stop.name, theme)
                    context.close()
                report(f"{theme}: {looks} looks, {len(findings)} findings so far")
    return len(stops), looks, findings


def check(page: Page, name: str, look: str) -> list[Finding]:
    """axe on the page as it stands, and whether it scrolls sideways."""
    found = [
        Finding(name, look, f"{rule['id']}: {rule['help']} ({', '.join(_targets(rule))})")
        for rule in Axe().run(page, options=OPTIONS).response["violations"]
    ]
    if page.evaluate(SIDEWAYS):
        found.append(Finding(name, look, "scrolls sideways"))
    return found


def enlarged(page: Page, name: str, look: str) -> list[Finding]:
    """The page that is open, with text at twice its size."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    lost = page.evaluate(CUT_OFF)
    sideways = page.evaluate(SIDEWAYS)
    found = [Finding(name, f"{look}, text at 200 %", f"cut off: {', '.join(lost)}")] if lost else []
    if sideways:
        found.append(Finding(name, f"{look}, text at 200 %", "scrolls sideways"))
    return found


def _targets(rule: dict[str, object]) -> list[str]:
    nodes = rule["nodes"]
    assert isinstance(nodes, list)
    return [" ".join(str(part) for part in node["target"]) for node in nodes[:3]]
