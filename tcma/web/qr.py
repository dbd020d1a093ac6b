"""An address as a QR code, for paper: whoever holds the print reads it with a telephone."""

import io

import segno
from markupsafe import Markup

QUIET = 4  # modules of light around it, as the standard asks


def drawn(address: str, title: str) -> Markup:
    """The code of `address` as SVG inside a page, dark on light in both themes; `title` is read out.

    A fourth of it may be dirty or folded and it is still read (level Q).
    """
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(
        out,
        kind="svg",
        border=QUIET,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        nl=False,
        svgclass="qr",
        lineclass=None,
        title=title,
    )
    drawn = out.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)
    return Markup(drawn)  # segno escapes the title; nothing else in it is text
