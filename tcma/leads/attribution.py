"""Why a lead is whose: pure rules over what happened, machines already left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(days=90)
RULE = "first_partner_touch_90_days"


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a person in this partner's campaigns for this vendor."""

    kind: str  # launches.deliveries.TouchEventKind
    touch_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """Happenings of one kind at one touch in a row, as a person would say them: "Microsite, 2 visits"."""

    kind: str
    touch_name: str
    count: int
    at: datetime


def path(happenings: Sequence[Happening], now: datetime) -> tuple[Step, ...]:
    """The steps of the last 90 days in order of time; equal neighbours are counted together."""
    steps: list[Step] = []
    recent = (event for event in happenings if now - WINDOW <= event.at <= now)
    for event in sorted(recent, key=lambda found: found.at):
        if steps and (steps[-1].kind, steps[-1].touch_name) == (event.kind, event.touch_name):
            last = steps[-1]
            steps[-1] = Step(last.kind, last.touch_name, last.count + 1, last.at)
        else:
            steps.append(Step(event.kind, event.touch_name, 1, event.at))
    return tuple(steps)
