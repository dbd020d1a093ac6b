"""Placeholders of a written text, swapped for words that no compiler touches, and back.

A word is made of a fingerprint of the whole source, so that no source can contain one by itself.
"""

import re
from hashlib import blake2s

_HOLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_LINK_HOLE = re.compile(r"\{\{\s*link\.[a-z_]+\s*\}\}")


class Holes:
    """The placeholders of one source, each with a word that stands for it."""

    def __init__(self, source: str) -> None:
        self.nonce = f"q{blake2s(source.encode('utf-8', 'surrogatepass'), digest_size=6).hexdigest()}"
        self.holes: list[str] = []
        self.swapped = _HOLE.sub(self._swap, source)

    def _swap(self, found: re.Match[str]) -> str:
        kind = "l" if _LINK_HOLE.fullmatch(found[0]) else "v"
        self.holes.append(found[0])
        return f"{self.nonce}{kind}{len(self.holes) - 1:05d}q"

    @property
    def link(self) -> re.Pattern[str]:
        return re.compile(f"{self.nonce}l\\d{{5}}q")

    def back(self, html: str) -> str:
        return re.sub(f"{self.nonce}[lv](\\d{{5}})q", lambda found: self.holes[int(found[1])], html)

    def lost(self, html: str) -> list[str]:
        """The placeholders, comments aside, that did not come through."""
        found = {int(index) for index in re.findall(f"{self.nonce}[lv](\\d{{5}})q", html)}
        return [hole for index, hole in enumerate(self.holes) if index not in found and hole[1] != "#"]
