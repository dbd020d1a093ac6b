"""A provider that sends nothing: it writes each message as an .eml file through the store it is given.

The name of a file is made of attempt and delivery, so that writing twice is writing once and a look-up is a
question of existence. Stores are atomic: a file is there whole or not at all.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from campaigns.providers.base import Accepted, NotSent, Outcome, Outgoing, SettingsError, only

Store = Callable[[str, bytes], object]  # store(name, data); raises OSError if it cannot
Exists = Callable[[str], bool]


class Outbox:
    def __init__(self, store: Store, exists: Exists) -> None:
        self._store = store
        self._exists = exists

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        for message in batch:
            name = file_name(message.attempt_id, message.delivery_id)
            try:
                if not self._exists(name):
                    self._store(name, message.raw)
            except OSError as failure:
                yield NotSent(
                    message.delivery_id, f"The outbox cannot be written: {failure.strerror or failure}"
                )
            else:
                yield Accepted(message.delivery_id, name)

    @property
    def is_between(self) -> bool:
        return True

    def look_up(self, attempt_id: str, delivery_id: int) -> Outcome | None:
        name = file_name(attempt_id, delivery_id)
        try:
            is_there = self._exists(name)
        except OSError:
            return None
        return Accepted(delivery_id, name) if is_there else NotSent(delivery_id, "It is not in the outbox.")

    def close(self) -> None:
        """Nothing is held open."""


def from_settings(settings: Mapping[str, object]) -> Outbox:
    """Settings: `store(name, data)` and `exists(name)`."""
    only(settings, "store", "exists")
    store, exists = settings.get("store"), settings.get("exists")
    if not callable(store) or not callable(exists):
        raise SettingsError("The outbox needs a place to write to: the settings “store” and “exists”.")
    return Outbox(cast(Store, store), cast(Exists, exists))


def file_name(attempt_id: str, delivery_id: int) -> str:
    """The name an attempt's message is stored under; a path separator in an id is a mistake of the caller."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", attempt_id):
        raise ValueError(f"{attempt_id!r} is not an attempt id.")
    return f"{attempt_id}-{delivery_id}.eml"
