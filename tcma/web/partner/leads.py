"""The lead inbox: the list on the left, one lead on the right; on a phone the list, then the lead as a page."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for
from sqlalchemy.orm import Session

from tcma import clock
from tcma.errors import Conflict, Invalid
from tcma.language import gettext as _
from tcma.language import mark
from tcma.launches import queries as campaigns
from tcma.launches.models import Campaign
from tcma.leads import inbox, queries, reporting, service, story, words
from tcma.leads.by_campaign import Reached
from tcma.leads.inbox import Cursor, Only, View
from tcma.leads.models import Lead
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role
from tcma.web import formats, lists, pages
from tcma.web.guards import Access, guard
from tcma.web.partner import lead_outcomes, lead_reports, leads_shown
from tcma.web.unit import organisation, reading, viewer

bp = Blueprint("partner_leads", __name__, url_prefix="/p/<slug:partner>/leads")
MEMBER = OrganisationKind.PARTNER
MOST_IN_FILE = 100_000
POLLS = (30, 30, 60, 120, 300)  # seconds before the page asks what arrived; the last from then on
FILTERS = ("q", "vendor", "campaign", "reached")
REACHED = {
    Reached.ACCEPTED: mark("Leads accepted"),
    Reached.QUALIFIED: mark("Leads qualified"),
    Reached.WON: mark("Leads won"),
}


@bp.get("")
@guard(Access.MEMBER, kind=MEMBER)
def index() -> Response:
    """`?view=new&lead=…&q=…&vendor=…&campaign=…&reached=…`: a view, with the lead that is selected, else its first.
    The view "to report" is a table."""
    view = read_view(request.args.get("view", ""))
    only = _only()
    after = Cursor.read(request.args.get("after", "")[: lists.LONGEST_CURSOR])
    with reading() as session:
        counts = inbox.counts_for(session, viewer())
        vendors = inbox.vendors_of(session, viewer())
        campaign = campaigns.find_campaign(session, viewer(), only.campaign) if only.campaign else None
        lines = inbox.lines_for(session, viewer(), view, only, after=after)
        found = lists.cut(lines, lambda line: line.cursor(view), inbox.PAGE)
        now = clock.now(session)
        shown: dict[str, object] = {}
        if view is View.TO_REPORT:
            standing = reporting.standing(session, viewer())
            shown = {"rows": lead_reports.rows(found.rows, organisation(), now), "standing": standing}
        else:
            selected = _selected(session, found.rows)
            shown = {
                "rows": [leads_shown.row(line, organisation(), now) for line in found.rows],
                **(_pane(session, selected) if selected else {"pane": None}),
            }
    ids = [line.lead.public_id for line in found.rows]
    return pages.page(
        "partner/leads/report.html" if view is View.TO_REPORT else "partner/leads/index.html",
        view=view,
        tabs=_tabs(view, counts),
        search=only.search,
        narrowed=_narrowed(only),
        vendors=[(vendor.slug, vendor.name) for vendor in vendors],
        vendor=only.vendor,
        chips=_chips(view, only, vendors, campaign),
        next_page=_address(view, only, after=found.cursor) if found.cursor else None,
        is_first=after is None,
        file=url_for("partner_leads.file", view=view.value, **dict[str, Any](_narrowed(only))),
        around=_around(ids, shown.get("pane")),
        outcomes=lead_outcomes.choices(),
        currency=organisation().currency,
        arrived=0,
        **_poll(view, now, 0),
        **shown,
    )


@bp.get("/arrived")
@guard(Access.MEMBER, kind=MEMBER)
def arrived() -> Response:
    """How many leads of a view came or changed since the page was read: asked for again and again, ever more slowly.
    The badge beside it is in the frame and comes along."""
    view = read_view(request.args.get("view", ""))
    asked = min(max(request.args.get("n", 0, type=int), 0), 10_000)
    with reading() as session:
        since = _moment(request.args.get("since", "")) or clock.now(session)
        count = inbox.moved_since(session, viewer(), view, since)
    return pages.page("partner/leads/arrived.html", view=view, arrived=count, **_poll(view, since, asked))


@bp.get("/<uuid:lead>")
@guard(Access.MEMBER, kind=MEMBER)
def show(lead: UUID) -> Response:
    """One lead as a page, with Call, Write and the next step in reach of a thumb."""
    return lead_page(lead)


def lead_page(lead: UUID, error: Invalid | Conflict | None = None) -> Response:
    """The page of a lead; with what was refused a moment ago, and the note that was typed."""
    view = read_view(request.values.get("view", ""))
    with reading() as session:
        found = queries.find_lead(session, viewer(), lead)
        shown = _pane(session, found)
    values = {"view": view, "back": _address(view), "around": None, "alone": True, **shown}
    template = "partner/leads/show.html"
    if error is None:
        return pages.page(template, **values)
    problem = error if isinstance(error, Invalid) else Invalid(error.sentence)
    return pages.problem(template, problem, note=request.form.get("note", ""), **values)


@bp.get("/file")
@guard(Access.MEMBER, kind=MEMBER, roles=(Role.MARKETER, Role.SALES))
def file() -> Response:
    """The leads of a view as a file, read page by page while it leaves."""
    view = read_view(request.args.get("view", ""))
    only = _only()
    header = (
        _("Company"),
        _("Person"),
        _("E-mail"),
        _("Phone"),
        _("Employees"),
        _("Stage"),
        _("Vendor"),
        _("Campaign"),
        _("Held by"),
        _("Since"),
        _("Due"),
    )
    return lists.csv_answer(f"leads-{view.value}", header, _file_rows(view, only, formats.zone()))


def read_view(text: str) -> View:
    """The view an address names; "new" where it names none."""
    return View(text) if text in set(View) else View.NEW


def _file_rows(view: View, only: Only, zone: ZoneInfo) -> Iterator[tuple[object, ...]]:
    after: Cursor | None = None
    for _page in range(MOST_IN_FILE // inbox.PAGE):
        with reading() as session:
            lines = inbox.lines_for(session, viewer(), view, only, after=after)
        found = lists.cut(lines, lambda line: line.cursor(view), inbox.PAGE)
        for line in found.rows:
            lead, person = line.lead, line.person
            yield (
                lead.company.name,
                person.name if person else "",
                person.address if person else "",
                person.phone if person else "",
                lead.company.employees,
                words.stage(lead.stage),
                lead.vendor.name,
                lead.campaign.name if lead.campaign else "",
                lead.holder.name if lead.holder else "",
                lead.created_at.astimezone(zone).date().isoformat(),
                lead.clock_until.astimezone(zone).date().isoformat() if lead.clock_until else "",
            )
        if not found.cursor:
            return
        after = Cursor.read(found.cursor)


def _poll(view: View, since: datetime, asked: int) -> dict[str, str]:
    """When the page asks what arrived, and where."""
    said = urlencode({"view": view.value, "since": since.isoformat(), "n": asked + 1})
    return {
        "poll": f"load delay:{POLLS[min(asked, len(POLLS) - 1)]}s",
        "poll_address": f"{url_for('partner_leads.arrived')}?{said}",
        "inbox_address": _address(view, _only()),
    }


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _pane(session: Session, lead: Lead) -> dict[str, object]:
    """What the pane of a lead needs."""
    told = story.read(session, story.with_relations(session, lead))
    return {
        "pane": leads_shown.page_of(told, organisation(), clock.now(session)),
        "colleagues": service.colleagues(session, viewer()),
        "can_work": service.may_work(viewer()),
    }


def _selected(session: Session, lines: list[inbox.Line]) -> Lead | None:
    """The lead the address names, if it is the viewer's, else the first of the list."""
    wanted = request.args.get("lead", "")
    try:
        return queries.find_lead(session, viewer(), UUID(wanted)) if wanted else lines[0].lead
    except (ValueError, IndexError):
        return lines[0].lead if lines else None


def _around(ids: list[UUID], pane: object) -> UUID | None:
    """The lead after the selected one, or before it at the end: where a deed leads on to."""
    if not isinstance(pane, leads_shown.Page):
        return None
    here = pane.lead.public_id
    if here not in ids:
        return ids[0] if ids else None
    place = ids.index(here)
    others = [*ids[place + 1 :], *reversed(ids[:place])]
    return others[0] if others else None


def _tabs(view: View, counts: dict[View, int]) -> list[tuple[str, str, bool, str]]:
    return [(_(words.VIEWS[one]), _address(one), one is view, lists.counted(counts[one])) for one in View]


def _only() -> Only:
    """What the address narrows the view to; what it cannot name is left out."""
    said = {name: request.args.get(name, "").strip()[: lists.LONGEST_CHOICE] for name in FILTERS}
    reached = Reached(said["reached"]) if said["reached"] in set(Reached) else None
    return Only(said["q"], said["vendor"], _uuid(said["campaign"]), reached)


def _narrowed(only: Only) -> dict[str, str]:
    """The same, as an address says it."""
    said = (only.search, only.vendor, str(only.campaign or ""), only.reached or "")
    return {name: value for name, value in zip(FILTERS, said, strict=True) if value}


def _chips(
    view: View, only: Only, vendors: list[Organisation], campaign: Campaign | None
) -> list[tuple[str, str]]:
    """What a click elsewhere narrowed the view to, each with a way to take it off."""
    shown = []
    if name := next((vendor.name for vendor in vendors if vendor.slug == only.vendor), ""):
        shown.append((name, _address(view, replace(only, vendor=""))))
    if campaign is not None:
        shown.append((campaign.name, _address(view, replace(only, campaign=None))))
    if only.reached is not None:
        shown.append((_(REACHED[only.reached]), _address(view, replace(only, reached=None))))
    return shown


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _address(view: View, only: Only = inbox.EVERYTHING, **more: str | None) -> str:
    known = {"view": view.value, **_narrowed(only)}
    query = urlencode({**known, **{name: value for name, value in more.items() if value}})
    return f"{url_for('partner_leads.index')}?{query}"
