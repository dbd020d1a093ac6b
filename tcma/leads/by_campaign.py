"""What came of campaigns as leads: how many, how far they got, and whose they are among its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, distinct, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from tcma.launches.models import Campaign
from tcma.leads.dealings import Deed
from tcma.leads.models import Lead, LeadAnswer, LeadPerson, LeadTransition, Stage
from tcma.viewer import Viewer

_S = Stage


class Reached(StrEnum):
    """How far a lead got, whatever became of it afterwards; each is within the one before."""

    ACCEPTED = "accepted"
    QUALIFIED = "qualified"
    WON = "won"


_WON = (_S.WON,)
_QUALIFIED = (_S.QUALIFIED, _S.OPPORTUNITY, *_WON)
_PASSED = {
    Reached.ACCEPTED: (_S.ACCEPTED, _S.CONTACTED, *_QUALIFIED),
    Reached.QUALIFIED: _QUALIFIED,
    Reached.WON: _WON,
}


@dataclass(frozen=True, slots=True)
class Course:
    """Leads of one campaign by how far they got; each part is within the one before."""

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
    leads = (
        select(*(has_reached(step).label(step.value) for step in Reached))
        .where(Lead.owner_id == viewer.organisation_id, Lead.campaign_id == campaign.id)
        .subquery()
    )
    row = session.execute(
        select(func.count(), *(func.count().filter(leads.c[step.value]) for step in Reached)).select_from(
            leads
        )
    ).one()
    return Course(*(int(count) for count in row))


def has_reached(step: Reached) -> ColumnElement[bool]:
    """Of `Lead`: its history passed there. What was taken back does not count, nor the rungs a lead that was lost
    out of hand is led up: nobody accepted it."""
    passed, other = aliased(LeadTransition), aliased(LeadTransition)
    void = exists().where(
        other.lead_id == passed.lead_id,
        or_(
            other.undoes_key == passed.deed_key,
            and_(other.deed_key == passed.deed_key, other.deed == Deed.LOST),
        ),
    )
    return exists().where(passed.lead_id == Lead.id, passed.to_stage.in_(_PASSED[step]), ~void)


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
