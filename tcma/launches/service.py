"""What a person does with a launched campaign: pause, continue, cancel, move in time, leave out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaigns import calendar
from tcma import clock, storage
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Conflict, Invalid, phrase
from tcma.funds import lines
from tcma.funds.models import CostLine
from tcma.kits.content import load_kit
from tcma.launches import endings, obstacles, queries, schedule, webinars
from tcma.launches.deliveries import Chunk, Delivery, MessageClass
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, StopReason, TouchStatus
from tcma.launches.obstacles import SkipReason
from tcma.partners.queries import partnership_between
from tcma.viewer import OrganisationKind, Role, Viewer

_WAITING = (TouchStatus.PENDING, TouchStatus.MISSED)


def pause(session: Session, viewer: Viewer, public_id: UUID) -> Campaign:
    """Nothing more is claimed; what is being handed over now still goes."""
    campaign = _own(session, viewer, public_id)
    campaign.pause()
    trail.record(session, viewer, "campaign.paused", campaign)
    return campaign


def resume(session: Session, viewer: Viewer, public_id: UUID) -> Campaign:
    """Continue what was paused, or stopped by a problem. Nobody gets a message twice."""
    campaign = _own(session, viewer, public_id)
    if campaign.stop_reason is StopReason.MISSED and campaign.status is CampaignStatus.STOPPED:
        raise Conflict("A message missed its time. Send it now, choose a new time, or leave it out.")
    if campaign.status not in (CampaignStatus.PAUSED, CampaignStatus.STOPPED):
        status = campaign.status
        raise Conflict(
            phrase(
                "Only a paused or stopped campaign can be continued; this one is %(status)s.", status=status
            )
        )
    _require_active(session, campaign)
    campaign.start()
    trail.record(session, viewer, "campaign.continued", campaign)
    return campaign


def cancel(session: Session, viewer: Viewer, public_id: UUID) -> Campaign:
    """For good: what waits is left out and money that is not used is released."""
    campaign = _own(session, viewer, public_id)
    skipped = endings.cancel(session, campaign)
    trail.record(session, viewer, "campaign.cancelled", campaign, {"skipped": skipped})
    return campaign


def change_time(
    database: Database, viewer: Viewer, files: storage.Storage, public_id: UUID, wall: datetime
) -> Campaign:
    """Another start (local time) for a campaign that has not begun; its mails keep their distances."""
    with database.reading(viewer.organisation_id) as session:
        found = queries.find_campaign(session, viewer, public_id)
        kit = load_kit(session, files, found.kit_version_id)
        held = webinars.shown(session, found, kit)
    with database.transaction(viewer.organisation_id) as session:
        campaign = _own(session, viewer, public_id)
        if campaign.status not in (CampaignStatus.SCHEDULED, CampaignStatus.WAITING_FOR_FUNDING):
            status = campaign.status
            raise Conflict(
                phrase(
                    "Only a campaign that has not begun gets another start; this one is %(status)s.",
                    status=status,
                )
            )
        campaign.starts_local = schedule.checked_start(session, campaign, wall)
        schedule.set_due_times(campaign, schedule.lock_touches(session, campaign), kit, wall, held)
        trail.record(session, viewer, "campaign.time_changed", campaign)
    return campaign


def return_to_draft(session: Session, viewer: Viewer, public_id: UUID) -> Campaign:
    """Take back a launch before its first message: its queue goes and its money is given back."""
    campaign = _own(session, viewer, public_id)
    undo_launch(session, campaign)
    trail.record(session, viewer, "campaign.returned_to_draft", campaign)
    return campaign


def undo_launch(session: Session, campaign: Campaign) -> None:
    """Make a draft of a locked campaign that has not begun."""
    campaign.return_to_draft()
    touches = schedule.lock_touches(session, campaign)
    ids = [touch.id for touch in touches]
    # The frozen mails stay: links of test mails lead into them.
    for model in (Delivery, Chunk):
        marketing = model.message_class == MessageClass.MARKETING
        session.execute(delete(model).where(model.touch_id.in_(ids), marketing))
    for touch in touches:
        touch.take_back()
    campaign.partner_brand = campaign.vendor_brand = None
    campaign.launched_by_id = campaign.launched_at = None
    line_id = session.scalar(select(CostLine.id).where(CostLine.campaign_id == campaign.id))
    if line_id is not None:
        lines.take_back(session, line_id)


def send_now(session: Session, viewer: Viewer, public_id: UUID, touch_key: str) -> Campaign:
    """Let a mail go at once: the next of the sequence, or one that missed its time."""
    campaign, touches, touch = _waiting_touch(session, viewer, public_id, touch_key)
    _require_turn(touches, touch)
    _require_active(session, campaign)
    if obstacles.waits_for_attendance(session, touch):
        raise Conflict(
            phrase(
                "'%(message)s' asks who came to the webinar. Upload the attendance first.", message=touch.name
            )
        )
    schedule.set_due(touch, clock.now(session), campaign.timezone)
    schedule.begin(campaign, touch)
    trail.record(session, viewer, "touch.sent_now", campaign, {"touch_id": touch.id})
    return campaign


def new_time(
    session: Session, viewer: Viewer, public_id: UUID, touch_key: str, wall: datetime
) -> list[CampaignTouch]:
    """Another time (local) for a mail that waits or missed its own; later ones, the answer, move by as many
    days."""
    campaign, touches, touch = _waiting_touch(session, viewer, public_id, touch_key)
    schedule.checked_start(session, campaign, wall)
    due = calendar.to_utc(wall, campaign.timezone)
    moved = schedule.put_off(touches, touch, due, campaign.timezone)
    if touch.status is TouchStatus.MISSED:
        touch.put_off()
        campaign.start()
    trail.record(session, viewer, "touch.time_changed", campaign, {"touch_id": touch.id})
    return moved


def skip_touch(session: Session, viewer: Viewer, public_id: UUID, touch_key: str) -> Campaign:
    """Leave a mail out; the sequence goes on without it. Before the first message one of them has to stay."""
    campaign, touches, touch = _waiting_touch(session, viewer, public_id, touch_key)
    was_missed = touch.status is TouchStatus.MISSED
    others = [found for found in touches if found.kind == schedule.EMAIL and found is not touch]
    if campaign.status is CampaignStatus.SCHEDULED and all(
        found.status is TouchStatus.SKIPPED for found in others
    ):
        raise Conflict(
            phrase(
                "'%(message)s' is the last message of this campaign."
                " To send none of them, cancel the campaign instead.",
                message=touch.name,
            )
        )
    schedule.pass_on_soft_start(touches, touch)
    skipped = endings.skip_queued(session, touch, SkipReason.CANCELLED)
    touch.skip()
    if was_missed:
        campaign.start()
    session.flush()
    endings.finish_if_over(session, campaign, touches)
    detail = {"touch_id": touch.id, "skipped": skipped}
    trail.record(session, viewer, "touch.left_out", campaign, detail)
    return campaign


def _own(session: Session, viewer: Viewer, public_id: UUID) -> Campaign:
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    return queries.find_campaign(session, viewer, public_id, lock=True)


def _waiting_touch(
    session: Session, viewer: Viewer, public_id: UUID, touch_key: str
) -> tuple[Campaign, list[CampaignTouch], CampaignTouch]:
    campaign = _own(session, viewer, public_id)
    touches = schedule.lock_touches(session, campaign)
    touch = next((found for found in touches if found.key == touch_key), None)
    if touch is None or touch.kind != schedule.EMAIL:
        keys = ", ".join(found.key for found in touches if found.kind == schedule.EMAIL)
        raise Invalid(
            phrase(
                "This campaign has no message '%(key)s'. Its messages: %(keys)s.",
                key=touch_key[:60],
                keys=keys,
            )
        )
    if touch.status not in _WAITING:
        raise Conflict(
            phrase(
                "This message is %(status)s; only one that waits or was missed can be moved.",
                status=touch.status,
            )
        )
    missed = campaign.status is CampaignStatus.STOPPED and touch.status is TouchStatus.MISSED
    if not missed and campaign.status not in (CampaignStatus.SCHEDULED, CampaignStatus.RUNNING):
        status = campaign.status
        raise Conflict(
            phrase(
                "This campaign is %(status)s; its messages can be moved while it is scheduled or running.",
                status=status,
            )
        )
    return campaign, touches, touch


def _require_turn(touches: list[CampaignTouch], touch: CampaignTouch) -> None:
    for earlier in touches:
        is_before = earlier.kind == schedule.EMAIL and earlier.position < touch.position
        if is_before and earlier.status in _WAITING:
            raise Conflict(
                phrase("'%(message)s' comes first. Send it, or leave it out.", message=earlier.name)
            )


def _require_active(session: Session, campaign: Campaign) -> None:
    partnership = partnership_between(session, campaign.vendor_id, campaign.partner_id)
    if partnership is None or not partnership.is_active:
        status = partnership.status.value if partnership else "not there"
        raise Conflict(
            phrase("The partnership with the vendor is %(status)s, so nothing new is sent.", status=status)
        )
