"""Search or jump: kits, campaigns and leads of one partner by any part of their names, people by the beginning."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from tcma.audiences.models import Contact, ContactList, ListMember
from tcma.companies.models import Company
from tcma.kits.models import Kit, KitVersion
from tcma.kits.queries import open_to
from tcma.launches.models import Campaign, CampaignStatus
from tcma.leads.models import Lead, LeadPerson
from tcma.organisations.models import Organisation
from tcma.viewer import Role, Viewer

MOST = 5  # of one kind
SHORTEST = 2  # letters
LONGEST = 100
_WORKS_LEADS = {Role.OWNER, Role.MARKETER, Role.SALES, Role.READER}
_WORKS_LISTS = {Role.OWNER, Role.MARKETER, Role.READER}


class HitKind(StrEnum):
    LEAD = "lead"
    CAMPAIGN = "campaign"
    KIT = "kit"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Hit:
    """`path` is under the partner's address; `detail` stands beside the title."""

    kind: HitKind
    title: str
    detail: str
    path: str


def hits_for(session: Session, viewer: Viewer, typed: str) -> list[Hit]:
    """At most five of each kind the viewer works with, by name. At most four statements; none for less than two
    letters."""
    words = " ".join(typed.split())[:LONGEST]
    if len(words) < SHORTEST:
        return []
    found: list[Hit] = []
    if viewer.roles & _WORKS_LEADS:
        found += _leads(session, viewer, words)
    found += _campaigns(session, viewer, words)
    found += _kits(session, viewer, words)
    if viewer.roles & _WORKS_LISTS:
        found += _people(session, viewer, words)
    return found


def _leads(session: Session, viewer: Viewer, words: str) -> list[Hit]:
    person = (
        select(LeadPerson.name)
        .where(LeadPerson.lead_id == Lead.id)
        .order_by(LeadPerson.id)
        .limit(1)
        .correlate(Lead)
        .scalar_subquery()
    )
    people = select(LeadPerson.lead_id).where(
        LeadPerson.owner_id == viewer.organisation_id,
        or_(_has_word(LeadPerson.name, words), _begins(LeadPerson.address, words)),
    )
    rows = session.execute(
        select(Lead.public_id, Company.name, person)
        .join(Company, Company.id == Lead.company_id)
        .where(
            Lead.owner_id == viewer.organisation_id,
            or_(_has_word(Company.name, words), Lead.id.in_(people)),
        )
        .order_by(Lead.closed_at.is_not(None), Lead.id.desc())
        .limit(MOST)
    )
    return [Hit(HitKind.LEAD, company, name or "", f"leads/{public_id}") for public_id, company, name in rows]


def _campaigns(session: Session, viewer: Viewer, words: str) -> list[Hit]:
    rows = session.execute(
        select(Campaign.public_id, Campaign.name, Organisation.name)
        .join(Organisation, Organisation.id == Campaign.vendor_id)
        .where(
            Campaign.partner_id == viewer.organisation_id,
            or_(Campaign.status != CampaignStatus.CANCELLED, Campaign.launched_at.is_not(None)),
            _has_word(Campaign.name, words),
        )
        .order_by(Campaign.id.desc())
        .limit(MOST)
    )
    return [Hit(HitKind.CAMPAIGN, name, vendor, f"campaigns/{public_id}") for public_id, name, vendor in rows]


def _kits(session: Session, viewer: Viewer, words: str) -> list[Hit]:
    rows = session.execute(
        select(Kit.public_id, Kit.name, Organisation.name)
        .join(KitVersion, KitVersion.kit_id == Kit.id)
        .join(Organisation, Organisation.id == Kit.vendor_id)
        .where(open_to(viewer.organisation_id), _has_word(Kit.name, words))
        .order_by(Kit.name)
        .limit(MOST)
    )
    return [Hit(HitKind.KIT, name, vendor, f"kits/{public_id}") for public_id, name, vendor in rows]


def _people(session: Session, viewer: Viewer, words: str) -> list[Hit]:
    """People of lists, each on the first list they are on; one on no list any more has no page."""
    place = (
        select(ContactList.public_id)
        .join(ListMember, ListMember.list_id == ContactList.id)
        .where(ListMember.contact_id == Contact.id, ContactList.deleted_at.is_(None))
        .order_by(ContactList.id)
        .limit(1)
        .correlate(Contact)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Contact, place)
        .where(
            Contact.partner_id == viewer.organisation_id,
            Contact.deleted_at.is_(None),
            place.is_not(None),
            or_(
                _begins(Contact.last_name, words),
                _begins(Contact.first_name + " " + Contact.last_name, words),
                Contact.address.startswith(words.lower(), autoescape=True),
                _begins(Contact.company, words),
            ),
        )
        .order_by(Contact.last_name, Contact.id)
        .limit(MOST)
    )
    return [
        Hit(
            HitKind.PERSON,
            f"{contact.first_name} {contact.last_name}".strip() or contact.address_typed,
            contact.company or contact.address_typed,
            f"audiences/{audience}/people/{contact.public_id}",
        )
        for contact, audience in rows
    ]


def _begins(column: Any, words: str) -> ColumnElement[bool]:
    return func.lower(column).startswith(words.lower(), autoescape=True)


def _has_word(column: Any, words: str) -> ColumnElement[bool]:
    """The words stand somewhere in the name, also inside of a longer word."""
    return func.lower(column).contains(words.lower(), autoescape=True)
