"""What a partner's lists and contacts were used for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma.launches.deliveries import Delivery, DeliveryStatus
from tcma.launches.models import Campaign, CampaignTouch
from tcma.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Use:
    """The campaign that used a list last."""

    campaign_id: UUID
    name: str
    launched_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """One message to one person. `at` is None until it was sent."""

    campaign_id: UUID
    campaign_name: str
    touch_name: str
    status: DeliveryStatus
    reason: str
    at: datetime | None
    clicked_at: datetime | None


def last_uses(session: Session, viewer: Viewer) -> dict[int, Use]:
    """By the list's number: one statement."""
    newest = (
        select(func.max(Campaign.id))
        .where(
            Campaign.partner_id == viewer.organisation_id,
            Campaign.list_id.is_not(None),
            Campaign.launched_at.is_not(None),
        )
        .group_by(Campaign.list_id)
    )
    rows = session.execute(
        select(Campaign.list_id, Campaign.public_id, Campaign.name, Campaign.launched_at).where(
            Campaign.id.in_(newest)
        )
    )
    return {row.list_id: Use(row.public_id, row.name, row.launched_at) for row in rows}


def messages_to(session: Session, viewer: Viewer, contact_id: int, *, limit: int = 50) -> Sequence[Sent]:
    """What went to a contact, newest first: one statement."""
    rows = session.execute(
        select(
            Campaign.public_id,
            Campaign.name,
            CampaignTouch.name,
            Delivery.status,
            Delivery.reason,
            Delivery.sent_at,
            Delivery.clicked_at,
        )
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .join(CampaignTouch, CampaignTouch.id == Delivery.touch_id)
        .where(
            Delivery.partner_id == viewer.organisation_id,
            Delivery.contact_id == contact_id,
            Campaign.partner_id == viewer.organisation_id,
            CampaignTouch.partner_id == viewer.organisation_id,
        )
        .order_by(Delivery.id.desc())
        .limit(limit)
    )
    return [Sent(*row) for row in rows]
