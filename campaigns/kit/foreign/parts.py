"""Elements that programs show differently or not at all, said with elements that look the same everywhere."""

import re

from campaigns.kit.foreign.defaults import FONT, Defaults
from campaigns.kit.foreign.hypertext import Hypertext
from campaigns.kit.foreign.pictures import pixels
from campaigns.kit.foreign.tree import BLOCKS, Node

_LOOK = (
    "color",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "letter-spacing",
    "line-height",
    "padding",
    "padding-top",
    "padding-right",
    "padding-bottom",
    "padding-left",
    "text-decoration",
    "text-transform",
    "background-color",
)
_PLACE = (
    "padding",
    "padding-top",
    "padding-right",
    "padding-bottom",
    "padding-left",
    "container-background-color",
)


def navbar(node: Node, defaults: Defaults, hypertext: Hypertext) -> list[Node]:
    """The links in one line."""
    bar = defaults.of(node)
    if bar.get("hamburger"):
        hypertext.notes.say(
            "The navigation shows its links on telephones too, without a button that unfolds them.", node
        )
    links: list[Node | str] = []
    for one in node.all("mj-navbar-link"):
        look = defaults.of(one)
        address = bar.get("base-url", "") + look.get("href", "")
        style = f"display:inline-block;{_style({'font-family': FONT, **look}, _LOOK)}"
        links += [one.like("a", {"href": address, "style": style}, one.children), " "]
    place = {"padding": "0", **_only(bar, _PLACE), "align": bar["align"], "line-height": "22px"}
    made = node.like("mj-text", _classed(node, place), links)
    hypertext.cleaned(made)
    return [made]


def carousel(node: Node, defaults: Defaults, hypertext: Hypertext) -> list[Node]:
    """The first picture, and the others small below it."""
    images = node.all("mj-carousel-image")
    if not images:
        return []
    bar = defaults.of(node)
    hypertext.notes.say(
        f"The carousel shows its first picture large and {len(images)} small ones below it, each with its link:"
        " few programs turn pages.",
        node,
    )
    first = {**defaults.said(images[0]), "padding": "0", "border-radius": bar["border-radius"]}
    made = [images[0].like("mj-image", _classed(node, {k: v for k, v in first.items() if k in _IMAGE}), [])]
    if bar.get("thumbnails") == "hidden" or len(images) == 1:
        return made
    width = min(pixels(bar["tb-width"]) or 110, 560 // len(images))
    cells: list[Node | str] = []
    for one in images:
        given = defaults.said(one)
        style = f"display:block;width:{width - 4}px;max-width:100%;border-radius:{bar['tb-border-radius']}"
        source = given.get("thumbnails-src") or given.get("src", "")
        small = one.like("img", {"src": source, "alt": given.get("alt", ""), "width": str(width - 4)}, [])
        small.attributes |= {"style": style, "title": given.get("title", "")}
        inside: Node = one.like("a", {"href": given["href"]}, [small]) if given.get("href") else small
        cells.append(one.like("td", {"align": "center", "style": "padding:2px"}, [inside]))
    place = {"align": bar["align"], "padding": "0", "width": "auto"}
    return [*made, node.like("mj-table", place, [node.like("tr", {}, cells)])]


_IMAGE = frozenset("src alt href title padding border-radius target rel css-class".split())


def accordion(node: Node, defaults: Defaults, hypertext: Hypertext) -> list[Node]:
    """Every part open, one below the other."""
    hypertext.notes.say("The accordion stands open: few programs fold its parts.", node)
    bar = defaults.of(node)
    rows: list[Node | str] = []
    border = bar["border"]
    for element in (child for child in node.elements if child.tag == "mj-accordion-element"):
        own = {**_only(bar, ("font-family",)), **_only(defaults.said(element), (*_LOOK, "border"))}
        for part in element.elements:
            look = {**own, **defaults.of(part, element)}
            look.setdefault("font-family", FONT)
            style = f"border-bottom:{look.get('border', border)};{_style(look, _LOOK)}"
            rows.append(part.like("tr", {}, [part.like("td", {"style": style}, part.children)]))
    style = "border-collapse:collapse;width:100%;"
    style += f"border:{border};border-bottom:none"
    inner = node.like(
        "table", {"width": "100%", "cellpadding": "0", "cellspacing": "0", "style": style}, rows
    )
    place = {"padding": bar["padding"], **_only(bar, _PLACE)}
    made = node.like("mj-text", _classed(node, place), [inner])
    hypertext.cleaned(made)
    return [made]


def raw(node: Node, parent: str, hypertext: Hypertext) -> list[Node]:
    """HTML between elements, as a text (or table) of the place where it stands."""
    if not node.text and not node.all("img", "hr", "table"):
        return []
    hypertext.notes.say("The HTML of <mj-raw> is a text here: only its known elements stay.", node)
    tag = "mj-table" if node.elements and all(child.tag == "tr" for child in node.elements) else "mj-text"
    made = node.like(tag, {"padding": "0", "font-size": "16px", "line-height": "normal"}, node.children)
    hypertext.cleaned(made)
    return [made]


def social(node: Node, defaults: Defaults, hypertext: Hypertext) -> None:
    """Signs come with the kit, and what is no link stays a sign."""
    for one in [child for child in node.elements if child.tag == "mj-social-element"]:
        look = defaults.said(one)
        network, source = look.get("name", ""), look.get("src", "")
        address = hypertext.link(one, look.get("href", "")) if look.get("href") else None
        hypertext.attributes(one)
        if source:
            one.attributes["src"] = hypertext.picture(one, source, 40, 40)
        elif network:
            one.attributes["src"] = hypertext.pictures.sign(one, network)
        else:
            hypertext.notes.say("A social link without a name and a picture is gone.", one)
            node.children.remove(one)
            continue
        if address:
            one.attributes["href"] = address
        if not one.attributes.get("alt", "").strip():
            one.attributes["alt"] = network.removesuffix("-noshare").capitalize() or "Link"
        hypertext.cleaned(one)


def has_blocks(node: Node) -> bool:
    return any(child.tag in BLOCKS for child in node.elements)


def _only(given: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: given[name] for name in names if given.get(name)}


def _style(look: dict[str, str], names: tuple[str, ...]) -> str:
    return ";".join(f"{name}:{re.sub(r'[;{}]', '', look[name])}" for name in names if look.get(name))


def _classed(node: Node, attributes: dict[str, str]) -> dict[str, str]:
    return {**attributes, "css-class": node.attributes["css-class"]} if node.classes else attributes
