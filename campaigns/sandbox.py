"""The grammar of written texts: names, a few filters, `if` and bounded `for`. Nothing else parses, nothing runs."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

Value: TypeAlias = "str | int | bool | date | None | list[Mapping[str, Value]] | Mapping[str, Value]"


class Template:
    """A parsed text. Immutable; made by `parse` and `bind`."""

    def names(self) -> frozenset[str]:
        """Every outer dotted name the template needs, without names bound by its own loops."""
        raise NotImplementedError

    def bind(self, values: Mapping[str, Value], *, escape: Callable[[str], str]) -> "Template":
        """Evaluate what needs only `values` (each printed value through `escape`) and keep the rest open."""
        raise NotImplementedError

    def render(
        self,
        values: Mapping[str, Value],
        *,
        escape: Callable[[str], str],
        fallbacks: Mapping[str, str] | None = None,
    ) -> str:
        """The text; each printed value goes through `escape`, the template's own text does not. `values` is keyed by
        dotted name. An empty or missing value prints its entry in `fallbacks`, which `if` does not see."""
        raise NotImplementedError

    def source(self) -> str:
        """Source that parses to this template again."""
        raise NotImplementedError


def parse(source: str, *, path: str = "", locale: str = "en") -> Template:
    """Parse `source`; raises ContentError naming `path` and line for anything outside the grammar."""
    raise NotImplementedError
