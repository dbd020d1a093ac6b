import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.brand import Brand
from campaigns.cobrand import MAIL, PAGE, Bounds, Weight, lockup
from campaigns.errors import ContentError
from campaigns.logo import MAX_SHAPE
from tests.campaigns.brands import a_logo, a_partner, a_vendor

ROOM_IN_MAIL = 536

sizes = st.tuples(st.integers(16, 640), st.integers(16, 240)).filter(
    lambda size: max(size[0] / size[1], size[1] / size[0]) <= MAX_SHAPE
)


@given(sizes, sizes, st.sampled_from([MAIL, PAGE]), st.sampled_from([Weight.EQUAL, Weight.VENDOR_FIRST]))
def test_two_logos_are_within_bounds_and_as_equal_as_these_allow(
    one: tuple[int, int], other: tuple[int, int], bounds: Bounds, weight: Weight
) -> None:
    made = lockup(a_partner(logo=a_logo(*one)), a_vendor(logo=a_logo(*other)), bounds=bounds, weight=weight)
    assert made.second is not None
    both = (made.first, made.second)

    for placed in both:
        assert bounds.min_height <= placed.height <= bounds.max_height
        assert placed.picture is not None
        assert abs(placed.width - placed.height * placed.picture.width / placed.picture.height) <= 1
    assert made.gap >= min(placed.height for placed in both)
    if bounds is MAIL:
        assert made.first.width + made.gap + made.second.width <= ROOM_IN_MAIL
    shapes = [p.picture.width / p.picture.height for p in both if p.picture]
    if bounds.min_height**2 * max(shapes) <= bounds.max_height**2 * min(shapes):
        small, large = sorted(placed.width * placed.height for placed in both)
        # Heights are whole pixels: half a pixel of the smallest height, on both sides.
        assert large / small <= 1.1


def test_the_partner_stands_first_unless_the_kit_weighs_otherwise() -> None:
    partner, vendor = a_partner(logo=a_logo()), a_vendor(logo=a_logo())

    assert lockup(partner, vendor, bounds=MAIL).first.name == "Harbour IT"
    assert lockup(partner, vendor, bounds=MAIL, weight=Weight.VENDOR_FIRST).first.name == "Northwind Security"


def test_partner_only_in_the_head_says_the_vendor_in_words() -> None:
    made = lockup(a_partner(logo=a_logo()), a_vendor(), bounds=MAIL, weight=Weight.PARTNER_ONLY_HEAD)
    assert (made.second, made.in_words) == (None, "Northwind Security")


def test_a_brand_without_logo_gets_its_name_as_text() -> None:
    made = lockup(a_partner(), a_vendor(logo=a_logo()), bounds=PAGE)
    assert (made.first.picture, made.first.name) == (None, "Harbour IT")


def test_a_brand_snapshot_comes_back_equal_and_hashes_the_same() -> None:
    brand = a_partner(logo=a_logo())
    again = Brand.from_json(brand.to_json())

    assert again == brand and again.hash == brand.hash
    assert a_partner(colour="#f58221").hash != a_partner().hash


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"logo": 7}'])
def test_a_broken_snapshot_is_refused(text: str) -> None:
    with pytest.raises(ContentError, match="cannot be read"):
        Brand.from_json(text)


@pytest.mark.parametrize("name", ["Harbour\r\nBcc: x@y.example", "", "x" * 201, "a\x00b"])
def test_a_name_that_could_break_a_header_is_no_brand(name: str) -> None:
    with pytest.raises(ContentError):
        a_partner(name=name)
