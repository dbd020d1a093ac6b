"""Which parts of a foreign mail a partner may change: a proposal for its vendor to look over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.kit.foreign.notes import Notes, shown
from campaigns.kit.foreign.tags import WORD
from campaigns.kit.foreign.tree import BLOCKS, Node
from campaigns.kit.mjml import FOOTER, LOCKUP, REGION
from campaigns.kit.regions import MOST_REGIONS
from campaigns.regions import RegionContent

LONGEST = 2_000
JUDGED = 5_000  # letters of a text that are looked at for a price, a claim or legal words
_NUMBER = r"\d[\d.,'’ \u00a0]{0,20}"
_MONEY = r"(?:€|\$|£|¥|₣|EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK)"
_PRICE = re.compile(
    rf"{_MONEY}\s?{_NUMBER}|{_NUMBER}(?:[.,]-)?\s?{_MONEY}|{_NUMBER}\s?(?:Euro|Franken|dollars?|pounds?)\b"
)
_LEGAL = re.compile(
    r"©|\(c\) ?\d{4}|®|all rights reserved|alle rechte vorbehalten|tous droits|terms (?:and|&) conditions|terms apply"
    r"|conditions apply|subject to|disclaimer|trademarks?\b|\bAGB\b|gesch[äa]ftsbedingungen|haftungsausschluss"
    r"|mentions légales|legal notice|offer (?:ends|valid)|gültig bis|no purchase necessary",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\d\s?(?:%|percent|per cent|prozent|pour cent|por ciento|per cento|procent|パーセント)"
    r"|\b\d+(?:[.,]\d+)?\s?(?:x|×|times|mal|fois|veces|volte)\b|\b\d+ (?:out of|in|of|von|sur) \d+"
    r"|\b(?:study|survey|studie|umfrage|étude|estudio|gartner|forrester|idc)\b|\b(?:no\.|nr\.|n°|#) ?1\b"
    r"|award|market leader|marktführer|certified|zertifiziert|guarantee",
    re.IGNORECASE,
)
_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "headline": "Headline",
        "text": "Text",
        "button": "Button",
        "picture": "Picture",
        "claim": "Claim",
        "price": "Price",
        "legal": "Legal text",
        "why-claim": "The figure or claim is the vendor's and has to stay exact.",
        "why-price": "The price is the same at every partner.",
        "why-legal": "The wording was checked by the vendor's lawyers.",
    },
    "de": {
        "headline": "Überschrift",
        "text": "Text",
        "button": "Knopf",
        "picture": "Bild",
        "claim": "Aussage",
        "price": "Preis",
        "legal": "Rechtstext",
        "why-claim": "Die Zahl oder Aussage ist die des Herstellers und muss genau stimmen.",
        "why-price": "Der Preis ist bei allen Partnern gleich.",
        "why-legal": "Den Wortlaut haben die Juristen des Herstellers geprüft.",
    },
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One region for kit.yml. `most` is more than the product's own bound where the mail's words need it."""

    name: str
    content: RegionContent
    label: str
    reason: str = ""
    most: int | None = None


def proposed(body: Node, locale: str, notes: Notes) -> list[Proposal]:
    """Mark every part that can be a region, in reading order, and say what stays locked and why."""
    words = _WORDS.get(locale.partition("-")[0], _WORDS["en"])
    found: list[Proposal] = []
    for node, content in _parts(body, notes):
        if len(found) >= MOST_REGIONS:
            notes.say("Only the first 100 parts became regions.", node)
            break
        kind = content.value
        number = 1 + sum(one.content is content for one in found)
        name = kind if number == 1 else f"{kind}-{number}"
        node.add_class(f"{REGION}{name}")
        said = WORD.sub("", node.text if node.tag != "mj-image" else node.attributes.get("alt", ""))
        label = (
            words[kind] if content is RegionContent.HEADLINE else f"{words[kind]} {number}: {shown(said, 40)}"
        )
        most = len(said) if len(said) > _bound(content) else None
        found.append(Proposal(name, content, label, words.get(f"why-{kind}", ""), most))
    return found


def _parts(body: Node, notes: Notes) -> Iterator[tuple[Node, RegionContent]]:
    for node in body.walk():
        if {LOCKUP, FOOTER} & set(node.classes):
            continue
        if node.tag == "mj-text" and (content := _content(node, notes)):
            yield node, content
        elif node.tag == "mj-button" and node.text:
            if WORD.search(node.text) or len(node.text) > _bound(RegionContent.BUTTON):
                notes.say(
                    f"The button '{shown(_said(node))}' stays locked: it is long or holds a name.", node
                )
            else:
                yield node, RegionContent.BUTTON
        elif node.tag == "mj-image":
            yield node, RegionContent.PICTURE


def _content(node: Node, notes: Notes) -> RegionContent | None:
    """What a text is; None, with a sentence, for one that stays locked without a name."""
    said = _said(node)
    if not said:
        return None
    if [child.tag for child in node.elements] == ["h1"]:
        if WORD.search(node.text):
            notes.say(f"The headline '{shown(said)}' stays locked: it holds a name.", node)
            return None
        return RegionContent.HEADLINE
    simple, why = _is_simple(node)
    for pattern, content in (
        (_PRICE, RegionContent.PRICE),
        (_LEGAL, RegionContent.LEGAL),
        (_CLAIM, RegionContent.CLAIM),
    ):
        if pattern.search(said[:JUDGED]):
            notes.say(f"'{shown(said)}' is taken for a {_NAMES[content]} and locked. Look it over.", node)
            return content
    if not simple:
        notes.say(f"'{shown(said)}' stays locked: {why}.", node)
        return None
    return RegionContent.TEXT


_NAMES = {RegionContent.PRICE: "price", RegionContent.LEGAL: "legal text", RegionContent.CLAIM: "claim"}


def _is_simple(node: Node) -> tuple[bool, str]:
    """Whether a partner's words can take the place of a text's without losing more than words, and else why not."""
    if WORD.search(node.text):
        return False, "it holds a name"
    if node.all("a"):
        return False, "it holds a link"
    if node.all("img", "table", "ul", "ol", "hr", "div"):
        return False, "it holds a list, a table or a picture"
    blocks = [child.tag for child in node.elements if child.tag in BLOCKS]
    loose = any(isinstance(child, str) and child.strip() for child in node.children)
    if len(set(blocks)) > 1 or (blocks and (loose or len(blocks) != len(node.elements))):
        return False, "it has parts of several kinds"
    if len(node.text) > LONGEST:
        return False, "it is longer than 2,000 characters"
    return True, ""


def _bound(content: RegionContent) -> int:
    return {RegionContent.HEADLINE: 60, RegionContent.BUTTON: 40}.get(content, 600)


def _said(node: Node) -> str:
    return " ".join(WORD.sub("", node.text).split())
