"""Text at twice its size: whether every piece grew, and whether all of it can still be read."""

from playwright.sync_api import Page

# Sizes are noted before and compared after, so that a size that does not follow the reader's wish is found.
_NOTE = "() => { window.noted = new Map([...document.querySelectorAll('body *')].map("
_NOTE += "one => [one, parseFloat(getComputedStyle(one).fontSize)])); }"
_ENLARGE = "() => { document.documentElement.style.fontSize = '200%'; }"
_BACK = "() => { document.documentElement.style.fontSize = ''; }"

# Every line of text on the page is looked up where it is drawn. It is lost where a box cuts it off, where it
# stands outside the box it belongs to, and where another text lies over it. What scrolls inside its box can be
# reached; what is hidden from sight on purpose and pictures are left out.
_LOST = """within => {
  const root = within ? document.querySelector(within) : document.body;
  const cuts = how => how === 'hidden' || how === 'clip';
  const scrolls = how => how === 'auto' || how === 'scroll';
  const said = text => '“' + text.trim().replace(/\\s+/g, ' ').slice(0, 40) + '”';
  const BOXES = 'button, .button, .badge, .chip, .card, .banner, .note, .toast, .menu, dialog, td, th, figure';
  const NOT = 'script, style, template, noscript, title, option, svg, datalist, .hidden, .skip, [aria-hidden=true]';
  const LARGE = 28;  // px: headings that follow the width of the window start large and grow by less
  const lost = [], lines = [];
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const holder = node.parentElement, text = node.textContent;
    if (!text.trim() || holder.closest(NOT) || !holder.checkVisibility({visibilityProperty: true})) continue;
    const size = parseFloat(getComputedStyle(holder).fontSize), before = window.noted?.get(holder);
    if (before && size < before * (before < LARGE ? 1.8 : 1.25))
      lost.push(`${said(text)} does not grow (${before} px to ${size} px)`);
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = holder.closest(BOXES)?.getBoundingClientRect();
    for (const place of range.getClientRects()) {
      if (place.width < 2 || place.height < 2) continue;
      const room = place.height * 0.3;  // a line's rectangle is higher than its letters
      let {left, right, top, bottom} = place, layer = null, short = false;
      if (box && (left < box.left - 3 || right > box.right + 3 || top < box.top - room || bottom > box.bottom + room))
        short = 'stands outside its box';
      for (let at = holder; at && at !== document.documentElement; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.webkitLineClamp !== 'none')
          { right = left; short = false; break; }  // a foretaste; the whole stands elsewhere
        if (style.display !== 'inline' && style.display !== 'contents') {
          const edge = at.getBoundingClientRect();
          if (cuts(style.overflowX) && edge.width < 3)
            { right = left; short = false; break; }  // meant to be heard only
          if (cuts(style.overflowX) && (left < edge.left - 2 || right > edge.right + 2)) short ||= 'is cut off';
          if (cuts(style.overflowY) && (top < edge.top - room || bottom > edge.bottom + room)) short ||= 'is cut off';
          if (cuts(style.overflowX) || scrolls(style.overflowX))
            { left = Math.max(left, edge.left); right = Math.min(right, edge.right); }
          if (cuts(style.overflowY) || scrolls(style.overflowY))
            { top = Math.max(top, edge.top); bottom = Math.min(bottom, edge.bottom); }
          if (scrolls(style.overflowX) || scrolls(style.overflowY)) short = short === 'is cut off' ? short : false;
        }
        if (style.position === 'fixed' || style.position === 'sticky') layer = at;
        if (style.position === 'fixed') break;
      }
      if (short) { lost.push(`${said(text)} ${short}`); break; }
      if (right - left > 2 && bottom - top > 2) lines.push({text, left, right, top, bottom, layer});
    }
  }
  lines.sort((one, other) => one.top - other.top);
  lines.forEach((one, index) => {
    for (let next = index + 1; next < lines.length && lines[next].top < one.bottom; next += 1) {
      const other = lines[next];
      if (one.layer !== other.layer) continue;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - other.top;
      const least = Math.min(one.bottom - one.top, other.bottom - other.top);
      if (wide > 3 && high > least * 0.35) lost.push(`${said(one.text)} lies over ${said(other.text)}`);
    }
  });
  for (const field of root.querySelectorAll('input:not([type=hidden]), select')) {
    const style = getComputedStyle(field);
    if (['checkbox', 'radio', 'file', 'color', 'range'].includes(field.type) || !field.checkVisibility()) continue;
    if (field.clientHeight > 2 && field.clientHeight < parseFloat(style.fontSize))
      lost.push(`field ${field.name} is lower than its text`);
  }
  return [...new Set(lost)].slice(0, 6);
}"""


def lost_at_twice_the_size(page: Page, within: str = "") -> list[str]:
    """What cannot be read when the text of the open page is twice as large; it is put back afterwards."""
    page.evaluate(_NOTE)
    page.evaluate(_ENLARGE)
    settle(page)
    try:
        lost: list[str] = page.evaluate(_LOST, within)
        if scrolls_sideways(page):
            lost.append("the page scrolls sideways")
        return lost
    finally:
        page.evaluate(_BACK)


def settle(page: Page) -> None:
    """Two frames: even transitions of no length take one."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
