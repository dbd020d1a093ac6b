"""What a lead is worth: this vendor's products, which the vendor sees, and the whole deal, which it never does."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from tcma import clock
from tcma.errors import Invalid, phrase
from tcma.leads.dealings import AmountKind, LeadAmount, LeadDeal
from tcma.leads.models import Lead
from tcma.organisations.models import Organisation

MAX_PRODUCTS = 20
MAX_AMOUNT = 10**13  # minor units
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the lead's vendor and its amount in minor units of the owner's currency."""

    name: str
    amount: int


def keep(session: Session, lead: Lead, kind: AmountKind, products: Sequence[Product], key: UUID) -> int:
    """Keep the amounts of one deed; their sum. The latest deed of a kind is the one that counts."""
    if len(products) > MAX_PRODUCTS:
        raise Invalid(phrase("At most %(most)s products fit in one lead.", most=MAX_PRODUCTS))
    now, currency = clock.now(session), _currency(session, lead)
    for number, product in enumerate(products):
        if not 0 < product.amount <= MAX_AMOUNT:
            raise Invalid("Write an amount above nothing.", {f"amount_{number}": "Write an amount above 0."})
        name = " ".join(product.name.split())
        if not name or len(name) > LONGEST_NAME:
            sentence = phrase(
                "Name the product in 1 to %(most)s characters; the vendor reads it.", most=LONGEST_NAME
            )
            raise Invalid(sentence, {f"product_{number}": sentence})
        session.add(
            LeadAmount(
                lead_id=lead.id,
                owner_id=lead.owner_id,
                vendor_id=lead.vendor_id,
                kind=kind,
                product=name,
                amount=product.amount,
                currency=currency,
                deed_key=key,
                at=now,
            )
        )
    return sum(product.amount for product in products)


def keep_deal(session: Session, lead: Lead, amount: int, shared: int, key: UUID) -> None:
    """The partner's own figure. It holds the vendor's products, so it cannot be less than they are."""
    if not shared <= amount <= MAX_AMOUNT:
        sentence = phrase("The whole deal cannot be less than the vendor's products in it.")
        raise Invalid(sentence, {"deal": sentence})
    session.add(
        LeadDeal(
            lead_id=lead.id,
            partner_id=lead.owner_id,
            amount=amount,
            currency=_currency(session, lead),
            deed_key=key,
            at=clock.now(session),
        )
    )


def latest(rows: Sequence[LeadAmount], kind: AmountKind) -> list[LeadAmount]:
    """Those of the last deed that said anything of this kind."""
    found = [row for row in rows if row.kind is kind]
    return [row for row in found if row.deed_key == found[-1].deed_key]


def _currency(session: Session, lead: Lead) -> str:
    return session.get_one(Organisation, lead.owner_id).currency
