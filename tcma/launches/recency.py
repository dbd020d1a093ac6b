"""Nobody gets more than one campaign in seven days: who had another lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from tcma.audiences.models import Contact
from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch

WINDOW = timedelta(days=7)

_WAITING = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)
_LIVE = (CampaignStatus.SCHEDULED, CampaignStatus.RUNNING, CampaignStatus.PAUSED, CampaignStatus.STOPPED)


@dataclass(frozen=True, slots=True)
class Other:
    """A mail of another campaign that may have reached people lately, or reaches them soon (`comes`).

    As long as `mark` is the same, none of its messages moved.
    """

    touch_id: int
    mark: int
    comes: bool


def had_another(campaign: Campaign, now: datetime) -> ColumnElement[bool]:
    """Whether a contact got a mail of another campaign of this partner in the seven days before `now`, or will
    get one in the seven after it."""
    mail, touch, other = aliased(Delivery), aliased(CampaignTouch), aliased(Campaign)
    comes = (
        exists()
        .where(
            touch.id == mail.touch_id,
            touch.due_at <= now + WINDOW,
            other.id == touch.campaign_id,
            other.status.in_(_LIVE),
        )
        .correlate(mail)
    )
    return exists().where(
        mail.contact_id == Contact.id,
        mail.partner_id == campaign.partner_id,
        mail.campaign_id != campaign.id,
        mail.message_class == MessageClass.MARKETING,
        or_(mail.sent_at >= now - WINDOW, and_(mail.status.in_(_WAITING), comes)),
    )


def others(session: Session, campaign: Campaign, now: datetime) -> tuple[Other, ...]:
    """The mails through which `had_another` can be true of anybody: one statement, a few rows."""
    touch, other = CampaignTouch, Campaign
    comes = and_(
        touch.queued_count + touch.sending_count > 0,
        touch.due_at <= now + WINDOW,
        other.status.in_(_LIVE),
    )
    rows = session.execute(
        select(touch.id, touch.mark, func.coalesce(comes, false()))
        .join(other, other.id == touch.campaign_id)
        .where(
            other.partner_id == campaign.partner_id,
            touch.partner_id == campaign.partner_id,
            touch.campaign_id != campaign.id,
            or_(touch.last_out_at >= now - WINDOW, comes),
        )
        .order_by(touch.id)
    )
    return tuple(Other(touch_id, mark, bool(soon)) for touch_id, mark, soon in rows)


def is_among(campaign: Campaign, mails: Sequence[Other]) -> ColumnElement[bool]:
    """Whether a contact is one of those these mails go or went to."""
    return exists().where(_goes_to_contact(aliased(Delivery), campaign, mails))


def is_awaited(campaign: Campaign, mails: Sequence[Other]) -> ColumnElement[bool]:
    """Whether one of these mails waits for a contact and goes out within seven days."""
    mail = aliased(Delivery)
    coming = [found for found in mails if found.comes]
    return exists().where(_goes_to_contact(mail, campaign, coming), mail.status.in_(_WAITING))


def last_sent_at(campaign: Campaign, mails: Sequence[Other]) -> ColumnElement[Any]:
    """When the last of these mails went to a contact; NULL where none did."""
    mail = aliased(Delivery)
    return (
        select(func.max(mail.sent_at, type_=mail.sent_at.type))
        .where(_goes_to_contact(mail, campaign, mails))
        .correlate(Contact)
        .scalar_subquery()
    )


def _goes_to_contact(mail: type[Delivery], campaign: Campaign, mails: Sequence[Other]) -> ColumnElement[bool]:
    return and_(
        mail.touch_id.in_([found.touch_id for found in mails]),
        mail.contact_id == Contact.id,
        mail.partner_id == campaign.partner_id,
        mail.message_class == MessageClass.MARKETING,
    )
