"""The cost list of a campaign and whose money pays for it: as proposed by the kit, or as the partner saved it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from campaigns.kit import FundingProposal, Kit
from tcma import clock, money
from tcma.audit import trail
from tcma.errors import Invalid, NotFound, phrase
from tcma.funds import offers
from tcma.funds import queries as funds
from tcma.funds.models import Certificate, CertificateStatus, CostLine, FundingRequest, RequestStatus
from tcma.funds.offers import Offer
from tcma.funds.prices import unit_price
from tcma.funds.queries import CertificateBalance
from tcma.funds.service import LARGEST_AMOUNT
from tcma.kits.models import KitVersion
from tcma.launches import drafts, planned_costs, reach
from tcma.launches.budget_split import Split, split
from tcma.launches.models import Campaign
from tcma.launches.planned_costs import LONGEST_NAME, PlannedCost
from tcma.launches.preparing import OPEN_REQUESTS
from tcma.launches.schedule import EMAIL
from tcma.organisations.models import Organisation
from tcma.viewer import Viewer

MOST_COSTS = 12
REMEMBERED = timedelta(days=30)  # a vendor's no is shown
UNNAMED = "Adverts, event or own work"  # what a kit proposes without saying what for


class Money(StrEnum):
    """Whose money a budget counts on."""

    CERTIFICATE = "certificate"  # covers it, nothing is asked
    REQUEST = "request"  # the vendor was asked and has not answered
    OFFER = "offer"  # the vendor has a fund open that can be asked
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Cost:
    """An outside line: the partner pays a supplier, or itself."""

    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where the vendor's part comes from: at most `limit` (minor units) at `share_bp`.

    `is_chosen`: the partner named it; otherwise it is what fits best today.
    """

    money: Money
    currency: str
    share_bp: int = 0
    limit: int = 0
    is_chosen: bool = False
    certificate: CertificateBalance | None = None
    request: FundingRequest | None = None
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """All that the page of step 3 shows. The platform line comes first in `split.by_line`."""

    source: Source
    usable: tuple[CertificateBalance, ...]  # to choose from, the soonest to expire first
    message_count: int  # people x mails
    platform: int  # what the installation's operator charges for them
    costs: tuple[Cost, ...]
    split: Split
    is_saved: bool  # False: the kit's proposal, untouched

    @property
    def currency(self) -> str:
        return self.source.currency

    @property
    def direct(self) -> int:
        """The vendor's part of the messages: what a launch sets aside, paid without a claim."""
        return self.split.by_line[0]

    @property
    def claimable(self) -> int:
        """The vendor's part of the outside lines: nothing is set aside for it, it takes a claim with proof."""
        return self.split.vendor - self.direct


def budget_of(
    session: Session, viewer: Viewer, campaign: Campaign, kit: Kit, people: int | None = None
) -> Budget:
    """The budget of a draft as things stand now: at most ten statements. `people`: how many it goes to, where
    that was counted already."""
    kit_id = session.get_one(KitVersion, campaign.kit_version_id).kit_id
    saved = costs_of(session, campaign)
    is_saved = campaign.budget_currency is not None
    usable = _usable(session, campaign, kit_id)
    source = _source(session, viewer, campaign, kit, usable)
    if people is None:
        people = reach.of(session, campaign).count
    messages = people * sum(touch.kind == EMAIL for touch in campaign.touches)
    platform = money.cost(messages, unit_price(session, source.currency))
    costs = saved if is_saved else proposed(kit.funding, source, platform)
    return Budget(
        source=source,
        usable=tuple(found for found in usable if found.certificate.currency == source.currency),
        message_count=messages,
        platform=platform,
        costs=costs,
        split=split([platform, *(cost.amount for cost in costs)], source.share_bp, source.limit),
        is_saved=is_saved,
    )


def agreed(budget: Budget) -> Budget:
    """The budget as a launch would make it: nobody pays who was not asked, and what the kit merely proposes is
    planned only where a certificate or a request stands behind it."""
    if budget.source.money is not Money.OFFER:
        return budget
    costs = budget.costs if budget.is_saved else ()
    return replace(
        budget, costs=costs, split=split([budget.platform, *(cost.amount for cost in costs)], 0, 0)
    )


def proposed(funding: FundingProposal | None, source: Source, platform: int) -> tuple[Cost, ...]:
    """What a kit proposes to ask its vendor for besides its mails: as much as the vendor's share is meant for.
    Nothing where nobody can be asked: a certificate pays for the messages, and what else it could pay for is
    the partner's own plan."""
    if funding is None or source.money is not Money.OFFER or funding.currency != source.currency:
        return ()
    most = min(funding.cap_amount, source.limit) if source.limit else funding.cap_amount
    whole = most * 100 // funding.share_percent
    return (Cost(UNNAMED, whole - platform),) if whole > platform else ()


def costs_of(session: Session, campaign: Campaign) -> tuple[Cost, ...]:
    """The outside lines that were saved, in their order."""
    rows = session.scalars(
        select(PlannedCost).where(PlannedCost.campaign_id == campaign.id).order_by(PlannedCost.position)
    )
    return tuple(Cost(row.name, row.amount) for row in rows)


def declined_lately(session: Session, campaign: Campaign) -> FundingRequest | None:
    """The vendor's last no to money for this kit, when it came within a month and after no other request."""
    kit_id = session.get_one(KitVersion, campaign.kit_version_id).kit_id
    last = session.scalar(
        select(FundingRequest)
        .where(
            FundingRequest.partner_id == campaign.partner_id,
            FundingRequest.vendor_id == campaign.vendor_id,
            FundingRequest.kit_id == kit_id,
        )
        .order_by(FundingRequest.id.desc())
        .limit(1)
    )
    if last is None or last.status is not RequestStatus.DECLINED or last.decided_at is None:
        return None
    return last if last.decided_at > clock.now(session) - REMEMBERED else None


def line_of(session: Session, campaign: Campaign) -> CostLine | None:
    """What its messages cost so far, None before the launch."""
    return session.scalar(select(CostLine).where(CostLine.campaign_id == campaign.id))


def set_costs(
    session: Session, viewer: Viewer, public_id: UUID, costs: Sequence[Cost], currency: str
) -> Campaign:
    """Keep the outside lines of a draft, all at once; an empty list plans nothing. Invalid names the line."""
    campaign = drafts.editable(session, viewer, public_id)
    checked = _checked(costs)
    session.execute(delete(PlannedCost).where(PlannedCost.campaign_id == campaign.id))
    planned_costs.plan(session, campaign, [(cost.name, cost.amount) for cost in checked])
    campaign.budget_currency = currency
    trail.record(session, viewer, "campaign.costs_set", campaign, {"lines": len(checked)})
    return campaign


def _checked(costs: Sequence[Cost]) -> list[Cost]:
    if len(costs) > MOST_COSTS:
        raise Invalid(phrase("A cost list has at most %(most)s lines. Put some together.", most=MOST_COSTS))
    problems: dict[str, str] = {}
    kept = []
    for number, cost in enumerate(costs):
        name = " ".join(cost.name.split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            problems[f"name-{number}"] = phrase(
                "Say what it is for, in 1 to %(most)s characters.", most=LONGEST_NAME
            )
        if not 0 <= cost.amount <= LARGEST_AMOUNT:
            problems[f"amount-{number}"] = phrase("Zero or above, please.")
        kept.append(Cost(name, cost.amount))
    if problems:
        raise Invalid("Some lines of the cost list need a look.", problems)
    return kept


def _usable(session: Session, campaign: Campaign, kit_id: int) -> list[CertificateBalance]:
    """Certificates that could pay for this campaign today and have money left, the soonest to expire first."""
    found = session.scalars(
        select(Certificate)
        .where(
            Certificate.vendor_id == campaign.vendor_id,
            Certificate.partner_id == campaign.partner_id,
            Certificate.status == CertificateStatus.ACTIVE,
            Certificate.valid_until_on >= clock.now(session).date(),
            or_(Certificate.kit_id.is_(None), Certificate.kit_id == kit_id),
        )
        .order_by(Certificate.valid_until_on, Certificate.id)
    )
    return [balance for balance in funds.with_balances(session, found) if balance.left > 0]


def _source(
    session: Session, viewer: Viewer, campaign: Campaign, kit: Kit, usable: list[CertificateBalance]
) -> Source:
    currency = campaign.budget_currency
    if campaign.request_id is not None:
        request = session.get_one(FundingRequest, campaign.request_id)
        if request.status in OPEN_REQUESTS and currency in (None, request.currency):
            return _asked(session, viewer, campaign, request)
        if request.status is RequestStatus.APPROVED and request.certificate_id is not None:
            given = [found for found in usable if found.certificate.id == request.certificate_id]
            if given:
                return _covered(given[0], is_chosen=True)
    if campaign.certificate_id is not None:
        chosen = [found for found in usable if found.certificate.id == campaign.certificate_id]
        if chosen and currency in (None, chosen[0].certificate.currency):
            return _covered(chosen[0], is_chosen=True)
    for found in usable:
        if currency in (None, found.certificate.currency):
            return _covered(found, is_chosen=False)
    here = session.get_one(Organisation, campaign.partner_id)
    if kit.funding is not None:
        for offer in _offers(session, viewer, campaign):
            if offer.currency == (currency or here.currency):
                return Source(
                    Money.OFFER,
                    offer.currency,
                    offer.share_bp,
                    _most(offer, kit.funding),
                    offer=offer,
                )
    return Source(Money.NONE, currency or here.currency)


def _covered(found: CertificateBalance, *, is_chosen: bool) -> Source:
    certificate = found.certificate
    return Source(
        Money.CERTIFICATE,
        certificate.currency,
        certificate.share_bp,
        found.left,
        is_chosen=is_chosen,
        certificate=found,
    )


def _asked(session: Session, viewer: Viewer, campaign: Campaign, request: FundingRequest) -> Source:
    """What was asked for is the most there will be; the share is that of the fund whose terms were accepted."""
    known = [
        offer
        for offer in _offers(session, viewer, campaign)
        if (offer.currency, offer.terms_version) == (request.currency, request.terms_version)
    ]
    share = known[0].share_bp if known else money.FULL_SHARE
    return Source(Money.REQUEST, request.currency, share, request.amount, is_chosen=True, request=request)


def _offers(session: Session, viewer: Viewer, campaign: Campaign) -> list[Offer]:
    try:
        return offers.offers_for(session, viewer, campaign.vendor_id)
    except NotFound:
        return []  # the partnership is suspended or over


def _most(offer: Offer, funding: FundingProposal) -> int:
    """One certificate never holds more than the fund allows, and a kit proposes no more than it says."""
    return (
        min(offer.cap_amount, funding.cap_amount) if funding.currency == offer.currency else offer.cap_amount
    )
