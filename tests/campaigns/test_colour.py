import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import colour

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(colours)
def test_every_derived_pair_reaches_its_ratio_for_any_brand_colour(brand: str) -> None:
    for page in ("#ffffff", "#f6f5f2", colour.DARK_SURFACE):
        made = colour.palette(brand, page)
        assert colour.contrast(made.button, made.button_text) >= 4.5
        assert colour.contrast(made.link_light, "#ffffff") >= 4.5
        assert colour.contrast(made.link_dark, "#1a1e23") >= 4.5
        assert made.button_edge is not None or colour.contrast(made.button, page) >= 3
        assert made.button_edge is None or colour.contrast(made.button, page) < 3
        assert all(
            colour.parse(value) == value
            for value in (made.button, made.link_light, made.link_dark, made.tint)
        )


@given(colours)
def test_ink_stays_readable_on_the_tint(brand: str) -> None:
    assert colour.contrast(colour.palette(brand).tint, "#1b1e22") >= 4.5


@pytest.mark.parametrize(
    ("brand", "button", "text", "ratio", "link_light", "link_dark"),
    [
        ("#e30613", "#e30613", "#ffffff", 4.9, "#e30613", "#fd3630"),
        ("#f58220", "#f58220", "#14181d", 6.9, "#b55d0c", "#f58220"),
        ("#ffcc00", "#ffcc00", "#14181d", 11.8, "#8f720e", "#ffcc00"),
        ("#00aeef", "#00aeef", "#14181d", 7.1, "#097ead", "#00aeef"),
        ("#8a8a8a", "#757575", "#ffffff", 4.6, "#757575", "#8a8a8a"),
    ],
)
def test_the_table_of_brands(
    brand: str, button: str, text: str, ratio: float, link_light: str, link_dark: str
) -> None:
    made = colour.palette(brand)

    assert (made.button, made.button_text) == (button, text)
    assert colour.contrast(made.button, made.button_text) == pytest.approx(ratio, abs=0.06)
    assert (made.link_light, made.link_dark) == (link_light, link_dark)
    assert made.button_was_changed == (brand == "#8a8a8a")


def test_a_pale_button_gets_an_edge_on_white() -> None:
    assert colour.palette("#ffcc00").button_edge == "#8b867b"
    assert colour.palette("#1d3f72").button_edge is None


def test_contrast_is_the_wcag_ratio() -> None:
    assert colour.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert colour.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_a_colour_is_read_short_long_and_without_its_sign() -> None:
    assert [colour.parse(text) for text in ("#FC0", "ffcc00", " #FFCC00 ")] == ["#ffcc00"] * 3


@pytest.mark.parametrize("text", ["", "#12", "#12345", "orange", "#ffcc0g", "#ffcc00;}", "١٢٣"])
def test_what_is_not_a_colour_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a colour\. Write it as"):
        colour.parse(text)
