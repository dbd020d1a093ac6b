"""What a partner may know of a vendor's funds: plain values, never the rows."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.errors import NotFound
from tcma.funds import queries
from tcma.funds.models import Fund, FundKind
from tcma.funds.rules import Rule
from tcma.organisations.models import Organisation
from tcma.partners.models import Partnership, PartnershipStatus
from tcma.viewer import OrganisationKind, Role, Viewer, acting_for


@dataclass(frozen=True, slots=True)
class Offer:
    """A fund as its vendor's partners see it; no balance."""

    fund_id: UUID
    name: str
    kind: FundKind
    currency: str
    share_bp: int
    cap_amount: int
    until_on: date
    terms_version: str
    terms_text: str
    at_once: bool  # whether some requests are granted without a person
    at_once_up_to: int | None


@dataclass(frozen=True, slots=True)
class VendorOffers:
    vendor: Organisation
    offers: tuple[Offer, ...]


def offers_for(session: Session, viewer: Viewer, vendor_id: int) -> list[Offer]:
    """The funds of a vendor open today, for its active partner; NotFound for anybody else."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER, Role.SALES, Role.FINANCE, Role.READER)
    partnership = queries.find_partnership(session, vendor_id=vendor_id, partner_id=viewer.organisation_id)
    if not partnership.is_active:
        raise NotFound("There is no active partnership with this vendor.")
    return _open_funds(session, vendor_id)


def all_offers(session: Session, viewer: Viewer) -> list[VendorOffers]:
    """What every active vendor of the viewer offers today, by vendor's name; also vendors that offer nothing. One
    statement, one more per vendor, besides switching to it and back."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER, Role.SALES, Role.FINANCE, Role.READER)
    vendors = session.scalars(
        select(Organisation)
        .join(Partnership, Partnership.vendor_id == Organisation.id)
        .where(
            Partnership.partner_id == viewer.organisation_id,
            Partnership.status == PartnershipStatus.ACTIVE,
        )
        .order_by(Organisation.name, Organisation.id)
    ).all()
    return [VendorOffers(vendor, tuple(_open_funds(session, vendor.id))) for vendor in vendors]


def _open_funds(session: Session, vendor_id: int) -> list[Offer]:
    today = clock.now(session).date()
    with acting_for(session, vendor_id, "funds.offers"):
        funds = session.scalars(
            select(Fund)
            .where(Fund.organisation_id == vendor_id, Fund.starts_on <= today, Fund.ends_on >= today)
            .order_by(Fund.ends_on, Fund.id)
        )
        return [_offer(fund) for fund in funds]


def _offer(fund: Fund) -> Offer:
    rule = Rule.read(fund.rule)
    return Offer(
        fund_id=fund.public_id,
        name=fund.name,
        kind=fund.kind,
        currency=fund.currency,
        share_bp=fund.share_bp,
        cap_amount=fund.cap_amount,
        until_on=fund.ends_on,
        terms_version=fund.terms_version,
        terms_text=fund.terms_text,
        at_once=rule.on,
        at_once_up_to=None if not rule.on else min(rule.max_amount or fund.cap_amount, fund.cap_amount),
    )
