"""The lock-up of two logos: the partner speaks, the vendor vouches.

Both are shown at equal area, not at equal height alone, so that a wide name does not shout down a square
sign.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from campaigns.brand import Brand, Picture

STACKED_BELOW = 360
"""On screens narrower than this many pixels the logos stand one above the other."""

MIN_GAP = 24


class Weight(StrEnum):
    """How a kit weighs the two brands."""

    EQUAL = "equal"
    PARTNER_ONLY_HEAD = "partner_only_head"
    VENDOR_FIRST = "vendor_first"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Pixels a logo may be high, and the area both are brought to where the heights allow it."""

    min_height: int
    max_height: int
    area: int


MAIL = Bounds(min_height=24, max_height=44, area=4_800)
PAGE = Bounds(min_height=28, max_height=56, area=7_500)


@dataclass(frozen=True, slots=True)
class Placed:
    """One brand in the lock-up. Without a logo `picture` is None, width and height are 0, and the name is
    written."""

    name: str
    website: str
    picture: Picture | None
    width: int
    height: int
    needs_plate_on_dark: bool


@dataclass(frozen=True, slots=True)
class Lockup:
    """`second` is None where only the partner stands in the head; `in_words` is then the vendor's name for
    the foot. `gap` is the least distance in pixels."""

    first: Placed
    second: Placed | None
    gap: int
    in_words: str | None


def lockup(partner: Brand, vendor: Brand, *, bounds: Bounds, weight: Weight = Weight.EQUAL) -> Lockup:
    """Place both brands within `bounds`."""
    area = _common_area([brand for brand in (partner, vendor) if brand.logo], bounds)
    ours, theirs = _placed(partner, area, bounds), _placed(vendor, area, bounds)
    if weight is Weight.PARTNER_ONLY_HEAD:
        return Lockup(ours, None, 0, in_words=vendor.name)
    heights = [placed.height for placed in (ours, theirs) if placed.picture]
    gap = max(MIN_GAP, min(heights, default=0))
    first, second = (theirs, ours) if weight is Weight.VENDOR_FIRST else (ours, theirs)
    return Lockup(first, second, gap, in_words=None)


def _common_area(brands: list[Brand], bounds: Bounds) -> float:
    """The area nearest to the wanted one at which every logo stays within its heights, if there is one."""
    shapes = [_shape(brand) for brand in brands] or [1.0]
    least = bounds.min_height**2 * max(shapes)
    most = bounds.max_height**2 * min(shapes)
    return max(least, min(bounds.area, most))


def _placed(brand: Brand, area: float, bounds: Bounds) -> Placed:
    if brand.logo is None:
        return Placed(brand.name, brand.website, None, 0, 0, needs_plate_on_dark=False)
    shape = _shape(brand)
    height = min(bounds.max_height, max(bounds.min_height, round(math.sqrt(area / shape))))
    return Placed(
        name=brand.name,
        website=brand.website,
        picture=brand.logo.light,
        width=max(1, round(height * shape)),
        height=height,
        needs_plate_on_dark=brand.logo.dark_has_plate,
    )


def _shape(brand: Brand) -> float:
    """Width by height; 1.0 for a brand without logo."""
    return brand.logo.light.width / brand.logo.light.height if brand.logo else 1.0
