"""A walk by keyboard alone: at every stop the focus must be seen, on the screen, and covered by nothing."""

import time

from playwright.sync_api import Error, Locator, Page

MOST_STOPS = 150
SETTLES = 1.5  # seconds
UNSEEN = "the focus could not be seen"
# What is wrong with where the focus is; "" when nothing is. An element shows that it has the focus by looking
# different from how it looks without: that is compared once the focus has gone on.
LOOK = """() => {
  const looks = one => { const s = getComputedStyle(one);
    const outlined = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0;
    return [outlined ? s.outlineWidth + s.outlineColor : 0, s.boxShadow, s.borderColor,
            s.backgroundColor, s.textDecorationLine].join(); };
  const name = one => one.outerHTML.replace(/\\s+/g, ' ').slice(0, 140);
  const last = window.lastStop, at = document.activeElement;
  window.lastStop = null;
  if (last && last.at !== at && last.at.isConnected && last.look === looks(last.at) + looks(last.shown))
    return `the focus could not be seen on ${name(last.at)}`;
  if (!at || at === document.body) return 'the focus is on the body';
  if (at.tagName === 'IFRAME') return '';
  const drawn = at.matches('input[type=radio], input[type=checkbox], input[type=file]');
  const shown = drawn ? at.closest('label, .upload') ?? at : at.closest('.affixed') ?? at;
  window.lastStop = {at, shown, look: looks(at) + looks(shown)};
  const place = shown.getClientRects()[0];  // of a link over two lines, the first
  if (!place) return `the focus is on something that is not shown: ${name(at)}`;
  let left = Math.max(place.left, 0), right = Math.min(place.right, innerWidth);
  let top = Math.max(place.top, 0), bottom = Math.min(place.bottom, innerHeight);
  for (let box = shown.parentElement; box; box = box.parentElement) {  // a table that scrolls shows a part of itself
    if (!/auto|scroll|hidden|clip/.test(getComputedStyle(box).overflowX) || box === document.documentElement) continue;
    const edge = box.getBoundingClientRect();
    left = Math.max(left, edge.left); right = Math.min(right, edge.right);
  }
  if (right - left < Math.min(place.width, innerWidth) / 2 || bottom - top < Math.min(place.height, innerHeight) / 2)
    return `the focus is off the screen: ${name(at)}`;
  const points = [[left + 3, top + 3], [right - 3, top + 3], [(left + right) / 2, (top + bottom) / 2],
                  [left + 3, bottom - 3], [right - 3, bottom - 3]];
  for (const [x, y] of points) {
    const over = document.elementFromPoint(x, y);
    if (over && !shown.contains(over) && !over.contains(shown) && !over.closest('label')?.contains(at))
      return `the focus on ${name(at)} is covered by ${name(over)}`;
  }
  return '';
}"""
# Whether the focus is there, whether it is between the end of a page and its beginning or inside the preview, and
# what is wrong with it.
STOP = f"""wanted => {{
  const at = document.activeElement;
  return [at === wanted, at === document.body || at.tagName === 'IFRAME', ({LOOK})()];
}}"""


def walk_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press `key` until `target` has the focus."""
    for stop in range(MOST_STOPS):
        is_there, is_between, wrong = target.evaluate(STOP)
        if wrong and (is_there or (stop and not is_between)):
            settle(page, wrong)
        if is_there:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{MOST_STOPS} stops and not there: {target} on {page.url}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    walk_to(page, target)
    page.keyboard.press(key)


def write(page: Page, target: Locator, text: str) -> None:
    """Type into a field, in place of what it holds."""
    walk_to(page, target)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def choose(page: Page, target: Locator, value: str) -> None:
    """An option of a list, by the arrow keys."""
    walk_to(page, target)
    page.keyboard.press("Home")
    for _ in range(target.locator("option").count()):
        if target.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    assert target.input_value() == value, target.input_value()


def pick(page: Page, radio: Locator) -> None:
    """One of several, by the arrow keys once the group has the focus."""
    name = radio.get_attribute("name")
    group = page.locator(f"input[type=radio][name='{name}']")
    checked = page.locator(f"input[type=radio][name='{name}']:checked")
    walk_to(page, checked if checked.count() else group.first)
    page.keyboard.press("Space")
    for _ in range(group.count()):
        if radio.is_checked():
            focus_is_seen(page)
            return
        page.keyboard.press("ArrowDown")
    assert radio.is_checked()


def focus_is_seen(page: Page) -> None:
    """After an update as well: on something, in sight, and not covered."""
    try:
        wrong = page.evaluate(LOOK)
    except Error:  # the page came anew while it was asked
        page.wait_for_load_state()
        wrong = page.evaluate(LOOK)
    if wrong:
        settle(page, wrong)


def settle(page: Page, wrong: str) -> None:
    """A page that is just arriving is given a moment to put the focus where it can be seen. What an element did not
    show while it had the focus does not come right by waiting."""
    end = time.monotonic() + SETTLES
    while wrong:
        if time.monotonic() > end or wrong.startswith(UNSEEN):
            raise AssertionError(f"{wrong} on {page.url}")
        page.wait_for_load_state()
        page.wait_for_timeout(50)
        wrong = page.evaluate(LOOK)
