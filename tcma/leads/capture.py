"""A prospect's answer becomes, or joins, a lead of the partner whose page it was."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.kit import Engagement, LeadVisibility, Party, Sale
from campaigns.people import meanings
from campaigns.people.model import Person
from tcma import clock
from tcma.audiences import consents, contacts
from tcma.audiences.models import Basis
from tcma.audit import trail
from tcma.companies import service as companies
from tcma.launches import event_rows
from tcma.launches.deliveries import TouchEventKind
from tcma.launches.event_rows import EventRow
from tcma.launches.models import Campaign, CampaignTouch
from tcma.leads import attribution, episodes, queries, telling
from tcma.leads.models import Lead, LeadAnswer, LeadPerson

CONFIRM_EVERY = timedelta(days=1)  # at most one request to confirm per address and day


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
    """One form as it was sent. `request_key` names the opening of the page it was sent from."""

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
    delivery_id: int | None = None  # the mail whose link led here, or that was answered
    is_registration: bool = False  # for a webinar: the form was its page's
    is_reply: bool = False  # a mail that was written back: no form was seen, and the mail counts it already

    @property
    def fields(self) -> dict[str, str]:
        """What was typed, by field; empty ones left out."""
        given = {
            "email": self.address_typed,
            "name": self.name,
            "company": self.company,
            "employees": self.employees,
            "phone": self.phone,
            "message": self.message,
        }
        return {name: text for name, text in given.items() if text}

    @property
    def kind(self) -> TouchEventKind:
        if self.is_reply:
            return TouchEventKind.REPLIED
        return TouchEventKind.REGISTERED if self.is_registration else TouchEventKind.SUBMITTED

    @property
    def natural_key(self) -> str:
        """The same opening saying the same: a double click is one answer, a corrected address another."""
        said = [self.request_key, sorted(self.fields.items()), sorted(ticked.key for ticked in self.ticked)]
        return hashlib.blake2b(json.dumps(said).encode(), digest_size=32).hexdigest()


@dataclass(frozen=True, slots=True)
class KitFacts:
    """What the kit says about leads of its campaigns."""

    sale: Sale
    engagement: Engagement
    visibility: LeadVisibility


@dataclass(frozen=True, slots=True)
class Receipt:
    lead: Lead
    person: LeadPerson
    answer: LeadAnswer
    is_new_lead: bool
    is_repeat: bool
    asks_to_confirm: bool


def capture(
    session: Session,
    campaign: Campaign,
    touch: CampaignTouch,
    form: Form,
    kit: KitFacts,
    *,
    hash_key: bytes,
    may_ask: bool = True,
) -> Receipt:
    """Keep one answer on the page that is `touch`. The session belongs to the campaign's partner.
    `may_ask`: whether a mail can go that asks to confirm what was ticked.

    Sent again (double click, reload) the same form returns the first answer and changes nothing.
    """
    known = _answer(session, form)
    if known is not None:
        return _repeated(session, known)
    now = clock.now(session)
    company = companies.ensure(
        session,
        campaign.partner_id,
        name=form.company,
        address=form.address,
        employees=form.employees,
        hash_key=hash_key,
    )
    contact = contacts.ensure(
        session,
        partner_id=campaign.partner_id,
        person=_person(form),
        basis=Basis.NOT_SURE,  # marketing only after the confirmed consent; service mail needs none
        source=contacts.FORM,
        hash_key=hash_key,
    )
    own = queries.own_delivery(session, campaign, contact, form.delivery_id)
    kind = form.kind
    if not form.is_reply and not _record_submission(session, campaign, own, form, now):  # the other click won
        known = _answer(session, form)
        assert known is not None
        return _repeated(session, known)
    happened = queries.happenings(session, campaign, contact, since=now - attribution.WINDOW)
    if own is None or not happened:  # nothing of a reply is counted that could not be read, or came long ago
        happened.append(attribution.Happening(kind, touch.name, now))
    steps = attribution.path(happened, now)
    lead, is_new = episodes.open_lead(session, campaign, company, steps[0], kit.sale, kit.engagement, now)
    person = episodes.join(session, lead, contact, name=form.name, phone=form.phone, now=now)
    asks = (
        may_ask
        and bool(form.ticked)
        and not queries.asked_to_confirm(session, campaign.partner_id, form.address, now - CONFIRM_EVERY)
    )
    told = kit.visibility is LeadVisibility.NAMED_BY_NOTICE and not form.is_reply  # a form names both firms
    disclosed = now if told else None
    person.disclosed_at = person.disclosed_at or disclosed
    answer = LeadAnswer(
        lead_id=lead.id,
        person_id=person.id,
        owner_id=lead.owner_id,
        vendor_id=lead.vendor_id,
        campaign_id=campaign.id,
        request_key=form.natural_key,
        page=form.page,
        fields=form.fields,
        consents=[_consent(ticked, kit.visibility, asks) for ticked in form.ticked],
        disclosed_at=disclosed,
        created_at=now,
    )
    session.add(answer)
    if not form.is_reply:
        touch.answered_count = CampaignTouch.answered_count + 1
    episodes.add_steps(session, lead, steps)
    if is_new:
        session.flush()
        telling.tell_new(session, lead, person, answer)
    trail.record(
        session, None, "lead.answered", lead, {"answer_id": answer.id}, organisation_id=lead.owner_id
    )
    return Receipt(lead, person, answer, is_new, False, asks)


def _answer(session: Session, form: Form) -> LeadAnswer | None:
    return session.scalar(select(LeadAnswer).where(LeadAnswer.request_key == form.natural_key))


def _repeated(session: Session, answer: LeadAnswer) -> Receipt:
    lead = session.get_one(Lead, answer.lead_id)
    person = session.get_one(LeadPerson, answer.person_id)
    asked = any(ticked["asked"] for ticked in answer.consents)
    return Receipt(lead, person, answer, False, True, asked)


def _person(form: Form) -> Person:
    first_name, last_name = meanings.split_name(form.name)
    band = meanings.employees(form.employees)
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
    session: Session, campaign: Campaign, own: int | None, form: Form, now: datetime
) -> bool:
    """The answer as an event of the mail that led here, where that mail was this person's own; False when it
    was recorded before."""
    event = EventRow(
        campaign.partner_id,
        campaign.id,
        own,
        form.kind,
        now,
        identity=form.natural_key,
    )
    return bool(event_rows.append(session, [event]))


def _consent(ticked: Ticked, visibility: LeadVisibility, asked: bool) -> dict[str, Any]:
    return {
        "key": ticked.key,
        "version": ticked.version,
        "purpose": ticked.purpose,
        "party": ticked.party.value,
        "text": ticked.text,
        "discloses": ticked.purpose == consents.SHARING and visibility is not LeadVisibility.FIGURES,
        "asked": asked,
        "confirmed_at": None,
    }
