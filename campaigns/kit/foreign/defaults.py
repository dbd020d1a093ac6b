"""What MJML says of an element where the mail does not, and what the mail says for all of a kind."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from campaigns.kit.foreign.tree import Node

FONT = "Ubuntu, Helvetica, Arial, sans-serif"

OF_MJML: dict[str, dict[str, str]] = {
    "mj-text": {"font-size": "13px", "line-height": "1", "color": "#000000", "padding": "10px 25px"},
    "mj-table": {"font-size": "13px", "line-height": "22px", "color": "#000000", "padding": "10px 25px"},
    "mj-section": {"padding": "20px 0"},
    "mj-button": {
        "font-size": "13px",
        "font-weight": "normal",
        "border-radius": "3px",
        "inner-padding": "10px 25px",
        "align": "center",
        "padding": "10px 25px",
        "border": "none",
        "line-height": "120%",
    },
}
"""Only what this product says otherwise where a mail says nothing. A button without a colour of its own takes the
partner's."""

OF_PARTS: dict[str, dict[str, str]] = {
    "mj-navbar": {"align": "center", "padding": "0"},
    "mj-navbar-link": {
        "color": "#000000",
        "font-size": "13px",
        "line-height": "22px",
        "padding": "15px 10px",
        "text-decoration": "none",
        "text-transform": "uppercase",
    },
    "mj-accordion": {"border": "2px solid black", "font-family": FONT, "padding": "10px 25px"},
    "mj-accordion-title": {"font-size": "13px", "padding": "16px"},
    "mj-accordion-text": {"font-size": "13px", "padding": "16px", "line-height": "1"},
    "mj-carousel": {
        "align": "center",
        "border-radius": "6px",
        "tb-border-radius": "6px",
        "tb-width": "110px",
    },
}
"""The elements that are said in other words here, with what MJML says of them."""


@dataclass(slots=True)
class Defaults:
    """mj-attributes of a mail."""

    everything: dict[str, str] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    classes: dict[str, Node] = field(default_factory=dict)

    def of(self, node: Node, parent: Node | None = None) -> dict[str, str]:
        """Every attribute that holds for an element."""
        found = OF_PARTS.get(node.tag) or OF_MJML.get(node.tag) or {}
        return {**found, **self.said(node, parent)}

    def said(self, node: Node, parent: Node | None = None) -> dict[str, str]:
        """What the mail itself says of an element, there or in its head."""
        found = {**self.everything, **self.tags.get(node.tag, {})}
        for one in node.attributes.get("mj-class", "").split():
            found |= _named(self.classes.get(one))
        return {**found, **(self.by_parent(node, parent) if parent else {}), **node.attributes}

    def by_parent(self, node: Node, parent: Node) -> dict[str, str]:
        """What the classes of `parent` say of the elements in it."""
        found: dict[str, str] = {}
        for one in parent.attributes.get("mj-class", "").split():
            for child in self.classes[one].elements if one in self.classes else ():
                found |= child.attributes if child.tag == node.tag else {}
        return found


def read_defaults(head: Node) -> Defaults:
    found = Defaults()
    for node in _defaults(head):
        if node.tag == "mj-all":
            found.everything |= node.attributes
        elif node.tag == "mj-class":
            name = node.attributes.get("name", "")
            found.classes[name] = node
        else:
            found.tags.setdefault(node.tag, {}).update(node.attributes)
    return found


def restored(defaults: Defaults) -> list[Node]:
    """MJML's own defaults as elements for mj-attributes: this product has others, and a mail that relies on MJML's
    would look different."""
    font = defaults.everything.get("font-family", FONT)
    made = [Node("mj-all", {**defaults.everything, "font-family": font})]
    for tag, attributes in OF_MJML.items():
        wanted = {**attributes, **{n: v for n, v in defaults.everything.items() if n in attributes}}
        made.append(Node(tag, {**wanted, **defaults.tags.get(tag, {})}))
    return made


def _defaults(head: Node) -> Iterator[Node]:
    for attributes in head.all("mj-attributes"):
        yield from attributes.elements


def _named(node: Node | None) -> dict[str, str]:
    return {} if node is None else {n: v for n, v in node.attributes.items() if n != "name"}
