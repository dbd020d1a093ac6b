"""How campaigns end: finished, cancelled, recalled. What waits is left out, money not used is given back."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.db import Database
from tcma.funds import lines
from tcma.funds.models import CostLine, LineStatus
from tcma.jobs import rows
from tcma.launches import figures, queries, schedule
from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, TouchStatus
from tcma.launches.obstacles import SkipReason

ENDED = (CampaignStatus.FINISHED, CampaignStatus.CANCELLED, CampaignStatus.RECALLED)
_STOPPED_FOR_GOOD = (CampaignStatus.CANCELLED, CampaignStatus.RECALLED)
_OVER = (TouchStatus.DONE, TouchStatus.SKIPPED)


def cancel(session: Session, campaign: Campaign) -> int:
    """Cancel a locked campaign; how many messages did not go. What is being handed over still goes."""
    campaign.cancel(clock.now(session))
    return _close(session, campaign, SkipReason.CANCELLED)


def recall(session: Session, campaign: Campaign) -> int:
    """Its kit version was recalled; how many messages did not go."""
    campaign.recall(clock.now(session))
    return _close(session, campaign, SkipReason.RECALLED)


def skip_queued(session: Session, touch: CampaignTouch, reason: SkipReason) -> int:
    """Leave out all of a locked touch's messages that wait; how many."""
    count = _leave_out(session, touch.id, reason, MessageClass.MARKETING)
    if count:
        moves = Counter({(DeliveryStatus.QUEUED, DeliveryStatus.SKIPPED): count})
        figures.shift(session, touch.id, moves, at=clock.now(session))
        session.refresh(touch)
    return count


def stop_recalled(database: Database, kit_version_id: int) -> int:
    """The job of a recall: every live use of the version ends; how many campaigns. Twice is once."""
    live = [status for status in CampaignStatus if status not in (*ENDED, CampaignStatus.DRAFT)]

    def find(session: Session) -> Sequence[int]:
        of_version = select(Campaign.id).where(Campaign.kit_version_id == kit_version_id)
        wanted = of_version.where(Campaign.status.in_(live) | _service_mail_waits())
        return session.scalars(wanted.order_by(Campaign.id)).all()

    def stop(session: Session, campaign_id: int) -> bool:
        campaign = queries.lock_campaign(session, campaign_id)
        if campaign is None:
            return False
        if campaign.status not in live:
            for touch in schedule.lock_touches(session, campaign):
                _leave_out(session, touch.id, SkipReason.RECALLED, MessageClass.SERVICE)
            return False
        skipped = recall(session, campaign)
        _note(session, campaign, "campaign.recalled", {"skipped": skipped})
        return True

    return sum(rows.each(database, find, stop))


def finish(database: Database, campaign_id: int) -> bool:
    """Bring one campaign to its end if it is there: finished when no mail waits; after a cancel or recall what
    came back to the queue is left out and the money is released once nothing is under way."""
    with database.transaction() as session:
        return _finish(session, campaign_id)


def finish_if_over(session: Session, campaign: Campaign, touches: list[CampaignTouch]) -> bool:
    """Finish a locked, running campaign whose mails are all done or left out."""
    mails = [touch for touch in touches if touch.kind == schedule.EMAIL]
    if campaign.is_link_only:
        return False  # there is nothing to send, and its page stays open until somebody ends it
    if campaign.status is not CampaignStatus.RUNNING or any(
        touch.status not in _OVER or touch.waiting_count for touch in mails
    ):
        return False
    now = clock.now(session)
    campaign.finish(now)
    for touch in touches:
        if touch.status is TouchStatus.RUNNING:
            touch.complete(now)
    release(session, campaign)
    _note(session, campaign, "campaign.finished", {})
    return True


def finish_due(database: Database, limit: int = 100) -> int:
    """The sweep behind the jobs: campaigns that are over, or ended with money set aside; how many changed."""
    touch = CampaignTouch
    waits = (
        select(touch.id)
        .where(
            touch.campaign_id == Campaign.id,
            touch.kind == schedule.EMAIL,
            touch.status.not_in(_OVER) | (touch.queued_count + touch.sending_count > 0),
        )
        .exists()
    )
    is_over = (Campaign.status == CampaignStatus.RUNNING) & Campaign.is_link_only.is_(False) & ~waits
    holds_money = Campaign.status.in_(ENDED) & (
        select(CostLine.id)
        .where(CostLine.campaign_id == Campaign.id, CostLine.status == LineStatus.RESERVED)
        .exists()
    )
    came_back = Campaign.status.in_(_STOPPED_FOR_GOOD) & (
        select(touch.id).where(touch.campaign_id == Campaign.id, touch.queued_count > 0).exists()
    )
    due = select(Campaign.id).where(is_over | holds_money | came_back).order_by(Campaign.id).limit(limit)
    return sum(rows.each(database, lambda session: session.scalars(due).all(), _finish))


def release(session: Session, campaign: Campaign) -> bool:
    """Give back what is set aside and not used, once nothing is under way any more. Twice is once."""
    line_id = session.scalar(
        select(CostLine.id).where(CostLine.campaign_id == campaign.id, CostLine.status == LineStatus.RESERVED)
    )
    sending = session.scalar(
        select(func.sum(CampaignTouch.sending_count)).where(CampaignTouch.campaign_id == campaign.id)
    )
    if line_id is None or sending:
        return False
    lines.release(session, line_id)
    return True


def _finish(session: Session, campaign_id: int) -> bool:
    campaign = queries.lock_campaign(session, campaign_id)
    if campaign is None:
        return False
    touches = schedule.lock_touches(session, campaign)
    if campaign.status in _STOPPED_FOR_GOOD:
        is_cancelled = campaign.status is CampaignStatus.CANCELLED
        reason = SkipReason.CANCELLED if is_cancelled else SkipReason.RECALLED
        for touch in touches:
            if touch.queued_count:
                skip_queued(session, touch, reason)
        return release(session, campaign)
    if campaign.status is CampaignStatus.FINISHED:
        return release(session, campaign)
    return finish_if_over(session, campaign, touches)


def _close(session: Session, campaign: Campaign, reason: SkipReason) -> int:
    skipped, now = 0, clock.now(session)
    for touch in schedule.lock_touches(session, campaign):
        skipped += skip_queued(session, touch, reason)
        if reason is SkipReason.RECALLED:
            _leave_out(session, touch.id, reason, MessageClass.SERVICE)
        if touch.status is TouchStatus.RUNNING and (touch.kind != schedule.EMAIL or _has_begun(touch)):
            touch.complete(now)
        elif touch.status not in _OVER:
            touch.skip()
    session.flush()
    release(session, campaign)
    return skipped


def _service_mail_waits() -> ColumnElement[bool]:
    """Of a campaign that ended or was taken back too: what a person asked for before still goes out."""
    waits = select(Delivery.id).where(
        Delivery.campaign_id == Campaign.id,
        Delivery.status == DeliveryStatus.QUEUED,
        Delivery.message_class == MessageClass.SERVICE,
    )
    return waits.exists()


def _has_begun(touch: CampaignTouch) -> bool:
    return touch.people_count - touch.queued_count - touch.skipped_count > 0


def _leave_out(session: Session, touch_id: int, reason: SkipReason, kind: MessageClass) -> int:
    changed = session.execute(
        update(Delivery)
        .where(
            Delivery.touch_id == touch_id,
            Delivery.status == DeliveryStatus.QUEUED,
            Delivery.message_class == kind,
        )
        .values(status=DeliveryStatus.SKIPPED, reason=reason.value, not_before=None)
        .execution_options(synchronize_session=False)
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]


def _note(session: Session, campaign: Campaign, action: str, detail: dict[str, int]) -> None:
    trail.record(session, None, action, campaign, detail, organisation_id=campaign.partner_id)
