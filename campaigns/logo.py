"""Intake of a logo: whatever was uploaded goes in, our own PNGs come out.

The content decides what a file is, never its name. Nothing of the upload is served: a PNG or JPEG is decoded
and encoded anew, an SVG is cleaned and drawn. A file that is two things at once comes out as one.
"""

import io
import struct
import warnings
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from PIL import Image, ImageOps

from campaigns import brand, logo_drawing, logo_svg
from campaigns.errors import ContentError, Problem
from campaigns.phrases import phrase

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 16_000_000
MAX_SIDE = 16_000
MIN_HEIGHT = 16
MAX_SHAPE = 9
"""A logo may be at most this many times as wide as high, or as high as wide."""

RENDITION_WIDTH, RENDITION_HEIGHT = 640, 240
"""Twice the largest size shown; a smaller upload is not blown up."""

MARK_SIDE = 256


@dataclass(frozen=True, slots=True)
class Rendition:
    """One PNG of ours; sizes are pixels."""

    png: bytes
    width: int
    height: int

    @property
    def name(self) -> str:
        """ "<sha256>.png": under this name the picture is stored and served."""
        return f"{sha256(self.png).hexdigest()}.png"


@dataclass(frozen=True, slots=True)
class Logo:
    """What was made of one upload. `colours` are up to three proposals, the best readable first."""

    light: Rendition
    dark: Rendition
    dark_has_plate: bool
    mark: Rendition
    colours: tuple[str, ...]

    def files(self) -> dict[str, bytes]:
        """The pictures to store, by name."""
        return {made.name: made.png for made in (self.light, self.dark, self.mark)}

    def logo_set(self) -> brand.LogoSet:
        """What a brand keeps of this logo."""
        light, dark, mark = (
            brand.Picture(made.name, made.width, made.height) for made in (self.light, self.dark, self.mark)
        )
        return brand.LogoSet(light, dark, self.dark_has_plate, mark, self.colours)


def read(content: bytes) -> Logo:
    """Make every version of the logo in `content` (PNG, JPEG or SVG, at most 5 MB and 16 million pixels).

    Raises:
        ContentError: with a sentence for the person who uploaded it.
    """
    if len(content) > MAX_BYTES:
        raise _refused(
            phrase(
                "The file is larger than %(most)s MB. Save the logo smaller and try again.",
                most=MAX_BYTES // 1024 // 1024,
            )
        )
    if not content:
        raise _refused(phrase("The file is empty. Choose the logo again."))
    picture = _decoded(content)
    picture, was_cut_out = logo_drawing.without_plain_background(picture)
    trimmed = logo_drawing.trimmed(picture)
    if trimmed is None:
        raise _refused(phrase("The picture shows nothing: every part of it is transparent or of one colour."))
    width, height = trimmed.size
    if height < MIN_HEIGHT or width < MIN_HEIGHT:
        raise _refused(
            phrase(
                "The logo is only %(width)s x %(height)s pixels. Upload one at least %(least)s pixels high.",
                width=width,
                height=height,
                least=MIN_HEIGHT,
            )
        )
    if max(width / height, height / width) > MAX_SHAPE:
        raise _refused(phrase("The logo is a very long strip. Upload the logo alone, without line or frame."))
    return _made(trimmed, was_cut_out)


def _made(picture: Image.Image, was_cut_out: bool) -> Logo:
    picture.thumbnail((RENDITION_WIDTH, RENDITION_HEIGHT), Image.Resampling.LANCZOS)
    light, dark, has_plate = picture, picture, False
    is_lost = partial(logo_drawing.is_lost_on, picture)
    if is_lost(logo_drawing.LIGHT_GROUND, logo_drawing.VISIBLE_RATIO, logo_drawing.LOST_ON_LIGHT):
        light = logo_drawing.on_plate(picture, logo_drawing.DARK_GROUND)
    elif was_cut_out or is_lost(
        logo_drawing.DARK_GROUND, logo_drawing.READABLE_RATIO, logo_drawing.LOST_ON_DARK
    ):
        # What was cut out of a white ground may have white enclosed in it, so it gets its white back.
        dark, has_plate = logo_drawing.on_plate(picture, logo_drawing.LIGHT_GROUND), True
    return Logo(
        light=_encoded(light),
        dark=_encoded(dark),
        dark_has_plate=has_plate,
        mark=_encoded(logo_drawing.mark(light, MARK_SIDE)),
        colours=logo_drawing.colours(picture),
    )


def _decoded(content: bytes) -> Image.Image:
    if content.startswith(b"\x89PNG\r\n\x1a\n") or content.startswith(b"\xff\xd8\xff"):
        return _raster(content)
    if logo_svg.looks_like_svg(content):
        return _raster(logo_svg.drawn(content))
    raise _refused(
        phrase("This file is neither PNG, JPEG nor SVG. Save the logo as one of these and try again.")
    )


def _raster(content: bytes) -> Image.Image:
    """Decoded to RGBA; size is checked from the header, before memory is taken for the pixels."""
    unreadable = _refused(
        phrase("The picture is damaged or incomplete. Save it again as PNG and try once more.")
    )
    too_large = _refused(
        phrase("The picture has too many pixels. Save the logo at most 4,000 pixels wide and try again.")
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
                width, height = opened.size
                if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
                    raise too_large
                opened.load()
                return _as_rgba(ImageOps.exif_transpose(opened))
    except Image.DecompressionBombError as bomb:
        raise too_large from bomb
    except (OSError, SyntaxError, EOFError, struct.error, ValueError) as error:
        raise error if isinstance(error, ContentError) else unreadable from error


def _as_rgba(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        # Sixteen bits a channel: Pillow would clip instead of scaling.
        picture = picture.convert("I").point(lambda value: value / 257).convert("L")
    return picture.convert("RGBA")


def _encoded(picture: Image.Image) -> Rendition:
    out = io.BytesIO()
    picture.save(out, format="PNG", optimize=True)
    return Rendition(out.getvalue(), picture.width, picture.height)


def _refused(sentence: str) -> ContentError:
    return ContentError(Problem("logo", None, sentence))
