"""A prospect's answer becomes, or joins, a lead of the partner whose page it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import people_values
from campaigns.calendar import working_hours
from campaigns.kit import Engagement, LeadVisibility, Party, Sale
from campaigns.people_model import Person
from tcma import clock
from tcma.audiences import contacts
from tcma.audiences.models import Basis, Contact
from tcma.audit import trail
from tcma.columns import new_public_id
from tcma.companies import service as companies
from tcma.companies.models import Company
from tcma.db import insert_into
from tcma.launches import event_rows
from tcma.launches.deliveries import TouchEventKind
from tcma.launches.event_rows import EventRow
from tcma.launches.models import Campaign, CampaignTouch
from tcma.leads import attribution, queries, shelf_life
from tcma.leads.models import (
    Grade,
    Lead,
    LeadAnswer,
    LeadPerson,
    LeadSource,
    LeadStep,
    LeadTransition,
    Stage,
)
from tcma.organisations.models import Organisation

CONFIRM_EVERY = timedelta(days=1)  # at most one request to confirm per address and day

SOURCES = {
    Engagement.PARTNER_MANAGED: LeadSource.PARTNER_SOURCED,
    Engagement.FUNDED: LeadSource.PARTNER_SOURCED,
    Engagement.JOINT: LeadSource.JOINT,
    Engagement.TRIAL: LeadSource.JOINT,
}


@dataclass(frozen=True, slots=True)
class Ticked:
    """A consent box that was ticked, with the wording as it was shown."""

    key: str
    version: str
    purpose: str
    party: Party
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """One form as it was sent. `request_key` is the form's own: the same form sent twice is one answer."""

    request_key: str
    page: str
    locale: str
    address: str  # normalised
    address_typed: str
    name: str
    company: str
    employees: str = ""
    phone: str = ""
    message: str = ""
    ticked: Sequence[Ticked] = field(default_factory=tuple)
    delivery_id: int | None = None  # the mail whose link led here


@dataclass(frozen=True, slots=True)
class KitFacts:
    """What the kit says about leads of its campaigns."""

    sale: Sale
    engagement: Engagement
    visibility: LeadVisibility


@dataclass(frozen=True, slots=True)
class Receipt:
    lead: Lead
    answer: LeadAnswer
    contact: Contact
    is_new_lead: bool
    is_repeat: bool
    asks_to_confirm: bool


def capture(
    session: Session, campaign: Campaign, touch: CampaignTouch, form: Form, kit: KitFacts, *, hash_key: bytes
) -> Receipt:
    """Keep one answer. The session belongs to the campaign's partner.

    Sent again (double click, reload) the same form returns the first receipt and changes nothing.
    """
    known = session.scalar(select(LeadAnswer).where(LeadAnswer.request_key == form.request_key))
    if known is not None:
        return _repeated(session, known)
    now = clock.now(session)
    company = companies.ensure(
        session,
        campaign.partner_id,
        name=form.company or form.address.rpartition("@")[2],
        address=form.address,
        employees=form.employees,
        hash_key=hash_key,
    )
    contact = contacts.ensure(
        session,
        partner_id=campaign.partner_id,
        person=_person(form),
        basis=Basis.NOT_SURE,  # marketing only after the confirmed consent; service mail needs none
        source="form",
        hash_key=hash_key,
    )
    _record_submission(session, campaign, contact, form, now)
    steps = attribution.path(
        queries.happenings(session, campaign, contact, since=now - attribution.WINDOW), now
    )
    lead, is_new = _open_lead(session, campaign, company, steps, kit, now)
    person = _join(session, lead, contact, form, now)
    asks = _may_ask_to_confirm(session, form, person, now)
    disclosed = now if kit.visibility is LeadVisibility.NAMED_BY_NOTICE else None
    if disclosed and person.disclosed_at is None:
        person.disclosed_at = disclosed
    answer = LeadAnswer(
        lead_id=lead.id,
        person_id=person.id,
        owner_id=lead.owner_id,
        vendor_id=lead.vendor_id,
        campaign_id=campaign.id,
        request_key=form.request_key,
        page=form.page,
        fields=_fields(form),
        consents=[_consent(ticked) for ticked in form.ticked],
        disclosed_at=disclosed,
        created_at=now,
    )
    session.add(answer)
    lead.updated_at = now
    touch.answered_count = CampaignTouch.answered_count + 1
    _add_steps(session, lead, steps)
    trail.record(
        session, None, "lead.answered", lead, {"answer_id": answer.id}, organisation_id=lead.owner_id
    )
    return Receipt(lead, answer, contact, is_new, False, asks)


def _person(form: Form) -> Person:
    first_name, last_name = people_values.split_name(form.name)
    band = people_values.employees(form.employees)
    return Person(
        address=form.address,
        address_typed=form.address_typed,
        first_name=first_name,
        last_name=last_name,
        company=form.company,
        employees=form.employees,
        employees_min=band.lowest,
        employees_max=band.highest,
        phone=form.phone,
        language=form.locale,
    )


def _record_submission(
    session: Session, campaign: Campaign, contact: Contact, form: Form, now: datetime
) -> None:
    """The answer as an event of the mail that led here, where that mail was this person's own."""
    own = queries.own_delivery(session, contact, form.delivery_id)
    event = EventRow(
        campaign.partner_id,
        campaign.id,
        own,
        TouchEventKind.SUBMITTED,
        now,
        identity=form.request_key,
    )
    event_rows.append(session, [event])


def _open_lead(
    session: Session,
    campaign: Campaign,
    company: Company,
    steps: Sequence[attribution.Step],
    kit: KitFacts,
    now: datetime,
) -> tuple[Lead, bool]:
    """The open episode of this company with this vendor; begun here unless there is one."""
    owner = session.get_one(Organisation, campaign.partner_id)
    calendar = working_hours(owner.timezone, owner.country)
    first = steps[0] if steps else attribution.Step(TouchEventKind.SUBMITTED, campaign.name, 1, now)
    values: dict[str, Any] = {
        "public_id": new_public_id(),
        "owner_id": campaign.partner_id,
        "vendor_id": campaign.vendor_id,
        "company_id": company.id,
        "campaign_id": campaign.id,
        "source": SOURCES[kit.engagement],
        "stage": Stage.NEW,
        "grade": Grade.INQUIRY,
        "first_touch_at": first.at,
        "first_touch_kind": first.kind,
        "attribution_rule": attribution.RULE,
        "shelf_life_until": shelf_life.ends_at(now, Grade.INQUIRY, kit.sale, calendar),
        "created_at": now,
        "updated_at": now,
    }
    made = session.execute(
        insert_into(session, Lead)
        .values(values)
        .on_conflict_do_nothing(
            index_elements=["owner_id", "vendor_id", "company_id"], index_where=Lead.closed_at.is_(None)
        )
        .returning(Lead.__table__.c.id)
    ).scalar()
    lead = session.scalars(
        select(Lead).where(
            Lead.owner_id == campaign.partner_id,
            Lead.vendor_id == campaign.vendor_id,
            Lead.company_id == company.id,
            Lead.closed_at.is_(None),
        )
    ).one()
    if made is not None:
        session.add(
            LeadTransition(
                lead_id=lead.id,
                owner_id=lead.owner_id,
                vendor_id=lead.vendor_id,
                from_stage=None,
                to_stage=Stage.NEW,
                at=now,
            )
        )
    return lead, made is not None


def _join(session: Session, lead: Lead, contact: Contact, form: Form, now: datetime) -> LeadPerson:
    """The person within the lead, added on the first answer."""
    session.execute(
        insert_into(session, LeadPerson)
        .values(
            lead_id=lead.id,
            owner_id=lead.owner_id,
            vendor_id=lead.vendor_id,
            contact_id=contact.id,
            address=form.address,
            name=form.name[:160],
            phone=form.phone[:40],
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["lead_id", "address"])
    )
    person = session.scalars(
        select(LeadPerson).where(LeadPerson.lead_id == lead.id, LeadPerson.address == form.address)
    ).one()
    person.phone = person.phone or form.phone[:40]
    return person


def _may_ask_to_confirm(session: Session, form: Form, person: LeadPerson, now: datetime) -> bool:
    """Whether the confirmation mail carries the button: a box was ticked, and this address was not asked
    within a day, so that nobody can be bombed with requests."""
    if not form.ticked:
        return False
    earlier = session.scalars(
        select(LeadAnswer).where(
            LeadAnswer.person_id == person.id, LeadAnswer.created_at > now - CONFIRM_EVERY
        )
    )
    return not any(answer.consents for answer in earlier)


def _add_steps(session: Session, lead: Lead, steps: Sequence[attribution.Step]) -> None:
    """Freeze what is new of this person's path behind what the lead has already."""
    session.flush()
    before = queries.steps_of(session, lead)
    known = {(step.kind, step.touch_name, step.at) for step in before}
    position = before[-1].position if before else 0
    for step in steps:
        if (step.kind, step.touch_name, step.at) in known:
            continue
        position += 1
        session.add(
            LeadStep(
                lead_id=lead.id,
                owner_id=lead.owner_id,
                vendor_id=lead.vendor_id,
                position=position,
                kind=step.kind,
                touch_name=step.touch_name,
                count=step.count,
                at=step.at,
            )
        )
    session.flush()


def _fields(form: Form) -> dict[str, str]:
    given = {
        "email": form.address_typed,
        "name": form.name,
        "company": form.company,
        "employees": form.employees,
        "phone": form.phone,
        "message": form.message,
    }
    return {name: text for name, text in given.items() if text}


def _consent(ticked: Ticked) -> dict[str, Any]:
    return {
        "key": ticked.key,
        "version": ticked.version,
        "purpose": ticked.purpose,
        "party": ticked.party.value,
        "text": ticked.text,
        "confirmed_at": None,
    }


def _repeated(session: Session, answer: LeadAnswer) -> Receipt:
    lead = session.get_one(Lead, answer.lead_id)
    person = session.get_one(LeadPerson, answer.person_id)
    contact = session.get_one(Contact, person.contact_id)
    return Receipt(lead, answer, contact, False, True, bool(answer.consents))
