"""Clean compiled HTML: only known elements and attributes leave, in our own spelling.

Every token is written anew from what was understood, so that no program can read the result differently
than it was checked. Conditional comments for Outlook are cleaned by the same rules and kept; other comments
go.
"""

import re
from collections.abc import Collection
from html import escape

from campaigns.markup_parser import ForgivingParser
from campaigns.markup_scan import words

ELEMENTS = words(
    "html head meta title style body div p span a img br hr h1 h2 h3 h4 h5 h6 strong b em i u s small"
    " sub sup ul ol li blockquote q cite code pre table thead tbody tfoot tr td th caption colgroup col"
    " center font address abbr section article header footer main figure figcaption wbr"
)
OUTLOOK_ELEMENTS = words(
    "noscript xml o:officedocumentsettings o:allowpng o:pixelsperinch v:roundrect v:rect v:textbox"
    " v:fill v:image w:anchorlock"
)
ATTRIBUTES = words(
    "style class id href src alt width height align valign border cellpadding cellspacing bgcolor"
    " background role title lang dir target rel rowspan colspan name content http-equiv charset xmlns"
    " xmlns:v xmlns:o media type start scope vertical-align color face size aria-label aria-hidden"
    " aria-roledescription aria-labelledby aria-describedby data-css-inline"
)
OUTLOOK_ATTRIBUTES = words(
    "arcsize fill fillcolor stroke strokecolor strokeweight inset origin position aspect v:ext xmlns:w"
)
DROPPED_WITH_CONTENT = words(
    "script iframe object applet svg math template noembed noframes textarea select video audio canvas"
    " xmp plaintext frameset"
)
VOID = words("meta img br hr col wbr")
ADDRESS_ATTRIBUTES = frozenset({"href", "src", "background"})
CAMEL_CASE = {
    "o:officedocumentsettings": "o:OfficeDocumentSettings",
    "o:allowpng": "o:AllowPNG",
    "o:pixelsperinch": "o:PixelsPerInch",
}

_ADDRESS = re.compile(r"(?:https?://[^\s/?#\\]|mailto:|tel:|#)", re.IGNORECASE)
_CONDITIONAL = re.compile(r"\[if ([!()|&\w ]{1,40})\]>(.*)<!\[endif\]\Z", re.DOTALL)
_REVEALING = re.compile(r"\[if ([!()|&\w ]{1,40})\]><!\Z")
_META_NAMES = frozenset(
    {
        "viewport",
        "color-scheme",
        "supported-color-schemes",
        "x-apple-disable-message-reformatting",
    }
)
_META_HEADERS = frozenset({"content-type", "x-ua-compatible"})
_BAD_STYLE = re.compile(
    r"@import|expression\s*\(|javascript:|vbscript:|behaviou?r\s*:|-moz-binding|url\s*\(|</|<!|\\"
)


def clean(
    html: str, *, trusted_address: re.Pattern[str] | None = None, backgrounds: Collection[str] = ()
) -> str:
    """Return `html` without scripts, event handlers, forms, frames and addresses other than http(s),
    mailto, tel.

    Args:
        trusted_address: how an address may also begin; used for the marks of our own links.
        backgrounds: the pictures that style attributes may name.
    """
    cleaner = _Cleaner(trusted_address, _known(backgrounds))
    cleaner.feed(html)
    cleaner.close()
    return "".join(cleaner.out)


class _Cleaner(ForgivingParser):
    def __init__(
        self,
        trusted_address: re.Pattern[str] | None,
        backgrounds: re.Pattern[str] | None,
        *,
        in_outlook: bool = False,
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.trusted_address = trusted_address
        self.backgrounds = backgrounds
        self.in_outlook = in_outlook
        self.dropping: list[str] = []
        self.in_style = False

    def handle_decl(self, decl: str) -> None:
        if decl.lower() == "doctype html" and not self.in_outlook:
            self.out.append("<!doctype html>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED_WITH_CONTENT:
            self.dropping.append(tag)
        if self.dropping or not self._is_known(tag):
            return
        kept = self._attributes(tag, attrs)
        if tag == "meta" and not _is_harmless_meta(kept):
            return
        self.in_style = tag == "style"
        written = "".join(f' {name}="{_quoted(value)}"' for name, value in kept.items())
        self.out.append(f"<{CAMEL_CASE.get(tag, tag)}{written}{' /' if tag in VOID else ''}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED_WITH_CONTENT:
            return
        self.handle_starttag(tag, attrs)
        if tag in OUTLOOK_ELEMENTS:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.dropping:
            if tag == self.dropping[-1]:
                self.dropping.pop()
            return
        if self._is_known(tag) and tag not in VOID:
            self.out.append(f"</{CAMEL_CASE.get(tag, tag)}>")
        self.in_style = False

    def handle_data(self, data: str) -> None:
        if self.dropping:
            return
        self.out.append(_clean_sheet(data) if self.in_style else _text(data))

    def handle_comment(self, data: str) -> None:
        if self.dropping:
            return
        if data == "<![endif]":
            self.out.append("<!--<![endif]-->")
        elif found := _REVEALING.match(data):
            self.out.append(f"<!--[if {found[1]}]><!-->")
        elif found := _CONDITIONAL.match(data):
            inner = _Cleaner(self.trusted_address, self.backgrounds, in_outlook=True)
            inner.feed(found[2])
            inner.close()
            self.out.append(f"<!--[if {found[1]}]>{''.join(inner.out)}<![endif]-->")

    def _is_known(self, tag: str) -> bool:
        return tag in ELEMENTS or (self.in_outlook and tag in OUTLOOK_ELEMENTS)

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for name, given in attrs:
            value = clean_declarations(given or "", self.backgrounds) if name == "style" else given or ""
            known = name in ATTRIBUTES or (self.in_outlook and name in OUTLOOK_ATTRIBUTES)
            if not known or name in kept or (name == "href" and tag not in {"a", "v:roundrect", "v:rect"}):
                continue
            if name in ADDRESS_ATTRIBUTES and not self._is_harmless_address(value):
                continue
            kept[name] = value
        if tag == "a" and "href" in kept and "target" in kept:
            kept["rel"] = "noopener"
        return kept

    def _is_harmless_address(self, address: str) -> bool:
        if any(ord(letter) <= 32 for letter in address.strip()):
            return False
        trusted = self.trusted_address is not None and self.trusted_address.match(address.strip())
        return bool(trusted or _ADDRESS.match(address.strip()))


def clean_declarations(style: str, backgrounds: re.Pattern[str] | None = None) -> str:
    """A style attribute without the declarations that could load or run something but what `backgrounds` knows."""
    return ";".join(
        part for part in style.split(";") if not _BAD_STYLE.search(_rest(part, backgrounds).lower())
    )


def _rest(declaration: str, backgrounds: re.Pattern[str] | None) -> str:
    return backgrounds.sub("", declaration) if backgrounds else declaration


def _known(backgrounds: Collection[str]) -> re.Pattern[str] | None:
    """How a style names one of these pictures; None for no pictures."""
    safe = [
        re.escape(one) for one in backgrounds if _ADDRESS.match(one) and not re.search(r"[\s'\"()\\;]", one)
    ]
    return re.compile(rf"url\((['\"]?)(?:{'|'.join(safe)})\1\)") if safe else None


def _clean_sheet(sheet: str) -> str:
    """A style element without comments and without rules that could load, run or end the element early. A
    space parts "{" from what would open a placeholder."""
    sheet = re.sub(r"/\*.*?(?:\*/|\Z)", "", sheet, flags=re.DOTALL)
    parts = re.split(r"([;{}])", sheet)
    safe = "".join(part for part in parts if not _BAD_STYLE.search(part.lower())).replace("<", "")
    return re.sub(r"\{(?=[{%#])", "{ ", safe)


def _is_harmless_meta(kept: dict[str, str]) -> bool:
    if "http-equiv" in kept:
        return kept["http-equiv"].lower() in _META_HEADERS
    return kept.get("name", "").lower() in _META_NAMES or set(kept) == {"charset"}


def _text(data: str) -> str:
    return escape(data, quote=False).replace("\xa0", "&nbsp;").replace("{", "&#123;")


def _quoted(value: str) -> str:
    return escape(value, quote=True).replace("{", "&#123;")
