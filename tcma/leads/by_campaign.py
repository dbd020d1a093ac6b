"""What came of campaigns as leads: how many, how far they got, and whose they are among its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from tcma.launches.models import Campaign
from tcma.leads.models import Lead, LeadAnswer, LeadPerson, Stage
from tcma.viewer import Viewer

_S = Stage
_QUALIFIED = (_S.QUALIFIED, _S.OPPORTUNITY, _S.WON, _S.LOST)
_ACCEPTED = (_S.ACCEPTED, _S.CONTACTED, *_QUALIFIED)


@dataclass(frozen=True, slots=True)
class Course:
    """Leads of one campaign by how far they stand today; each part is within the one before."""

    leads: int
    accepted: int
    qualified: int
    won: int


def lead_counts(session: Session, viewer: Viewer, campaign_ids: Sequence[int]) -> dict[int, int]:
    """Leads that began with these campaigns, by campaign; one statement."""
    rows = session.execute(
        select(Lead.campaign_id, func.count())
        .where(Lead.owner_id == viewer.organisation_id, Lead.campaign_id.in_(campaign_ids))
        .group_by(Lead.campaign_id)
    )
    return {int(campaign_id): int(count) for campaign_id, count in rows if campaign_id is not None}


def course_of(session: Session, viewer: Viewer, campaign: Campaign) -> Course:
    """One statement."""
    row = session.execute(
        select(
            func.count(),
            func.count().filter(Lead.stage.in_(_ACCEPTED)),
            func.count().filter(Lead.stage.in_(_QUALIFIED)),
            func.count().filter(Lead.stage == _S.WON),
        ).where(Lead.owner_id == viewer.organisation_id, Lead.campaign_id == campaign.id)
    ).one()
    return Course(*(int(count) for count in row))


def people_who_answered(session: Session, viewer: Viewer, campaign: Campaign) -> int:
    """People with an answer on the campaign's page, each counted once; one statement."""
    found = session.scalar(
        select(func.count(distinct(LeadAnswer.person_id))).where(
            LeadAnswer.owner_id == viewer.organisation_id, LeadAnswer.campaign_id == campaign.id
        )
    )
    return int(found or 0)


def leads_of_people(
    session: Session, viewer: Viewer, campaign: Campaign, contact_ids: Sequence[int]
) -> dict[int, UUID]:
    """The lead each of these contacts answered into on the campaign's page; one statement."""
    rows = session.execute(
        select(LeadPerson.contact_id, Lead.public_id)
        .join(LeadAnswer, LeadAnswer.person_id == LeadPerson.id)
        .join(Lead, Lead.id == LeadPerson.lead_id)
        .where(
            LeadAnswer.campaign_id == campaign.id,
            LeadPerson.owner_id == viewer.organisation_id,
            LeadPerson.contact_id.in_(contact_ids),
        )
    )
    return {int(contact_id): public_id for contact_id, public_id in rows if contact_id is not None}
