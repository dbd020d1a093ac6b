"""What the demo counts: each figure beside what it must be."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Figures:
    """Prints each figure as it is known; remembers whether one was wrong."""

    report: Callable[[str], None]
    wrong: list[str] = field(default_factory=list)

    def step(self, sentence: str) -> None:
        self.report(f"\n{sentence}")

    def note(self, sentence: str) -> None:
        self.report(f"      {sentence}")

    def equal(self, what: str, found: object, expected: object) -> None:
        """One figure; `found` must be `expected`."""
        if found == expected:
            self.report(f"  ok  {what}: {_short(found)}")
        else:
            self.wrong.append(what)
            self.report(f"WRONG {what}: {_short(found)} instead of {_short(expected)}")

    def true(self, what: str, holds: bool) -> None:
        self.equal(what, holds, True)


def _short(value: object) -> str:
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return text if len(text) < 160 else text[:157] + "…"
