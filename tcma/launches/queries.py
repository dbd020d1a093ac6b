"""Campaigns through the viewer, and the figures of their touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tcma.errors import NotFound, phrase
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, TouchStatus
from tcma.viewer import Viewer


@dataclass(frozen=True, slots=True)
class TouchFigures:
    """Where the people of one touch are. The five parts always sum to `people`, frozen at launch."""

    key: str
    name: str
    status: TouchStatus
    people: int
    waiting: int  # queued, sending
    sent: int  # sent, delivered, bounced
    skipped: int
    failed: int
    unknown: int
    clicked: int  # people, machines left out
    answered: int

    @property
    def adds_up(self) -> bool:
        return self.waiting + self.sent + self.skipped + self.failed + self.unknown == self.people


def find_campaign(session: Session, viewer: Viewer, public_id: UUID, *, lock: bool = False) -> Campaign:
    """A campaign of the viewer's partner, or run with the viewer's kits. Locked, it is read anew."""
    return _one(session, viewer, Campaign.public_id == public_id, lock)


def find_campaign_at(session: Session, viewer: Viewer, slug: str) -> Campaign:
    """The campaign with this name in its address."""
    return _one(session, viewer, Campaign.slug == slug, lock=False)


def campaigns_for(
    session: Session, viewer: Viewer, *, status: CampaignStatus | None = None, limit: int = 100
) -> list[Campaign]:
    """Newest first."""
    wanted = select(Campaign).where(_of(viewer)).order_by(Campaign.id.desc()).limit(limit)
    if status is not None:
        wanted = wanted.where(Campaign.status == status)
    return list(session.scalars(wanted))


def touches_of(session: Session, campaign_id: int) -> list[CampaignTouch]:
    """In the order of the kit, as they stand in the database now."""
    wanted = select(CampaignTouch).where(CampaignTouch.campaign_id == campaign_id)
    return list(
        session.scalars(wanted.order_by(CampaignTouch.position).execution_options(populate_existing=True))
    )


def find_touch(session: Session, campaign: Campaign, key: str) -> CampaignTouch:
    """As it stands in the database now."""
    return _by_key(touches_of(session, campaign.id), key)


def touch_of(campaign: Campaign, key: str) -> CampaignTouch:
    """Of those the campaign was read with; one statement where they were not read yet."""
    return _by_key(campaign.touches, key)


def figures(session: Session, campaign: Campaign) -> list[TouchFigures]:
    """The figures of every mail of the campaign, in its order, from one statement."""
    return figures_of(touches_of(session, campaign.id))


def figures_of(touches: Sequence[CampaignTouch]) -> list[TouchFigures]:
    """The figures of the mails among these touches."""
    return [
        TouchFigures(
            key=touch.key,
            name=touch.name,
            status=touch.status,
            people=touch.people_count,
            waiting=touch.waiting_count,
            sent=touch.out_count,
            skipped=touch.skipped_count,
            failed=touch.failed_count,
            unknown=touch.unknown_count,
            clicked=touch.clicked_count,
            answered=touch.answered_count,
        )
        for touch in touches
        if touch.kind == "email"
    ]


def lock_campaign(session: Session, campaign_id: int) -> Campaign | None:
    """For jobs: the campaign, locked before its touches as in every deed; None when it is gone."""
    return session.scalar(
        select(Campaign)
        .where(Campaign.id == campaign_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def _by_key(touches: Sequence[CampaignTouch], key: str) -> CampaignTouch:
    for touch in touches:
        if touch.key == key:
            return touch
    raise NotFound(phrase("This campaign has no message '%(key)s'.", key=key[:60]))


def _one(session: Session, viewer: Viewer, condition: ColumnElement[bool], lock: bool) -> Campaign:
    wanted = select(Campaign).where(_of(viewer), condition)
    if lock:
        wanted = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound("There is no such campaign.")
    return found


def _of(viewer: Viewer) -> ColumnElement[bool]:
    own = viewer.organisation_id
    return Campaign.vendor_id == own if viewer.is_vendor else Campaign.partner_id == own
