"""HTML inside texts, buttons and tables: what mails of this product may hold, said with its elements."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from campaigns.kit.foreign import styles
from campaigns.kit.foreign.notes import Notes, shown
from campaigns.kit.foreign.pictures import Pictures, pixels
from campaigns.kit.foreign.tags import BROWSER, UNSUBSCRIBE, WORD, Tags
from campaigns.kit.foreign.tree import Node
from campaigns.kit.mjml_elements import HTML
from campaigns.kit.names import LINKED
from campaigns.markup_scan import words

RENAMED = {
    **dict.fromkeys(("del", "strike"), "s"),
    **dict.fromkeys(("ins",), "u"),
    **dict.fromkeys(("cite", "dfn", "var"), "em"),
    **dict.fromkeys(
        "font big q abbr acronym mark time label tt kbd samp bdo bdi nobr button output".split(), "span"
    ),
    **dict.fromkeys(
        "center address section article header footer main figure figcaption nav aside dl dt dd details"
        " summary fieldset".split(),
        "div",
    ),
}
GONE = words(
    "script iframe object embed video audio svg math select textarea noscript title map template canvas input"
    " option applet frameset frame meta link base col colgroup xml source track param area"
)
OPENED = words("html body head form picture wbr tr td th tbody thead tfoot caption li")
"""Not used as they stand (cells without a table, say): what is in them stays."""

NESTED_IN = {
    "tr": words("table tbody thead tfoot"),
    "td": words("tr"),
    "th": words("tr"),
    "tbody": words("table"),
    "thead": words("table"),
    "tfoot": words("table"),
    "caption": words("table"),
    "li": words("ul ol"),
}
_ADDRESS = re.compile(r"https://[^/\s]|mailto:|tel:", re.IGNORECASE)
_SIZES = {"1": "10px", "2": "13px", "3": "16px", "4": "18px", "5": "24px", "6": "32px", "7": "48px"}
_LOADING = (
    "src",
    "srcset",
    "background",
    "background-url",
    "action",
    "usemap",
    "poster",
    "data",
    "inline",
    "href",
)


@dataclass(slots=True)
class Hypertext:
    notes: Notes
    pictures: Pictures
    tags: Tags
    sheets: list[str] = field(default_factory=list)  # style elements found inside texts, for the head

    def cleaned(self, node: Node) -> None:
        """Everything inside `node`, an element that holds HTML."""
        node.children = self._children(node, node.tag)

    def attributes(self, node: Node) -> None:
        """The attributes of any element but addresses, which belong to those who know the element."""
        for name in list(node.attributes):
            value = node.attributes[name]
            if name.startswith("on"):
                self.notes.say(f"{name} of <{node.tag}> would run a script. It is gone.", node)
            elif name in _LOADING or ":" in name:
                if name in ("background", "srcset") and value.strip():
                    self.notes.say(f"{name} of <{node.tag}> is not used here. It is gone.", node)
            elif name in ("style", "css"):
                node.attributes[name], lost = styles.declarations(value)
                for one in lost:
                    self.notes.say(f"The style '{shown(one)}' loads or runs something. It is gone.", node)
                if node.attributes[name]:
                    continue
            else:
                continue
            del node.attributes[name]

    def link(self, node: Node, address: str) -> str | None:
        """The address as a kit may have it; None, with a sentence, where it leads nowhere."""
        address = address.strip()
        if UNSUBSCRIBE in address or BROWSER in address:
            self.notes.say(
                "A link of another tool to its own page (leaving, or the mail on the web) is gone.", node
            )
            return None
        if (name := WORD.fullmatch(address)) and self._is_linked(self.tags.kept[int(name[1])]):
            return address
        if WORD.search(address):
            address = WORD.sub("", address)
            self.notes.say(
                "A name inside the address of a link is gone: addresses are the same for everybody.", node
            )
        address = re.sub(r"[\s\x00-\x1f]+", "%20", address)
        if address.startswith("//") or re.match(r"www\.", address, re.IGNORECASE):
            address = f"https://{address.lstrip('/')}"
        if re.match(r"http://[^/]", address, re.IGNORECASE):
            self.notes.say(f"The link {shown(address, 80)} goes by https now.", node)
            address = f"https://{address[7:]}"
        if _ADDRESS.match(address):
            return address
        if address and address != "#":
            self.notes.say(f"The link '{shown(address)}' leads nowhere from a mail. It is gone.", node)
        return None

    def picture(self, node: Node, source: str, width: int, height: int) -> str:
        return self.pictures.of(node, WORD.sub("", source), width, height)

    def alternative(self, node: Node) -> None:
        """Kits want words for every picture."""
        if not node.attributes.get("alt", "").strip():
            said = node.attributes.get("title", "").strip()
            node.attributes["alt"] = said or "Picture"
            if not said:
                self.notes.say(
                    'The picture has no alt="...". Say what it shows for those who do not see it.', node
                )

    def _is_linked(self, written: str) -> bool:
        return written.strip("{} ") in LINKED

    def _children(self, node: Node, inside: str) -> list[Node | str]:
        out: list[Node | str] = []
        for child in node.children:
            out += [child] if isinstance(child, str) else self._element(child, inside)
        return out

    def _element(self, node: Node, inside: str) -> list[Node | str]:
        tag = node.tag
        if tag == "style":
            self.sheets.append(node_text(node))
            return []
        if tag in GONE or tag.startswith(("v:", "o:", "w:")) or (tag.startswith("mj") and inside):
            if tag not in ("col", "colgroup", "meta", "xml"):
                self.notes.say(f"<{shown(tag)}> is not used in mails. It is gone, with what it holds.", node)
            return []
        if tag == "a":
            return self._anchor(node)
        if tag == "img":
            return self._image(node)
        if tag in NESTED_IN and inside not in NESTED_IN[tag] and not (inside == "mj-table" and tag != "li"):
            return self._children(node, inside)
        renamed = RENAMED.get(tag, tag)
        if renamed not in HTML:
            if tag not in OPENED:
                self.notes.say(f"<{shown(tag)}> is not used in mails. What it holds stays.", node)
            return self._children(node, inside)
        self._own_look(node)
        self.attributes(node)
        node.tag, node.children = renamed, self._children(node, renamed)
        return [node]

    def _own_look(self, node: Node) -> None:
        """What an element that is renamed said by being itself."""
        given, extra = node.attributes, []
        if node.tag == "center":
            extra.append("text-align:center")
        elif node.tag == "big":
            extra.append("font-size:larger")
        elif node.tag in ("tt", "kbd", "samp"):
            extra.append("font-family:monospace")
        elif node.tag == "mark":
            extra.append("background-color:#ffff00")
        elif node.tag == "dd":
            extra.append("margin-left:40px")
        elif node.tag == "font":
            extra += [f"color:{given.pop('color')}"] if given.get("color") else []
            extra += [f"font-family:{given.pop('face')}"] if given.get("face") else []
            extra += [f"font-size:{_SIZES[given['size']]}"] if given.get("size") in _SIZES else []
            given.pop("size", None)
        if extra:
            given["style"] = ";".join([*extra, *filter(None, [given.get("style", "")])])

    def _anchor(self, node: Node) -> list[Node | str]:
        address = node.attributes.get("href", "")
        leaves = UNSUBSCRIBE in address or BROWSER in address
        kept = self.link(node, address)
        self.attributes(node)
        if leaves:
            return []
        node.children = self._children(node, "a")
        if kept is None:
            node.tag = "span"
            for name in ("target", "rel", "name"):
                node.attributes.pop(name, None)
            return [node]
        node.attributes = {"href": kept, **node.attributes}
        return [node]

    def _image(self, node: Node) -> list[Node | str]:
        given = node.attributes
        width, height = pixels(given.get("width")), pixels(given.get("height"))
        source = given.get("src", "")
        if width == 1 or height == 1:
            self.notes.say(
                f"A picture of one pixel, which counts who opens, is gone: {shown(source, 80)}", node
            )
            return []
        self.attributes(node)
        given = node.attributes = {"src": self.picture(node, source, width or 300, height), **node.attributes}
        self.alternative(node)
        return [node]


def node_text(node: Node) -> str:
    """Every text below, as it stands."""
    return "".join(child if isinstance(child, str) else node_text(child) for child in node.children)


Cleaner = Callable[[Node], None]
