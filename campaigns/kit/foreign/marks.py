"""Where the two logos and the footer go. A mail that had its own logo or footer gets the product's in their place."""

import re

from campaigns import colour
from campaigns.kit.foreign.notes import Notes, shown
from campaigns.kit.foreign.tags import BROWSER, UNSUBSCRIBE
from campaigns.kit.foreign.tree import Node
from campaigns.kit.mjml import FOOTER, LOCKUP

KEPT = frozenset(
    {"background-color", "padding", "css-class", "full-width", "border-top", "border-radius", "border"}
)
_LEAVES = re.compile(
    r"unsubscribe|opt[ -]?out|abmelden|abbestellen|austragen|d[ée]sabonner|d[ée]sinscri|darse de baja|cancelar"
    r" (?:la )?suscripci|disiscri|annulla l'iscrizione|afmelden|uitschrijven|配信停止|購読解除",
    re.IGNORECASE,
)
_ON_THE_WEB = re.compile(
    r"view (?:this |it )?(?:e-?mail )?(?:in|on)(?: your| a| the)? (?:browser|web)|web version|im browser|"
    r"online(?:version)? ansehen|dans (?:votre|le) navigateur|en el navegador|nel browser|in je browser",
    re.IGNORECASE,
)
_LOGO = re.compile(r"logo|brand|signet|emblem", re.IGNORECASE)
_BLOCKS = frozenset({"mj-section", "mj-wrapper", "mj-hero"})
_SHOWN = frozenset(
    "mj-text mj-button mj-image mj-table mj-social mj-navbar mj-hero mj-carousel mj-accordion mj-raw mj-spacer"
    " mj-divider".split()
)


def placed(body: Node, notes: Notes) -> None:
    """Put one empty section for the logos and one for the footer into the body."""
    _without_web_link(body, notes)
    footer = _footer(body, notes)
    lockup = _lockup(body, notes)
    body.children = ["\n    ", lockup, *body.children, "    ", footer, "\n  "]


def _lockup(body: Node, notes: Notes) -> Node:
    for node in _blocks(body)[:2]:
        things = [thing for thing in node.walk() if thing.tag in _SHOWN]
        pictures = [thing for thing in things if thing.tag == "mj-image"]
        if not things or len(things) != len(pictures) or len(pictures) > 2:
            continue
        if any(_LOGO.search(" ".join([*p.attributes.values()])) for p in pictures):
            notes.say("This logo gave way to the two logos of partner and vendor.", pictures[0])
            if node is not _blocks(body)[0]:
                notes.say("What stood above the logo stands below the two logos now.", node)
            body.children.remove(node)
            return _marked(node, LOCKUP, keep_ground=True)
    notes.say(
        "The two logos of partner and vendor stand above the mail, which had no logo of its own at its head.",
        body,
    )
    return Node("mj-section", {"css-class": LOCKUP})


def _footer(body: Node, notes: Notes) -> Node:
    found: Node | None = None
    for block in reversed(_blocks(body)):
        if not _leaves(block):
            continue
        inner = [n for n in block.elements if n.tag == "mj-section"] if block.tag == "mj-wrapper" else []
        sections = [n for n in inner if _leaves(n)] or [block]
        for section in sections:
            holder = block if section in inner else body
            if not section.all("h1", "mj-button", "mj-hero") and section.tag == "mj-section":
                said = _words(section)
                notes.say(f"The footer '{shown(said, 200)}' gave way to the product's own.", section)
                if not found and holder is body:
                    found = _marked(section, FOOTER, keep_ground=False)
                holder.children.remove(section)
            else:
                _without_leaving(section, notes)
        if block in body.children and block.tag == "mj-wrapper" and not block.elements:
            body.children.remove(block)
    if found is None:
        notes.say(
            "The product's footer stands at the end: reason, sender, address, unsubscribe, imprint.", body
        )
    return found or Node("mj-section", {"css-class": FOOTER})


def _without_leaving(section: Node, notes: Notes) -> None:
    """Only what is said about leaving goes: the mail has no section of its own for it."""
    for child in list(section.elements):
        is_small = child.tag in ("mj-text", "mj-table", "mj-raw", "mj-navbar") or not child.elements
        is_long = bool(child.all("h1")) or len(_words(child)) > 400
        if is_small and not is_long and _leaves(child):
            notes.say(f"'{shown(_words(child), 120)}' gave way to the product's own footer.", child)
            section.children.remove(child)
        else:
            _without_leaving(child, notes)


def _without_web_link(body: Node, notes: Notes) -> None:
    """Links to the mail on another tool's pages go, with the section that held nothing else."""
    for block in list(body.elements):
        gone = 0
        for holder in list(block.walk()):
            for child in list(holder.elements):
                words = _words(child)
                says_so = BROWSER in _everything(child) or _ON_THE_WEB.search(words)
                if child.tag in ("mj-text", "mj-raw", "mj-table") and says_so and len(words) < 160:
                    notes.say(
                        f"'{shown(words)}' is gone: the product has no copy of a mail on the web.", child
                    )
                    holder.children.remove(child)
                    gone += 1
        if gone and not any(node.tag in _SHOWN for node in block.walk()):
            body.children.remove(block)


def _marked(node: Node, mark: str, *, keep_ground: bool) -> Node:
    kept = {name: value for name, value in node.attributes.items() if name in KEPT}
    ground = kept.get("background-color", "")
    if not is_light(ground):
        kept.pop("background-color", None)
    kept["css-class"] = " ".join([*node.classes, mark])
    return node.like("mj-section", kept, [])


def is_light(ground: str) -> bool:
    """Whether logos and small text of every brand can stand on it."""
    try:
        return colour.luminance(colour.parse(ground)) > 0.8
    except ValueError:
        return False


def _leaves(node: Node) -> bool:
    return UNSUBSCRIBE in _everything(node) or bool(_LEAVES.search(_words(node)))


def _everything(node: Node) -> str:
    """All texts and addresses below, for the marks of other tools."""
    return " ".join([node.text, *(" ".join(one.attributes.values()) for one in node.walk())])


def _words(node: Node) -> str:
    return node.text.replace(UNSUBSCRIBE, "").replace(BROWSER, "").strip()


def _blocks(body: Node) -> list[Node]:
    return [node for node in body.elements if node.tag in _BLOCKS]
