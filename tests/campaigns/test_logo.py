import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from campaigns import logo, logo_svg
from campaigns.errors import ContentError

XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def a_png(
    width: int = 300, height: int = 80, ground: object = (0, 0, 0, 0), ink: object = (29, 63, 114, 255)
) -> bytes:
    picture = Image.new("RGBA", (width, height), ground)  # type: ignore[arg-type]
    ImageDraw.Draw(picture).ellipse((40, 20, 200, 60), fill=ink)  # type: ignore[arg-type]
    return encoded(picture)


def encoded(picture: Image.Image, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture.save(out, format=form)
    return out.getvalue()


def an_svg(inside: str, attributes: str = 'viewBox="0 0 300 72"') -> bytes:
    shape = '<rect x="9" y="9" width="99" height="40" fill="#1d3f72"/>'
    return f"<svg {XMLNS} {attributes}>{shape}{inside}</svg>".encode()


def opened(made: logo.Rendition) -> Image.Image:
    return Image.open(io.BytesIO(made.png)).convert("RGBA")


def refusal(content: bytes) -> str:
    with pytest.raises(ContentError) as refused:
        logo.read(content)
    return refused.value.problems[0].sentence


def test_a_logo_is_trimmed_to_its_visible_edges_and_stays_transparent() -> None:
    made = logo.read(a_png())

    assert (made.light.width, made.light.height) == (161, 41)
    assert opened(made.light).getpixel((0, 0)) == (0, 0, 0, 0)


def test_a_plain_white_ground_is_cut_out_and_white_inside_the_logo_stays() -> None:
    picture = Image.new("RGB", (300, 120), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((50, 20, 250, 100), fill="#1d3f72")
    draw.rectangle((100, 40, 140, 80), fill="white")
    made = logo.read(encoded(picture, "JPEG"))

    assert abs(made.light.width - 201) <= 6 and abs(made.light.height - 81) <= 6
    assert opened(made.light).getpixel((70, 40))[3] == 255  # type: ignore[index]


def test_a_white_logo_on_black_keeps_its_ground() -> None:
    made = logo.read(a_png(ground=(0, 0, 0, 255), ink=(255, 255, 255, 255)))
    assert (made.light.width, made.light.height) == (300, 80)


def test_a_dark_logo_gets_a_white_plate_for_dark_ground_and_a_bright_one_does_not() -> None:
    dark, bright = logo.read(a_png()), logo.read(a_png(ink=(255, 204, 0, 255)))

    assert dark.dark_has_plate and dark.dark != dark.light
    assert opened(dark.dark).getpixel((dark.dark.width // 2, 1)) == (255, 255, 255, 255)
    assert opened(dark.dark).getpixel((0, 0)) == (0, 0, 0, 0), "the plate's corner is round"
    assert not bright.dark_has_plate and bright.dark == bright.light


def test_a_white_logo_is_not_lost_on_white_paper() -> None:
    made = logo.read(a_png(ink=(255, 255, 255, 255)))
    assert opened(made.light).getpixel((made.light.width // 2, 1)) == (26, 30, 35, 255)


def test_the_mark_is_square_and_shows_the_symbol_that_stands_first() -> None:
    picture = Image.new("RGBA", (400, 80))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 79, 79), fill="#e30613")
    draw.rectangle((120, 20, 399, 60), fill="#1d3f72")
    mark = opened(logo.read(encoded(picture)).mark)

    assert mark.size == (256, 256)
    assert mark.getpixel((128, 128)) == (227, 6, 19, 255)
    assert not [1 for _, seen in mark.getcolors(70_000) or [] if seen == (29, 63, 114, 255)]


def test_colours_are_proposed_the_best_readable_first() -> None:
    picture = Image.new("RGBA", (300, 90))
    for number, seen in enumerate(["#14181d", "#f58220", "#7ab800"]):
        ImageDraw.Draw(picture).rectangle((number * 100, 0, number * 100 + 90, 89), fill=seen)

    assert logo.read(encoded(picture)).colours == ("#7ab800", "#f58220", "#14181d")


def test_an_svg_with_text_is_drawn_in_our_own_font() -> None:
    with_text = logo.read(an_svg('<text x="120" y="48" font-family="Arial" font-size="36">Harbour IT</text>'))
    assert with_text.light.width > 2 * with_text.light.height
    assert with_text.light.width == 640 and with_text.colours[0] == "#1d3f72"


BILLION = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
EXTERNAL = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
HOSTILE = {
    "script": an_svg("<script>alert(1)</script>"),
    "onload": an_svg("", 'viewBox="0 0 300 72" onload="alert(1)"'),
    "foreign object": an_svg(
        '<foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>'
    ),
    "external entity": EXTERNAL.encode() + an_svg("<text y='9'>&x;</text>"),
    "billion laughs": BILLION.encode() + an_svg("<text y='9'>&c;</text>"),
    "link to a file": an_svg('<image xlink:href="file:///etc/passwd" width="9" height="9"/>'),
    "nested svg": an_svg('<image href="data:image/svg+xml;base64,PHN2Zy8+" width="9" height="9"/>'),
    "css import": an_svg("<style>@import url(http://127.0.0.1:9/x.css);</style>"),
    "css escape": an_svg(r"<style>rect{fill:u\72l(http://127.0.0.1:9/x)}</style>"),
    "huge box": an_svg("", 'viewBox="0 0 99999999 99999999"'),
    "huge size": an_svg("", 'width="1e300" height="1e300"'),
    "no size": an_svg("", ""),
    "deep nest": an_svg("<g>" * 5_000 + "</g>" * 5_000),
    "deep and open": an_svg("<g>" * 50_000),
    "many shapes": an_svg('<path d="M0 0h1"/>' * 6_000),
    "use bomb": an_svg(
        "".join(f'<g id="u{n + 1}">' + f'<use xlink:href="#u{n}"/>' * 4 + "</g>" for n in range(12))
    ),
    "use of itself": an_svg('<g id="a"><use href="#a"/></g>'),
    "filter": an_svg('<filter id="f"><feGaussianBlur stdDeviation="9999"/></filter><rect filter="url(#f)"/>'),
    "outside paint": an_svg('<rect width="9" height="9" fill="url(http://127.0.0.1:9/p.svg#a)"/>'),
    "stylesheet instruction": b'<?xml-stylesheet href="http://127.0.0.1:9/a.css"?>' + an_svg(""),
    "utf-16 declared": b'<?xml version="1.0" encoding="UTF-16"?>' + an_svg(""),
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?>' + an_svg(""),
    "html": b"<!-- svg --><html><script>alert(1)</script></html>",
    "cut off": an_svg("")[:-9],
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_svg_is_drawn_harmlessly_or_refused_with_a_sentence(content: bytes) -> None:
    try:
        made = logo.read(content)
    except ContentError as refused:
        assert str(refused).startswith("logo: ") and str(refused).endswith(".")
    else:
        assert made.light.png.startswith(b"\x89PNG") and b"alert" not in made.light.png


@pytest.mark.parametrize(
    "name", ["script", "onload", "foreign object", "link to a file", "nested svg", "css import"]
)
def test_what_could_run_or_load_is_gone_before_anything_is_drawn(name: str) -> None:
    svg, _ = logo_svg.cleaned(HOSTILE[name])
    assert not any(
        word in svg.lower() for word in ("script", "onload", "foreign", "image", "import", "file:", "data:")
    )
    assert 'fill="#1d3f72"' in svg


@pytest.mark.parametrize("name", ["external entity", "billion laughs"])
def test_entities_are_refused(name: str) -> None:
    assert "declares entities" in refusal(HOSTILE[name])


def test_an_svg_that_takes_the_drawer_down_takes_nothing_else_down() -> None:
    with pytest.raises(ContentError, match="cannot be drawn"):
        logo_svg._drawn("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>" + "<g>" * 90_000, 90)


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height"), [(30_000, 30_000), (5_000, 5_000), (2**31 - 1, 1), (100_000, 10)]
)
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    assert "too many pixels" in refusal(png_claiming(width, height))


def test_a_text_bomb_in_a_png_is_refused() -> None:
    text = b"zTXta\0\0" + zlib.compress(bytes(200_000_000), 9)
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    content = a_png()
    assert refusal(content[:33] + chunk + content[33:]).endswith(".")


@pytest.mark.parametrize(
    "tail", [b"<script>alert(1)</script>", b"PK\x03\x04 a zip", b"<?php evil(); ?>", b"%PDF-1.7"]
)
def test_what_hangs_on_a_picture_does_not_come_along(tail: bytes) -> None:
    made = logo.read(a_png() + tail)
    assert all(tail not in content for content in made.files().values())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + bytes(50),
        b"%PDF-1.4",
        b"<html></html>",
        b"\x1f\x8b svgz",
        a_png()[:60],
        b"\xff\xd8\xff" + bytes(99),
    ],
)
def test_what_is_no_logo_is_refused_with_a_sentence(content: bytes) -> None:
    assert refusal(content).endswith(".")


def test_a_file_that_is_too_large_is_refused() -> None:
    assert "larger than 5 MB" in refusal(bytes(5 * 1024 * 1024 + 1))


@pytest.mark.parametrize("picture", [Image.new("RGBA", (90, 90)), Image.new("RGB", (90, 90), "white")])
def test_a_picture_of_nothing_is_refused(picture: Image.Image) -> None:
    assert "shows nothing" in refusal(encoded(picture))


@pytest.mark.parametrize(
    ("mode", "ink"),
    [
        ("1", 1),
        ("L", 200),
        ("LA", (200, 255)),
        ("RGB", (9, 99, 9)),
        ("RGBA", (9, 99, 9, 255)),
        ("I;16", 50_000),
    ],
)
def test_every_kind_of_png_is_read(mode: str, ink: object) -> None:
    picture = Image.new(mode, (200, 60), 0)
    picture.paste(Image.new(mode, (80, 60), ink), (60, 0))  # type: ignore[arg-type]
    made = logo.read(encoded(picture))

    assert made.light.height == 60
    assert made.light.width == (80 if mode in ("LA", "RGBA") else 200)


def test_a_palette_with_a_transparent_colour_is_read() -> None:
    picture = Image.new("RGBA", (200, 60))
    picture.paste((9, 99, 9, 255), (60, 0, 140, 50))
    picture.paste((99, 9, 9, 255), (60, 50, 140, 60))
    palette = picture.quantize(8)
    assert (logo.read(encoded(palette)).light.width, palette.mode) == (80, "P")


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", a_png()[:70]]))
@settings(max_examples=100)
def test_no_bytes_at_all_break_the_intake(tail: bytes, head: bytes) -> None:
    try:
        logo.read(head + tail)
    except ContentError as refused:
        assert refused.problems
