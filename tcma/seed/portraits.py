"""Drawn portraits for the people of the example world: nobody's face, made of ellipses and a few colours."""

import io
from hashlib import blake2b

from PIL import Image, ImageDraw, ImageFilter

SIDE = 320  # pixels of the picture
SCALE = 4  # drawn larger and made small, so that edges are smooth
GROUNDS = ("#c9d7dd", "#e2d6c5", "#cfdcc8", "#ddd0dc", "#d3d7e6")
SKINS = ("#f1c9a5", "#e0ac7e", "#c68a5c", "#8d5a3a", "#f3d3b8")
HAIRS = ("#2c221d", "#5a3b22", "#8a5a2b", "#b9b4ac", "#c79a4e")
CLOTHES = ("#24405c", "#4a4f57", "#2f5d50", "#6b3a46", "#8a6d3b")
INK = "#3b2a22"


def drawn(name: str) -> bytes:
    """A PNG of head and shoulders; the same name always looks the same."""
    dice = blake2b(name.encode(), digest_size=8).digest()
    skin, hair = SKINS[dice[0] % len(SKINS)], HAIRS[dice[1] % len(HAIRS)]
    picture = Image.new("RGB", (SIDE * SCALE, SIDE * SCALE), GROUNDS[dice[2] % len(GROUNDS)])
    pen = _Pen(ImageDraw.Draw(picture))
    _light(picture)
    has_long_hair = bool(dice[4] % 2)
    if has_long_hair:
        pen.oval(160, 156, 84, 104, hair)
        pen.block(84, 150, 236, 262, hair)
    _shoulders(pen, CLOTHES[dice[3] % len(CLOTHES)], skin)
    _head(pen, skin, hair, has_long_hair=has_long_hair)
    _face(pen, skin, has_glasses=dice[5] % 3 == 0)
    out = io.BytesIO()
    picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


class _Pen:
    """Draws in pixels of the finished picture; ovals by their middle and half axes."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self._draw = draw

    def oval(self, x: float, y: float, across: float, down: float, colour: str) -> None:
        self._draw.ellipse(_scaled(x - across, y - down, x + across, y + down), fill=colour)

    def block(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        self._draw.rounded_rectangle(_scaled(left, top, right, bottom), 24 * SCALE, fill=colour)

    def ring(self, x: float, y: float, across: float, colour: str, width: int) -> None:
        box = _scaled(x - across, y - across, x + across, y + across)
        self._draw.ellipse(box, outline=colour, width=width * SCALE)

    def arc(self, box: tuple[float, ...], start: int, end: int, colour: str, width: int) -> None:
        self._draw.arc(_scaled(*box), start, end, fill=colour, width=width * SCALE)

    def shape(self, points: list[tuple[float, float]], colour: str) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)


def _scaled(*values: float) -> list[float]:
    return [value * SCALE for value in values]


def _light(picture: Image.Image) -> None:
    """Brighter in the upper left, as by a window."""
    glow = Image.new("L", picture.size, 0)
    ImageDraw.Draw(glow).ellipse(_scaled(-60, -80, 220, 200), fill=110)
    soft = glow.resize((SIDE, SIDE)).filter(ImageFilter.GaussianBlur(50)).resize(picture.size)
    picture.paste(Image.new("RGB", picture.size, "#ffffff"), mask=soft)


def _shoulders(pen: _Pen, cloth: str, skin: str) -> None:
    pen.oval(160, 350, 132, 112, cloth)
    pen.block(134, 196, 186, 262, _shade(skin, 0.88))
    pen.oval(160, 252, 34, 22, _shade(skin, 0.88))
    pen.shape([(118, 246), (160, 300), (134, 316), (98, 262)], "#f4f2ee")
    pen.shape([(202, 246), (160, 300), (186, 316), (222, 262)], "#f4f2ee")
    pen.shape([(104, 250), (92, 262), (140, 320), (160, 320), (160, 306)], _shade(cloth, 0.85))
    pen.shape([(216, 250), (228, 262), (180, 320), (160, 320), (160, 306)], _shade(cloth, 0.85))


def _head(pen: _Pen, skin: str, hair: str, *, has_long_hair: bool) -> None:
    for side in (-1, 1):
        pen.oval(160 + side * 62, 152, 10, 17, _shade(skin, 0.92))
    pen.oval(160, 122, 68, 66, hair)
    pen.oval(160, 150, 59, 72, skin)
    if has_long_hair:
        pen.shape([(98, 128), (112, 74), (176, 62), (222, 96), (222, 128), (190, 92), (140, 104)], hair)
    else:
        pen.shape(
            [(100, 124), (112, 80), (160, 66), (210, 80), (220, 124), (204, 102), (150, 96), (116, 104)], hair
        )


def _face(pen: _Pen, skin: str, *, has_glasses: bool) -> None:
    for side in (-1, 1):
        x = 160 + side * 24
        pen.oval(x, 148, 9, 5.5, "#ffffff")
        pen.oval(x, 148, 5, 5, INK)
        pen.arc((x - 15, 128, x + 15, 146), 205, 335, INK, 4)
        if has_glasses:
            pen.ring(x, 149, 19, "#2b2f36", 3)
        pen.oval(x + side * 10, 178, 11, 7, _shade(skin, 0.95))
    if has_glasses:
        pen.arc((152, 142, 168, 156), 200, 340, "#2b2f36", 3)
    pen.arc((150, 146, 172, 178), 50, 150, _shade(skin, 0.78), 4)
    pen.arc((132, 158, 188, 202), 35, 145, "#a8493f", 5)


def _shade(colour: str, factor: float) -> str:
    return "#" + "".join(f"{round(int(colour[at : at + 2], 16) * factor):02x}" for at in (1, 3, 5))
