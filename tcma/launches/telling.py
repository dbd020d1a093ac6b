"""What the people who run campaigns are told: what stopped, and what goes out tomorrow."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import addresses, clock
from tcma.db import Database
from tcma.jobs import rows
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, TouchStatus
from tcma.notices import service as notices
from tcma.notices.kinds import NoticeKind
from tcma.organisations.models import Organisation
from tcma.organisations.recipients import people_with
from tcma.viewer import Role

WHO_RUNS_CAMPAIGNS = (Role.MARKETER, Role.OWNER)
EMAIL = "email"
FROM_HOUR = 9  # of the day before, by the campaign's clock
_LOOK_AHEAD = timedelta(hours=48)


def stopped(
    session: Session, campaign: Campaign, touch: CampaignTouch | None = None, *, count: int = 0, of: int = 0
) -> None:
    """Called where the product stops a campaign: by which mail, and where figures stopped it, `count` of `of`."""
    assert campaign.stop_reason is not None
    session.flush()
    partner = session.get_one(Organisation, campaign.partner_id)
    notices.tell(
        session,
        NoticeKind.CAMPAIGN_STOPPED,
        people_with(session, campaign.partner_id, *WHO_RUNS_CAMPAIGNS),
        f"campaign:{campaign.id}:{clock.now(session).astimezone(UTC):%Y%m%d%H%M%S}",
        {
            "campaign": campaign.name,
            "what": campaign.stop_reason.value,
            "mail": touch.name if touch else "",
            "due_at": (touch.due_at if touch else None) or "",
            "count": count,
            "of": of,
            "waiting": _waiting(session, campaign),
        },
        addresses.campaign(partner.slug, campaign.public_id),
    )


def tell_tomorrow(database: Database) -> int:
    """Mails of running campaigns that go out on the next day of their campaign's calendar; told once for each
    time they are given, never on the day the campaign was launched. How many were looked at."""
    return len(rows.each(database, _due_soon, _tell_if_tomorrow))


def _due_soon(session: Session) -> Sequence[int]:
    now = clock.now(session)
    return session.scalars(
        select(CampaignTouch.id)
        .join(Campaign, Campaign.id == CampaignTouch.campaign_id)
        .where(
            CampaignTouch.kind == EMAIL,
            CampaignTouch.status == TouchStatus.PENDING,
            CampaignTouch.due_at.between(now, now + _LOOK_AHEAD),
            Campaign.status.in_((CampaignStatus.SCHEDULED, CampaignStatus.RUNNING)),
        )
        .order_by(CampaignTouch.id)
    ).all()


def _tell_if_tomorrow(session: Session, touch_id: int) -> bool:
    touch = session.get_one(CampaignTouch, touch_id)
    campaign = session.get_one(Campaign, touch.campaign_id)
    now = clock.now(session)
    if not touch.waiting_count or not _is_tomorrow(touch.due_at, campaign, now):
        return False
    partner = session.get_one(Organisation, campaign.partner_id)
    assert touch.due_at is not None
    notices.tell(
        session,
        NoticeKind.MAIL_TOMORROW,
        people_with(session, campaign.partner_id, *WHO_RUNS_CAMPAIGNS),
        f"touch:{touch.id}:{touch.due_at.astimezone(UTC):%Y%m%d%H%M}",
        {
            "campaign": campaign.name,
            "mail": touch.name,
            "people": touch.waiting_count,
            "is_conditional": "yes" if touch.condition else "",
            "sends_at": touch.due_at,
        },
        addresses.campaign(partner.slug, campaign.public_id),
    )
    return True


def _is_tomorrow(due_at: datetime | None, campaign: Campaign, now: datetime) -> bool:
    zone = ZoneInfo(campaign.timezone)
    here = now.astimezone(zone)
    if due_at is None or here.hour < FROM_HOUR:
        return False
    if campaign.launched_at is not None and campaign.launched_at.astimezone(zone).date() == here.date():
        return False  # whoever launched it today has just read it
    return due_at.astimezone(zone).date() == here.date() + timedelta(days=1)


def _waiting(session: Session, campaign: Campaign) -> int:
    """How many people the mails that were going out, or should have, did not reach yet."""
    stopped_touches = (TouchStatus.RUNNING, TouchStatus.MISSED)
    return int(
        session.scalar(
            select(func.sum(CampaignTouch.queued_count + CampaignTouch.sending_count)).where(
                CampaignTouch.campaign_id == campaign.id, CampaignTouch.status.in_(stopped_touches)
            )
        )
        or 0
    )
