"""What a notice says, as plain values: kept as JSON with the event, written out in the reader's language later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in minor units."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Link:
    """A path of this installation; `{token}` in it becomes the reader's own (see `tell`)."""

    path: str


Value: TypeAlias = str | int | Amount | Link | date | datetime


def kept(values: Mapping[str, Value]) -> dict[str, Any]:
    """The values as JSON. Texts are one line of at most LONGEST_TEXT characters; a naive time is refused."""
    return {name: _kept(value) for name, value in values.items()}


def read(kept: Mapping[str, Any]) -> dict[str, Value]:
    """What `kept` gave, as values again."""
    return {name: _read(value) for name, value in kept.items()}


def _kept(value: Value) -> Any:
    match value:
        case bool() | int():
            return int(value)
        case str():
            return " ".join(value.split())[:LONGEST_TEXT]
        case Amount():
            return {"minor": value.minor, "currency": value.currency}
        case Link():
            return {"path": value.path}
        case datetime():
            if value.tzinfo is None:
                raise ValueError("A time in a notice needs a zone.")
            return {"at": value.isoformat()}
        case date():
            return {"on": value.isoformat()}


def _read(value: Any) -> Value:
    match value:
        case {"minor": minor, "currency": currency}:
            return Amount(minor, currency)
        case {"path": path}:
            return Link(path)
        case {"at": at}:
            return datetime.fromisoformat(at)
        case {"on": on}:
            return date.fromisoformat(on)
        case str() | int():
            return value
        case _:
            raise ValueError(f"A notice cannot hold {type(value).__name__}.")
