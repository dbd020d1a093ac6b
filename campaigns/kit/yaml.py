"""YAML with line numbers, and only the part of YAML that a kit needs.

Values stay as typed: `no` is a country code, not a falsehood; the schema says what is a number. Anchors,
aliases, tags, several documents and repeated keys are refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from campaigns.errors import ContentError, Problem

MOST_BYTES = 256 * 1024
MOST_DEPTH = 12
MOST_NODES = 10_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, whose first line is `line`; `empty` is a key without a value."""

    text: str
    line: int
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    line: int
    items: list["YamlNode"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """Keys with their values and the line each key stands in."""

    line: int
    entries: dict[str, "YamlNode"] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


YamlNode = Scalar | Listing | Table


def parse_yaml(content: bytes, path: str) -> Table:
    """The top table of a YAML file. Raises ContentError with file and line at the first thing refused."""
    if len(content) > MOST_BYTES:
        raise ContentError(Problem(path, None, "This file is larger than 256 KB. Shorten it."))
    text = as_utf8(content, path)
    try:
        top = _Builder(path).build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise ContentError(
            Problem(path, line, f"This is not valid YAML: {error.problem or error.context}.")
        ) from None
    except yaml.YAMLError:
        raise ContentError(
            Problem(path, None, "This is not valid YAML: it has a control character.")
        ) from None
    if not isinstance(top, Table):
        raise ContentError(
            Problem(path, top.line if top else 1, "This file has to be a list of 'key: value' lines.")
        )
    return top


def as_utf8(content: bytes, path: str) -> str:
    """The text of a file. Raises ContentError with the line of the first byte that is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ContentError(Problem(path, line, "This is not UTF-8 text. Save the file as UTF-8.")) from None


class _Builder:
    """Builds nodes from parser events, without recursion, so that depth is ours to bound."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.top: YamlNode | None = None
        self.stack: list[Listing | Table] = []
        self.keys: list[str | None] = []
        self.count = 0

    def build(self, events: Iterator[yaml.Event]) -> YamlNode | None:
        documents = 0
        for event in events:
            line = event.start_mark.line + 1 if event.start_mark else 1
            self._refuse_extras(event, line)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._error(line, "Only one document may stand in a file. Take the '---' out.")
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event, line)
            elif isinstance(event, yaml.MappingStartEvent):
                self._open(Table(line), line)
            elif isinstance(event, yaml.SequenceStartEvent):
                self._open(Listing(line), line)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.stack.pop()
                self.keys.pop()
        return self.top

    def _refuse_extras(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise self._error(line, "Anchors (&) and aliases (*) are not used in kits. Write the value out.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise self._error(line, f"Tags such as '{str(tag)[:40]}' are not used in kits. Take it out.")

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        if self.stack and isinstance(self.stack[-1], Table) and self.keys[-1] is None:
            self._key(self.stack[-1], event.value, line)
            return
        nothing = not event.style and event.value.lower() in _NOTHING
        starts_below = event.style in ("|", ">")
        self._place(Scalar(event.value, line + starts_below, nothing or not event.value.strip()), line)

    def _key(self, table: Table, key: str, line: int) -> None:
        if key in table.lines:
            raise self._error(
                line, f"'{key[:40]}' stands twice here; the first is in line {table.lines[key]}."
            )
        table.lines[key] = line
        self.keys[-1] = key

    def _open(self, node: Listing | Table, line: int) -> None:
        if self.stack and isinstance(self.stack[-1], Table) and self.keys[-1] is None:
            raise self._error(
                line, 'A key has to be a plain word. Put braces in quotes: "{{ partner.name }}".'
            )
        if len(self.stack) >= MOST_DEPTH:
            raise self._error(line, f"This is nested more than {MOST_DEPTH} levels deep.")
        self._place(node, line)
        self.stack.append(node)
        self.keys.append(None)

    def _place(self, node: YamlNode, line: int) -> None:
        self.count += 1
        if self.count > MOST_NODES:
            raise self._error(line, f"This file has more than {MOST_NODES:,} entries.")
        if not self.stack:
            self.top = node
            return
        parent = self.stack[-1]
        if isinstance(parent, Listing):
            parent.items.append(node)
            return
        key = self.keys[-1]
        if key is not None:
            parent.entries[key] = node
            self.keys[-1] = None

    def _error(self, line: int, sentence: str) -> ContentError:
        return ContentError(Problem(self.path, line, sentence))
