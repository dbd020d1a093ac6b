"""The picture of posts: drawn in the partner's colour, with both logos and the words of the kit.

The words lie on the partner's button colour in the colour that is readable on it, the logos on white as in mails;
a picture of the kit fills the rest. Everything drawn from is frozen, so equal input makes equal bytes.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont, ImageOps

from campaigns import cobrand
from campaigns.brand import Brand
from campaigns.kit.materials import Layout
from campaigns.pictures import Made

MOST_BYTES: Final = 400_000
QUALITIES: Final = (90, 82, 70, 55)
BOUNDS: Final = cobrand.Bounds(min_height=44, max_height=92, area=22_000)
LOGOS, MARGIN = 148, 56  # pixels: the white strip, and the room around everything
LARGEST, SMALLEST, STEP = 76, 34, 2  # points of the headline
MOST_LINES = 5
WHITE, INK = "#ffffff", "#1b1e22"

_FONTS = Path(__file__).resolve().parents[2] / "assets" / "vendor" / "inter"
_Font = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in the picture, filled in; `text` may be empty."""

    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The two brands, and whether the kit's offer names the vendor first."""

    partner: Brand
    vendor: Brand


def key(words: Words, layout: Layout, brands: Pair, background: bytes | None) -> str:
    """Names all that goes into a picture: equal keys are equal pictures."""
    ground = sha256(background).hexdigest() if background else ""
    parts = (words, layout, brands.partner.hash, brands.vendor.hash, ground)
    return sha256(repr(parts).encode()).hexdigest()


def draw(
    words: Words, layout: Layout, brands: Pair, background: bytes | None, logos: Mapping[str, bytes]
) -> Made:
    """A JPEG of the layout's size and at most 400 KB. `background` is a PNG or JPEG that the kit's check has let
    through, `logos` the stored pictures of both brands by name."""
    width, height = layout.size
    canvas = Image.new("RGB", (width, height), WHITE)
    left, top, right, bottom = _panel(layout, has_picture=background is not None)
    palette = brands.partner.palette
    if background is not None:
        _fill(canvas, background, _rest(layout))
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((left, top, right - 1, bottom - 1), fill=palette.button)
    _write(pen, words, (left + MARGIN, top + MARGIN, right - MARGIN, bottom - MARGIN), palette.button_text)
    pen.rectangle((0, height - LOGOS, width, height), fill=WHITE)
    _place_logos(canvas, pen, brands, logos)
    return _encoded(canvas)


def _panel(layout: Layout, *, has_picture: bool) -> tuple[int, int, int, int]:
    """Where the words lie: left of the picture, or under it; everywhere without one."""
    width, height = layout.size
    if not has_picture:
        return 0, 0, width, height - LOGOS
    if layout is Layout.LANDSCAPE:
        return 0, 0, round(width * 0.56), height - LOGOS
    return 0, round(height * 0.46), width, height - LOGOS


def _rest(layout: Layout) -> tuple[int, int, int, int]:
    width, height = layout.size
    if layout is Layout.LANDSCAPE:
        return round(width * 0.56), 0, width, height - LOGOS
    return 0, 0, width, round(height * 0.46)


def _fill(canvas: Image.Image, background: bytes, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    with Image.open(io.BytesIO(background), formats=("PNG", "JPEG")) as opened:
        opened.draft("RGB", (2 * (right - left), 2 * (bottom - top)))
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    ground = Image.new("RGBA", picture.size, WHITE)
    ground.alpha_composite(picture)
    fitted = ImageOps.fit(ground.convert("RGB"), (right - left, bottom - top), Image.Resampling.LANCZOS)
    canvas.paste(fitted, (left, top))


def _write(pen: ImageDraw.ImageDraw, words: Words, box: tuple[int, int, int, int], colour: str) -> None:
    """Headline and text one under the other, in the middle of the height, as large as they fit."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    for points in range(LARGEST, SMALLEST - 1, -STEP):
        bold, regular = _font("Bold", points), _font("Regular", max(26, round(points * 0.5)))
        lines, more = _lines(words.headline, bold, width), _lines(words.text, regular, width)
        line, small = round(points * 1.2), round(regular.size * 1.35)
        gap = round(points * 0.5) if more else 0
        needed = len(lines) * line + gap + len(more) * small
        if needed <= height and len(lines) <= MOST_LINES and _fits(lines, bold, width):
            break
    y = top + max(0, (height - needed) // 2)
    for text in lines:
        pen.text((left, y), text, font=bold, fill=colour)
        y += line
    y += gap
    for text in more:
        pen.text((left, y), text, font=regular, fill=colour)
        y += small


def _lines(text: str, font: _Font, width: int) -> list[str]:
    """Broken between words; a word that is wider than the line stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _fits(lines: list[str], font: _Font, width: int) -> bool:
    return all(font.getlength(line) <= width for line in lines)


def _font(style: str, points: int) -> _Font:
    return ImageFont.truetype(_FONTS / f"Inter-{style}.ttf", points)


def _place_logos(
    canvas: Image.Image, pen: ImageDraw.ImageDraw, brands: Pair, logos: Mapping[str, bytes]
) -> None:
    """Partner first, equal area, in the middle of the strip."""
    made = cobrand.lockup(brands.partner, brands.vendor, bounds=BOUNDS)
    x, middle = MARGIN, canvas.height - LOGOS // 2
    room = canvas.width - 2 * MARGIN
    placed = [one for one in (made.first, made.second) if one is not None]
    most = (room - made.gap * (len(placed) - 1)) // len(placed)
    for one in placed:
        x += _place(canvas, pen, one, (x, middle), most, logos) + max(made.gap, MARGIN)


def _place(
    canvas: Image.Image,
    pen: ImageDraw.ImageDraw,
    one: cobrand.Placed,
    at: tuple[int, int],
    most: int,
    logos: Mapping[str, bytes],
) -> int:
    """The width that one brand took: its logo, or its name where it has none."""
    x, middle = at
    if one.picture is None:
        font = _shrunk(lambda points: _font("Bold", points), one.name, most)
        pen.text((x, middle), one.name, font=font, fill=INK, anchor="lm")
        return round(font.getlength(one.name))
    with Image.open(io.BytesIO(logos[one.picture.name]), formats=("PNG", "JPEG")) as opened:
        picture = opened.convert("RGBA")
    scale = min(1.0, most / one.width)
    size = max(1, round(one.width * scale)), max(1, round(one.height * scale))
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    canvas.paste(picture, (x, middle - size[1] // 2), mask=picture)
    return size[0]


def _shrunk(font: Callable[[int], _Font], text: str, most: int) -> _Font:
    for points in range(40, 16, -2):
        if font(points).getlength(text) <= most:
            break
    return font(points)


def _encoded(canvas: Image.Image) -> Made:
    for quality in QUALITIES:
        out = io.BytesIO()
        canvas.save(out, format="JPEG", quality=quality, optimize=True, subsampling=0)
        if out.tell() <= MOST_BYTES:
            break
    return Made(out.getvalue(), "jpg", canvas.width, canvas.height)
