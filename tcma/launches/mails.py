"""The mail behind a token: what its pages may say."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.brand import Brand
from campaigns.links import Token
from tcma.audiences.models import Contact
from tcma.errors import NotFound, phrase
from tcma.launches import brands, reached
from tcma.launches.deliveries import Artefact, Delivery
from tcma.launches.models import Campaign

_NO_MAIL = phrase("This link does not lead to a mail any more.")


@dataclass(frozen=True, slots=True)
class Mail:
    """`address` is empty for a person who was deleted, and for one whose address is not the mail's any more:
    whoever holds the old mail learns no new address."""

    partner: Brand
    locale: str
    address: str
    address_hash: bytes  # of the address the mail went to
    occasion: int  # the answer behind a service mail, 0 in a sequence


def find_mail(session: Session, token: Token) -> Mail:
    """What a verified token of a real mail leads to; NotFound when that is gone."""
    row = session.execute(
        select(Artefact, Campaign)
        .join(Campaign, Campaign.id == Artefact.campaign_id)
        .where(Artefact.id == token.artefact_id, Artefact.partner_id == token.partner_id)
    ).one_or_none()
    if row is None:
        raise NotFound(_NO_MAIL)
    artefact, campaign = row
    partner = brands.partner_of(session, campaign)
    found = session.execute(
        select(
            Delivery.occasion,
            Contact.address_typed,
            Contact.address_hash,
            Contact.deleted_at,
            reached.address_hash().label("reached"),
        )
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(Delivery.id == token.delivery_id, Delivery.partner_id == token.partner_id)
    ).one_or_none()
    if found is None:
        raise NotFound(_NO_MAIL)
    is_same = found.deleted_at is None and found.address_hash == found.reached
    address = found.address_typed if is_same else ""
    return Mail(partner, artefact.locale, address, found.reached, found.occasion)
