"""One person among a partner's contacts: lists, what was agreed to, what stops mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.mail_choice import Chosen
from tcma.audiences import eligible, preferences, queries
from tcma.audiences.models import (
    Basis,
    Consent,
    Contact,
    ContactImport,
    ContactList,
    ListMember,
    PartnerSuppression,
)
from tcma.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Place:
    """A list the person is on, and how they came there."""

    audience: ContactList
    basis: Basis
    source: str
    file_name: str | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """`obstacle` says why no mail reaches the person through the list asked about; None when it does."""

    contact: Contact
    places: Sequence[Place]
    consents: Sequence[Consent]
    suppressions: Sequence[PartnerSuppression]
    obstacle: str | None
    chosen: Chosen  # how much mail the person wants


def find(session: Session, viewer: Viewer, list_id: UUID, public_id: UUID) -> Person:
    """A person seen from one of the partner's lists: at most twelve statements."""
    here = queries.find_list(session, viewer, list_id)
    contact = queries.find_contact(session, viewer, public_id)
    partner_id = viewer.organisation_id
    places = session.execute(
        select(ContactList, ListMember.basis, ListMember.source, ContactImport.file_name, ListMember.added_at)
        .join(ListMember, ListMember.list_id == ContactList.id)
        .outerjoin(ContactImport, ContactImport.id == ListMember.import_id)
        .where(
            ContactList.partner_id == partner_id,
            ContactList.deleted_at.is_(None),
            ListMember.partner_id == partner_id,
            ListMember.contact_id == contact.id,
        )
        .order_by(ContactList.name)
    )
    consents = session.scalars(
        select(Consent)
        .where(Consent.partner_id == partner_id, Consent.address_hash == contact.address_hash)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(50)
    )
    suppressions = session.scalars(
        select(PartnerSuppression)
        .where(
            PartnerSuppression.partner_id == partner_id,
            PartnerSuppression.address_hash == contact.address_hash,
        )
        .order_by(PartnerSuppression.at)
    )
    return Person(
        contact=contact,
        places=[Place(*row) for row in places],
        consents=consents.all(),
        suppressions=suppressions.all(),
        obstacle=eligible.explain(session, contact.id, here.id),
        chosen=preferences.find(session, partner_id, contact.address_hash),
    )
