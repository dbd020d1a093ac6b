"""What a person does with a lead, what a prospect confirms, what time does to it."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.kit import Party
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences import consents
from tcma.audiences.models import Contact
from tcma.errors import Invalid, NotFound
from tcma.launches.deliveries import TouchEventKind
from tcma.leads import episodes, queries
from tcma.leads.models import Lead, LeadAnswer, LeadPerson, LeadSource, Stage
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role, Viewer

_DEEDS = {
    TouchEventKind.CLICKED.value: "their click in your message",
    TouchEventKind.VISITED.value: "their visit to your page",
}
_OPEN_TO_NURTURE = (Stage.NEW, Stage.ACCEPTED, Stage.CONTACTED, Stage.QUALIFIED)


def accept(session: Session, viewer: Viewer, public_id: UUID) -> Lead:
    return _move(session, viewer, public_id, Stage.ACCEPTED)


def contacted(session: Session, viewer: Viewer, public_id: UUID, note: str = "") -> Lead:
    return _move(session, viewer, public_id, Stage.CONTACTED, note)


def push_back(session: Session, viewer: Viewer, public_id: UUID, reason: str) -> Lead:
    """Back to whoever generated the lead; the reason is required."""
    return _move(session, viewer, public_id, Stage.PUSHED_BACK, _required(reason))


def disqualify(session: Session, viewer: Viewer, public_id: UUID, reason: str) -> Lead:
    return _move(session, viewer, public_id, Stage.DISQUALIFIED, _required(reason))


def confirm(session: Session, answer_id: int, asked_hash: bytes, *, hash_key: bytes) -> LeadAnswer:
    """The person pressed the button of the confirmation mail: what was ticked counts from now on.

    It counts for the address that answered, and only from a mail that went there (`asked_hash`): a contact
    whose address was changed in between says nothing for the person who ticked. Pressing again changes nothing.
    A ticked agreement to share names the person to the vendor.
    """
    answer = queries.find_answer(session, answer_id, lock=True)
    person = session.get_one(LeadPerson, answer.person_id)
    contact = session.get(Contact, person.contact_id) if person.contact_id is not None else None
    address_hash = person_key(hash_key, person.address)
    if contact is None or contact.deleted_at is not None or asked_hash != address_hash:
        raise NotFound("This link does not lead to an answer any more.")
    now = clock.now(session)
    for number, ticked in enumerate(answer.consents):
        if ticked["confirmed_at"]:
            continue
        party = answer.vendor_id if ticked["party"] == Party.VENDOR else answer.owner_id
        consents.record(
            session,
            partner_id=answer.owner_id,
            address_hash=address_hash,
            party_id=party,
            purpose=ticked["purpose"],
            given=True,
            wording_version=str(ticked["version"]),
            wording=ticked["text"],
            how="form_confirmed",
            natural_key=f"answer:{answer.id}:{number}",
            at=now,
        )
        if ticked["discloses"]:
            answer.disclosed_at = answer.disclosed_at or now
            person.disclosed_at = person.disclosed_at or now
    answer.consents = [
        {**ticked, "confirmed_at": ticked["confirmed_at"] or now.isoformat()} for ticked in answer.consents
    ]
    return answer


def why(session: Session, lead: Lead) -> str:
    """One plain sentence on why this lead is its owner's, with the day as the owner's clock had it."""
    steps = queries.steps_of(session, lead)
    owner = session.get_one(Organisation, lead.owner_id)
    at = lead.first_touch_at.astimezone(ZoneInfo(owner.timezone))
    day = f"{at.day} {at:%B %Y}"
    if not steps or lead.first_touch_kind == TouchEventKind.SUBMITTED:
        return f"They answered the form on your page on {day}, without an earlier touch in 90 days."
    deed = _DEEDS.get(lead.first_touch_kind, "your message")
    return (
        f"The first touch in the last 90 days was {deed} “{steps[0].touch_name}” on {day}."
        " Rule: first partner touch, 90 days."
    )


def end_shelf_lives(session: Session, limit: int = 500) -> int:
    """Leads past their shelf life: the partner's own go to its nurture where consent covers it and stay
    with it otherwise; vendor-sourced ones are left to their rule of return. How many moved."""
    covered = (
        select(LeadPerson.id)
        .join(Contact, Contact.id == LeadPerson.contact_id)
        .where(
            LeadPerson.lead_id == Lead.id,
            Contact.deleted_at.is_(None),
            consents.latest_given(Contact, Lead.owner_id.expression),
        )
    )
    due = session.scalars(
        select(Lead)
        .where(
            Lead.closed_at.is_(None),
            Lead.stage.in_(_OPEN_TO_NURTURE),
            Lead.source == LeadSource.PARTNER_SOURCED,
            Lead.shelf_life_until <= clock.now(session),
            covered.exists(),
        )
        .order_by(Lead.shelf_life_until)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Lead)
    ).all()
    for lead in due:
        reason = "Its shelf life is over; consent covers the nurture."
        episodes.transit(session, None, lead, Stage.NURTURING, reason)
    return len(due)


def _move(session: Session, viewer: Viewer, public_id: UUID, stage: Stage, reason: str = "") -> Lead:
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER, Role.SALES)
    lead = queries.find_lead(session, viewer, public_id, lock=True)
    episodes.transit(session, viewer, lead, stage, reason)
    return lead


def _required(reason: str) -> str:
    text = " ".join(reason.split())[:500]
    if not text:
        raise Invalid("Say why, in a few words.", {"reason": "A reason is needed."})
    return text
