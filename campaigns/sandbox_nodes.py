"""What a parsed text consists of. Plain frozen values; nothing here evaluates anything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

Value: TypeAlias = "str | int | bool | date | list[Value] | Mapping[str, Value] | None"
"""What a name may stand for. Loops take lists of at most 50; a mapping is an item of such a list."""


@dataclass(frozen=True, slots=True)
class Text:
    """Printed as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    argument: str | None = None


@dataclass(frozen=True, slots=True)
class Print:
    """{{ name|filter }}"""

    name: str
    filters: tuple[Filter, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class If:
    """{% if name %}, {% if not name %}, {% if name == "x" %} with an optional else."""

    name: str
    negated: bool
    equals: str | None
    then: "Nodes"
    otherwise: "Nodes"
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class For:
    """{% for item in name %}"""

    item: str
    name: str
    body: "Nodes"
    line: int = field(default=0, compare=False)


Node: TypeAlias = Text | Print | If | For
Nodes: TypeAlias = tuple[Node, ...]


def joined(nodes: Iterable[Node]) -> Nodes:
    """The same nodes with neighbouring texts made one and empty ones left out."""
    result: list[Node] = []
    run: list[str] = []
    for node in nodes:
        if isinstance(node, Text):
            run.append(node.text)
            continue
        if text := "".join(run):
            result.append(Text(text))
        run.clear()
        result.append(node)
    if text := "".join(run):
        result.append(Text(text))
    return tuple(result)


def count(nodes: Nodes) -> int:
    """How many nodes, inner ones included."""
    total = 0
    for node in nodes:
        total += 1
        if isinstance(node, If):
            total += count(node.then) + count(node.otherwise)
        elif isinstance(node, For):
            total += count(node.body)
    return total


def outer_uses(nodes: Nodes, inner: frozenset[str] = frozenset()) -> Iterable[tuple[str, int]]:
    """Each use of a name with its line, without names that a loop around it binds."""
    for node in nodes:
        if isinstance(node, Text):
            continue
        if node.name.partition(".")[0] not in inner:
            yield node.name, node.line
        if isinstance(node, If):
            yield from outer_uses(node.then, inner)
            yield from outer_uses(node.otherwise, inner)
        elif isinstance(node, For):
            yield from outer_uses(node.body, inner | {node.item})


def written(nodes: Nodes) -> str:
    """Source that parses to these nodes again."""
    return "".join(_written(node) for node in nodes)


def _written(node: Node) -> str:
    if isinstance(node, Text):
        return _written_text(node.text)
    if isinstance(node, Print):
        return "{{ " + node.name + "".join(_written_filter(f) for f in node.filters) + " }}"
    if isinstance(node, For):
        return f"{{% for {node.item} in {node.name} %}}{written(node.body)}{{% endfor %}}"
    test = ("not " if node.negated else "") + node.name
    if node.equals is not None:
        test += f" == {_quoted(node.equals)}"
    otherwise = f"{{% else %}}{written(node.otherwise)}" if node.otherwise else ""
    return f"{{% if {test} %}}{written(node.then)}{otherwise}{{% endif %}}"


def _written_text(text: str) -> str:
    """A brace that would open a tag, here or together with what follows, is written as {{ "{" }}."""
    pieces: list[str] = []
    for position, character in enumerate(text):
        following = text[position + 1 : position + 2]
        opens = character == "{" and (not following or following in "{%#")
        pieces.append('{{ "{" }}' if opens else character)
    return "".join(pieces) if "{" in text else text


def _written_filter(item: Filter) -> str:
    return f"|{item.name}" if item.argument is None else f"|{item.name}({_quoted(item.argument)})"


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'
