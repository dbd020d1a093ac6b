"""Read MJML as a flat list of tags, with lines, before any compiler sees it.

The compiler answers a missing quote with "unable to parse next template" and a very deep nest with a crash;
this reader answers both with a line and a sentence. It needs no tree: a list of tags with offsets is enough
to check, and to cut and replace whole elements without touching a byte of what lies between.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from campaigns.errors import ContentError, Problem

MAX_BYTES = 256 * 1024
MAX_DEPTH = 60
MAX_TAGS = 5_000


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = words("area base br col embed hr img input link meta param source track wbr")

_MARK = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<![a-zA-Z][^<>]*>|<\?.*?\?>"
    r"|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*+)"
    r"(?P<attributes>(?:\s++[A-Za-z_:@][\w:.-]*+(?:\s*+=\s*+(?:\"[^\"]*\"|'[^']*'))?)*+)\s*+(?P<empty>/?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([A-Za-z_:@][\w:.-]*+)(?:\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'))?")


@dataclass(frozen=True, slots=True)
class Tag:
    """An opening, closing or empty tag at source[start:end]; `closed_at` is the index, in the list of tags,
    of the closing tag of an opening one, its own index for an empty one, -1 for a closing one."""

    name: str
    start: int
    end: int
    line: int
    is_close: bool
    is_empty: bool
    raw_attributes: str
    closed_at: int = -1

    @property
    def attributes(self) -> dict[str, str]:
        found = _ATTRIBUTE.finditer(self.raw_attributes)
        return {m[1].lower(): unescape(m[2] if m[2] is not None else m[3] or "") for m in found}

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("css-class", "").split()


def scan(source: str, *, path: str = "") -> list[Tag]:
    """Every tag in order of the source.

    Raises:
        ContentError: too large, too deep, or not well formed; with the line.
    """
    if len(source.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        sentence = f"The mail is larger than {MAX_BYTES // 1024} KB before it is compiled. Shorten it."
        raise ContentError(Problem(path, None, sentence))
    tags: list[Tag] = []
    open_tags: list[int] = []
    for tag in _tags(source, path):
        if len(tags) >= MAX_TAGS:
            raise ContentError(
                Problem(
                    path,
                    tag.line,
                    f"The mail has more than {MAX_TAGS:,} tags. Shorten it.",
                )
            )
        if tag.is_close:
            _close(tags, open_tags, tag, path)
        elif tag.is_empty:
            tags.append(_closed(tag, len(tags)))
            continue
        else:
            open_tags.append(len(tags))
            if len(open_tags) > MAX_DEPTH:
                sentence = f"Elements are nested more than {MAX_DEPTH} deep. Take some layers away."
                raise ContentError(Problem(path, tag.line, sentence))
        tags.append(tag)
    if open_tags:
        left = tags[open_tags[-1]]
        raise ContentError(Problem(path, left.line, f"<{left.name}> is never closed. Add </{left.name}>."))
    return tags


def _tags(source: str, path: str) -> Iterator[Tag]:
    line_starts = [0, *(found.end() for found in re.finditer("\n", source))]
    position = source.find("<")
    while position >= 0:
        line = bisect_right(line_starts, position)
        found = _MARK.match(source, position)
        if found is None:
            raise ContentError(Problem(path, line, _why_unreadable(source[position : position + 200])))
        if name := found["name"]:
            name = name.lower()
            is_close = bool(found["close"])
            if not (is_close and name in VOID):
                empty = not is_close and (bool(found["empty"]) or name in VOID)
                yield Tag(
                    name,
                    position,
                    found.end(),
                    line,
                    is_close,
                    empty,
                    found["attributes"],
                )
        position = source.find("<", found.end())


def _close(tags: list[Tag], open_tags: list[int], tag: Tag, path: str) -> None:
    if not open_tags:
        raise ContentError(Problem(path, tag.line, f"</{tag.name}> closes nothing. Remove it."))
    opener = tags[open_tags[-1]]
    if opener.name != tag.name:
        sentence = f"</{tag.name}> stands where </{opener.name}> is expected (opened on line {opener.line})."
        raise ContentError(Problem(path, tag.line, sentence))
    tags[open_tags[-1]] = _closed(opener, len(tags))
    open_tags.pop()


def _closed(tag: Tag, at: int) -> Tag:
    return Tag(
        tag.name,
        tag.start,
        tag.end,
        tag.line,
        tag.is_close,
        tag.is_empty,
        tag.raw_attributes,
        at,
    )


def _why_unreadable(rest: str) -> str:
    if rest.startswith("<!--"):
        return "A comment is never closed. Add -->."
    if re.match(r"</?[A-Za-z]", rest):
        shown = re.split(r"[\s>]", rest[:40])[0]
        return f"The tag {shown} cannot be read. Put every value in straight quotes and close the tag with >."
    return "A < stands here that starts no tag. Write &lt; instead."
