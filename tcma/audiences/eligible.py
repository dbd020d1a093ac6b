"""Who may be written to: one SQL expression, and the same rule told in a sentence.

Marketing reaches a contact when nothing forbids it and something allows it:
- forbidden by a deleted contact, by any suppression of the partner, of the vendor's programme or of the
  platform, and by a person's last word "no" to the partner's news;
- allowed by a person's last word "yes"; by the list's basis `customer`; by `agreed`, unless it came from a
  form, where the yes has to be on record; by `business` in `bases.BUSINESS_CONTACT_ALLOWED`.
Service mail (what the person has just asked for) needs no basis; it is stopped by a deleted contact, a
complaint and a hard bounce.

The vendor programme's suppressions are the vendor's: a partner's own session does not see them, so a count
made there may be a little higher than what the worker's claiming statement lets through.
"""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import QueryableAttribute, Session, aliased

from tcma.audiences import consents
from tcma.audiences.bases import BUSINESS_CONTACT_ALLOWED
from tcma.audiences.models import (
    Basis,
    Contact,
    ListMember,
    PartnerSuppression,
    PlatformSuppression,
    ProgrammeSuppression,
    SuppressionReason,
)
from tcma.errors import phrase

MARKETING = "marketing"
SERVICE = "service"
FORM = (
    "form"  # ListMember.source of people who answered; their yes is a consent, not a statement of the partner
)

HARD = (SuppressionReason.COMPLAINED, SuppressionReason.BOUNCED)

# A class known when the statement is written, or the column that holds it row by row.
MessageClass = str | ColumnElement[str]
# A vendor known when the statement is written, or the column; None leaves the programme's suppressions out.
VendorId = int | ColumnElement[int] | None
PartnerId = int | ColumnElement[int]


def people(
    partner_id: int,
    list_id: int,
    *,
    message_class: MessageClass = MARKETING,
    vendor_id: VendorId = None,
) -> Select[int]:
    """The ids of the partner's contacts on the list who may get a message of this class."""
    return (
        select(Contact.id)
        .join(ListMember, ListMember.contact_id == Contact.id)
        .where(
            ListMember.list_id == list_id,
            ListMember.partner_id == partner_id,
            Contact.partner_id == partner_id,
            allowed(Contact, ListMember, partner_id, message_class=message_class, vendor_id=vendor_id),
        )
    )


def allowed(
    contact: type[Contact],
    member: type[ListMember],
    partner_id: PartnerId,
    *,
    message_class: MessageClass = MARKETING,
    vendor_id: VendorId = None,
) -> ColumnElement[bool]:
    """The whole rule for a contact as a member of a list."""
    if isinstance(partner_id, int) and isinstance(message_class, str) and isinstance(vendor_id, int | None):
        return _kept(contact, member, partner_id, message_class, vendor_id)
    return _allowed(contact, member, partner_id, message_class, vendor_id)


@lru_cache(maxsize=1024)
def _kept(
    contact: type[Contact],
    member: type[ListMember],
    partner_id: int,
    message_class: str,
    vendor_id: int | None,
) -> ColumnElement[bool]:
    """The rule for one partner, written once: a page uses it several times, and writing it takes longer than most
    statements."""
    return _allowed(contact, member, partner_id, message_class, vendor_id)


def _allowed(
    contact: type[Contact],
    member: type[ListMember],
    partner_id: PartnerId,
    message_class: MessageClass,
    vendor_id: VendorId,
) -> ColumnElement[bool]:
    founded = or_(
        member.basis == Basis.CUSTOMER,
        and_(member.basis == Basis.AGREED, member.source != FORM),
        and_(member.basis == Basis.BUSINESS, contact.country.in_(sorted(BUSINESS_CONTACT_ALLOWED))),
    )
    return _and_last_word(contact, partner_id, message_class, vendor_id, otherwise=founded)


def mailable(
    contact: type[Contact],
    partner_id: PartnerId,
    *,
    message_class: MessageClass = MARKETING,
    vendor_id: VendorId = None,
) -> ColumnElement[bool]:
    """Nothing forbids it: for statements that claim messages whose list was judged when they were queued."""
    return _and_last_word(contact, partner_id, message_class, vendor_id, otherwise=true())


def _and_last_word(
    contact: type[Contact],
    partner_id: PartnerId,
    message_class: MessageClass,
    vendor_id: VendorId,
    *,
    otherwise: ColumnElement[bool],
) -> ColumnElement[bool]:
    """Nothing forbids it, and the person's last word decides about marketing; `otherwise` where there is none."""
    last_word = consents.latest_given(contact, partner_id)
    return and_(
        contact.deleted_at.is_(None),
        *(~found for found in _suppressions(contact, partner_id, vendor_id, message_class)),
        _for_marketing(message_class, func.coalesce(last_word, otherwise)),
    )


def suppressed(
    contact: type[Contact],
    partner_id: PartnerId,
    vendor_id: VendorId,
    *,
    message_class: MessageClass = MARKETING,
) -> ColumnElement[bool]:
    """Whether one of the three suppression tables stops a message of this class to the contact."""
    return or_(*_suppressions(contact, partner_id, vendor_id, message_class))


def explain(
    session: Session,
    contact_id: int,
    list_id: int,
    *,
    message_class: str = MARKETING,
    vendor_id: int | None = None,
) -> str | None:
    """Why this contact gets no message of this class through this list, in a sentence; None when it does."""
    contact = session.get(Contact, contact_id)
    member = session.scalar(
        select(ListMember).where(ListMember.list_id == list_id, ListMember.contact_id == contact_id)
    )
    if contact is None or member is None or member.partner_id != contact.partner_id:
        return phrase("This person is not on the list.")
    last = consents.latest(
        session,
        partner_id=contact.partner_id,
        address_hash=contact.address_hash,
        party_id=contact.partner_id,
    )
    return obstacle(
        Circumstances(
            is_deleted=contact.deleted_at is not None,
            suppressions=_reasons(session, contact, vendor_id),
            last_word=last.given if last else None,
            basis=member.basis,
            source=member.source,
            country=contact.country,
        ),
        message_class,
    )


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that decides whether a contact may be written to; `last_word` is None when none is on record."""

    is_deleted: bool
    suppressions: frozenset[SuppressionReason]
    last_word: bool | None
    basis: Basis
    source: str
    country: str


def obstacle(found: Circumstances, message_class: str) -> str | None:
    """The rule in Python: the first thing that stands in the way, in a sentence; None when nothing does."""
    if found.is_deleted:
        return phrase("This person was deleted from your contacts.")
    if SuppressionReason.COMPLAINED in found.suppressions:
        return phrase("This person reported a mail as spam.")
    if SuppressionReason.BOUNCED in found.suppressions:
        return phrase("Mail to this address came back: the address does not exist.")
    if message_class == SERVICE:
        return None
    if found.suppressions:
        return phrase("This person unsubscribed earlier.")
    if found.last_word is not None:
        return None if found.last_word else phrase("This person took back the consent to get mail.")
    if found.basis is Basis.AGREED and found.source == FORM:
        return phrase("This person answered a form, but did not confirm to get mail.")
    if found.basis is Basis.BUSINESS and found.country not in BUSINESS_CONTACT_ALLOWED:
        if not found.country:
            return phrase(
                "This business contact has no country; whether the law allows to write is not known."
            )
        return phrase(
            "The law of %(country)s asks for consent, also from business contacts.", country=found.country
        )
    if found.basis is Basis.NOT_SURE:
        return phrase("It is not sure that you may write to this person. State a legal basis first.")
    return None


def _suppressions(
    contact: type[Contact], partner_id: PartnerId, vendor_id: VendorId, message_class: MessageClass
) -> list[ColumnElement[bool]]:
    """One EXISTS per table, each answered by that table's unique index."""
    partners, platforms = aliased(PartnerSuppression), aliased(PlatformSuppression)
    found: list[ColumnElement[bool]] = [
        select(partners.id)
        .where(
            partners.partner_id == partner_id,
            partners.address_hash == contact.address_hash,
            _stops(partners.reason, message_class),
        )
        .correlate_except(partners)
        .exists(),
        select(platforms.id)
        .where(platforms.address_hash == contact.address_hash, _stops(platforms.reason, message_class))
        .correlate_except(platforms)
        .exists(),
    ]
    if vendor_id is not None:
        programmes = aliased(ProgrammeSuppression)
        found.append(
            select(programmes.id)
            .where(
                programmes.organisation_id == vendor_id,
                programmes.address_hash == contact.address_hash,
                _stops(programmes.reason, message_class),
            )
            .correlate_except(programmes)
            .exists()
        )
    return found


def _stops(reason: QueryableAttribute[SuppressionReason], message_class: MessageClass) -> ColumnElement[bool]:
    """Every reason stops marketing; only complaints and hard bounces stop service mail."""
    if isinstance(message_class, str):
        return reason.in_(HARD) if message_class == SERVICE else true()
    return or_(message_class != SERVICE, reason.in_(HARD))


def _for_marketing(message_class: MessageClass, rule: ColumnElement[bool]) -> ColumnElement[bool]:
    """`rule`, which service mail passes."""
    if isinstance(message_class, str):
        return true() if message_class == SERVICE else rule
    return or_(message_class == SERVICE, rule)


def _reasons(session: Session, contact: Contact, vendor_id: int | None) -> frozenset[SuppressionReason]:
    found = set(
        session.scalars(
            select(PartnerSuppression.reason).where(
                PartnerSuppression.partner_id == contact.partner_id,
                PartnerSuppression.address_hash == contact.address_hash,
            )
        )
    )
    found.update(
        session.scalars(
            select(PlatformSuppression.reason).where(PlatformSuppression.address_hash == contact.address_hash)
        )
    )
    if vendor_id is not None:
        found.update(
            session.scalars(
                select(ProgrammeSuppression.reason).where(
                    ProgrammeSuppression.organisation_id == vendor_id,
                    ProgrammeSuppression.address_hash == contact.address_hash,
                )
            )
        )
    return frozenset(found)
