"""The grammar of written texts: names, seven filters, `if` and bounded `for`. Nothing else parses, nothing
runs.

    Hello {{ contact.first_name|default("there") }}
    {% if partner.phone %}Call {{ partner.phone }}{% else %}Reply to this mail{% endif %}
    {% for point in points %}{{ point.title }}{% endfor %}
    {# a comment #}

A name is looked up in a mapping by its whole dotted form ("partner.name"); no attribute, no call, no
arithmetic. Values are data: `{{ 7*7 }}` in somebody's name is printed as typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from campaigns.sandbox_evaluation import Scope, bound, rendered
from campaigns.sandbox_nodes import Nodes, Value, outer_uses, written
from campaigns.sandbox_parsing import parse_nodes

__all__ = ["Template", "Value", "parse"]

Escape = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed text. Immutable; made by `parse` and `bind`. `locale` is the language of its dates."""

    nodes: Nodes
    path: str
    locale: str

    def names(self) -> frozenset[str]:
        """Every dotted name the template needs from outside, without those bound by its own loops."""
        return frozenset(name for name, _ in outer_uses(self.nodes))

    def uses(self) -> tuple[tuple[str, int], ...]:
        """Each use of such a name with its line, in reading order."""
        return tuple(outer_uses(self.nodes))

    def bind(self, values: Mapping[str, Value], *, escape: Escape) -> "Template":
        """Evaluate what needs only `values` (each printed value through `escape`) and keep the rest open."""
        return Template(
            bound(self.nodes, Scope(values, escape, self.path, self.locale)), self.path, self.locale
        )

    def render(
        self,
        values: Mapping[str, Value],
        *,
        escape: Escape,
        fallbacks: Mapping[str, str] | None = None,
    ) -> str:
        """The text; each printed value goes through `escape`, the template's own text does not.

        `values` is keyed by dotted name. A missing or empty value prints its entry in `fallbacks`, which
        `if` does not see. Raises ContentError for a printed name that is in neither, and for more than 512
        KB of output."""
        return rendered(self.nodes, Scope(values, escape, self.path, self.locale, fallbacks or {}))

    def source(self) -> str:
        """Source that parses to this template again, so that a bound template can be stored."""
        return written(self.nodes)


def parse(source: str, *, path: str = "", locale: str = "en") -> Template:
    """Parse `source` (at most 256 KB, 2,000 parts, 8 levels). Raises ContentError naming `path` and line."""
    return Template(parse_nodes(source, path), path, locale)
