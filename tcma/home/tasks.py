"""What is worth doing now, in which order: a pure decider over what was found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

MOST_SHOWN = 5
LAST_CALL = timedelta(hours=4)  # what is put off comes back this long before it is over


class Kind(StrEnum):
    """Kinds of tasks; their order here is their rank."""

    LEADS = "leads"  # new ones, and those whose time ends within a day
    CAMPAIGN_STOPPED = "campaign_stopped"
    QUESTION = "question"  # a vendor waits for an answer
    CLAIM = "claim"  # to be filed within 14 days
    MONEY = "money"  # left on a certificate that expires within 45 days
    UPDATES = "updates"  # leads without news for longer than the reporting rule
    DRAFT = "draft"  # untouched for three days
    BEST_KIT = "best_kit"  # nothing of the above


RANK = {kind: place for place, kind in enumerate(Kind)}

# Minutes: for the first of a kind, and for each further one.
_MINUTES = {
    Kind.LEADS: (2.0, 1.0),
    Kind.CAMPAIGN_STOPPED: (5.0, 3.0),
    Kind.QUESTION: (5.0, 5.0),
    Kind.CLAIM: (10.0, 10.0),
    Kind.MONEY: (4.0, 1.0),
    Kind.UPDATES: (1.0, 0.5),
    Kind.DRAFT: (4.0, 2.0),
    Kind.BEST_KIT: (4.0, 0.0),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that waits: `subject` names it for good ("lead:<id>"), `due_at` is when waiting costs something.

    `name`, `state` and `path` are for the sentence; `amount` is minor units of `currency` where it is money.
    """

    kind: Kind
    subject: str
    due_at: datetime | None = None
    name: str = ""
    state: str = ""
    path: str = ""
    vendor: str = ""
    amount: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class PutOff:
    """What a person said about one kind: not before `until`, as far as these subjects go."""

    until: datetime
    subjects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Task:
    """Everything of one kind, the soonest first."""

    kind: Kind
    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        return self.findings[0]

    @property
    def count(self) -> int:
        return len(self.findings)

    @property
    def minutes(self) -> int:
        one, more = _MINUTES[self.kind]
        return ceil(one + more * min(self.count - 1, 10))


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks of a person right now, at most five; `put_off_count` tasks come back by themselves."""

    tasks: tuple[Task, ...]
    put_off_count: int

    @property
    def minutes(self) -> int:
        return sum(task.minutes for task in self.tasks)


def plan(findings: Iterable[Finding], put_off: Mapping[Kind, PutOff], now: datetime) -> Plan:
    """Merge findings of one kind into a task, leave out what is put off, and rank what is left.

    The best kit is proposed only where nothing else was found at all: putting the last task off does not
    replace it by another.
    """
    found: dict[Kind, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.kind, []).append(finding)
    if found.keys() - {Kind.BEST_KIT}:
        found.pop(Kind.BEST_KIT, None)
    tasks, hidden = [], 0
    for kind in sorted(found, key=RANK.__getitem__):
        seen = [one for one in found[kind] if not is_put_off(one, put_off.get(kind), now)]
        if seen:
            tasks.append(Task(kind, tuple(sorted(seen, key=_soonest))))
        else:
            hidden += 1
    return Plan(tuple(tasks[:MOST_SHOWN]), hidden)


def is_put_off(finding: Finding, snooze: PutOff | None, now: datetime) -> bool:
    """Whether a finding stays back: it was known when its kind was put off, and the time has not come."""
    return snooze is not None and now < snooze.until and finding.subject in snooze.subjects


def held_until(findings: Iterable[Finding], wished: datetime, now: datetime) -> datetime:
    """Until when these may be put off: as wished, but not into the last four hours of anything that still can be
    done in time. `now` or earlier: not at all."""
    last_calls = (one.due_at - LAST_CALL for one in findings if one.due_at is not None and one.due_at > now)
    return min(wished, min(last_calls, default=wished))


def _soonest(finding: Finding) -> tuple[bool, float, str]:
    due = finding.due_at
    return due is None, due.timestamp() if due else 0.0, finding.subject
