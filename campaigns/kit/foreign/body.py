"""The body of a mail: every element as a kit may have it."""

from dataclasses import dataclass

from campaigns.kit.foreign import parts
from campaigns.kit.foreign.defaults import Defaults
from campaigns.kit.foreign.hypertext import Hypertext
from campaigns.kit.foreign.marks import is_light
from campaigns.kit.foreign.notes import shown
from campaigns.kit.foreign.pictures import pixels
from campaigns.kit.foreign.tree import Node
from campaigns.kit.mjml import FOOTER, LOCKUP

WRITTEN = frozenset({"mj-text", "mj-button", "mj-table"})
CONTENT = WRITTEN | {
    "mj-image",
    "mj-divider",
    "mj-spacer",
    "mj-social",
    "mj-navbar",
    "mj-accordion",
    "mj-carousel",
    "mj-raw",
}
INSIDE = {
    "mj-body": frozenset({"mj-section", "mj-wrapper", "mj-hero"}),
    "mj-wrapper": frozenset({"mj-section", "mj-hero"}),
    "mj-section": frozenset({"mj-column", "mj-group"}),
    "mj-group": frozenset({"mj-column"}),
    "mj-column": CONTENT,
    "mj-hero": CONTENT,
}
OLD = {
    "mj-container": "the mail itself: put its sections straight into <mj-body>",
    "mj-invoice": "a table: use <mj-table>",
    "mj-location": "an address: use <mj-text>",
    "mj-html": "<mj-raw> today",
    "mj-list": "a list: use <mj-text> with <ul>",
}
"""Elements of MJML 3."""


LINK = "link.microsite"


@dataclass(slots=True)
class Body:
    defaults: Defaults
    hypertext: Hypertext
    width: int = 600

    def shaped(self, body: Node) -> Node:
        self.width = pixels(self.defaults.of(body).get("width")) or 600
        self.hypertext.attributes(body)
        self._container(body, self.defaults.of(body).get("background-color", "#ffffff") or "#ffffff")
        return body

    def _container(self, node: Node, ground: str) -> None:
        """An element that holds others; `ground` is the colour behind it."""
        out: list[Node | str] = []
        for child in node.children:
            if isinstance(child, str):
                if child.strip() and child.strip() != "\ufeff":
                    self._say(
                        f"'{shown(child)}' stood between elements, where nobody sees it. It is gone.", node
                    )
                out.append("\n" * min(1, child.count("\n")) + "  " if child.count("\n") else "")
            else:
                child.attributes = {**self.defaults.by_parent(child, node), **child.attributes}
                out += self._placed(child, node, ground)
        node.children = [child for child in out if child != ""]

    def _placed(self, child: Node, node: Node, ground: str) -> list[Node | str]:
        tag = child.tag
        if tag in OLD:
            self.hypertext.notes.refuse(f"<{tag}> is of MJML 3 ({OLD[tag]}).", child)
            return []
        if tag in INSIDE[node.tag]:
            return list(self._element(child, ground))
        if tag == "mj-raw":
            return self._wrapped(child, node, ground) if child.text or child.all("img", "table") else []
        if tag in CONTENT or tag in INSIDE:
            return self._elsewhere(child, node, ground)
        if tag.startswith("mj"):
            self.hypertext.notes.refuse(f"<{shown(tag)}> is no element of MJML 4 or 5.", child)
        else:
            self._say(f"<{shown(tag)}> stood between elements, where MJML shows nothing. It is gone.", child)
        return []

    def _elsewhere(self, child: Node, node: Node, ground: str) -> list[Node | str]:
        """An element that MJML does not allow where it stands."""
        if child.tag == "mj-wrapper":
            self._say("A wrapper inside a wrapper is taken apart: its sections stay.", child)
            self._container(child, ground)
            return list(child.children)
        if node.tag in ("mj-body", "mj-wrapper", "mj-section", "mj-group") and child.tag in (
            *CONTENT,
            "mj-column",
            "mj-group",
        ):
            self._say(f"<{child.tag}> stands straight in <{node.tag}>; it got the elements between.", child)
            return self._wrapped(child, node, ground)
        self._say(f"<{child.tag}> cannot stand in <{node.tag}>. It is gone.", child)
        return []

    def _wrapped(self, child: Node, node: Node, ground: str) -> list[Node | str]:
        made = child
        if child.tag not in ("mj-column", "mj-group"):
            made = child.like("mj-column", {"padding": "0"}, [made])
        if node.tag in ("mj-body", "mj-wrapper"):
            made = child.like("mj-section", {"padding": "0"}, [made])
        return list(self._element(made, ground))

    def _element(self, node: Node, ground: str) -> list[Node]:
        match node.tag:
            case "mj-section" | "mj-wrapper" | "mj-hero":
                return [self._block(node, ground)]
            case "mj-column" | "mj-group":
                self.hypertext.attributes(node)
                self._container(node, ground)
                return [node]
            case "mj-navbar":
                return parts.navbar(node, self.defaults, self.hypertext)
            case "mj-accordion":
                return parts.accordion(node, self.defaults, self.hypertext)
            case "mj-carousel":
                return [self._content(one) for one in parts.carousel(node, self.defaults, self.hypertext)]
            case "mj-raw":
                return parts.raw(node, "", self.hypertext)
            case _:
                return [self._content(node)]

    def _block(self, node: Node, ground: str) -> Node:
        """A section, wrapper or hero: with its picture behind it, and the ground it had where it named none."""
        said = self.defaults.said(node)
        behind, own = said.get("background-url", ""), said.get("background-color", "")
        self.hypertext.attributes(node)
        if node.tag == "mj-hero":  # read where the mail is compiled, which looks at the element alone
            for name in ("mode", "background-width", "background-height"):
                if name in said:
                    node.attributes[name] = said[name]
        if behind.strip():
            width, height = pixels(said.get("background-width")), pixels(said.get("background-height"))
            node.attributes["background-url"] = self.hypertext.picture(
                node, behind, width or self.width, height
            )
        if {LOCKUP, FOOTER} & set(node.classes):
            if "background-color" not in node.attributes and is_light(ground):
                node.attributes["background-color"] = ground
        elif own or (node.tag == "mj-section" and not behind):
            node.attributes["background-color"] = (
                own or ground
            )  # at the element, where the dark rules look for it
        self._container(node, "transparent" if behind else own or ground)
        return node

    def _content(self, node: Node) -> Node:
        said = self.defaults.said(node)
        if node.tag == "mj-social":
            self.hypertext.attributes(node)
            parts.social(node, self.defaults, self.hypertext)
            node.children = list(node.elements)
        elif node.tag == "mj-image":
            self._image(node, said)
        elif node.tag == "mj-button":
            address = self.hypertext.link(node, said.get("href", ""))
            self.hypertext.attributes(node)
            self.hypertext.cleaned(node)
            if bool(said.get("background-color")) is not bool(
                said.get("color")
            ):  # half of the partner's would not fit
                node.attributes["background-color"] = said.get("background-color") or "#414141"
                node.attributes["color"] = said.get("color") or "#ffffff"
            node.attributes["href"] = address or self.hypertext.tags.name(LINK)
            if address is None:
                self._say(
                    f"The button '{shown(node.text)}' led nowhere. It leads to the partner's page now.", node
                )
        elif node.tag in WRITTEN:
            self.hypertext.attributes(node)
            self.hypertext.cleaned(node)
        else:
            self.hypertext.attributes(node)
            node.children = []
        return node

    def _image(self, node: Node, said: dict[str, str]) -> None:
        address = self.hypertext.link(node, said.get("href", "")) if said.get("href") else None
        width = pixels(said.get("width")) or self.width
        source = self.hypertext.picture(node, said.get("src", ""), width, pixels(said.get("height")))
        self.hypertext.attributes(node)
        node.children = []
        node.attributes = {"src": source, **node.attributes}
        self.hypertext.alternative(node)
        if address:
            node.attributes["href"] = address

    def _say(self, sentence: str, at: Node) -> None:
        self.hypertext.notes.say(sentence, at)
