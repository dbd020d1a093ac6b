"""From source to nodes, in one pass without backtracking."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from campaigns.errors import ContentError, Problem
from campaigns.sandbox_filters import check_filter
from campaigns.sandbox_nodes import Filter, For, If, Node, Nodes, Print, Text, joined

MOST_SOURCE_BYTES = 256 * 1024
MOST_NODES = 2_000
MOST_DEPTH = 8
MOST_TAG_LENGTH = 300
MOST_FILTERS = 4

_NAME = r"[a-z][a-z0-9_]{0,39}(?:\.[a-z][a-z0-9_]{0,39}){0,4}"
_STRING = r"\"[^\"\n{}]*\"|'[^'\n{}]*'"
_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_PRINT = re.compile(rf"({_NAME})((?:\s*\|\s*[a-z]+(?:\((?:{_STRING}|[0-9]{{1,6}})\))?)*)")
_FILTER = re.compile(rf"\|\s*([a-z]+)(?:\(({_STRING}|[0-9]+)\))?")
_LITERAL = re.compile(r"\"([^\"\n}]*)\"|'([^'\n}]*)'")
_IF = re.compile(rf"if\s+(not\s+)?({_NAME})(?:\s*==\s*({_STRING}))?")
_FOR = re.compile(rf"for\s+([a-z][a-z0-9_]{{0,39}})\s+in\s+({_NAME})")
_BLOCKS = (
    "{% if name %}, {% if not name %}, {% if name == 'x' %}, {% else %}, {% endif %}, "
    "{% for item in name %} and {% endfor %}"
)
_RESERVED = frozenset({"if", "else", "endif", "for", "in", "endfor", "not"})


@dataclass(slots=True)
class _Open:
    """A block whose end has not come yet."""

    word: str
    line: int
    name: str = ""
    item: str = ""
    negated: bool = False
    equals: str | None = None
    then: Nodes | None = None
    nodes: list[Node] = field(default_factory=list)


def parse_nodes(source: str, path: str) -> Nodes:
    """The nodes of `source`. Raises ContentError with path and line at the first thing outside the
    grammar."""
    return _Parser(path).parse(source)


class _Parser:
    def __init__(self, path: str) -> None:
        self.path = path
        self.stack = [_Open("text", 1)]
        self.count = 0

    def parse(self, source: str) -> Nodes:
        if len(source) > MOST_SOURCE_BYTES or len(source.encode("utf-8", "replace")) > MOST_SOURCE_BYTES:
            raise self._error(None, "This text is longer than 256 KB. Split it or shorten it.")
        for opening, content, line in self._pieces(source):
            if opening == "":
                self._add(Text(content), line)
            elif opening == "{{":
                self._print(content, line)
            elif opening == "{%":
                self._block(content, line)
        if len(self.stack) > 1:
            block = self.stack[-1]
            raise self._error(
                block.line, f"The {block.word} opened here is never closed. Add {{% end{block.word} %}}."
            )
        return joined(self.stack[0].nodes)

    def _pieces(self, source: str) -> Iterator[tuple[str, str, int]]:
        """Texts and tags in order: opening ("" for text), what stands inside, line."""
        position, line = 0, 1
        while match := _OPENING.search(source, position):
            start = match.start()
            if start > position:
                yield "", source[position:start], line
                line += source.count("\n", position, start)
            opening = match.group()
            limit = len(source) if opening == "{#" else start + MOST_TAG_LENGTH
            end = source.find(_CLOSING[opening], start + 2, limit)
            if end < 0:
                closing = _CLOSING[opening]
                raise self._error(
                    line, f"'{opening}' is not closed by '{closing}' within {MOST_TAG_LENGTH} characters."
                )
            yield opening, source[start + 2 : end].strip(), line
            position = end + 2
            line += source.count("\n", start, position)
        if position < len(source):
            yield "", source[position:], line

    def _print(self, content: str, line: int) -> None:
        if literal := _LITERAL.fullmatch(content):
            self._add(Text(literal.group(1) or literal.group(2) or ""), line)
            return
        match = _PRINT.fullmatch(content)
        if not match:
            raise self._error(
                line,
                f"'{_shortened(content)}' is not a name. Write a name such as {{{{ contact.first_name }}}}, "
                'with a filter if needed such as |default("there").',
            )
        filters = tuple(self._filters(match.group(2), line))
        self._add(Print(self._name(match.group(1), line), filters, line), line)

    def _filters(self, text: str, line: int) -> Iterator[Filter]:
        for number, match in enumerate(_FILTER.finditer(text), 1):
            argument = match.group(2)
            found = Filter(match.group(1), argument.strip("\"'") if argument is not None else None)
            complaint = (
                f"At most {MOST_FILTERS} filters may follow a name."
                if number > MOST_FILTERS
                else check_filter(found.name, found.argument)
            )
            if complaint:
                raise self._error(line, complaint)
            yield found

    def _block(self, content: str, line: int) -> None:
        word = content.partition(" ")[0]
        if content == "else":
            self._else(line)
        elif content in ("endif", "endfor"):
            self._end(content.removeprefix("end"), line)
        elif match := _IF.fullmatch(content):
            negated, name, equals = match.groups()
            if negated and equals is not None:
                raise self._error(line, "Use either 'not' or '==', not both.")
            value = equals[1:-1] if equals is not None else None
            self._push(_Open("if", line, self._name(name, line), negated=bool(negated), equals=value))
        elif match := _FOR.fullmatch(content):
            item, name = match.groups()
            self._push(_Open("for", line, self._name(name, line), item=self._name(item, line)))
        else:
            raise self._error(
                line,
                f"'{_shortened(word)}' is not understood here. Blocks are {_BLOCKS}.",
            )

    def _push(self, block: _Open) -> None:
        if len(self.stack) > MOST_DEPTH:
            raise self._error(block.line, f"Blocks may be nested at most {MOST_DEPTH} deep.")
        self.stack.append(block)

    def _else(self, line: int) -> None:
        block = self.stack[-1]
        if block.word != "if" or block.then is not None:
            raise self._error(line, "This else has no if. Write {% if name %} before it.")
        block.then = joined(block.nodes)
        block.nodes = []

    def _end(self, word: str, line: int) -> None:
        block = self.stack[-1]
        if block.word != word:
            raise self._error(line, f"This end{word} has no {word} before it.")
        self.stack.pop()
        nodes = joined(block.nodes)
        if word == "for":
            self._add(For(block.item, block.name, nodes, block.line), line)
        elif block.then is None:
            self._add(If(block.name, block.negated, block.equals, nodes, (), block.line), line)
        else:
            self._add(If(block.name, block.negated, block.equals, block.then, nodes, block.line), line)

    def _name(self, name: str, line: int) -> str:
        if name in _RESERVED:
            raise self._error(line, f"'{name}' is a word of the grammar and cannot be a name.")
        return name

    def _add(self, node: Node, line: int) -> None:
        self.count += 1
        if self.count > MOST_NODES:
            raise self._error(line, f"This text has more than {MOST_NODES} parts. Split it or shorten it.")
        self.stack[-1].nodes.append(node)

    def _error(self, line: int | None, sentence: str) -> ContentError:
        return ContentError(Problem(self.path, line, sentence))


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 40 else plain[:39] + "…"
