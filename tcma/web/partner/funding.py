"""Funding at a glance: certificates as cards, what was asked, what waits for an answer."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, url_for

from tcma import clock
from tcma.funds import cards as deck
from tcma.funds import queries
from tcma.funds.answer_time import median_answer_time
from tcma.funds.cards import ENDED, Card, CardState
from tcma.funds.models import FundingRequest, RequestStatus
from tcma.funds.offers import VendorOffers, all_offers
from tcma.language import gettext as _
from tcma.viewer import OrganisationKind, Role
from tcma.web import pages
from tcma.web.guards import Access, guard
from tcma.web.partner import funding_words
from tcma.web.unit import reading, viewer

PARTNER = OrganisationKind.PARTNER
ASKERS = (Role.OWNER, Role.MARKETER)
bp = Blueprint("partner_funding", __name__, url_prefix="/p/<slug:partner>/funding")

_WAITING = (RequestStatus.SUBMITTED, RequestStatus.INFO_REQUESTED)
_LISTED = (RequestStatus.DRAFT, *_WAITING, RequestStatus.DECLINED)
_PAST = (CardState.USED_UP, *ENDED)


@bp.get("")
@guard(Access.MEMBER, kind=PARTNER)
def index() -> Response:
    """Six statements, and two a vendor besides switching to it and back."""
    with reading() as session:
        now = clock.now(session)
        cards = deck.cards_for(session, viewer())
        requests = queries.requests_for(session, viewer(), statuses=_LISTED)
        vendors = all_offers(session, viewer())
        usual = {
            vendor_id: median_answer_time(session, vendor_id)
            for vendor_id in {found.vendor_id for found in requests if found.status in _WAITING}
        }
    return pages.page(
        "partner/funding/index.html",
        tabs=tabs("certificates"),
        current=[card for card in cards if card.state not in _PAST],
        past=[card for card in cards if card.state in _PAST],
        questions=[found for found in requests if found.status is RequestStatus.INFO_REQUESTED],
        requests=requests,
        names={one.vendor.id: one.vendor.name for one in vendors},
        shares=_shares(vendors),
        usual=usual,
        age=lambda found: _age(found, now),
        now=now,
        words=funding_words,
        may_ask=may_ask(),
    )


def tabs(here: str) -> list[tuple[str, str, bool]]:
    """The three sides of funding."""
    return [
        (_("Certificates"), url_for("partner_funding.index"), here == "certificates"),
        (_("Statement"), url_for("partner_funding_ledger.index"), here == "ledger"),
        (_("Money from elsewhere"), url_for("partner_funding_elsewhere.index"), here == "elsewhere"),
    ]


def may_ask() -> bool:
    return bool(viewer().roles & set(ASKERS))


def _shares(vendors: list[VendorOffers]) -> list[tuple[str, str]]:
    """Each vendor that pays something, with the best share it offers today."""
    return [
        (one.vendor.name, funding_words.share(max(offer.share_bp for offer in one.offers)))
        for one in vendors
        if one.offers
    ]


def _age(found: FundingRequest, now: datetime) -> timedelta | None:
    """How long the vendor has had it."""
    return now - found.submitted_at if found.submitted_at and found.status in _WAITING else None


def use_address(card: Card) -> str:
    """Where a certificate is used: the kits of its vendor, or the one it was given for."""
    return url_for("partner_kits.index", vendor=card.vendor.slug)
