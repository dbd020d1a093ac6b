"""A provider for tests: keeps what it is given and misbehaves on request."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from campaigns.providers.base import (
    Accepted,
    AccountRefused,
    NotSent,
    Outcome,
    Outgoing,
    Refused,
    Unknown,
    only,
)


class Act(StrEnum):
    """What to do with one message. `ARRIVES_SILENTLY` and `VANISHES` both end in Unknown; only the first was
    sent."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    REFUSE_ADDRESS = "refuse_address"
    DEFER = "defer"
    ARRIVES_SILENTLY = "arrives_silently"
    VANISHES = "vanishes"
    REFUSE_ACCOUNT = "refuse_account"


class MemoryProvider:
    """`sent` holds every message that went out, in order. `script` is used up one act a message, then all are
    accepted; `for_recipient` goes before it. `look_up` tells the truth once `knows` is set."""

    def __init__(self, script: Iterable[Act] = (), for_recipient: Mapping[str, Act] | None = None) -> None:
        self.sent: list[Outgoing] = []
        self.asked: list[Outgoing] = []
        self.knows = False
        self._script = iter(script)
        self._for_recipient = for_recipient or {}

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        for message in batch:
            self.asked.append(message)
            act = self._for_recipient.get(message.recipient) or next(self._script, Act.ACCEPT)
            if act in (Act.ACCEPT, Act.ARRIVES_SILENTLY):
                self.sent.append(message)
            yield _outcome(message, act)

    @property
    def is_between(self) -> bool:
        return True

    def look_up(self, attempt_id: str, delivery_id: int) -> Outcome | None:
        if not self.knows:
            return None
        if any(m.attempt_id == attempt_id and m.delivery_id == delivery_id for m in self.sent):
            return Accepted(delivery_id, f"memory-{delivery_id}")
        return NotSent(delivery_id, "It never arrived here.")

    def close(self) -> None:
        """Nothing is held open."""


def from_settings(settings: Mapping[str, object]) -> MemoryProvider:
    only(settings)
    return MemoryProvider()


def _outcome(message: Outgoing, act: Act) -> Outcome:
    match act:
        case Act.ACCEPT:
            return Accepted(message.delivery_id, f"memory-{message.delivery_id}")
        case Act.REFUSE:
            return Refused(message.delivery_id, 554, "5.7.1 Not this one", hard=False)
        case Act.REFUSE_ADDRESS:
            return Refused(message.delivery_id, 550, "5.1.1 No such user", hard=True)
        case Act.DEFER:
            return NotSent(message.delivery_id, "Come back later", retry_after=60.0)
        case Act.REFUSE_ACCOUNT:
            return AccountRefused(message.delivery_id, 401, "The key is not valid")
        case Act.ARRIVES_SILENTLY | Act.VANISHES:
            return Unknown(message.delivery_id, "The answer was lost")
