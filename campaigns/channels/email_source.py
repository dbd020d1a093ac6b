"""From a kit's MJML to the MJML of one partner's mail: regions filled, lock-up and footer in place, dark
rules added.

Works by cutting and replacing spans of the source; what lies between stays as its author typed it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from campaigns import colour
from campaigns.channels import email_look
from campaigns.errors import ContentError, Problem
from campaigns.kit.mjml_elements import PICTURED
from campaigns.markup_holes import Holes
from campaigns.markup_scan import Tag, scan
from campaigns.regions import RegionKind, RegionValues

LOCKUP, FOOTER, PERSON, REGION = "platform-lockup", "platform-footer", "platform-person", "rg-"
PLAIN_PAGE = "#f6f5f2"

_DARK_GROUND = 0.18
_WRAPPERS = frozenset({"h1", "h2", "h3", "p", "strong"})
_BRAND_TEXT = {
    "name": "{{ partner.name }}",
    "contact": "{{ partner.contact.name }}, {{ partner.name }}",
    "imprint": "{{ partner.legal_name }}",
}


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


def filled(
    source: str,
    *,
    path: str,
    values: RegionValues | None,
    picture: Callable[[str], str],
    head: str,
    lockup: str,
    footer: str,
    portrait: Callable[[], str],
) -> str:
    """The MJML with everything in place but the names of the grammar.

    Args:
        values: what the partner set; None keeps the kit's own text everywhere. picture: the public address
        of a picture, from its path in the kit or the name under which it is stored. head: MJML to put first
        into mj-head. lockup: MJML for the section marked as lock-up. footer: MJML for the section marked as
        footer. portrait: HTML of the picture beside the words of a text marked as person, empty
        for none; asked only where a text is marked.
    Raises:
        ContentError: the source is not well formed, or a mark is missing.
    """
    holes = Holes(source)
    mail = _Mail(holes.swapped, scan(holes.swapped, path=path), path)
    edits = [
        mail.marked(LOCKUP, lockup, email_look.LOCKUP_SECTION),
        mail.marked(FOOTER, footer, email_look.FOOTER_SECTION),
        mail.first_in_head(head),
        *mail.regions(values, picture),
        *mail.classes(),
        *mail.pictures(picture),
        *mail.beside_person(portrait),
    ]
    return holes.back(_applied(mail.source, edits))


class _Mail:
    def __init__(self, source: str, tags: list[Tag], path: str) -> None:
        self.source = source
        self.tags = tags
        self.path = path

    def marked(self, mark: str, inside: str, defaults: Mapping[str, str]) -> _Edit:
        """The marked section with `inside` in it; it keeps its author's attributes and gets `defaults` for
        others."""
        for tag in self.tags:
            if mark in tag.classes and tag.closed_at >= 0:
                attributes = {**defaults, **tag.attributes}
                attributes["css-class"] = " ".join([*tag.classes, defaults["css-class"]])
                written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
                end = self.tags[tag.closed_at].end
                return _Edit(tag.start, end, f"<mj-section{written}>{inside}</mj-section>")
        sentence = f'The mail has no empty <mj-section css-class="{mark}">. Put it where it belongs.'
        raise ContentError(Problem(self.path, None, sentence))

    def first_in_head(self, text: str) -> _Edit:
        for tag in self.tags:
            if tag.name == "mj-head" and not tag.is_close:
                return _Edit(tag.end, tag.end, text) if not tag.is_empty else self._whole(tag, text)
        at = self.tags[0].end if self.tags else 0
        return _Edit(at, at, f"<mj-head>{text}</mj-head>")

    def _whole(self, tag: Tag, text: str) -> _Edit:
        return _Edit(tag.start, tag.end, f"<{tag.name}>{text}</{tag.name}>")

    def regions(self, values: RegionValues | None, picture: Callable[[str], str]) -> list[_Edit]:
        edits = []
        for index, tag in enumerate(self.tags):
            for name in tag.classes:
                region = name.removeprefix(REGION)
                if (
                    name.startswith(REGION)
                    and values is not None
                    and region in values.regions
                    and not tag.is_close
                ):
                    edits += self._region(index, region, values, picture)
        return edits

    def _region(
        self, index: int, name: str, values: RegionValues, picture: Callable[[str], str]
    ) -> list[_Edit]:
        tag = self.tags[index]
        if not values.shown(name):
            return [_Edit(tag.start, self.tags[tag.closed_at].end, "")]
        region = values.regions[name]
        if tag.name == "mj-image":
            file = values.file(name)
            return [self._set(tag, "src", picture(file))] if file else []
        html = values.html(name)
        if region.kind is RegionKind.BRAND:
            html = _BRAND_TEXT.get(region.brand_value or "")
        if html is None or tag.is_empty:
            return []
        start, end, wrapper = self._inside(index)
        paragraphs = html.split("<br /><br />") if wrapper.startswith("<p") else [html]
        between = f"</p>{wrapper}"
        return [_Edit(start, end, between.join(paragraphs))]

    def _inside(self, index: int) -> tuple[int, int, str]:
        """Where the words of an element stand: inside its heading or paragraphs, whose look is the author's.

        Returns start, end and the opening tag of the innermost wrapper, "" where there is none."""
        tag, wrapper = self.tags[index], ""
        start, end = tag.end, self.tags[tag.closed_at].start
        while True:
            first, last = index + 1, self.tags[index].closed_at - 1
            if first > last or self.tags[first].name not in _WRAPPERS or self.tags[first].is_empty:
                return start, end, wrapper
            lead, tail = self.source[start : self.tags[first].start], self.source[self.tags[last].end : end]
            same = all(self.tags[at].name == "p" for at in self._children(first, last))
            if lead.strip() or tail.strip() or (self.tags[first].closed_at != last and not same):
                return start, end, wrapper
            wrapper = self.source[self.tags[first].start : self.tags[first].end]
            start, end = self.tags[first].end, self.tags[last].start
            if self.tags[first].closed_at != last:
                return start, end, wrapper
            index = first

    def _children(self, first: int, last: int) -> list[int]:
        found = []
        while first <= last:
            found.append(first)
            first = self.tags[first].closed_at + 1
        return found

    def pictures(self, picture: Callable[[str], str]) -> list[_Edit]:
        return [
            self._set(tag, PICTURED[tag.name], picture(tag.attributes[PICTURED[tag.name]]))
            for tag in self.tags
            if tag.name in PICTURED
            and not tag.is_close
            and tag.attributes.get(PICTURED[tag.name], "").startswith("assets/")
        ]

    def beside_person(self, portrait: Callable[[], str]) -> list[_Edit]:
        """The picture to the left of what each marked text says; nothing moves where there is none."""
        edits = []
        for tag in self.tags:
            is_place = PERSON in tag.classes and tag.name == "mj-text" and tag.closed_at >= 0
            if is_place and (shown := portrait()):
                before, after = email_look.beside(shown, {**self._defaults(tag.name), **tag.attributes})
                end = self.tags[tag.closed_at].start
                edits += [_Edit(tag.end, tag.end, before), _Edit(end, end, after)]
        return edits

    def _defaults(self, name: str) -> dict[str, str]:
        """What the mail's own head says of every element of this name."""
        found: dict[str, str] = {}
        for index, tag in enumerate(self.tags):
            if tag.name == "mj-attributes" and tag.closed_at >= 0:
                inside = self.tags[index + 1 : tag.closed_at]
                for wanted in ("mj-all", name):
                    for default in inside:
                        found |= default.attributes if default.name == wanted else {}
        return found

    def classes(self) -> list[_Edit]:
        """Name every part for the dark rules. Sections with a dark ground of their own, or a picture, keep
        their colours."""
        page = next((t.attributes.get("background-color", "") for t in self.tags if t.name == "mj-body"), "")
        edits, keeps_until = [], -1
        for index, tag in enumerate(self.tags):
            if tag.is_close or index < keeps_until:
                continue
            if tag.name == "mj-head":
                keeps_until = tag.closed_at
                continue
            ground = tag.attributes.get("background-color", "")
            is_pictured = bool(tag.attributes.get("background-url"))
            if tag.name in ("mj-section", "mj-wrapper", "mj-hero") and (is_pictured or _is_dark(ground)):
                keeps_until = tag.closed_at
                edits.append(self._add_class(tag, "tc-own"))
            elif name := email_look.class_for(tag.name, ground, page or PLAIN_PAGE):
                edits.append(self._add_class(tag, name))
        return edits

    def _add_class(self, tag: Tag, name: str) -> _Edit:
        return self._set(tag, "css-class", " ".join([*tag.classes, name]))

    def _set(self, tag: Tag, name: str, value: str) -> _Edit:
        """One attribute of an opening tag set anew. Several such edits of one tag are joined by
        `_applied`."""
        found = re.search(rf"\s{name}\s*=\s*(\"[^\"]*\"|'[^']*')", tag.raw_attributes, re.IGNORECASE)
        start = tag.start + 1 + len(tag.name)
        written = f' {name}="{escape(value)}"'
        if found is None:
            return _Edit(start, start, written)
        return _Edit(start + found.start(), start + found.end(), written)


def _is_dark(ground: str) -> bool:
    try:
        return colour.luminance(colour.parse(ground)) < _DARK_GROUND
    except ValueError:
        # No ground, or the partner's colour by name: such a section takes the colours of the page.
        return "partner.colour" in ground


def _applied(source: str, edits: list[_Edit]) -> str:
    """Every edit in order of place; what lies inside a larger edit is gone with it, of two alike the first
    holds."""
    out, position = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.start != edit.end, -edit.end)):
        if edit.start < position:
            continue
        out += [source[position : edit.start], edit.text]
        position = edit.end
    return "".join([*out, source[position:]])
