"""How a status moves: one table per model, one refusal with a sentence that says what is allowed."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from tcma.errors import Conflict

S = TypeVar("S", bound=StrEnum)


def moved(noun: str, current: S, target: S, table: Mapping[S, frozenset[S] | set[S]]) -> S:
    """`target`, when the table draws an arrow from `current`; Conflict otherwise."""
    allowed = table[current]
    if target in allowed:
        return target
    now, wanted = _words(current), _words(target)
    if not allowed:
        raise Conflict(f"This {noun} is {now}; that is final, so it cannot become {wanted}.")
    ways = ", ".join(sorted(_words(status) for status in allowed))
    raise Conflict(f"This {noun} is {now} and cannot become {wanted}. From here it can become: {ways}.")


def _words(status: StrEnum) -> str:
    return status.value.replace("_", " ")
