"""Colours that can be read, by calculation.

From one brand colour six are derived. Contrast is the WCAG 2 ratio (1 to 21); lightness is changed in
OKLCH, so that the hue stays the brand's own. Every derived pair reaches its ratio for any brand colour: a
partner cannot produce unreadable text.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from campaigns.phrases import phrase

WHITE = "#ffffff"
INK = "#14181d"
DARK_SURFACE = "#1a1e23"
EDGE = "#8b867b"

TEXT_RATIO = 4.5
SHAPE_RATIO = 3.0

STEP = 0.01
"""Lightness moved per try; small enough that a change is hardly seen, and at most a hundred tries."""

_HUES = (
    (8, "pink"),
    (40, "red"),
    (76, "orange"),
    (114, "yellow"),
    (168, "green"),
    (212, "teal"),
    (280, "blue"),
    (325, "purple"),
)  # degrees in OKLCH up to which a hue has this name

LIKENESS = 0.10
"""A button may be this much darker than the brand and still look like it."""


@dataclass(frozen=True, slots=True)
class Palette:
    """What a page or a mail needs of a brand; every value is "#rrggbb", `button_edge` may be None."""

    brand: str
    button: str
    button_text: str
    button_edge: str | None
    link_light: str
    link_dark: str
    tint: str

    @property
    def button_was_changed(self) -> bool:
        return self.button != self.brand


@lru_cache(maxsize=1024)
def palette(brand: str, page: str = WHITE) -> Palette:
    """Derive a palette; `page` is the ground the button and the tint lie on."""
    brand = parse(brand)
    background, text = button(brand)
    return Palette(
        brand=brand,
        button=background,
        button_text=text,
        button_edge=EDGE if contrast(background, page) < SHAPE_RATIO else None,
        link_light=darken_until(brand, WHITE, TEXT_RATIO),
        link_dark=lighten_until(brand, DARK_SURFACE, TEXT_RATIO),
        tint=mix(brand, page, 0.08),
    )


def button(brand: str) -> tuple[str, str]:
    """Background and text of a button: white text on the brand or a little darker, else ink on the brand or
    lighter."""
    if contrast(brand, WHITE) >= TEXT_RATIO:
        return brand, WHITE
    darker = darken_until(brand, WHITE, TEXT_RATIO)
    if lightness(brand) - lightness(darker) <= LIKENESS:
        return darker, WHITE
    if contrast(brand, INK) >= TEXT_RATIO:
        return brand, INK
    return lighten_until(brand, INK, TEXT_RATIO), INK


def parse(text: str) -> str:
    """Return "#rrggbb" in lower case from "#rgb" or "#rrggbb", with or without "#".

    Raises:
        ValueError: with a sentence for the person who typed it.
    """
    found = re.fullmatch(r"#?([0-9a-f]{3}|[0-9a-f]{6})", text.strip().lower(), re.ASCII)
    if found is None:
        raise ValueError(
            phrase("'%(text)s' is not a colour. Write it as six digits, for example #0a6c74.", text=text[:30])
        )
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    return f"#{digits}"


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio, 1.0 (same) to 21.0 (black on white)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lightness(colour: str) -> float:
    """OKLCH lightness, 0.0 to 1.0."""
    return _to_oklch(colour)[0]


def chroma(colour: str) -> float:
    """OKLCH chroma, 0.0 (grey) to about 0.32."""
    return _to_oklch(colour)[1]


def word(colour: str) -> str:
    """What most people would call it: black, grey, white, red, orange, brown, yellow, green, teal, blue, purple or
    pink."""
    light, strength, angle = _to_oklch(parse(colour))
    if light < 0.2 or (strength < 0.03 and light < 0.3):
        return "black"
    if strength < 0.03:
        return "white" if light > 0.95 else "grey"
    degrees = math.degrees(angle) % 360
    name = next((name for until, name in _HUES if degrees < until), "pink")
    if light < 0.55 and name in ("orange", "yellow"):
        return "brown"
    return "pink" if name == "red" and light > 0.72 else name


def darken_until(colour: str, ground: str, ratio: float) -> str:
    return _shift(colour, ground, ratio, -STEP)


def lighten_until(colour: str, ground: str, ratio: float) -> str:
    return _shift(colour, ground, ratio, STEP)


def mix(colour: str, ground: str, share: float) -> str:
    """`colour` laid over `ground` with an opacity of `share` (0.0 to 1.0), in sRGB as browsers do it."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return _hex(over * share + under * (1 - share) for over, under in pairs)


def _shift(colour: str, ground: str, ratio: float, step: float) -> str:
    light, chroma_, hue = _to_oklch(colour)
    shifted = colour
    while contrast(shifted, ground) < ratio and 0 <= light <= 1:
        light += step
        shifted = _from_oklch(min(1.0, max(0.0, light)), chroma_, hue)
    return shifted


def _to_oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return light, math.hypot(a, b), math.atan2(b, a)


def _from_oklch(light: float, chroma_: float, hue: float) -> str:
    """The nearest colour a screen can show: chroma is given up before lightness or hue."""
    for _ in range(40):
        a, b = chroma_ * math.cos(hue), chroma_ * math.sin(hue)
        long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
        rgb = (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )
        if all(-1e-4 <= channel <= 1.0001 for channel in rgb):
            break
        chroma_ *= 0.95
    return _hex(_companded(channel) for channel in rgb)


def _channels(colour: str) -> tuple[float, float, float]:
    return (
        int(colour[1:3], 16) / 255,
        int(colour[3:5], 16) / 255,
        int(colour[5:7], 16) / 255,
    )


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in _channels(colour)
    )
    return red, green, blue


def _companded(value: float) -> float:
    value = max(0.0, value)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _hex(channels: Iterable[float]) -> str:
    return "#" + "".join(f"{round(min(1.0, max(0.0, channel)) * 255):02x}" for channel in channels)
