"""Nobody gets more than one campaign in seven days: who had another lately."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from tcma.audiences.models import Contact
from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch

WINDOW = timedelta(days=7)

_WAITING = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)
_LIVE = (CampaignStatus.SCHEDULED, CampaignStatus.RUNNING, CampaignStatus.PAUSED, CampaignStatus.STOPPED)


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
