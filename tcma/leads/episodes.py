"""The open episode of a company: begun by the first answer, joined by the next ones, moved through its stages."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.kit import Engagement, Sale
from tcma.audiences.models import Contact
from tcma.columns import new_public_id
from tcma.companies.models import Company
from tcma.db import insert_into
from tcma.launches.models import Campaign
from tcma.leads import attribution, clocks, queries, shelf_life, transitions
from tcma.leads.dealings import Deed
from tcma.leads.models import Grade, Lead, LeadPerson, LeadSource, LeadStep, Stage

SOURCES = {
    Engagement.PARTNER_MANAGED: LeadSource.PARTNER_SOURCED,
    Engagement.FUNDED: LeadSource.PARTNER_SOURCED,
    Engagement.JOINT: LeadSource.JOINT,
    Engagement.TRIAL: LeadSource.JOINT,
}


def open_lead(
    session: Session,
    campaign: Campaign,
    company: Company,
    first: attribution.Step,
    sale: Sale,
    engagement: Engagement,
    now: datetime,
) -> tuple[Lead, bool]:
    """The open lead of this company with the campaign's vendor, locked, and whether it was begun here.

    An answer makes a lead fresh again: its shelf life runs anew, and one in nurture comes back as new.
    """
    made = session.execute(
        insert_into(session, Lead)
        .values(
            public_id=new_public_id(),
            owner_id=campaign.partner_id,
            vendor_id=campaign.vendor_id,
            company_id=company.id,
            campaign_id=campaign.id,
            source=SOURCES[engagement],
            stage=Stage.NEW,
            grade=Grade.INQUIRY,
            sale=sale,
            is_returnable=False,
            holder_id=campaign.answerer_id,
            first_touch_at=first.at,
            first_touch_kind=first.kind,
            attribution_rule=attribution.RULE,
            shelf_life_until=now,
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(
            index_elements=["owner_id", "vendor_id", "company_id"], index_where=Lead.closed_at.is_(None)
        )
        .returning(Lead.__table__.c.id)
    ).scalar()
    lead = session.scalars(
        select(Lead)
        .where(
            Lead.owner_id == campaign.partner_id,
            Lead.vendor_id == campaign.vendor_id,
            Lead.company_id == company.id,
            Lead.closed_at.is_(None),
        )
        .with_for_update(of=Lead)
    ).one()
    shelf_life.renew(lead, now, clocks.calendar_for(session, lead))
    lead.updated_at = now
    if made is not None:
        transitions.began(session, lead, now)
    elif lead.stage is Stage.NURTURING:
        transitions.perform(session, None, lead, Deed.ANSWERED_AGAIN, Stage.NEW)
    return lead, made is not None


def join(
    session: Session, lead: Lead, contact: Contact, *, name: str, phone: str, now: datetime
) -> LeadPerson:
    """The person within the lead, added on the first answer."""
    session.execute(
        insert_into(session, LeadPerson)
        .values(
            lead_id=lead.id,
            owner_id=lead.owner_id,
            vendor_id=lead.vendor_id,
            contact_id=contact.id,
            address=contact.address,
            name=name[:160],
            phone=phone[:40],
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["lead_id", "address"])
    )
    person = session.scalars(
        select(LeadPerson).where(LeadPerson.lead_id == lead.id, LeadPerson.address == contact.address)
    ).one()
    person.phone = person.phone or phone[:40]
    return person


def add_steps(session: Session, lead: Lead, steps: Sequence[attribution.Step]) -> None:
    """Freeze what is new of one person's path behind what the lead has already. The lead is locked."""
    before = queries.steps_of(session, lead)
    known = {(step.kind, step.touch_name, step.at) for step in before}
    position = before[-1].position if before else 0
    new = [step for step in steps if (step.kind, step.touch_name, step.at) not in known]
    for number, step in enumerate(new):
        session.add(
            LeadStep(
                lead_id=lead.id,
                owner_id=lead.owner_id,
                vendor_id=lead.vendor_id,
                position=position + number + 1,
                kind=step.kind,
                touch_name=step.touch_name,
                count=step.count,
                first_of_person=number == 0 and len(new) == len(steps),
                at=step.at,
            )
        )
    session.flush()
