"""Pictures that partners upload: what is taken, what comes out, what is refused."""

import io

import pytest
from PIL import Image

from campaigns import pictures
from campaigns.errors import ContentError


def a_picture(
    size: tuple[int, int] = (400, 300), kind: str = "JPEG", mode: str = "RGB", **more: object
) -> bytes:
    out = io.BytesIO()
    Image.new(
        mode, size, 120 if mode == "L" else (200, 90, 20) if mode == "RGB" else (200, 90, 20, 128)
    ).save(out, kind, **more)
    return out.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(ContentError) as caught:
        pictures.read(content)
    return caught.value.problems[0].sentence


def test_a_large_photograph_becomes_a_small_one_without_what_the_camera_wrote() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"  # its maker
    exif[0x0112] = 6  # lies on its side
    made = pictures.read(a_picture((3000, 2000), exif=exif, comment=b"secret place"))
    assert (made.width, made.height, made.extension) == (1067, 1600, "jpg")
    assert b"secret place" not in made.content
    with Image.open(io.BytesIO(made.content)) as opened:
        assert not opened.getexif() and opened.size == (1067, 1600)


def test_transparent_parts_stay_transparent() -> None:
    made = pictures.read(a_picture(kind="PNG", mode="RGBA"))
    assert made.extension == "png" and made.name.endswith(".png") and len(made.name) == 68


def test_the_same_picture_has_the_same_name() -> None:
    assert pictures.read(a_picture()).name == pictures.read(a_picture()).name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "neither PNG nor JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither PNG nor JPEG"),
        (b"GIF89a....", "neither PNG nor JPEG"),
        (a_picture()[:900], "damaged"),
        (b"\xff\xd8\xff" + b"x" * 100, "damaged"),
        (a_picture((20, 20)), "only 20 x 20 pixels"),
        (b"\xff\xd8\xff" + bytes(pictures.MAX_BYTES), "larger than 8 MB"),
        (a_picture((16_500, 70), "PNG"), "too many pixels"),
    ],
)
def test_what_is_no_usable_picture_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    assert words in refusal(content)
