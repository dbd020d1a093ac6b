"""What came of a campaign a day after its first mail, told once to those who run campaigns."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import addresses, clock
from tcma.db import Database
from tcma.jobs import rows
from tcma.launches.models import Campaign, CampaignTouch
from tcma.launches.telling import EMAIL, WHO_RUNS_CAMPAIGNS
from tcma.leads.models import Lead
from tcma.notices import service as notices
from tcma.notices.kinds import NoticeKind
from tcma.organisations.models import Organisation
from tcma.organisations.recipients import people_with

AFTER, UNTIL = timedelta(hours=24), timedelta(hours=72)  # a worker that was away for two days forgets none


def tell_first_results(database: Database) -> int:
    """Campaigns whose first mail went a day ago; told once for each. How many were looked at."""
    return len(rows.each(database, _a_day_old, _tell))


def _a_day_old(session: Session) -> Sequence[int]:
    now = clock.now(session)
    out = CampaignTouch.sent_count + CampaignTouch.delivered_count + CampaignTouch.bounced_count
    return session.scalars(
        select(CampaignTouch.campaign_id)
        .where(CampaignTouch.kind == EMAIL, out > 0)
        .group_by(CampaignTouch.campaign_id)
        .having(func.min(CampaignTouch.due_at).between(now - UNTIL, now - AFTER))
        .order_by(CampaignTouch.campaign_id)
    ).all()


def _tell(session: Session, campaign_id: int) -> None:
    campaign = session.get_one(Campaign, campaign_id)
    partner = session.get_one(Organisation, campaign.partner_id)
    touches = session.scalars(select(CampaignTouch).where(CampaignTouch.campaign_id == campaign_id)).all()
    mails = [touch for touch in touches if touch.kind == EMAIL]
    leads = session.scalar(select(func.count()).where(Lead.campaign_id == campaign_id))
    notices.tell(
        session,
        NoticeKind.FIRST_RESULTS,
        people_with(session, campaign.partner_id, *WHO_RUNS_CAMPAIGNS),
        f"campaign:{campaign_id}",
        {
            "campaign": campaign.name,
            "sent": sum(touch.out_count for touch in mails),
            "clicked": sum(touch.clicked_count for touch in mails),
            "answered": sum(touch.answered_count for touch in touches),
            "leads": leads or 0,
        },
        addresses.campaign(partner.slug, campaign.public_id),
    )
