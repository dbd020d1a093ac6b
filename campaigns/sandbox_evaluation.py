"""Putting values into parsed texts, wholly (`rendered`) or as far as they go (`bound`), within limits."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from campaigns.errors import ContentError, Problem
from campaigns.sandbox_filters import as_text, filtered
from campaigns.sandbox_nodes import For, If, Node, Nodes, Print, Text, Value, count, joined
from campaigns.sandbox_parsing import MOST_NODES

MOST_ITEMS = 50
MOST_OUTPUT_BYTES = 512 * 1024
MOST_STEPS = 20_000
MOST_VALUE_LENGTH = 100_000

_MISSING = object()


@dataclass(slots=True)
class _Spent:
    steps: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Where names are looked up: loop items first, then values. `spent` is shared by all inner scopes."""

    values: Mapping[str, Value]
    escape: Callable[[str], str]
    path: str
    locale: str
    fallbacks: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, object] = field(default_factory=dict)
    spent: _Spent = field(default_factory=_Spent)

    def find(self, name: str, line: int) -> object:
        """The value of a name, _MISSING if there is none. Raises ContentError for values that are not
        plain."""
        first, _, rest = name.partition(".")
        if first not in self.items:
            return self._plain(self.values.get(name, _MISSING), name, line)
        value = self.items[first]
        if rest and value is not _MISSING:
            value = value.get(rest, _MISSING) if isinstance(value, Mapping) else None
        return self._plain(value, name, line)

    def with_item(self, item: str, value: object) -> "Scope":
        return replace(self, items={**self.items, item: value})

    def step(self, line: int) -> None:
        self.spent.steps += 1
        if self.spent.steps > MOST_STEPS:
            raise self.error(line, "This text repeats itself too often. Take a loop out.")

    def printed(self, value: Value, node: Print) -> str:
        """The value as it goes into the text: filtered, else its fallback, escaped and counted."""
        text = filtered(value, node.filters, self.locale) or self.fallbacks.get(node.name, "")
        return self.counted(self.escape(text), node.line)

    def counted(self, text: str, line: int) -> str:
        self.spent.size += len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        if self.spent.size > MOST_OUTPUT_BYTES:
            raise self.error(line, "This text grows beyond 512 KB. Shorten it or take a loop out.")
        return text

    def error(self, line: int, sentence: str) -> ContentError:
        return ContentError(Problem(self.path, line or None, sentence))

    def _plain(self, value: object, name: str, line: int) -> object:
        if isinstance(value, str) and len(value) > MOST_VALUE_LENGTH:
            raise self.error(line, f"The value of '{name}' is longer than {MOST_VALUE_LENGTH:,} characters.")
        if value is _MISSING or value is None or isinstance(value, str | int | date | list | Mapping):
            return value
        raise self.error(line, f"The value of '{name}' is neither a text, a number, a date nor a list.")


def rendered(nodes: Nodes, scope: Scope) -> str:
    return "".join(_rendered(nodes, scope))


def _rendered(nodes: Nodes, scope: Scope) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Text):
            scope.step(0)
            yield scope.counted(node.text, 0)
            continue
        scope.step(node.line)
        value = scope.find(node.name, node.line)
        if isinstance(node, Print):
            yield scope.printed(_needed(value, node, scope), node)
        elif isinstance(node, If):
            yield from _rendered(node.then if _holds(value, node) else node.otherwise, scope)
        else:
            for item in _items(value, node, scope):
                scope.step(node.line)
                yield from _rendered(node.body, scope.with_item(node.item, item))


def bound(nodes: Nodes, scope: Scope) -> Nodes:
    result = joined(_bound(nodes, scope))
    if count(result) > MOST_NODES:
        raise scope.error(0, f"With these values the text has more than {MOST_NODES} parts. Shorten it.")
    return result


def _bound(nodes: Nodes, scope: Scope) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Text):
            scope.step(0)
            yield Text(scope.counted(node.text, 0))
            continue
        scope.step(node.line)
        value = scope.find(node.name, node.line)
        if value is _MISSING:
            yield _still_open(node, scope)
        elif isinstance(node, Print):
            yield Text(scope.printed(_needed(value, node, scope), node))
        elif isinstance(node, If):
            yield from _bound(node.then if _holds(value, node) else node.otherwise, scope)
        else:
            for item in _items(value, node, scope):
                scope.step(node.line)
                yield from _bound(node.body, scope.with_item(node.item, item))


def _still_open(node: Print | If | For, scope: Scope) -> Node:
    if isinstance(node, If):
        return replace(
            node, then=joined(_bound(node.then, scope)), otherwise=joined(_bound(node.otherwise, scope))
        )
    if isinstance(node, For):
        return replace(node, body=joined(_bound(node.body, scope.with_item(node.item, _MISSING))))
    return node


def _needed(value: object, node: Print, scope: Scope) -> Value:
    if isinstance(value, str | int | date):
        return value
    if isinstance(value, list | Mapping):
        raise scope.error(node.line, f"'{node.name}' is a list and cannot be printed. Use a for.")
    if value is _MISSING and node.name not in scope.fallbacks and not _has_default(node):
        raise scope.error(node.line, f"There is no value for '{node.name}'.")
    return None


def _has_default(node: Print) -> bool:
    return any(item.name == "default" for item in node.filters)


def _holds(value: object, node: If) -> bool:
    if isinstance(value, list | Mapping):
        return bool(value) is not node.negated if node.equals is None else False
    text = as_text(value) if isinstance(value, str | int | date) else ""
    if node.equals is not None:
        return text == node.equals
    return (bool(text) and value != 0) is not node.negated


def _items(value: object, node: For, scope: Scope) -> list[object]:
    if value is _MISSING or value is None or value == "":
        return []
    if not isinstance(value, list):
        raise scope.error(node.line, f"'{node.name}' is not a list, so a for cannot go through it.")
    if len(value) > MOST_ITEMS:
        raise scope.error(node.line, f"'{node.name}' has more than {MOST_ITEMS} entries.")
    return value
