"""One headline: kits want exactly one h1 of at most 60 characters, in an element of its own."""

import re

from campaigns.kit.foreign.defaults import Defaults
from campaigns.kit.foreign.notes import Notes, shown
from campaigns.kit.foreign.pictures import pixels
from campaigns.kit.foreign.tags import WORD
from campaigns.kit.foreign.tree import Node
from campaigns.kit.mjml import MOST_HEADLINE

LARGE = 20
"""Pixels from which on a short text is taken for a headline."""

_LOOK = {
    "h1": "font-size:2em;margin:.67em 0",
    "h2": "font-size:1.5em;margin:.83em 0",
    "h3": "font-size:1.17em;margin:1em 0",
    "h4": "font-size:1em;margin:1.33em 0",
    "h5": "font-size:.83em;margin:1.67em 0",
    "h6": "font-size:.67em;margin:2.33em 0",
    "p": "font-size:1em;margin:1em 0;font-weight:inherit",
    "div": "font-size:1em;margin:0;font-weight:inherit",
}
_AS_AROUND = "margin:0;font-size:inherit;font-weight:inherit;line-height:inherit"


def made(body: Node, defaults: Defaults, notes: Notes, instead: str) -> str:
    """Make one headline of what there is and return its words; `instead` is said where there is nothing."""
    heading = _chosen(body, defaults, notes) or _new(body, notes, instead)
    for other in body.all("h1"):
        if other is not heading:
            _become(other, "h2", "h1")
            notes.say(f"'{shown(_plain(other))}' is a second headline; it became a heading below it.", other)
    for text in body.all("mj-text"):
        if heading in text.elements:
            _alone(body, text, heading)
    if len(_plain(heading)) > MOST_HEADLINE:
        _cut(body, heading, notes)
    return _plain(heading)


def _chosen(body: Node, defaults: Defaults, notes: Notes) -> Node | None:
    for tag in ("h1", "h2", "h3"):
        for text in body.all("mj-text"):
            found = [node for node in text.all(tag) if _plain(node)]
            if found:
                heading = next((node for node in found if len(_plain(node)) <= MOST_HEADLINE), found[0])
                if tag != "h1":
                    notes.say(f"'{shown(_plain(heading))}' became the headline of the mail.", heading)
                    _become(heading, "h1", tag)
                return heading
    texts = [
        text
        for text in body.all("mj-text")
        if 0 < len(_plain(text)) <= 2 * MOST_HEADLINE and _is_inline(text)
    ]
    large = [text for text in texts if pixels(defaults.of(text).get("font-size")) >= LARGE or _is_large(text)]
    short = [text for text in texts if len(_plain(text)) <= MOST_HEADLINE]
    for text in [*large, *short]:
        notes.say(f"'{shown(_plain(text))}' became the headline of the mail.", text)
        block = next(iter(text.all("p", "div", "h4", "h5", "h6")), None)
        if block is not None:
            _become(block, "h1", block.tag)
            return block
        heading = text.like("h1", {"style": _AS_AROUND}, text.children)
        text.children = [heading]
        return heading
    return None


def _is_inline(text: Node) -> bool:
    """Whether a text is one block, or has none."""
    return (
        not text.all("table", "ul", "ol", "img", "a")
        and len(text.all("p", "div", "h4", "h5", "h6", "hr")) <= 1
    )


def _new(body: Node, notes: Notes, instead: str) -> Node:
    notes.say(f"The mail has no headline. '{instead}' stands in its place; write a better one.", body)
    heading = body.like("h1", {"style": "margin:0;font-size:24px;line-height:30px"}, [instead])
    text = body.like("mj-text", {"line-height": "normal"}, [heading])
    for column in body.all("mj-column", "mj-hero"):
        column.children.insert(0, text)
        return heading
    section = body.like("mj-section", {}, [body.like("mj-column", {}, [text])])
    body.children.append(section)
    return heading


def _alone(body: Node, text: Node, heading: Node) -> None:
    """The headline out of a text that says more, which is parted before and after it."""
    at = text.children.index(heading)
    pieces: list[list[Node | str]] = [text.children[:at], [heading], text.children[at + 1 :]]
    kept = [piece for piece in pieces if any(not isinstance(c, str) or c.strip() for c in piece)]
    if len(kept) == 1:
        text.children = [heading]
        return
    parted: list[Node | str] = []
    for index, piece in enumerate(kept):
        given = dict(text.attributes)
        given |= {"padding-top": "0"} if index else {}
        given |= {"padding-bottom": "0"} if index < len(kept) - 1 else {}
        first = next((child for child in piece if isinstance(child, Node)), None)
        if (
            index
            and first is not None
            and first is not heading
            and first.tag in ("p", "ul", "ol", "h2", "h3")
        ):
            first.attributes["style"] = f"margin-top:0;{first.attributes.get('style', '')}".rstrip(";")
        parted.append(text.like("mj-text", given, piece))
    for holder in body.walk():
        if text in holder.children:
            where = holder.children.index(text)
            holder.children[where : where + 1] = parted


def _cut(body: Node, heading: Node, notes: Notes) -> None:
    """A long headline keeps its first words; the rest follows in the same look."""
    words, first = _plain(heading).split(), ""
    while words and len(f"{first} {words[0]}".strip()) <= MOST_HEADLINE:
        first = f"{first} {words.pop(0)}".strip()
    first, rest = (
        (first, " ".join(words))
        if first
        else (words[0][:MOST_HEADLINE], " ".join([words[0][MOST_HEADLINE:], *words[1:]]))
    )
    look = {
        "style": f"{_LOOK['h1']};font-weight:bold;{heading.attributes.get('style', '')};margin-top:0".rstrip(
            ";"
        )
    }
    heading.children = [first]
    heading.attributes["style"] = f"{heading.attributes.get('style', '')};margin-bottom:0".lstrip(";")
    for holder in body.walk():
        if holder.tag == "mj-text" and heading in holder.children:
            after = holder.like(
                "mj-text", {**holder.attributes, "padding-top": "0"}, [heading.like("p", look, [rest])]
            )
            for outer in body.walk():
                if holder in outer.children:
                    holder.attributes["padding-bottom"] = "0"
                    outer.children.insert(outer.children.index(holder) + 1, after)
                    break
            break
    notes.say(
        f"The headline is longer than 60 characters. '{shown(rest)}' follows as a text of the same look.",
        heading,
    )


def _become(node: Node, tag: str, was: str) -> None:
    node.tag = tag
    node.attributes["style"] = f"{_LOOK[was]};{node.attributes.get('style', '')}".rstrip(";")


def _is_large(text: Node) -> bool:
    sizes = (re.search(r"font-size:\s*(\d+)px", node.attributes.get("style", "")) for node in text.walk())
    return any(found and int(found[1]) >= LARGE for found in sizes)


def _plain(node: Node) -> str:
    return " ".join(WORD.sub("", node.text).split())
