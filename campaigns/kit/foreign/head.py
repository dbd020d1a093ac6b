"""The head of a mail: what it says of all elements is kept, what belongs to kit.yml is taken out of it."""

from dataclasses import dataclass

from campaigns.kit.foreign import styles
from campaigns.kit.foreign.defaults import Defaults, restored
from campaigns.kit.foreign.hypertext import Hypertext, node_text
from campaigns.kit.foreign.notes import shown
from campaigns.kit.foreign.tree import Node
from campaigns.kit.mjml_elements import BODY

METAS = frozenset({"color-scheme", "supported-color-schemes"})


@dataclass(frozen=True, slots=True)
class Said:
    """What stood in the head for people, as typed."""

    title: str
    preview: str


def shaped(head: Node, defaults: Defaults, hypertext: Hypertext) -> tuple[Node, Said]:
    """The head as a kit may have it."""
    notes = hypertext.notes
    title = preview = ""
    kept: list[Node] = [head.like("mj-attributes", {}, _attributes(defaults, hypertext))]
    sheets: list[str] = []
    metas: list[Node | str] = []
    for node in head.elements:
        match node.tag:
            case "mj-title":
                title = node.text or title
            case "mj-preview":
                preview = node.text or preview
            case "mj-attributes":
                pass
            case "mj-breakpoint":
                kept.append(node)
            case "mj-style":
                sheets.append(_sheet(node, node_text(node), hypertext))
            case "mj-font":
                name = shown(node.attributes.get("name", "?"))
                notes.say(
                    f"The font '{name}' is not loaded from elsewhere; the reader's own stands in.", node
                )
            case "mj-html-attributes":
                notes.say("mj-html-attributes is gone: it adds what readers do not see.", node)
            case "mj-raw":
                for inner in node.elements:
                    if inner.tag == "meta" and inner.attributes.get("name") in METAS:
                        metas.append(inner)
                    elif inner.tag == "style":
                        sheets.append(_sheet(inner, node_text(inner), hypertext))
                    elif inner.tag != "title":
                        notes.say(f"<{shown(inner.tag)}> in the head is gone.", inner)
            case _:
                notes.say(f"<{shown(node.tag)}> in the head is gone.", node)
    if metas:
        kept.append(head.like("mj-raw", {}, metas))
    sheets += [_sheet(head, css, hypertext) for css in hypertext.sheets]
    kept += [head.like("mj-style", {}, [css]) for css in sheets if css.strip()]
    children: list[Node | str] = []
    for node in kept:
        children += ["\n    ", node]
    return head.like("mj-head", {}, [*children, "\n  "]), Said(title, preview)


def _attributes(defaults: Defaults, hypertext: Hypertext) -> list[Node | str]:
    made = restored(defaults)
    there = {node.tag for node in made}
    for tag, attributes in defaults.tags.items():
        if tag not in there and tag in BODY:
            made.append(Node(tag, dict(attributes)))
    for name, node in defaults.classes.items():
        # What a class says of the elements inside stands at each of them: our compiler reads no more of it.
        made.append(Node("mj-class", {**node.attributes, "name": name}, [], node.path, node.line))
    out: list[Node | str] = []
    for node in made:
        for one in node.walk():
            hypertext.attributes(one)
        out += ["\n      ", node]
    return [*out, "\n    "]


def _sheet(node: Node, css: str, hypertext: Hypertext) -> str:
    kept, gone = styles.sheet(css)
    for one in gone:
        hypertext.notes.say(f"The style '{shown(one)}' loads or runs something. It is gone.", node)
    return kept
