"""The lists of funding as files: requests, and money from elsewhere."""

from flask import Blueprint, Response

from tcma import money
from tcma.funds import elsewhere, queries
from tcma.funds.models import FundingRequest
from tcma.language import gettext as _
from tcma.organisations.queries import names_of
from tcma.viewer import OrganisationKind
from tcma.web import formats, lists
from tcma.web.guards import Access, guard
from tcma.web.partner import funding_words
from tcma.web.unit import organisation, reading, viewer

PARTNER = OrganisationKind.PARTNER
bp = Blueprint("partner_funding_files", __name__, url_prefix="/p/<slug:partner>/funding")


@bp.get("/requests.csv")
@guard(Access.MEMBER, kind=PARTNER)
def requests() -> Response:
    """Every request, in every state, at most 10,000. Two statements."""
    with reading() as session:
        found = queries.requests_for(session, viewer(), limit=lists.MOST_COUNTED)
        vendors = names_of(session, {one.vendor_id for one in found})
    header = (_("Vendor"), _("Amount"), _("Currency"), _("State"), _("Asked"), _("What for"), _("Reason"))
    rows = [_asked(one, vendors.get(one.vendor_id, "")) for one in found]
    return lists.csv_answer(f"requests-{organisation().slug}", header, rows)


@bp.get("/elsewhere.csv")
@guard(Access.MEMBER, kind=PARTNER)
def notes() -> Response:
    """What the page of money from elsewhere lists. One statement."""
    with reading() as session:
        found = elsewhere.money_for(session, viewer())
    header = (
        _("Vendor"),
        _("Amount"),
        _("Currency"),
        _("Share"),
        _("State"),
        _("Use by"),
        _("Claim by"),
        _("Note"),
    )
    rows = [
        (
            one.vendor_name,
            money.plain(one.amount, one.currency),
            one.currency,
            funding_words.share(one.share_bp) if one.share_bp else "",
            funding_words.elsewhere_state(one.status)[0],
            one.use_by_on or "",
            one.claim_by_on or "",
            one.note,
        )
        for one in found
    ]
    return lists.csv_answer(f"elsewhere-{organisation().slug}", header, rows)


def _asked(one: FundingRequest, vendor: str) -> tuple[object, ...]:
    return (
        vendor,
        money.plain(one.amount, one.currency),
        one.currency,
        funding_words.request_state(one.status)[0],
        one.submitted_at.astimezone(formats.zone()).date() if one.submitted_at else "",
        funding_words.activity(one.activity),
        one.decline_reason or one.why,
    )
