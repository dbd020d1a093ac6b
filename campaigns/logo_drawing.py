"""What is done to the pixels of a logo: cut out, trimmed, put on a plate, made square, asked for colours."""

from collections import Counter

from PIL import Image, ImageChops, ImageDraw

from campaigns import colour

LIGHT_GROUND = "#ffffff"
DARK_GROUND = colour.DARK_SURFACE

READABLE_RATIO = 3.0
VISIBLE_RATIO = 1.5
LOST_ON_LIGHT, LOST_ON_DARK = 0.40, 0.10
"""A logo is lost on a ground when more than this share of what is drawn falls below the ratio. Most logos
are made for white paper, where white parts (a letter in a shield) are meant to be the paper."""

VISIBLE_ALPHA = 24
PLATE_CORNER = 8
PLATE_PADDING = 6
TYPICAL_HEIGHT = 36
"""Plates are drawn for a logo shown this many pixels high."""

PLAIN_TOLERANCE = 18
PLAIN_SHARE = 0.98
NEAR_WHITE = 0.80

SAMPLE_SIDE = 300
MIN_COLOUR_SHARE = 0.03
"""What covers less of a logo than this is an edge or a speck, not one of its colours."""


def without_plain_background(picture: Image.Image) -> tuple[Image.Image, bool]:
    """The picture with a clearly plain, near-white ground made transparent, and whether that was done.

    A dark or coloured ground stays: a white logo cut out of black would vanish on white paper.
    """
    if picture.getchannel("A").getextrema() != (255, 255):
        return picture, False
    flat = picture.convert("RGB")
    edge = _edge(flat)
    ground = max(set(edge), key=edge.count)
    like = sum(_distance(pixel, ground) <= PLAIN_TOLERANCE for pixel in edge)
    if like < PLAIN_SHARE * len(edge) or colour.luminance("#{:02x}{:02x}{:02x}".format(*ground)) < NEAR_WHITE:
        return picture, False
    difference = ImageChops.difference(flat, Image.new("RGB", flat.size, ground))
    red, green, blue = difference.split()
    strongest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    # 255 where the ground is, 0 where something is drawn; only ground that touches the edge is flooded.
    is_ground = strongest.point(lambda value: 255 if value <= PLAIN_TOLERANCE else 0)
    framed = Image.new("L", (flat.width + 2, flat.height + 2), 255)
    framed.paste(is_ground, (1, 1))
    ImageDraw.floodfill(framed, (0, 0), 128)
    outside = framed.crop((1, 1, flat.width + 1, flat.height + 1)).point(
        lambda value: 255 if value == 128 else 0
    )
    cut = picture.copy()
    cut.putalpha(ImageChops.invert(outside))
    return cut, True


def trimmed(picture: Image.Image) -> Image.Image | None:
    """Cropped to what can be seen; None if nothing can, or if all of it is one flat colour."""
    box = picture.getchannel("A").point(lambda value: 255 if value >= VISIBLE_ALPHA else 0).getbbox()
    if box is None:
        return None
    cropped = picture.crop(box)
    colours_found = cropped.getcolors(2)
    is_flat = colours_found is not None and len(colours_found) == 1
    return None if is_flat and cropped.size == picture.size else cropped


def is_lost_on(picture: Image.Image, ground: str, ratio: float, share: float) -> bool:
    """Whether more than `share` of what is drawn has less contrast to `ground` than `ratio`. A picture
    without any transparency brings its own ground and is never lost."""
    if picture.getchannel("A").getextrema() == (255, 255):
        return False
    shades = _shades(picture)
    lost = sum(count for count, seen in shades if colour.contrast(seen, ground) < ratio)
    return lost > share * sum(count for count, _ in shades)


def on_plate(picture: Image.Image, ground: str) -> Image.Image:
    """On a plate with 8 px corners and a little room, at the size a logo is usually shown."""
    scale = picture.height / TYPICAL_HEIGHT
    padding, corner = round(PLATE_PADDING * scale), round(PLATE_CORNER * scale)
    plate = Image.new("RGBA", (picture.width + 2 * padding, picture.height + 2 * padding), (0, 0, 0, 0))
    ImageDraw.Draw(plate).rounded_rectangle((0, 0, plate.width - 1, plate.height - 1), corner, fill=ground)
    plate.alpha_composite(picture, (padding, padding))
    return plate


def mark(picture: Image.Image, side: int) -> Image.Image:
    """A square of the symbol that stands first, or of the whole logo, on white."""
    symbol = _symbol(picture)
    room = round(side * 0.8)
    scale = min(room / symbol.width, room / symbol.height)
    symbol = symbol.resize(
        (max(1, round(symbol.width * scale)), max(1, round(symbol.height * scale))), Image.Resampling.LANCZOS
    )
    square = Image.new("RGBA", (side, side), LIGHT_GROUND)
    square.alpha_composite(symbol, ((side - symbol.width) // 2, (side - symbol.height) // 2))
    return square


def colours(picture: Image.Image, most: int = 3) -> tuple[str, ...]:
    """Up to `most` different colours of the logo: coloured ones and those that need no change first."""
    shades = _shades(picture)
    least = MIN_COLOUR_SHARE * sum(count for count, _ in shades)
    found: list[str] = []
    for count, seen in shades:
        is_new = all(_differs(seen, other) for other in found)
        if count >= least and is_new and colour.contrast(seen, LIGHT_GROUND) >= 1.2:
            found.append(seen)
    return tuple(sorted(found, key=_rank)[:most])


def _rank(seen: str) -> tuple[bool, bool, float]:
    palette = colour.palette(seen)
    is_grey = colour.chroma(seen) < 0.05
    return is_grey, palette.button_was_changed, -colour.contrast(palette.button, palette.button_text)


def _symbol(picture: Image.Image) -> Image.Image:
    """The part before the first clear gap, if it is about as wide as high; else all of it."""
    if picture.width < 1.6 * picture.height:
        return picture
    seen = picture.getchannel("A").point(lambda value: 255 if value >= VISIBLE_ALPHA else 0)
    columns = seen.resize((picture.width, 1), Image.Resampling.BOX).tobytes()
    least_gap = max(2, round(picture.height * 0.08))
    gap = 0
    for x, value in enumerate(columns):
        gap = gap + 1 if value == 0 else 0
        if gap >= least_gap:
            width = x - gap + 1
            if 0.6 <= width / picture.height <= 1.5:
                part = picture.crop((0, 0, width, picture.height))
                return part.crop(part.getchannel("A").getbbox())
            return picture
    return picture


def _shades(picture: Image.Image) -> list[tuple[int, str]]:
    """How often each shade is drawn (16 steps a channel, named by its commonest colour), the commonest
    first."""
    scale = min(1.0, SAMPLE_SIDE / max(picture.size))
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    data = picture.resize(size, Image.Resampling.NEAREST).tobytes()
    exact = Counter(data[offset : offset + 3] for offset in range(0, len(data), 4) if data[offset + 3] >= 200)
    counts: Counter[tuple[int, ...]] = Counter()
    names: dict[tuple[int, ...], str] = {}
    for rgb, count in exact.most_common():
        shade = tuple(channel >> 4 for channel in rgb)
        counts[shade] += count
        names.setdefault(shade, f"#{rgb.hex()}")
    return [(count, names[shade]) for shade, count in counts.most_common()]


def _edge(picture: Image.Image) -> list[tuple[int, ...]]:
    width, height = picture.size
    strips = [
        (0, 0, width, 1),
        (0, height - 1, width, height),
        (0, 0, 1, height),
        (width - 1, 0, width, height),
    ]
    pixels: list[tuple[int, ...]] = []
    for strip in strips:
        data = picture.crop(strip).tobytes()
        pixels += [tuple(data[offset : offset + 3]) for offset in range(0, len(data), 3)]
    return pixels


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def _differs(one: str, other: str) -> bool:
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return sum(abs(a - b) for a, b in pairs) > 96
