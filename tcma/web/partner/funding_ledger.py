"""The statement: what came onto certificates and what went off them, newest first, and as a file."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

from tcma import clock, money
from tcma.funds import queries, statements
from tcma.funds.offers import all_offers
from tcma.funds.statements import Line, Quarter, Wanted
from tcma.language import gettext as _
from tcma.launches import paid_from
from tcma.launches.paid_from import Named
from tcma.viewer import OrganisationKind, Viewer
from tcma.web import lists, pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.lists import Listing
from tcma.web.partner import funding, funding_words
from tcma.web.unit import organisation, reading, viewer

PARTNER = OrganisationKind.PARTNER
QUARTERS = 8  # that can be chosen, back from this one
NAMED_AT_ONCE = 500  # lines of the file whose campaigns are looked up together
bp = Blueprint("partner_funding_ledger", __name__, url_prefix="/p/<slug:partner>/funding/ledger")


@bp.get("")
@guard(Access.MEMBER, kind=PARTNER)
def index() -> Response:
    """Seven statements, and one a vendor besides switching to it and back."""
    listing = lists.listing(("newest",), ("vendor", "quarter", "certificate"))
    with reading() as session:
        wanted = _wanted(listing, _certificate_id(session, viewer(), listing))
        before = int(listing.after) if listing.after.isdecimal() and len(listing.after) < 16 else None
        found = statements.lines_for(session, viewer(), wanted, before=before, limit=statements.PAGE + 1)
        totals = statements.totals_for(session, viewer(), wanted)
        vendors = all_offers(session, viewer())
        page = lists.cut(found, lambda line: str(line.entry_id), statements.PAGE)
        names = paid_from.names_of(session, viewer(), (line.campaign_id for line in page.rows))
        today = clock.now(session).date()
    return pages.page(
        "partner/funding/ledger.html",
        tabs=funding.tabs("ledger"),
        listing=listing,
        lines=page.rows,
        cursor=page.cursor,
        names=names,
        totals=totals,
        vendor_pairs=[(one.vendor.slug, one.vendor.name) for one in vendors],
        quarter_pairs=_quarters(today),
        csv=url_for(".file", **dict[str, Any](listing.choices)),
        words=funding_words,
    )


@bp.get("/statement.csv")
@guard(Access.MEMBER, kind=PARTNER)
def file() -> Response:
    """Every line of the filter."""
    listing = lists.listing(("newest",), ("vendor", "quarter", "certificate"))
    with reading() as session:
        wanted = _wanted(listing, _certificate_id(session, viewer(), listing))
    header = (
        _("Date"),
        _("Event"),
        _("Campaign"),
        _("Certificate"),
        _("Vendor"),
        _("Currency"),
        _("In"),
        _("Out"),
        _("Left on the certificate"),
    )
    return lists.csv_answer(f"statement-{organisation().slug}", header, _rows(viewer(), wanted))


def _rows(reader: Viewer, wanted: Wanted) -> Iterator[tuple[object, ...]]:
    """Campaigns are named by the batch; sessions last for one look each, not for the whole file."""
    database = installation().web
    lines = statements.all_lines(database, reader, wanted)
    while batch := list(islice(lines, NAMED_AT_ONCE)):
        with database.reading(reader.organisation_id) as session:
            names = paid_from.names_of(session, reader, (line.campaign_id for line in batch))
        for line in batch:
            yield _row(line, names)


def _row(line: Line, names: dict[int, Named]) -> tuple[object, ...]:
    named = names.get(line.campaign_id) if line.campaign_id is not None else None
    campaign = named.name if named else ""
    return (
        line.at.date().isoformat(),
        funding_words.event(line.event, is_in=line.amount > 0, vendor=line.vendor_name, campaign=campaign),
        campaign,
        line.code,
        line.vendor_name,
        line.currency,
        money.plain(line.money_in, line.currency) if line.money_in else "",
        money.plain(line.money_out, line.currency) if line.money_out else "",
        money.plain(line.balance, line.currency),
    )


def _wanted(listing: Listing, certificate_id: int | None) -> Wanted:
    return Wanted(
        vendor=listing.choices.get("vendor", ""),
        quarter=Quarter.read(listing.choices.get("quarter", "")),
        certificate_id=certificate_id,
        timezone=organisation().timezone,
    )


def _certificate_id(session: Session, reader: Viewer, listing: Listing) -> int | None:
    """The certificate of the code in the address; NotFound when it is not the reader's."""
    code = listing.choices.get("certificate", "")
    return queries.find_certificate_by_code(session, reader, code).id if code else None


def _quarters(today: date) -> list[tuple[str, str]]:
    quarter, found = Quarter.of(today), []
    for _number in range(QUARTERS):
        found.append(
            (str(quarter), _("Quarter %(number)s, %(year)s", number=quarter.number, year=quarter.year))
        )
        quarter = quarter.before()
    return found
