"""The picture of a contact person: what comes out of an upload, and where it is shown."""

import io
import re
from typing import Any

import pytest
from PIL import Image

from campaigns import compliance, portrait
from campaigns.brand import Brand
from campaigns.channels.email import Artefact
from campaigns.errors import ContentError
from campaigns.message import compose
from tests.campaigns.brands import a_logo, a_partner, a_portrait, with_picture
from tests.campaigns.mails import BODY, a_recipient, an_artefact, an_envelope
from tests.campaigns.microsites import rendered

WORDS = "<p>{{ partner.contact.name }}<br />{{ partner.name }}</p>"
PLACE = f'<mj-text css-class="platform-person" color="#333333">{WORDS}</mj-text>'
WITH_PLACE = BODY.replace('<mj-text css-class="rg-extra">', f'{PLACE}<mj-text css-class="rg-extra">')


def encoded(picture: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def a_photograph(size: tuple[int, int] = (600, 400), **more: Any) -> bytes:
    """Red on the left, green in the middle square, blue on the right."""
    picture = Image.new("RGB", size, "#00ff00")
    side = (size[0] - size[1]) // 2
    picture.paste("#ff0000", (0, 0, side, size[1]))
    picture.paste("#0000ff", (size[0] - side, 0, *size))
    return encoded(picture, **more)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def a_mail(*, partner: Brand | None = None, body: str = WITH_PLACE) -> Artefact:
    return an_artefact(body, partner=partner or with_picture(a_partner(logo=a_logo())))


def test_the_middle_of_a_photograph_becomes_two_squares() -> None:
    made = portrait.read(a_photograph())
    small, large = opened(made.small.jpeg), opened(made.large.jpeg)

    assert (small.format, small.size) == ("JPEG", (128, 128))
    assert (large.format, large.size) == ("JPEG", (192, 192))
    red, green, blue = large.getpixel((96, 96))  # type: ignore[misc]
    assert green > 240 and red < 15 and blue < 15
    left, right = large.getpixel((8, 96)), large.getpixel((184, 96))
    assert left[1] > 240 and right[1] > 240, "the sides are cut off"  # type: ignore[index]
    assert set(made.files()) == {made.small.name, made.large.name}
    assert made.portrait().large.name == made.large.name and made.large.name.endswith(".jpg")


def test_a_photograph_stands_upright_and_keeps_nothing_that_a_camera_or_program_wrote() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "A camera", 6  # its maker; lies on its side
    upright = Image.new("RGB", (400, 400), "#ffffff")
    upright.paste("#ff0000", (0, 0, 400, 200))  # the first rows: the right side, once it is turned
    made = portrait.read(encoded(upright, exif=exif, comment=b"secret place", icc_profile=b"a profile"))

    turned = opened(made.large.jpeg)
    assert not turned.getexif() and not {"comment", "icc_profile", "exif"} & turned.info.keys()
    assert b"secret place" not in made.small.jpeg + made.large.jpeg
    assert turned.getpixel((180, 96))[1] < 30 < turned.getpixel((12, 96))[1]  # type: ignore[index]


def test_a_small_picture_is_not_blown_up_and_what_is_transparent_lies_on_white() -> None:
    made = portrait.read(encoded(Image.new("RGBA", (100, 140), (0, 0, 0, 0)), "PNG"))

    assert (made.small.side, made.large.side) == (100, 100) and len(made.files()) == 1
    assert opened(made.large.jpeg).getpixel((50, 50)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "neither PNG nor JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither PNG nor JPEG"),
        (b"GIF89a....", "neither PNG nor JPEG"),
        (a_photograph()[:900], "damaged"),
        (a_photograph((63, 40)), "only 63 x 40 pixels"),
        (b"\xff\xd8\xff" + bytes(8 * 1024 * 1024), "larger than 8 MB"),
        (encoded(Image.new("1", (16_500, 70)), "PNG"), "too many pixels"),
    ],
)
def test_what_is_no_usable_picture_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(ContentError) as refused:
        portrait.read(content)
    assert words in refused.value.problems[0].sentence


def test_a_brand_comes_back_with_its_picture_and_one_without_reads_as_before() -> None:
    plain, shown = a_partner(logo=a_logo()), with_picture(a_partner(logo=a_logo()))

    assert Brand.from_json(shown.to_json()) == shown and shown.hash != plain.hash
    assert Brand.from_json(plain.to_json()) == plain
    assert "picture" not in plain.to_json()  # what is frozen keeps its hash
    assert shown.pictures[-2:] == (f"{'c' * 64}.jpg", f"{'d' * 64}.jpg") and len(plain.pictures) == 2


def test_a_mail_shows_the_picture_beside_the_persons_words_as_decoration() -> None:
    mail = a_mail()
    beside = re.search(
        r'<td width="80"[^>]*>(<img [^>]*>)</td><td[^>]*color:#333333[^>]*><p>Marc Keller', mail.html
    )

    assert beside is not None
    assert f"https://go.example/i/{'c' * 64}.jpg" in beside[1] and 'alt=""' in beside[1]
    assert f"{'c' * 64}.jpg" in mail.pictures
    assert mail.text == a_mail(partner=a_partner(logo=a_logo())).text
    assert compliance.check(mail) == []
    assert "Marc Keller" in compose(mail, a_recipient(), an_envelope()).html


def test_the_mails_key_follows_the_picture() -> None:
    brand = a_partner(logo=a_logo())
    keys = {
        a_mail(partner=other).key
        for other in (brand, with_picture(brand), with_picture(brand, a_portrait(small="e" * 64)))
    }
    assert len(keys) == 3


def test_nothing_moves_where_the_partner_has_no_picture_or_the_kit_no_place() -> None:
    plain = a_partner(logo=a_logo())
    marked, unmarked = (a_mail(partner=plain, body=body) for body in (WITH_PLACE, BODY))

    assert '<td width="80"' not in marked.html and "Marc Keller<br />Harbour IT" in marked.html
    without_place = a_mail(body=BODY)
    assert without_place.html == unmarked.html
    assert without_place.pictures == unmarked.pictures == marked.pictures


def test_the_words_of_a_text_take_the_look_that_the_mails_head_gives_them() -> None:
    attributes = '<mj-all font-family="Georgia" /><mj-text font-size="14px" />'
    head = f"<mj-head><mj-attributes>{attributes}</mj-attributes></mj-head>"
    html = a_mail(body=WITH_PLACE.replace("<mj-head></mj-head>", head)).html
    assert re.search(r'<td[^>]*style="padding:0;font-family:Georgia;font-size:14px;[^"]*"><p>Marc', html)


def test_a_page_shows_the_picture_or_else_initials() -> None:
    shown, plain = rendered(partner=with_picture(a_partner())), rendered(partner=a_partner())

    assert f'<img class="portrait" src="/i/{"d" * 64}.jpg" alt="" width="96" height="96"' in shown
    assert 'class="initials"' not in shown
    assert '<img class="portrait"' not in plain and 'class="initials"' in plain
