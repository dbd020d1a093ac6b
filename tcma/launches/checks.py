"""What one line of the checklist is: what was looked at, and with what result."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from campaigns.errors import Problem


class Key(StrEnum):
    """What is looked at, in the order of a screen; `step` of a Check says where it is mended."""

    KIT = "kit"
    PEOPLE = "people"
    BRAND = "brand"
    MAILS = "mails"
    FOOTER = "footer"
    LINKS = "links"
    SENDER = "sender"
    PAGE = "page"
    WEBINAR = "webinar"
    START = "start"
    FUNDING = "funding"
    RECENT = "recent"
    ROWS = "rows"
    FIELDS = "fields"
    SIZES = "sizes"
    PICTURES = "pictures"
    COLOUR = "colour"


class State(StrEnum):
    BLOCKED = "blocked"
    NOTE = "note"
    UNKNOWN = "unknown"  # cannot be checked from here
    TO_DO = "to_do"  # asks the network, and was not asked yet
    PASSED = "passed"


_STEPS = {
    Key.PEOPLE: "audience",
    Key.ROWS: "audience",
    Key.FIELDS: "audience",
    Key.SIZES: "audience",
    Key.FUNDING: "budget",
    Key.START: "launch",
    Key.WEBINAR: "webinar",
    Key.RECENT: "launch",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `details`: what exactly, in sentences; `count`: how many people, rows or links it is about."""

    key: Key
    state: State
    details: tuple[str, ...] = ()
    count: int = 0

    @property
    def step(self) -> str:
        """The step of the launch that mends it."""
        return _STEPS.get(self.key, "brand")


def sentences(problems: Iterable[Problem]) -> tuple[str, ...]:
    """What they say, each sentence once."""
    return tuple(dict.fromkeys(problem.sentence for problem in problems))
