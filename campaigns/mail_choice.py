"""What a person may choose to get from one sender, short of leaving altogether."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class MailChoice(StrEnum):
    """`FEWER` is at most one mail in `FEWER_DAYS` days; `INVITATIONS` only what invites to a webinar or an
    event; `PAUSE` nothing for `PAUSE_DAYS` days, then what was chosen before."""

    EVERYTHING = "everything"
    FEWER = "fewer"
    INVITATIONS = "invitations"
    PAUSE = "pause"


FEWER_DAYS = 30
PAUSE_DAYS = 90
APART = timedelta(days=FEWER_DAYS) - timedelta(hours=12)
"""How long after a mail the next one may come. Half a day is let go: what leaves at about the same hour a month
later comes."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """`pace` is never PAUSE: it holds again when `paused_until` is past."""

    pace: MailChoice = MailChoice.EVERYTHING
    paused_until: datetime | None = None

    def at(self, now: datetime) -> MailChoice:
        return MailChoice.PAUSE if self.is_paused(now) else self.pace

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now

    def last_day(self, now: datetime) -> date | None:
        """Of the pause, in UTC; None while there is none."""
        return self.paused_until.date() if self.paused_until is not None and self.is_paused(now) else None


def choose(before: Chosen, choice: MailChoice, now: datetime) -> Chosen:
    """What holds after a choice. A pause keeps the pace, and one that holds keeps its day; any other choice ends
    it."""
    if choice is MailChoice.PAUSE:
        return before if before.is_paused(now) else Chosen(before.pace, now + timedelta(days=PAUSE_DAYS))
    return Chosen(choice)
