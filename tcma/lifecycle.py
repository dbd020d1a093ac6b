"""How a status moves: one table per model, one refusal with a sentence that says what is allowed."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from tcma.errors import Conflict, Word, phrase

S = TypeVar("S", bound=StrEnum)


def moved(noun: str, current: S, target: S, table: Mapping[S, frozenset[S] | set[S]]) -> S:
    """`target`, when the table draws an arrow from `current`; Conflict otherwise."""
    allowed = table[current]
    if target in allowed:
        return target
    named = Word(noun)
    if not allowed:
        raise Conflict(
            phrase(
                "This %(thing)s is %(now)s; that is final, so it cannot become %(wanted)s.",
                thing=named,
                now=current,
                wanted=target,
            )
        )
    raise Conflict(
        phrase(
            "This %(thing)s is %(now)s and cannot become %(wanted)s. From here it can become: %(ways)s.",
            thing=named,
            now=current,
            wanted=target,
            ways=sorted(allowed),
        )
    )
