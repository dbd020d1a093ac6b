"""Intake of a picture that a partner puts into a region: whatever was uploaded goes in, our own file comes out.

The content decides what a file is, never its name. Nothing of the upload is served: it is decoded, turned the
right way up, made small enough for a mail and encoded anew, without what a camera wrote into it.
"""

import io
import struct
import warnings
from dataclasses import dataclass
from hashlib import sha256

from PIL import Image, ImageOps

from campaigns.errors import ContentError, Problem
from campaigns.phrases import phrase

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 16_000
MIN_SIDE = 64
WIDEST = 1_600
"""Pixels kept: twice the width of a mail, and enough for the page's first screen."""

QUALITY = 82


@dataclass(frozen=True, slots=True)
class Made:
    """One picture of ours; sizes are pixels."""

    content: bytes
    extension: str
    width: int
    height: int

    @property
    def name(self) -> str:
        """ "<sha256>.<ext>": under this name the picture is stored and served."""
        return f"{sha256(self.content).hexdigest()}.{self.extension}"


def read(content: bytes) -> Made:
    """The picture in `content` (PNG or JPEG, at most 8 MB and 40 million pixels): PNG where it has transparent
    parts, JPEG otherwise.

    Raises:
        ContentError: with a sentence for the person who uploaded it.
    """
    picture = decoded(content)
    picture.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    return _encoded(picture)


def decoded(content: bytes) -> Image.Image:
    """An upload as RGBA, the right way up, with nothing but its pixels; its size is read from the header, before
    memory is taken for them. Raises ContentError as `read` does."""
    if len(content) > MAX_BYTES:
        raise _refused(
            phrase(
                "The picture is larger than %(most)s MB. Save it smaller and try again.",
                most=MAX_BYTES // 1024 // 1024,
            )
        )
    if not content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise _refused(
            phrase("This file is neither PNG nor JPEG. Save the picture as one of these and try again.")
        )
    too_large = _refused(
        phrase("The picture has too many pixels. Save it at most 4,000 pixels wide and try again.")
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
                width, height = opened.size
                if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
                    raise too_large
                opened.load()
                picture = ImageOps.exif_transpose(opened).convert("RGBA")
                picture.info.clear()  # what a camera or a program wrote beside them, such as a JPEG's comment
    except Image.DecompressionBombError as bomb:
        raise too_large from bomb
    except (OSError, SyntaxError, EOFError, struct.error, ValueError) as error:
        if isinstance(error, ContentError):
            raise
        raise _refused(
            phrase("The picture is damaged or incomplete. Save it again as JPEG and try once more.")
        ) from error
    if min(picture.size) < MIN_SIDE:
        raise _refused(
            phrase(
                "The picture is only %(width)s x %(height)s pixels. Upload a larger one,"
                " at least %(least)s pixels on each side.",
                width=picture.width,
                height=picture.height,
                least=MIN_SIDE,
            )
        )
    return picture


def _encoded(picture: Image.Image) -> Made:
    out = io.BytesIO()
    lowest, _ = picture.getchannel("A").getextrema()
    if lowest == 255:
        picture.convert("RGB").save(out, format="JPEG", quality=QUALITY, optimize=True, progressive=True)
        return Made(out.getvalue(), "jpg", picture.width, picture.height)
    picture.save(out, format="PNG", optimize=True)
    return Made(out.getvalue(), "png", picture.width, picture.height)


def _refused(sentence: str) -> ContentError:
    return ContentError(Problem("picture", None, sentence))
