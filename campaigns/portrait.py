"""Intake of the picture of a contact person: a photograph goes in, two square JPEGs of ours come out.

As with every picture, the content decides what a file is and nothing of the upload is served.
"""

import io
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from PIL import Image, ImageOps

from campaigns import brand, pictures

SMALL_SIDE: Final = 128
"""Pixels: twice what a mail shows."""

LARGE_SIDE: Final = 192
"""Pixels: twice what a page shows."""

GROUND: Final = "#ffffff"  # behind the transparent parts of a PNG
QUALITY: Final = 85


@dataclass(frozen=True, slots=True)
class Rendition:
    """One square JPEG of ours; `side` is in pixels."""

    jpeg: bytes
    side: int

    @property
    def name(self) -> str:
        """ "<sha256>.jpg": under this name the picture is stored and served."""
        return f"{sha256(self.jpeg).hexdigest()}.jpg"


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of one upload: `small` for mails, `large` for pages."""

    small: Rendition
    large: Rendition

    def files(self) -> dict[str, bytes]:
        """The pictures to store, by name."""
        return {made.name: made.jpeg for made in (self.small, self.large)}

    def portrait(self) -> brand.Portrait:
        """What a brand keeps of this picture."""
        small, large = (brand.Picture(made.name, made.side, made.side) for made in (self.small, self.large))
        return brand.Portrait(small, large)


def read(content: bytes) -> Made:
    """Both sizes of the photograph in `content` (PNG or JPEG, at most 8 MB and 40 million pixels), cut to the
    square in its middle.

    Raises:
        ContentError: with a sentence for the person who uploaded it.
    """
    picture = pictures.decoded(content)
    side = min(LARGE_SIDE, *picture.size)  # a smaller upload is not blown up
    square = ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
    opaque = Image.new("RGB", square.size, GROUND)
    opaque.paste(square, mask=square.getchannel("A"))
    return Made(small=_encoded(opaque, min(SMALL_SIDE, side)), large=_encoded(opaque, side))


def _encoded(picture: Image.Image, side: int) -> Rendition:
    out = io.BytesIO()
    sized = picture.resize((side, side), Image.Resampling.LANCZOS)
    sized.save(out, format="JPEG", quality=QUALITY, optimize=True)
    return Rendition(out.getvalue(), side)
