"""Style sheets and style attributes without what loads or runs something."""

import re

_REMARK = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_FACE = re.compile(r"@font-face\s*\{[^{}]*\}", re.IGNORECASE)
_IMPORT = re.compile(r"@import[^;]*(?:;|\Z)", re.IGNORECASE)
_LOADS = re.compile(
    r"url\s*\(|expression\s*\(|behaviou?r\s*:|-moz-binding|javascript:|@import", re.IGNORECASE
)
_DECLARATION = re.compile(r"[^;{}]+")


def sheet(css: str) -> tuple[str, list[str]]:
    """A style sheet as a kit may have it, and what was taken out."""
    gone: list[str] = []

    def out(found: re.Match[str]) -> str:
        gone.append(found[0])
        return ""

    css = _IMPORT.sub(out, _FACE.sub(out, _REMARK.sub("", css)))
    css = _DECLARATION.sub(lambda found: out(found) if _LOADS.search(found[0]) else found[0], css)
    return css.replace("<", "").replace("{{", "{ {").replace("{%", "{ %").replace("{#", "{ #"), gone


def declarations(style: str) -> tuple[str, list[str]]:
    """A style attribute, likewise."""
    kept: list[str] = []
    gone: list[str] = []
    for part in style.replace("{", "").replace("}", "").split(";"):
        (gone if _LOADS.search(part) else kept).append(part.strip())
    return ";".join(part for part in kept if part), gone
