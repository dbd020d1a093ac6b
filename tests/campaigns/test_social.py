"""Posts as they are put up, and the picture that goes with them."""

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from campaigns import colour, kit
from campaigns.brand import LogoSet, Picture
from campaigns.channels import by_hand, social, social_picture
from campaigns.channels.social_picture import Pair, Words
from campaigns.kit.materials import Layout, Network, SocialPosts
from tests.campaigns.brands import a_partner, a_vendor
from tests.campaigns.kit_files import STARTER, a_picture

LINK = "https://tcma.example/c/harbour-it/ransomware?via="
PARTNER, VENDOR = a_partner(), a_vendor()
BARE = Pair(replace(PARTNER, logo=None), replace(VENDOR, logo=None))


@pytest.fixture(scope="module")
def starter() -> kit.Kit:
    return kit.read(kit.read_folder(STARTER))


def posts_of(starter: kit.Kit, locale: str = "en", first: date | None = None) -> tuple[social.Written, ...]:
    material = starter.material("posts", locale)
    assert isinstance(material, SocialPosts)
    words = by_hand.words(starter, locale, partner=PARTNER, vendor=VENDOR, campaign_name="Autumn")
    return social.written(material, words, lambda network: f"{LINK}{network}", first)


def test_a_post_is_its_text_in_the_partners_words_with_the_link_of_its_network(starter: kit.Kit) -> None:
    post = next(post for post in posts_of(starter) if post.key == "facebook-friday")
    assert post.text.endswith(f"on one page, from {PARTNER.name}.")
    assert post.whole == f"{post.text}\n\n{LINK}facebook"
    assert post.length == len(post.whole) and not post.is_too_long


def test_the_lines_of_a_file_are_paragraphs_of_a_post(starter: kit.Kit) -> None:
    post = posts_of(starter)[0]
    assert len(post.text.split("\n\n")) == 3 and "\n" not in post.text.replace("\n\n", "")


def test_a_link_counts_as_its_network_counts_it() -> None:
    assert social.counted("four", LINK, Network.X) == 4 + 2 + 23
    assert social.counted("four", LINK, Network.LINKEDIN) == 4 + 2 + len(LINK)
    assert social.counted("four", "", Network.X) == 4


def test_texts_of_one_network_are_spread_over_working_days(starter: kit.Kit) -> None:
    saturday = date(2026, 11, 21)
    days = [post.day for post in posts_of(starter, first=saturday) if post.network is Network.LINKEDIN]
    assert days == [date(2026, 11, 23), date(2026, 11, 26), date(2026, 12, 1)]
    assert {post.day for post in posts_of(starter)} == {None}


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 40))
def test_a_working_day_is_none_of_a_weekend_and_never_before_the_first(first: date, later: int) -> None:
    day = social.working_day(first, later)
    assert day.weekday() < 5 and day >= first
    assert social.working_day(day, 0) == day and social.working_day(first, later + 1) > day


def test_where_a_script_names_a_person_a_gap_says_what_belongs_there(starter: kit.Kit) -> None:
    words = by_hand.words(starter, "de", partner=PARTNER, vendor=VENDOR, campaign_name="Herbst")
    assert words.plain("{{ contact.first_name }}, {{ partner.name }}") == f"[Vorname], {PARTNER.name}"
    assert words.plain("Am {{ webinar.date }}") == "Am …"
    assert "<script" not in words.rich("**fett** <script>alert(1)</script> {{ partner.name }}")


class TestPicture:
    @pytest.mark.parametrize("layout", list(Layout))
    def test_it_has_its_size_stays_small_and_equal_input_makes_equal_bytes(self, layout: Layout) -> None:
        words = Words("Stop ransomware before Monday", "Seven checks on one page")
        made, again = (social_picture.draw(words, layout, BARE, a_picture(), {}) for _ in range(2))
        with Image.open(io.BytesIO(made.content)) as picture:
            assert (picture.format, picture.size) == ("JPEG", layout.size)
        assert len(made.content) <= social_picture.MOST_BYTES and made.name == again.name

    def test_its_ground_is_the_partners_button_colour_and_its_words_are_readable_on_it(self) -> None:
        made = social_picture.draw(Words("A", ""), Layout.LANDSCAPE, BARE, None, {})
        palette = BARE.partner.palette
        with Image.open(io.BytesIO(made.content)) as picture:
            corner = picture.convert("RGB").getpixel((8, 8))
        assert isinstance(corner, tuple)
        wanted = bytes.fromhex(palette.button[1:])
        assert all(abs(one - other) <= 4 for one, other in zip(corner, wanted, strict=True))
        assert colour.contrast(palette.button, palette.button_text) >= 4.5

    def test_a_logo_is_put_on_white_at_the_left(self) -> None:
        shape = Image.new("RGBA", (200, 100), "#00ff00")
        out = io.BytesIO()
        shape.save(out, format="PNG")
        logo = Picture("green.png", 200, 100)
        brand = replace(PARTNER, logo=LogoSet(logo, logo, dark_has_plate=False, mark=logo))
        pair = Pair(brand, BARE.vendor)
        made = social_picture.draw(Words("A", "B"), Layout.SQUARE, pair, None, {"green.png": out.getvalue()})
        with Image.open(io.BytesIO(made.content)) as picture:
            strip = picture.convert("RGB")
        green = strip.getpixel((social_picture.MARGIN + 20, 1080 - social_picture.LOGOS // 2))
        assert isinstance(green, tuple) and green[1] > 230 and green[0] < 60
        assert strip.getpixel((10, 1075)) == (255, 255, 255)

    @pytest.mark.parametrize("words", [Words("W" * 60, "M" * 90), Words("", ""), Words("a " * 30, "b " * 45)])
    def test_words_of_any_length_are_drawn(self, words: Words) -> None:
        assert social_picture.draw(words, Layout.LANDSCAPE, BARE, None, {}).content

    def test_another_word_brand_layout_or_ground_is_another_picture(self) -> None:
        other = Pair(replace(BARE.partner, colour="#0044aa"), BARE.vendor)
        keys = {
            social_picture.key(words, layout, pair, ground)
            for words in (Words("A", ""), Words("B", ""))
            for layout in Layout
            for pair in (BARE, other)
            for ground in (None, b"x")
        }
        assert len(keys) == 16
