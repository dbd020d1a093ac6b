"""How a mail looks: the head's defaults and dark rules, the two logos, the footer. All of it as MJML."""

import re
from collections.abc import Callable, Mapping
from html import escape

from campaigns import colour
from campaigns.brand import Brand, Portrait
from campaigns.cobrand import STACKED_BELOW, Lockup, Placed
from campaigns.compliance import FooterWords

FONT = "Inter, 'Segoe UI', Helvetica, Arial, sans-serif"
PAGE, CARD, TEXT, QUIET = "#f6f5f2", "#ffffff", "#1b1e22", "#565a61"
DARK_PAGE, DARK_CARD, DARK_TEXT, DARK_QUIET = "#111417", "#1a1e23", "#eceef0", "#a9b1ba"
DARK_PANEL, DARK_LINE = "#22272d", "#2d333a"

LOCKUP_SECTION = {
    "css-class": "tc-card",
    "background-color": CARD,
    "border-radius": "12px 12px 0 0",
    "border-top": "4px solid {{ partner.colour }}",
    "padding": "24px 32px 20px",
}
FOOTER_SECTION = {"css-class": "tc-page", "background-color": PAGE, "padding": "20px 0 32px"}
"""What the two marked sections look like where the kit says nothing."""

PORTRAIT_SIDE = 64
"""Pixels of the picture of the contact person."""

_OWN_LINK = re.compile(r"\{\{ link\.[a-z_]+ \}\}(?:#[a-z]+)?")
_CLASSES = {"mj-text": "tc-t", "mj-table": "tc-t", "mj-button": "tc-cta", "mj-divider": "tc-line"}


def class_for(name: str, ground: str, page: str) -> str | None:
    """The class by which the dark rules find an element; None for one they leave alone."""
    if name in ("mj-section", "mj-wrapper", "mj-hero"):
        return "tc-page" if ground and ground == page else "tc-card"
    if name == "mj-body":
        return "tc-page"
    if name == "mj-column":
        return "tc-panel" if ground else None
    return _CLASSES.get(name)


def head(title: str, preview: str, partner: Brand) -> str:
    """Defaults that a kit may override, and the rules for dark programs and small screens."""
    made = partner.palette
    edge = f' border="1px solid {made.button_edge}"' if made.button_edge else ""
    return f"""
<mj-title>{title}</mj-title>
<mj-preview>{preview}</mj-preview>
<mj-attributes>
<mj-all font-family="{FONT}" />
<mj-text font-size="16px" line-height="26px" color="{TEXT}" padding="0 32px 16px" />
<mj-table font-size="16px" line-height="26px" color="{TEXT}" padding="0 32px 16px" />
<mj-section background-color="{CARD}" padding="0" />
<mj-button background-color="{made.button}" color="{made.button_text}"{edge} font-size="16px" \
font-weight="700" border-radius="8px" inner-padding="15px 28px" align="left" padding="8px 32px 24px" />
</mj-attributes>
<mj-raw><meta name="color-scheme" content="light dark" />\
<meta name="supported-color-schemes" content="light dark" /></mj-raw>
<mj-style>
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
a {{ color: {made.link_light}; }}
.tc-s a {{ color: {colour.darken_until(made.brand, PAGE, colour.TEXT_RATIO)}; }}
{_dark_rules(made)}
@media (max-width: 480px) {{
 .tc-cta table, .tc-cta a {{ width: 100% !important; box-sizing: border-box; }}
 .tc-cta a {{ text-align: center !important; }}
}}
@media (max-width: {STACKED_BELOW}px) {{
 .tc-logos td {{ display: block !important; width: 100% !important; text-align: left !important;\
 padding: 0 0 20px !important; }}
}}
</mj-style>
"""


def _dark_rules(made: colour.Palette) -> str:
    words = ("div", "p", "h1", "h2", "h3", "li", "td", "th", "span", "strong")
    text = ", ".join(f".tc-t {word}" for word in words)
    quiet = ", ".join(f".tc-s {word}" for word in ("div", "p", "span"))
    return f"""@media (prefers-color-scheme: dark) {{
 body, body > div, .tc-page, .tc-page > table {{ background: {DARK_PAGE} !important; \
background-color: {DARK_PAGE} !important; }}
 .tc-card, .tc-card > table {{ background: {DARK_CARD} !important; \
background-color: {DARK_CARD} !important; }}
 .tc-panel > table, .tc-panel > table > tbody > tr > td {{ background-color: {DARK_PANEL} !important; }}
 .tc-t {{ background-color: transparent !important; }}
 {text} {{ color: {DARK_TEXT} !important; }}
 {quiet} {{ color: {DARK_QUIET} !important; }}
 .tc-t a, .tc-s a {{ color: {made.link_dark} !important; }}
 .tc-line p {{ border-top-color: {DARK_LINE} !important; }}
 .tc-plate {{ color: {TEXT} !important; background: #ffffff !important; \
box-shadow: 0 0 0 6px #ffffff; border-radius: 2px; }}
}}"""


def lockup(made: Lockup, *, picture: Callable[[str], str], powered_by: str | None) -> str:
    """The logos side by side, one above the other on a very narrow screen. `powered_by` stands above the
    second."""
    cells = [_cell(made.first, "left", 0, picture)]
    if made.second:
        cells.append(_cell(made.second, "right", made.gap, picture, above=powered_by))
    row = f"<tr>{''.join(cells)}</tr>"
    table = f'<mj-table css-class="tc-t tc-logos" table-layout="fixed" padding="0">{row}</mj-table>'
    return f"<mj-column>{table}</mj-column>"


def _cell(
    placed: Placed, align: str, gap: int, picture: Callable[[str], str], above: str | None = None
) -> str:
    if placed.picture is None:
        inner = f'<strong style="font-size:20px;line-height:26px">{_safe(placed.name)}</strong>'
    else:
        plate = ' class="tc-plate"' if placed.needs_plate_on_dark else ""
        inner = (
            f'<img{plate} src="{_safe(picture(placed.picture.name))}" alt="{_safe(placed.name)}"'
            f' width="{placed.width}" height="{placed.height}" style="display:inline-block;border:0;'
            f'width:{placed.width}px;max-width:100%;height:auto;vertical-align:middle;font-weight:700" />'
        )
    if above:
        inner = f'<span style="font-size:12px;line-height:16px">{_safe(above)}</span><br />{inner}'
    side = f"padding:0 0 0 {gap}px" if align == "right" else "padding:0"
    return f'<td align="{align}" valign="middle" style="{side};vertical-align:middle">{inner}</td>'


def portrait(made: Portrait | None, *, picture: Callable[[str], str]) -> str:
    """The picture of the contact person, "" where there is none. It says nothing that the name beside it does not
    say, so its text alternative is empty."""
    if made is None:
        return ""
    side = PORTRAIT_SIDE
    return (
        f'<img src="{_safe(picture(made.small.name))}" alt="" width="{side}" height="{side}" style="display:block;'
        f'border:0;width:{side}px;height:{side}px;border-radius:50%" />'
    )


def beside(portrait: str, attributes: Mapping[str, str]) -> tuple[str, str]:
    """What stands before and after the words of a text so that they stand to the right of a picture. `attributes`
    are the text's own: some mail programs let no cell of a table take them over."""
    defaults = {"font-family": FONT, "font-size": "16px", "line-height": "26px", "color": TEXT}
    style = ";".join(f"{name}:{attributes.get(name, value)}" for name, value in defaults.items())
    width = PORTRAIT_SIDE + 16
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>'
        f'<td width="{width}" valign="top" style="width:{width}px;padding:0">{portrait}</td>'
        f'<td valign="middle" style="padding:0;{escape(style)}">',
        "</td></tr></table>",
    )


def footer(lines: list[str], links: list[tuple[str, str]]) -> str:
    """The quiet lines and links. Lines are HTML, links (words, address)."""
    written = [f'<a href="{_safe(address)}">{_safe(words)}</a>' for words, address in links if address]
    body = "<br />".join([*lines, " · ".join(written)])
    return (
        f'<mj-column><mj-text css-class="tc-s" font-size="13px" line-height="20px" color="{QUIET}" align="left"'
        f' padding="0 32px 16px">{body}</mj-text></mj-column>'
    )


def footer_lines(
    reason: str, partner: Brand, vendor: Brand, words: FooterWords, *, in_words: str | None, together: bool
) -> list[str]:
    """Why you get this, who sends it with whom, and the postal address unless the reason said it."""
    lines = [reason]
    if together:
        lines[0] += " " + _safe(words.together.format(vendor=vendor.name))
    if in_words:
        lines[0] += " " + _safe(words.with_vendor.format(vendor=in_words))
    address = _safe(partner.postal_address)
    if address not in reason:
        lines.append(words.sender.format(sender=address))
    return lines


def _safe(text: str) -> str:
    """Escaped for HTML, and for the grammar unless it is one of our own link names, or a place on its page."""
    if _OWN_LINK.fullmatch(text):
        return text
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")
