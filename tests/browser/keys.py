"""A walk by keyboard alone: every stop must be seen, and nothing may cover it."""

from playwright.sync_api import Locator, Page

MOST_STOPS = 150
# What is wrong with where the focus is; "" when nothing is.
WRONG = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return 'the focus is on the body';
  const box = at.getBoundingClientRect();
  const drawn = at.matches('input[type=radio], input[type=checkbox], input[type=file]');
  const shown = drawn ? at.closest('label, .upload') ?? at : at.closest('.affixed') ?? at;
  const style = getComputedStyle(at), around = getComputedStyle(shown);
  const ring = one => one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) > 0 || one.boxShadow !== 'none';
  if (!ring(style) && !ring(around)) return 'the focus cannot be seen';
  const place = shown.getClientRects()[0] ?? box;  // of a link over two lines, the first
  if (place.bottom < 0 || place.top > innerHeight) return 'the focus is off the screen';
  const x = Math.min(Math.max(place.left + Math.min(place.width, 40) / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(place.top + Math.min(place.height, 40) / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  if (top && !shown.contains(top) && !top.contains(shown)) return `covered by ${top.tagName}.${top.className}`;
  return '';
}"""
WHERE = "() => document.activeElement.outerHTML.slice(0, 160)"


def walk_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press `key` until `target` has the focus."""
    for _ in range(MOST_STOPS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
        if page.evaluate(
            "document.activeElement === document.body || document.activeElement.tagName === 'IFRAME'"
        ):
            continue  # between the end of a page and its beginning, or inside the preview
        wrong = page.evaluate(WRONG)
        assert not wrong, f"{wrong}: {page.evaluate(WHERE)} on {page.url}"
    raise AssertionError(f"{MOST_STOPS} stops and not there: {target} on {page.url}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    walk_to(page, target)
    page.keyboard.press(key)
