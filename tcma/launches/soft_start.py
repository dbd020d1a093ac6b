"""Guards of the sender's reputation: the first messages go alone, and bad figures stop a campaign.

`verdict` decides from figures alone; `review` looks at every touch that runs and stops what must stop. A
person's "continue" is honoured: from then on only what came after it is judged.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.columns import UtcDateTime
from tcma.db import Database
from tcma.errors import phrase
from tcma.launches import figures, telling
from tcma.launches.deliveries import Delivery, DeliveryStatus
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, StopReason, TouchStatus
from tcma.launches.sending_chunks import begun_count
from tcma.launches.sending_record import NO_SUCH_ADDRESS

SOFT_START_BAD = 2  # addresses that do not exist among the first
STOP_BAD = 0.05
LEAST_BAD = 5
STOP_COMPLAINTS = 0.003
WARN_COMPLAINTS = 0.001
LEAST_COMPLAINTS = 2


class Verdict(StrEnum):
    GO = "go"
    BAD_ADDRESSES = "bad_addresses"
    COMPLAINTS = "complaints"


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one touch, since a guard last stopped it. `out_count`: accepted, or refused for their address."""

    out_count: int
    bad_count: int  # came back for good, or do not exist
    complained_count: int
    in_soft_start: bool


def verdict(found: Figures) -> Verdict:
    """The first few are judged by count, the rest by rates with a least count: one mishap stops nobody."""
    if found.in_soft_start:
        if found.bad_count >= SOFT_START_BAD:
            return Verdict.BAD_ADDRESSES
        return Verdict.COMPLAINTS if found.complained_count else Verdict.GO
    if found.bad_count >= LEAST_BAD and found.bad_count >= STOP_BAD * found.out_count:
        return Verdict.BAD_ADDRESSES
    complaints = found.complained_count
    if complaints >= LEAST_COMPLAINTS and complaints >= STOP_COMPLAINTS * found.out_count:
        return Verdict.COMPLAINTS
    return Verdict.GO


def warning(touch: CampaignTouch) -> str | None:
    """A sentence for the campaign's page when complaints draw near the limit; None below."""
    out = touch.out_count
    if not touch.complained_count or touch.complained_count < WARN_COMPLAINTS * out:
        return None
    complained = touch.complained_count
    if complained == 1:
        return phrase("1 person of %(out)s reported this mail as spam. At 0.3 %% sending stops.", out=out)
    return phrase(
        "%(count)s people of %(out)s reported this mail as spam. At 0.3 %% sending stops.",
        count=complained,
        out=out,
    )


def review(database: Database, *, wait: float) -> list[int]:
    """Look at all running touches; the campaigns stopped. `wait`: seconds after the first messages."""
    with database.reading() as session:
        suspects = session.execute(_SUSPECTS, {"now": clock.real()}).all()
    stopped = []
    for campaign_id, touch_id in suspects:
        with database.transaction() as session:
            if _judge(session, campaign_id, touch_id, timedelta(seconds=wait)):
                stopped.append(campaign_id)
    return stopped


def _suspects() -> Select[int, int]:
    """Campaign and touch of those whose soft start is all out, or whose figures come near a limit, by figures alone."""
    touch = CampaignTouch
    bad_figures = or_(
        touch.bounced_count + touch.failed_count >= touch.judged_bad_count + LEAST_BAD,
        touch.complained_count > touch.judged_complained_count,
        and_(
            touch.soft_start_size > 0,
            ~touch.soft_start_passed,
            touch.bounced_count + touch.failed_count >= SOFT_START_BAD,
        ),
    )
    soft_start_is_out = and_(
        touch.soft_start_size > 0,
        ~touch.soft_start_passed,
        touch.sending_count == 0,
        begun_count() >= touch.soft_start_size,
        or_(
            touch.soft_start_until.is_(None),
            touch.soft_start_until <= bindparam("now", type_=UtcDateTime),
        ),
    )
    return (
        select(touch.campaign_id, touch.id)
        .join(Campaign, Campaign.id == touch.campaign_id)
        .where(
            Campaign.status == CampaignStatus.RUNNING,
            touch.status.in_((TouchStatus.RUNNING, TouchStatus.DONE)),
            or_(bad_figures, soft_start_is_out),
        )
        .order_by(touch.id)
    )


_SUSPECTS = _suspects()  # built once: every worker asks once a second


def _judge(session: Session, campaign_id: int, touch_id: int, wait: timedelta) -> bool:
    """Whether the campaign was stopped. The campaign is locked before its touch, as in every deed."""
    campaign = session.scalars(
        select(Campaign).where(Campaign.id == campaign_id).with_for_update(key_share=True)
    ).one()
    figures.lock_touches(session, [touch_id])
    touch = session.get_one(CampaignTouch, touch_id)
    if campaign.status is not CampaignStatus.RUNNING:
        return False
    in_soft_start = touch.soft_start_size > 0 and not touch.soft_start_passed
    found = _figures(session, touch, in_soft_start)
    decision = verdict(found)
    if decision is Verdict.GO:
        if in_soft_start:
            _advance(touch, wait)
        return False
    _stop(session, campaign, touch, found, decision)
    return True


def _advance(touch: CampaignTouch, wait: timedelta) -> None:
    """All out: start waiting. Waited: the rest may go."""
    begun = touch.people_count - touch.queued_count - touch.skipped_count
    if touch.sending_count or begun < touch.soft_start_size:
        return
    if touch.soft_start_until is None:
        touch.soft_start_until = clock.real() + wait
    if touch.soft_start_until <= clock.real():
        touch.soft_start_passed = True


def _stop(
    session: Session, campaign: Campaign, touch: CampaignTouch, found: Figures, decision: Verdict
) -> None:
    if decision is Verdict.BAD_ADDRESSES:
        sentence = phrase(
            "%(count)s of %(out)s addresses do not exist. Check your list.",
            count=found.bad_count,
            out=found.out_count,
        )
        if found.bad_count == 1:
            sentence = phrase("1 of %(out)s addresses does not exist. Check your list.", out=found.out_count)
    else:
        sentence = phrase(
            "%(count)s people of %(out)s reported this mail as spam. Check whom you write to and why.",
            count=found.complained_count,
            out=found.out_count,
        )
        if found.complained_count == 1:
            sentence = phrase(
                "1 person of %(out)s reported this mail as spam. Check whom you write to and why.",
                out=found.out_count,
            )
    campaign.stop(StopReason(decision.value), sentence)
    touch.soft_start_passed = True  # a person's "continue" is the answer to the soft start
    touch.judged_out_count += found.out_count
    touch.judged_bad_count += found.bad_count
    touch.judged_complained_count += found.complained_count
    detail = {"touch": touch.id, "out": found.out_count, "bad": found.bad_count}
    trail.record(session, None, "campaign.stopped", campaign, detail, organisation_id=campaign.partner_id)
    count = found.bad_count if decision is Verdict.BAD_ADDRESSES else found.complained_count
    telling.stopped(session, campaign, touch, count=count, of=found.out_count)


def _figures(session: Session, touch: CampaignTouch, in_soft_start: bool) -> Figures:
    no_such = session.scalar(
        select(func.count()).where(
            Delivery.touch_id == touch.id,
            Delivery.status == DeliveryStatus.FAILED,
            Delivery.reason.startswith(NO_SUCH_ADDRESS),
        )
    )
    bad = touch.bounced_count + int(no_such or 0)
    return Figures(
        out_count=touch.out_count + int(no_such or 0) - touch.judged_out_count,
        bad_count=bad - touch.judged_bad_count,
        complained_count=touch.complained_count - touch.judged_complained_count,
        in_soft_start=in_soft_start,
    )
