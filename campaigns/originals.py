"""What a kit's own files say in a region: the text a partner starts from, and goes back to."""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import MappingProxyType

from campaigns.kit.microsite import Copy, Picture, Prose
from campaigns.kit.model import Kit, TouchKind
from campaigns.markup_holes import Holes
from campaigns.markup_parser import ForgivingParser
from campaigns.markup_scan import scan

REGION = "rg-"
KEPT = 64
_kept: OrderedDict[tuple[str, str], Mapping[str, "Original"]] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Original:
    """`text` is written as a partner would write it (**bold**, [links](https://...)), with the names of the
    grammar in it as they stand; `file` is the kit's picture, by its path."""

    text: str = ""
    file: str | None = None


def originals(kit: Kit, locale: str) -> Mapping[str, Original]:
    """By region, in reading order: mails as they are sent, then the pages. A region used twice says what stands
    where it comes first. Parts that are not there in `locale` are left out. Kept for the kits last asked for: a
    form that keeps each field as it is typed asks again and again."""
    key = kit.source_hash, locale
    with _lock:
        kept = _kept.get(key)
        if kept is not None:
            _kept.move_to_end(key)
            return kept
    found = _read(kit, locale)
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _read(kit: Kit, locale: str) -> Mapping[str, Original]:
    found: dict[str, Original] = {}
    for touch in kit.touches:
        if touch.kind is TouchKind.EMAIL and locale in touch.files:
            source = kit.files[touch.files[locale]].decode("utf-8-sig", "replace")
            for name, original in _of_mail(source, touch.files[locale]):
                found.setdefault(name, original)
    if kit.microsite is not None:
        for name, original in _of_page(kit.microsite.page(locale, kit.default_language)):
            found.setdefault(name, original)
    for name, original in _of_page(kit.webinar(locale)):
        found.setdefault(name, original)
    return MappingProxyType(found)


def _of_mail(source: str, path: str) -> Iterator[tuple[str, Original]]:
    holes = Holes(source)
    tags = scan(holes.swapped, path=path)
    for tag in tags:
        if tag.is_close:
            continue
        for name in (name.removeprefix(REGION) for name in tag.classes if name.startswith(REGION)):
            if tag.name == "mj-image":
                yield name, Original(file=tag.attributes.get("src"))
            elif not tag.is_empty:
                inside = holes.swapped[tag.end : tags[tag.closed_at].start]
                yield name, Original(holes.back(_written(inside)))


def _of_page(part: object) -> Iterator[tuple[str, Original]]:
    """The regions of a part of the page and of all parts inside it; blocks that are only shown or not have no
    text of their own."""
    if isinstance(part, tuple):
        for item in part:
            yield from _of_page(item)
    elif is_dataclass(part):
        region = getattr(part, "region", None)
        if isinstance(region, str):
            match part:
                case Copy():
                    yield region, Original(part.text)
                case Prose():
                    yield region, Original(part.markdown.strip())
                case Picture():
                    yield region, Original(file=part.file)
        for inner in fields(part):
            yield from _of_page(getattr(part, inner.name))


def _written(html: str) -> str:
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return writer.text()


class _Writer(ForgivingParser):
    """HTML of a mail as a partner would have typed it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._out.append("\n")
        elif tag in ("strong", "b"):
            self._out.append("**")
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
            self._out.append("[")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "h1", "h2", "h3", "div", "li"):
            self._out.append("\n\n")
        elif tag in ("strong", "b"):
            self._out.append("**")
        elif tag == "a" and self._links:
            self._out.append(f"]({self._links.pop()})")

    def handle_data(self, data: str) -> None:
        self._out.append(re.sub(r"\s+", " ", data))

    def text(self) -> str:
        lines = [line.strip() for line in "".join(self._out).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
