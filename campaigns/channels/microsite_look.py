"""How a page takes on the partner's look: the colours by calculation, the two logos, the person.

Decoration takes the brand colour as it is; everything that is read or pressed takes a colour derived from
it, so that no brand colour, however pale or dark, makes a page that cannot be read.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from markupsafe import Markup

from campaigns import cobrand, colour
from campaigns.brand import Brand

PAGE_LIGHT: Final = "#ffffff"
PAPER_LIGHT: Final = "#f6f5f2"
PAGE_DARK: Final = "#111417"
PAPER_DARK: Final = "#16191d"
SHEET_DARK: Final = "#1a1e23"
TEXT_DARK: Final = "#eceef0"
GREY_CHROMA: Final = 0.02
HOUSE_COLOUR: Final = "#0a6570"
"""The colour of pages that belong to no partner, such as an address that leads nowhere."""

LOCKUP_GAP: Final = 40

FIELD_SHARE_DARK: Final = 0.24
"""How much of the brand colour the field behind the form keeps on a dark page, so that it does not glare."""

STYLESHEET: Final = Path(__file__).resolve().parents[2] / "assets" / "css" / "microsite.css"
FONTS: Final = (
    (
        "vendor/inter-web/inter-latin.woff2",
        "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,"
        "U+0304,U+0308,U+0329,U+2000-201F,U+2021-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
    ),
    (
        "vendor/inter-web/inter-latin-ext.woff2",
        "U+0100-0130,U+0132-0151,U+0154-024F,U+0259,U+1E80-1E85,U+1E9E,"
        "U+1EF2-1EF3,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113",
    ),
)


@dataclass(frozen=True, slots=True)
class Scheme:
    """The derived colours of one scheme, light or dark; every value is "#rrggbb"."""

    page: str
    paper: str
    sheet: str
    brand: str
    mark: str
    link: str
    field: str
    button: str
    button_text: str
    button_edge: str


@lru_cache(maxsize=1024)
def light(brand: str) -> Scheme:
    button, text = colour.button(brand)
    return Scheme(
        page=PAGE_LIGHT,
        paper=PAPER_LIGHT,
        sheet=PAGE_LIGHT,
        brand=brand,
        mark=colour.darken_until(brand, PAPER_LIGHT, colour.SHAPE_RATIO),
        link=colour.darken_until(brand, PAPER_LIGHT, colour.TEXT_RATIO),
        field=brand,
        button=button,
        button_text=text,
        button_edge=_edge(button, PAGE_LIGHT),
    )


@lru_cache(maxsize=1024)
def dark(brand: str) -> Scheme:
    button, text = colour.button(brand)
    mark = colour.lighten_until(brand, SHEET_DARK, colour.SHAPE_RATIO)
    return Scheme(
        page=PAGE_DARK,
        paper=PAPER_DARK,
        sheet=SHEET_DARK,
        brand=mark,
        mark=mark,
        link=_dark_link(brand),
        field=colour.mix(brand, PAGE_DARK, FIELD_SHARE_DARK),
        button=button,
        button_text=text,
        button_edge=_edge(button, SHEET_DARK),
    )


def style(brand: str, asset: Callable[[str], str], gap: int = LOCKUP_GAP) -> Markup:
    """The whole style of a page, for one `<style nonce>` block: fonts, rules, and the brand's own
    properties."""
    fonts = "".join(
        f'@font-face{{font-family:"Inter Page";font-weight:100 900;font-display:swap;'
        f'src:url({_quoted(asset(path))}) format("woff2");unicode-range:{letters}}}'
        for path, letters in FONTS
    )
    derived = (
        f":root{{--lockup-gap:{gap}px;{_properties(light(brand))}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{_properties(dark(brand))}}}}}"
    )
    return Markup(fonts + _stylesheet() + derived)


@cache
def _stylesheet() -> str:
    """The stylesheet without comments and indentation, read once."""
    text = re.sub(r"/\*.*?\*/", "", STYLESHEET.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def _properties(scheme: Scheme) -> str:
    return (
        f"--brand:{scheme.brand};--mark:{scheme.mark};--link:{scheme.link};--field:{scheme.field};"
        f"--button:{scheme.button};--button-text:{scheme.button_text};--button-edge:{scheme.button_edge}"
    )


def _dark_link(brand: str) -> str:
    """The brand lightened; for a black that would become a dead grey, the colour of the text."""
    link = colour.lighten_until(brand, SHEET_DARK, colour.TEXT_RATIO)
    return TEXT_DARK if link != brand and colour.chroma(brand) < GREY_CHROMA else link


def _edge(button: str, ground: str) -> str:
    """A line round the button where its own colour would get lost on the ground."""
    return colour.EDGE if colour.contrast(button, ground) < colour.SHAPE_RATIO else button


def _quoted(address: str) -> str:
    """An address as a CSS string: nothing in it can end the string or the style block."""
    safe = re.sub(r"[\"'\\<>()\s]", lambda found: f"%{ord(found[0]):02x}", address)
    return f'"{safe}"'


@dataclass(frozen=True, slots=True)
class Logo:
    """One place of the lock-up. `light` is empty where there is no logo and the name stands in its place;
    `dark` is the picture for a dark page. Sizes are CSS pixels."""

    name: str
    light: str = ""
    dark: str = ""
    width: int = 0
    height: int = 0
    dark_width: int = 0
    dark_height: int = 0


def lockup(brands: Sequence[Brand], address: Callable[[str], str]) -> tuple[Logo, ...]:
    """The logos in reading order, at the sizes of the lock-up; one brand may stand alone."""
    if not brands:
        return ()
    weight = cobrand.Weight.EQUAL if len(brands) > 1 else cobrand.Weight.PARTNER_ONLY_HEAD
    made = cobrand.lockup(brands[0], brands[-1], bounds=cobrand.PAGE, weight=weight)
    placed = (made.first, made.second) if made.second else (made.first,)
    return tuple(_logo(brand, place, address) for brand, place in zip(brands, placed, strict=True))


def lockup_gap(brands: Sequence[Brand]) -> int:
    """The distance between the logos in pixels: at least the height of the smaller one."""
    if len(brands) < 2:
        return LOCKUP_GAP
    return max(LOCKUP_GAP, cobrand.lockup(brands[0], brands[1], bounds=cobrand.PAGE).gap)


def _logo(brand: Brand, placed: cobrand.Placed, address: Callable[[str], str]) -> Logo:
    if brand.logo is None:
        return Logo(brand.name)
    light, dark_ = brand.logo.light, brand.logo.dark
    scale = placed.width / max(1, light.width)
    return Logo(
        name=brand.name,
        light=address(light.name),
        dark=address(dark_.name),
        width=placed.width,
        height=placed.height,
        dark_width=max(1, round(dark_.width * scale)),
        dark_height=max(1, round(dark_.height * scale)),
    )


@dataclass(frozen=True, slots=True)
class Person:
    """What a page shows of the partner's contact; `tel`, `mailto` and `picture` are addresses or empty."""

    name: str
    title: str
    firm: str
    phone: str
    tel: str
    email: str
    mailto: str
    initials: str
    picture: str


NOBODY: Final = Person("", "", "", "", "", "", "", "", "")


def person(partner: Brand, address: Callable[[str], str]) -> Person:
    """`address` gives that of a stored picture, from its name."""
    contact = partner.contact
    phone = contact.phone or partner.phone
    return Person(
        name=contact.name,
        title=contact.title,
        firm=partner.name,
        phone=phone,
        tel=_tel(phone),
        email=contact.email,
        mailto=f"mailto:{contact.email}"
        if re.fullmatch(r"[^\s@?&%\"'<>]+@[^\s@?&%\"'<>]+", contact.email)
        else "",
        initials=initials(contact.name),
        picture=address(contact.picture.large.name) if contact.picture else "",
    )


def initials(name: str) -> str:
    """The first letters of the first and the last name, "MK" for Marc Keller."""
    parts = [part for part in name.split() if part[0].isalpha()]
    return "".join(part[0].upper() for part in ([parts[0], parts[-1]] if len(parts) > 1 else parts))


def _tel(phone: str) -> str:
    digits = re.sub(r"[^\d+]", "", re.sub(r"\(0\)", "", phone))
    return f"tel:{digits}" if re.fullmatch(r"\+?\d{3,20}", digits) else ""
