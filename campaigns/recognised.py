"""The text a finished English sentence was made of, found again.

A worker that writes down why a row was left out or why a campaign stopped does not know who will read it, so
what is stored is the English sentence. A reader of another language needs its text and its values apart again.
"""

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

SENTENCE = "sentence"  # a hole of this name holds a sentence of ours
LEAST_LETTERS = 12  # of a text outside its holes: what says less fits too much

_HOLE = re.compile(r"%\((\w+)\)s")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")


class Templates:
    """The texts of one catalogue that have holes; the one that says most of itself is tried first."""

    def __init__(self, texts: Iterable[str]) -> None:
        texts = list(texts)
        made = [_Template(text) for text in texts if _HOLE.search(text)]
        kept = [one for one in made if len(one.letters) >= LEAST_LETTERS or SENTENCE in one.names]
        self._tried = sorted(kept, key=lambda one: -len(one.letters))
        self._fixed = frozenset(text for text in texts if not _HOLE.search(text))
        self.find = lru_cache(maxsize=2_000)(self._find)

    def _find(self, sentence: str) -> tuple[str, dict[str, object]] | None:
        """The text and what stands in its holes ("1,200" as the number); None where no text fits. A first letter
        that was made a capital since is small again."""
        small = sentence[:1].lower() + sentence[1:]
        for written in dict.fromkeys((sentence, small)):
            if written != sentence and written in self._fixed:
                return written, {}
            for one in self._tried:
                values = one.values(written)
                if values is not None and self._says_something(values):
                    return one.text, values
        return None

    def _says_something(self, values: dict[str, object]) -> bool:
        """Whether what stands in the hole for a sentence is one."""
        inner = values.get(SENTENCE)
        return not isinstance(inner, str) or inner in self._fixed or self.find(inner) is not None


class _Template:
    def __init__(self, text: str) -> None:
        self.text, self.names = text, _HOLE.findall(text)
        self._pieces = [piece.replace("%%", "%") for piece in _HOLE.split(text)[::2]]
        self.letters = "".join(self._pieces)

    def values(self, sentence: str) -> dict[str, object] | None:
        if not (sentence.startswith(self._pieces[0]) and sentence.endswith(self._pieces[-1])):
            return None
        found = self._pattern.fullmatch(sentence)
        return {name: _number(said) for name, said in found.groupdict().items()} if found else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        written, seen = re.escape(self._pieces[0]), set[str]()
        for name, piece in zip(self.names, self._pieces[1:], strict=True):
            written += f"(?P={name})" if name in seen else f"(?P<{name}>.{{1,2000}}?)"
            written += re.escape(piece)
            seen.add(name)
        return re.compile(written, re.DOTALL)


def _number(said: str) -> object:
    return int(said.replace(",", "")) if _THOUSANDS.fullmatch(said) else said
