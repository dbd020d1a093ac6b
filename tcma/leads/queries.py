"""Leads as their owner and their vendor may see them; what led to them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tcma.audiences.models import Contact
from tcma.errors import NotFound
from tcma.launches import clicks
from tcma.launches.deliveries import Delivery, TouchEvent, TouchEventKind
from tcma.launches.models import Campaign, CampaignTouch
from tcma.leads.attribution import Happening
from tcma.leads.models import Lead, LeadAnswer, LeadPerson, LeadStep, LeadTransition, Stage
from tcma.viewer import OrganisationKind, Viewer

IN_MAIL = (TouchEventKind.CLICKED, TouchEventKind.REPLIED)  # named by the mail, the others by the page
OF_WEBINAR = (TouchEventKind.REGISTERED, TouchEventKind.ATTENDED)
PATH_KINDS = (
    TouchEventKind.VISITED,
    TouchEventKind.SUBMITTED,
    TouchEventKind.REPLIED,
    TouchEventKind.REGISTERED,
    TouchEventKind.ATTENDED,
)  # beside clicks by people
KEPT_EVENTS = 500


@dataclass(frozen=True, slots=True)
class LeadLine:
    """One line of an inbox."""

    lead: Lead
    person: str
    people_count: int


def find_lead(session: Session, viewer: Viewer, public_id: UUID, *, lock: bool = False) -> Lead:
    """The viewer's lead: its owner's, or one of the vendor's programme (without personal data)."""
    wanted = _of(viewer).where(Lead.public_id == public_id)
    lead = session.scalar(wanted.with_for_update(of=Lead) if lock else wanted)
    if lead is None:
        raise NotFound("There is no such lead.")
    return lead


def leads_for(
    session: Session,
    viewer: Viewer,
    *,
    stage: Stage | None = None,
    before: Lead | None = None,
    limit: int = 50,
) -> list[LeadLine]:
    """The newest leads first; `before` is the last one of the page shown before this one."""
    wanted = _of(viewer).order_by(Lead.created_at.desc(), Lead.id.desc()).limit(limit)
    if viewer.kind is OrganisationKind.PARTNER:
        wanted = wanted.options(joinedload(Lead.company))
    if stage is not None:
        wanted = wanted.where(Lead.stage == stage)
    if before is not None:
        wanted = wanted.where(
            (Lead.created_at < before.created_at)
            | ((Lead.created_at == before.created_at) & (Lead.id < before.id))
        )
    leads = list(session.scalars(wanted))
    people = _first_people(session, [lead.id for lead in leads])
    return [LeadLine(lead, *people.get(lead.id, ("", 0))) for lead in leads]


def people_of(session: Session, lead: Lead) -> list[LeadPerson]:
    """The people the viewer may see: all for the owner, the disclosed ones for the vendor."""
    return list(
        session.scalars(select(LeadPerson).where(LeadPerson.lead_id == lead.id).order_by(LeadPerson.id))
    )


def answers_of(session: Session, lead: Lead) -> list[LeadAnswer]:
    return list(
        session.scalars(select(LeadAnswer).where(LeadAnswer.lead_id == lead.id).order_by(LeadAnswer.id))
    )


def find_answer(session: Session, answer_id: int, *, lock: bool = False) -> LeadAnswer:
    """An answer in which something was ticked."""
    wanted = select(LeadAnswer).where(LeadAnswer.id == answer_id)
    answer = session.scalar(wanted.with_for_update() if lock else wanted)
    if answer is None or not answer.consents:
        raise NotFound("This link does not lead to an answer any more.")
    return answer


def steps_of(session: Session, lead: Lead) -> list[LeadStep]:
    return list(
        session.scalars(select(LeadStep).where(LeadStep.lead_id == lead.id).order_by(LeadStep.position))
    )


def transitions_of(session: Session, lead: Lead) -> list[LeadTransition]:
    """Every move in its order, also those taken back; see `transitions.standing`."""
    return list(
        session.scalars(
            select(LeadTransition).where(LeadTransition.lead_id == lead.id).order_by(LeadTransition.id)
        )
    )


def happenings(session: Session, campaign: Campaign, contact: Contact, *, since: datetime) -> list[Happening]:
    """What this person did in this partner's campaigns for this vendor, machines left out."""
    site, talk = _page_named("microsite"), _page_named("webinar")
    page = case((TouchEvent.kind.in_(OF_WEBINAR), talk), else_=func.coalesce(site, talk))
    rows = session.execute(
        select(TouchEvent.kind, CampaignTouch.name, page, TouchEvent.at)
        .join(Delivery, Delivery.id == TouchEvent.delivery_id)
        .join(CampaignTouch, CampaignTouch.id == Delivery.touch_id)
        .join(Campaign, Campaign.id == TouchEvent.campaign_id)
        .where(
            Delivery.contact_id == contact.id,
            Delivery.partner_id == campaign.partner_id,
            Campaign.vendor_id == campaign.vendor_id,
            or_(
                clicks.by_person(),
                and_(TouchEvent.kind.in_(PATH_KINDS), TouchEvent.machine.is_(False)),
            ),
            TouchEvent.at >= since,
        )
        .order_by(TouchEvent.at, TouchEvent.id)
        .limit(KEPT_EVENTS)
    )
    return [
        Happening(kind, touch if kind in IN_MAIL else site or touch, at) for kind, touch, site, at in rows
    ]


def _page_named(kind: str) -> ScalarSelect[str]:
    return (
        select(CampaignTouch.name)
        .where(CampaignTouch.campaign_id == TouchEvent.campaign_id, CampaignTouch.kind == kind)
        .limit(1)
        .correlate(TouchEvent)
        .scalar_subquery()
    )


def own_delivery(
    session: Session, campaign: Campaign, contact: Contact, delivery_id: int | None
) -> int | None:
    """`delivery_id`, if that mail of this campaign went to this very person: who was forwarded one is
    somebody else."""
    if delivery_id is None:
        return None
    return session.scalar(
        select(Delivery.id).where(
            Delivery.id == delivery_id,
            Delivery.campaign_id == campaign.id,
            Delivery.contact_id == contact.id,
        )
    )


def asked_to_confirm(session: Session, owner_id: int, address: str, since: datetime) -> bool:
    """Whether this address got a request to confirm from this partner after `since`."""
    consents = session.scalars(
        select(LeadAnswer.consents)
        .join(LeadPerson, LeadPerson.id == LeadAnswer.person_id)
        .where(LeadPerson.owner_id == owner_id, LeadPerson.address == address, LeadAnswer.created_at > since)
    )
    return any(ticked["asked"] for answered in consents for ticked in answered)


def _of(viewer: Viewer) -> Select[Lead]:
    mine = Lead.vendor_id if viewer.kind is OrganisationKind.VENDOR else Lead.owner_id
    return select(Lead).where(mine == viewer.organisation_id)


def _first_people(session: Session, lead_ids: list[int]) -> dict[int, tuple[str, int]]:
    """By lead: the name of the first person the viewer may see, and how many there are."""
    counted = (
        select(LeadPerson.lead_id, func.min(LeadPerson.id).label("first"), func.count().label("people"))
        .where(LeadPerson.lead_id.in_(lead_ids))
        .group_by(LeadPerson.lead_id)
        .subquery()
    )
    rows = session.execute(
        select(LeadPerson.lead_id, LeadPerson.name, counted.c.people).join(
            counted, counted.c.first == LeadPerson.id
        )
    )
    return {lead_id: (name, people) for lead_id, name, people in rows}
