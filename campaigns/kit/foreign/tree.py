"""A mail of somebody else's as a tree, read as forgivingly as MJML's own compiler reads it, and written well-formed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from campaigns.markup_parser import ForgivingParser
from campaigns.markup_scan import VOID, words

MOST_ELEMENTS = 10_000
MOST_DEPTH = 200

BLOCKS = words("p div h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre center section article hr address")
_STARTS_ANEW = {
    "li": (words("li"), words("ul ol")),
    "dt": (words("dt dd"), words("dl")),
    "dd": (words("dt dd"), words("dl")),
    "td": (words("td th"), words("tr table")),
    "th": (words("td th"), words("tr table")),
    "tr": (words("tr"), words("table tbody thead tfoot")),
    "tbody": (words("tbody thead tfoot"), words("table")),
    "tfoot": (words("tbody thead tfoot"), words("table")),
    **{block: (words("p"), words("div td th li table blockquote")) for block in BLOCKS},
}
"""What an element ends by starting, and what it does not look beyond."""

_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_BRACE = re.compile(r"\{(?=[{%#])")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True, eq=False)
class Node:
    """One element; `children` are elements and texts, decoded. `line` counts from 1 in the file `path`."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)
    path: str = ""
    line: int = 0

    @property
    def elements(self) -> list["Node"]:
        return [child for child in self.children if isinstance(child, Node)]

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("css-class", "").split()

    def add_class(self, name: str) -> None:
        self.attributes["css-class"] = " ".join([*self.classes, name])

    def walk(self) -> Iterator["Node"]:
        """This element and all below, in reading order."""
        yield self
        for child in self.elements:
            yield from child.walk()

    def all(self, *tags: str) -> list["Node"]:
        return [node for node in self.walk() if node.tag in tags]

    @property
    def text(self) -> str:
        """The words, with a space for each run of white space; what stands in styles left out."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in ("mj-style", "style"):
                gap = " " if child.tag in BLOCKS or child.tag in ("br", "td", "tr", "li") else ""
                yield f"{gap}{''.join(child._texts())}{gap}"

    def like(self, tag: str, attributes: dict[str, str], children: list["Node | str"]) -> "Node":
        """A new element at this one's place."""
        return Node(tag, attributes, children, self.path, self.line)


@dataclass(slots=True)
class Parsed:
    """`hidden` are the lines of what only Outlook was to read; `broken` those of MJML that is left open."""

    root: Node
    hidden: list[int] = field(default_factory=list)
    broken: list[tuple[int, str]] = field(default_factory=list)
    too_much: bool = False


def parse(source: str, path: str) -> Parsed:
    """The tree below a root without a name; comments are gone."""
    reader = _Reader(path)
    reader.feed(_CDATA.sub("", source))
    reader.close()
    reader.broken += [(n.line, n.tag) for n in reader.stack[1:] if n.tag.startswith("mj")]
    return Parsed(reader.stack[0], reader.hidden, reader.broken, reader.too_much)


class _Reader(ForgivingParser):
    def __init__(self, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.stack = [Node("", path=path)]
        self.hidden: list[int] = []
        self.broken: list[tuple[int, str]] = []
        self.too_much, self.count = False, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._ended_by(tag)
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.stack) > MOST_DEPTH:
            self.too_much = True
            return
        kept: dict[str, str] = {}
        for name, value in attrs:
            if _NAME.fullmatch(name):
                kept.setdefault(name, value or "")
        node = Node(tag, kept, [], self.path, self.getpos()[0])
        self.stack[-1].children.append(node)
        if tag not in VOID:
            self.stack.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID and self.stack[-1].tag == tag and not self.too_much:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag == "br":  # as browsers read it
            self.handle_starttag(tag, [])
        for index in range(len(self.stack) - 1, 0, -1):
            open_one = self.stack[index]
            if open_one.tag == tag:
                left = self.stack[index + 1 :]
                self.broken += [(n.line, n.tag) for n in left if n.tag.startswith("mj")]
                del self.stack[index:]
                return
            if open_one.tag.startswith("mj") and not tag.startswith("mj"):
                return  # HTML does not end what it stands in

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(_UNWRITABLE.sub("", data))

    def handle_comment(self, data: str) -> None:
        if re.match(r"\[if [^\]]*\]>\s*\S", data) and not data.rstrip().endswith("<!"):
            self.hidden.append(self.getpos()[0])

    def _ended_by(self, tag: str) -> None:
        ends, fence = _STARTS_ANEW.get(tag, (frozenset(), frozenset()))
        for index in range(len(self.stack) - 1, 0, -1):
            name = self.stack[index].tag
            if name in ends:
                del self.stack[index:]
                return
            if name in fence or name.startswith("mj"):
                return


def written(node: Node) -> str:
    """Well-formed XML. Texts in styles keep their ">"."""
    attributes = "".join(f' {name}="{_value(value)}"' for name, value in node.attributes.items())
    if node.tag in VOID:
        return f"<{node.tag}{attributes} />"
    if not node.children:
        closes = node.tag in ("mj-section", "mj-column", "mj-text", "mj-button") or not node.tag.startswith(
            "mj-"
        )
        return f"<{node.tag}{attributes}></{node.tag}>" if closes else f"<{node.tag}{attributes} />"
    inside = "".join(written(child) if isinstance(child, Node) else _text(child) for child in node.children)
    return f"<{node.tag}{attributes}>{inside}</{node.tag}>"


def _text(text: str) -> str:
    text = escape(text, quote=False).replace("&gt;", ">").replace("\xa0", "&#160;").replace("]]>", "]]&gt;")
    return _BRACE.sub("&#123;", text)


def _value(text: str) -> str:
    text = escape(_UNWRITABLE.sub("", text)).replace("\xa0", "&#160;").replace("\n", " ")
    return _BRACE.sub("&#123;", text)
