"""The text part of a mail, written from its HTML: paragraphs, lists, and each link with its target."""

import re
from html import unescape

from html2text import HTML2Text

from campaigns.markup_holes import Holes
from campaigns.sandbox_nodes import Text, written

_CONDITIONAL = re.compile(r"<!--.*?-->", re.DOTALL)
_HIDDEN = re.compile(r'<div style="display: ?none.*?</div>', re.DOTALL)
_HEAD = re.compile(r"<head>.*?</head>", re.DOTALL)
_LINK = re.compile(r"<a\b[^>]*?\shref=\"([^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)
_PICTURE = re.compile(r"<img\b[^>]*>")
_TAGS = re.compile(r"<[^>]+>")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>|~-])")


def from_html(html: str) -> str:
    """Readable text with the placeholders of `html` in it, each link as "words: target" or "words
    (target)"."""
    holes = Holes(html)
    body = holes.swapped
    for gone in (_CONDITIONAL, _HEAD, _HIDDEN, _PICTURE):
        body = gone.sub("", body)
    body = _LINK.sub(_link, body)
    writer = HTML2Text(bodywidth=0)
    writer.ignore_emphasis = True
    writer.ignore_tables = True
    writer.ignore_links = True
    writer.ul_item_mark = "-"
    text = _ESCAPED.sub(r"\1", writer.handle(body))
    text = re.sub(r"(?m)^#{1,6} ", "", text)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    plain = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
    # Braces that somebody typed are plain text here; the grammar must not take them for its own.
    return holes.back(written((Text(plain),)))


def _link(found: re.Match[str]) -> str:
    target = found[1]
    words = " ".join(unescape(_TAGS.sub(" ", found[2])).split())
    if not words:
        return ""
    if target.startswith("#") or _says_the_same(target, words):
        return found[2]
    before, after = found.string[: found.start()].rstrip()[-1:], found.string[found.end() :].lstrip()[:2]
    stands_alone = before in ("", ">") and after in ("", "</")
    return f"{found[2].rstrip()}: {target}" if stands_alone else f"{found[2].rstrip()} ({target})"


def _says_the_same(target: str, words: str) -> bool:
    """A phone number or address that is written out needs no second mention."""
    return target.split(":", 1)[-1].replace("%2B", "+") in (words, re.sub(r"[\s/()-]", "", words))
