"""Forty more logos that were made to do harm; with those of `test_logo` they are over sixty.

`refused` is part of the sentence where an SVG is not taken; without it, it is taken and nothing of it is left that runs,
loads or reads. `drawn` are those whose harm lies in drawing them.
"""

# ruff: noqa: E501  (tables read better in one line a case)

import gzip
from dataclasses import dataclass

from tests.campaigns.test_logo import an_svg


@dataclass(frozen=True)
class Hostile:
    name: str
    content: bytes
    refused: str = ""
    drawn: bool = False


def entity(declared: str, inside: str = "") -> bytes:
    return f"<!DOCTYPE svg [{declared}]>".encode() + an_svg(inside)


HOSTILE_SVGS = [
    # what runs
    Hostile("script in another namespace", an_svg("<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>")),
    Hostile("script of HTML", an_svg("<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>")),
    Hostile("script by reference", an_svg("<script xlink:href='http://127.0.0.1:9/x.js'/>")),
    Hostile("handlers on shapes", an_svg("<rect width='9' height='9' onclick='alert(1)' ONMOUSEOVER='alert(1)'/>")),
    Hostile("handler on begin", an_svg("<animate onbegin='alert(1)' attributeName='x' dur='1s'/>")),
    Hostile("set that writes a script", an_svg("<a><set attributeName='href' to='javascript:alert(1)'/></a>")),
    Hostile("animated link", an_svg("<a><animate attributeName='href' values='javascript:alert(1)'/><text y='9'>x</text></a>")),
    Hostile("link that runs", an_svg("<a href='javascript:alert(1)'><text y='9'>x</text></a>")),
    Hostile("handler element", an_svg("<handler type='text/javascript'>alert(1)</handler>")),
    Hostile("listener element", an_svg("<listener event='load' handler='#a' xmlns='http://www.w3.org/2001/xml-events'/>")),
    Hostile("iframe in a foreign object", an_svg("<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='javascript:alert(1)'/></foreignObject>")),
    Hostile("script in CDATA in a style", an_svg("<style><![CDATA[</style><script>alert(1)</script>]]></style>")),
    Hostile("use of a data address", an_svg("<use href='data:image/svg+xml,%3Csvg id=%22x%22 onload=%22alert(1)%22/%3E#x'/>")),
    Hostile("style attribute that runs", an_svg("<rect width='9' height='9' style='fill:expression(alert(1))'/>")),
    # what loads or reads
    Hostile("picture from elsewhere", an_svg("<image href='http://127.0.0.1:9/a.png' width='9' height='9'/>")),
    Hostile("feImage", an_svg("<filter id='f'><feImage href='http://127.0.0.1:9/a.png'/></filter>")),
    Hostile("font face", an_svg("<style>@font-face{font-family:x;src:url(http://127.0.0.1:9/a.woff)}</style>")),
    Hostile("paint in a style attribute", an_svg("<rect width='9' height='9' style='fill:url(//127.0.0.1:9/a#b)'/>")),
    Hostile("paint by a spelled function", an_svg("<rect width='9' height='9' style='fill:\\75rl(http://127.0.0.1:9/a#b)'/>")),
    Hostile("image-set", an_svg("<style>rect{fill:image-set('http://127.0.0.1:9/a' 1x)}</style>")),
    Hostile("use of another file", an_svg("<use href='http://127.0.0.1:9/a.svg#b'/>")),
    Hostile("use of a file on disk", an_svg("<use xlink:href='/etc/passwd#b'/>")),
    Hostile("gradient of another file", an_svg("<linearGradient id='g' href='file:///etc/passwd#a'/>")),
    Hostile("base address", an_svg("", "viewBox='0 0 300 72' xml:base='http://127.0.0.1:9/'")),
    Hostile("cursor", an_svg("<rect width='9' height='9' cursor='url(http://127.0.0.1:9/a.cur),auto'/>")),
    Hostile("markers of another file", an_svg("<path d='M0 0h9' marker-end='url(http://127.0.0.1:9/a#m)'/>")),
    Hostile("included part", an_svg("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/>")),
    Hostile("document type of another file", b'<!DOCTYPE svg SYSTEM "http://127.0.0.1:9/a.dtd">' + an_svg("")),
    Hostile("mask of another file", an_svg("<rect width='9' height='9' mask='url(http://127.0.0.1:9/a#m)'/>")),
    Hostile("video", an_svg("<video xmlns='http://www.w3.org/1999/xhtml' src='http://127.0.0.1:9/a'/>")),
    # entities
    Hostile("parameter entity", entity('<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;'), "declares entities"),
    Hostile("parameter entity of another site", entity('<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;'), "declares entities"),
    Hostile("entity in an attribute", entity('<!ENTITY a "alert(1)">', "<rect width='&a;'/>"), "declares entities"),
    Hostile("quadratic entity", entity(f'<!ENTITY a "{"x" * 50_000}">', "<text>" + "&a;" * 5_000 + "</text>"), "declares entities"),
    Hostile("entity of itself", entity('<!ENTITY a "&a;">', "<text>&a;</text>"), "declares entities"),
    # what is no SVG, or no end of one
    Hostile("packed", gzip.compress(an_svg("")), "."),
    Hostile("empty", b"<svg", "damaged"),
    Hostile("NUL inside", an_svg("<g>\x00</g>"), "damaged"),
    Hostile("two roots", an_svg("") + an_svg(""), "damaged"),
    Hostile("attribute twice", an_svg("<rect x='1' x='2'/>"), "damaged"),
    Hostile("larger than 512 KB", an_svg("<text>" + "x" * 600_000 + "</text>"), "larger than 512 KB"),
    Hostile("size in per cent", an_svg("", "width='100%' height='100%'"), "no size"),
    Hostile("a strip", an_svg("", "viewBox='0 0 100000 1'"), "long strip"),
    Hostile("a negative box", an_svg("", "viewBox='0 0 -9 -9'"), "impossible size"),
    Hostile("numbers that are none", an_svg("", "viewBox='nan inf nan inf'"), "no size"),
    Hostile("a number of a thousand digits", an_svg("", f"viewBox='0 0 {'9' * 1_000} 9'"), "."),
    Hostile("uses without end", an_svg("<g id='a'/>" + "<use href='#a'/>" * 60), "repeats parts"),
    # what is hard to draw
    Hostile("a line as wide as the sea", an_svg("<path d='M0 0L9 9' stroke='#000' stroke-width='1e30'/>"), drawn=True),
    Hostile("a dash of nothing", an_svg("<path d='M0 0H1e6' stroke='#000' stroke-dasharray='0.0000001'/>"), drawn=True),
    Hostile("a path of 190,000 letters", an_svg(f"<path d='M0 0{'h1v1' * 47_000}' stroke='#000'/>"), drawn=True),
    Hostile("masks in masks", an_svg("".join(f"<mask id='m{n}'><rect width='300' height='72' mask='url(#m{n + 1})'/></mask>" for n in range(12)) + "<rect width='9' height='9' mask='url(#m0)'/>"), drawn=True),
    Hostile("a gradient that follows itself", an_svg("<linearGradient id='g' href='#g'/><rect width='9' height='9' fill='url(#g)'/>"), drawn=True),
]  # fmt: skip
