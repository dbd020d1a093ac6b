"""A campaign while it is being sent: where its people are, how fast it goes, whether it stands still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.launches import states
from tcma.launches.deliveries import SendGroup
from tcma.launches.models import Campaign, CampaignTouch
from tcma.launches.queries import TouchFigures, figures_of, touches_of
from tcma.launches.states import Shown

MINUTES = 12  # shown side by side
STANDSTILL = timedelta(seconds=60)
_RECENT = 3  # minutes that tell how fast it goes


class SoftStart(StrEnum):
    """Of the mail that goes out now."""

    NONE = "none"  # the list was tried by an earlier mail, or it went badly and a person decides
    SENDING = "sending"  # the first few go out alone
    WAITING = "waiting"  # they are out; for two minutes nobody else follows
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the live part of a campaign's page shows. Every mail's five parts add up to its people.

    `per_minute`: messages sent in each of the last full minutes, the oldest first.
    """

    shown: Shown
    mails: tuple[TouchFigures, ...]
    current: TouchFigures | None  # the mail that goes out now, or has last begun
    number: int  # of `current` among the mails, from 1
    soft_start: SoftStart
    soft_start_size: int
    per_minute: tuple[int, ...]
    stands_still_for: timedelta | None

    @property
    def is_over(self) -> bool:
        """Nothing will move by itself any more, so nobody needs to ask again."""
        return self.shown in (Shown.FINISHED, Shown.CANCELLED, Shown.RECALLED, Shown.DRAFT)

    @property
    def rate(self) -> int:
        """Messages a minute of late."""
        recent = [count for count in self.per_minute[-_RECENT:] if count]
        return sum(recent) // len(recent) if recent else 0

    @property
    def time_left(self) -> timedelta | None:
        """About how long the mail that goes out now still takes; None when nobody can tell."""
        is_free = self.soft_start in (SoftStart.NONE, SoftStart.PASSED)
        if self.shown is not Shown.SENDING or self.current is None or not self.rate or not is_free:
            return None
        return timedelta(minutes=-(-self.current.waiting // self.rate))


def progress_of(session: Session, campaign: Campaign) -> Progress:
    """Three statements. The figures come from one of them, so they add up at every moment."""
    touches = touches_of(session, campaign.id)
    mails = figures_of(touches)
    shown = states.shown(campaign, touches)
    touch = states.sending(touches) or _last_begun(touches)
    current = next((mail for mail in mails if touch is not None and mail.key == touch.key), None)
    return Progress(
        shown=shown,
        mails=tuple(mails),
        current=current,
        number=mails.index(current) + 1 if current else 0,
        soft_start=_soft_start(touch),
        soft_start_size=touch.soft_start_size if touch else 0,
        per_minute=_per_minute(session, touch) if touch is not None and shown is Shown.SENDING else (),
        stands_still_for=_standstill(shown, touch, clock.now(session)),
    )


def _last_begun(touches: Sequence[CampaignTouch]) -> CampaignTouch | None:
    begun = [touch for touch in touches if touch.progress_at is not None and touch.people_count]
    return max(begun, key=lambda touch: touch.position, default=None)


def _soft_start(touch: CampaignTouch | None) -> SoftStart:
    if touch is None or not touch.soft_start_size or touch.judged_out_count:
        return SoftStart.NONE
    if touch.soft_start_passed:
        return SoftStart.PASSED
    return SoftStart.SENDING if touch.soft_start_until is None else SoftStart.WAITING


def _standstill(shown: Shown, touch: CampaignTouch | None, now: datetime) -> timedelta | None:
    """How long nothing has moved while somebody waits; the soft start's own pause is none."""
    if shown is not Shown.SENDING or touch is None or _soft_start(touch) is SoftStart.WAITING:
        return None
    since = touch.progress_at or touch.due_at
    passed = now - since if since is not None else timedelta(0)
    return passed if passed >= STANDSTILL else None


def _per_minute(session: Session, touch: CampaignTouch) -> tuple[int, ...]:
    """What was sent, from the groups that were handed over: a few rows for thousands of messages. Real clock."""
    now = clock.real()
    rows = session.execute(
        select(SendGroup.finished_at, func.sum(SendGroup.sent_count))
        .where(SendGroup.finished_at > now - timedelta(minutes=MINUTES), SendGroup.touch_id == touch.id)
        .group_by(SendGroup.finished_at)
    )
    counts = [0] * MINUTES
    for finished_at, sent in rows:
        if finished_at is None:
            continue
        age = int((now - finished_at).total_seconds() // 60)
        if 0 <= age < MINUTES:
            counts[MINUTES - 1 - age] += int(sent)
    return tuple(counts)
