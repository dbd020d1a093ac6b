"""All campaigns of a partner, and one campaign by its state: progress, results, cost, log."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from sqlalchemy.orm import Session

from campaigns.kit import Kit, TouchKind
from tcma import addresses, clock, money
from tcma.errors import NotFound, Unavailable
from tcma.funds.models import CostLine
from tcma.kits.content import load_kit
from tcma.language import gettext as _
from tcma.launches import (
    budgets,
    by_hand,
    log,
    overview,
    progress,
    queries,
    rest_days,
    results,
    soft_start,
    states,
    ways_in,
)
from tcma.launches.models import Campaign
from tcma.launches.overview import Line, Sort, View, Wanted
from tcma.launches.progress import Progress
from tcma.launches.states import Shown
from tcma.launches.ways_in import WayIn
from tcma.leads import by_campaign
from tcma.leads.by_campaign import Reached
from tcma.organisations.models import Organisation, User
from tcma.replies import queries as replies
from tcma.seats import queries as seats
from tcma.viewer import OrganisationKind
from tcma.web import charts, formats, frame, lists, pages
from tcma.web.charts import Bar
from tcma.web.guards import Access, guard
from tcma.web.partner import campaign_deeds, material_words
from tcma.web.partner import campaign_words as words
from tcma.web.unit import organisation, reading, viewer
from tcma.webinars import sessions

bp = Blueprint("partner_campaigns", __name__, url_prefix="/p/<slug:partner>/campaigns")

SORTS = tuple(sort.value for sort in Sort)
POLLS = ((30, 2), (60, 5), (180, 15))  # up to the how-maniest question to wait how many seconds
LAST_POLL = 60


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def index() -> Response:
    listing = lists.listing(SORTS, ("view", "vendor"), default=f"-{Sort.NEWEST}")
    view = _view(listing)
    with reading() as session:
        lines = overview.lines_for(session, viewer(), _wanted(listing, view, lists.PAGE_SIZE + 1))
        counts = overview.counts_for(session, viewer())
        vendors = {vendor.slug: vendor.name for vendor in overview.vendors_of(session, viewer())}
        leads = by_campaign.lead_counts(session, viewer(), [line.campaign.id for line in lines])
    part = lists.cut(lines, lambda line: _cursor(line, listing))
    tabs = [
        (_(label), _view_address(found), found is view, counts[found]) for found, label in words.VIEWS.items()
    ]
    return pages.page(
        "partner/campaigns/index.html",
        listing=listing,
        part=part,
        tabs=tabs,
        leads=leads,
        words=words,
        view=view,
        vendors=list(vendors.items()),
        chips=_chips(listing, vendors),
        is_empty=not counts[View.ALL],
        csv=f"{url_for('.csv')}?{urlencode({**listing.choices, 'view': view.value, 'sort': listing.sort_choice})}",
    )


@bp.get("/campaigns.csv")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def csv() -> Response:
    """The list as a file, at most 10,000 campaigns."""
    listing = lists.listing(SORTS, ("view", "vendor"), default=f"-{Sort.NEWEST}")
    with reading() as session:
        lines = overview.lines_for(session, viewer(), _wanted(listing, _view(listing), lists.MOST_COUNTED))
        leads = by_campaign.lead_counts(session, viewer(), [line.campaign.id for line in lines])
    header = [
        _("Name"),
        _("Vendor"),
        _("State"),
        _("Next step"),
        _("Due"),
        _("People"),
        _("Clicks"),
        _("Leads"),
        _("Cost"),
        _("Currency"),
    ]
    rows = [
        (
            line.campaign.name,
            line.vendor.name,
            words.state(line.shown),
            line.next_touch.name if line.next_touch else "",
            (line.next_touch.due_local or "") if line.next_touch else "",
            line.people,
            line.clicked,
            leads.get(line.campaign.id, 0),
            money.plain(line.cost.amount, line.cost.currency) if line.cost else "",
            line.cost.currency if line.cost else "",
        )
        for line in lines
    ]
    return lists.csv_answer("campaigns", header, rows)


@bp.get("/<uuid:campaign>")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show(campaign: UUID) -> Response:
    """A draft is set up; everything else is looked at. About 21 statements."""
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        going = progress.progress_of(session, found)
        if going.shown is Shown.DRAFT:
            return pages.see_other(url_for("partner_setup.index", campaign=campaign))
        touches = list(found.touches)
        reached = results.reached(session, found)
        course = by_campaign.course_of(session, viewer(), found)
        answered = by_campaign.people_who_answered(session, viewer(), found)
        replied = replies.count_of(session, viewer(), found)
        entries = log.entries_for(session, viewer(), found)
        costs = budgets.costs_of(session, found)
        line = budgets.line_of(session, found)
        vendor = session.get_one(Organisation, found.vendor_id)
        kit = _kit(session, found)
        by_way = ways_in.visits(session, found)
        answerer = session.get(User, found.answerer_id) if found.answerer_id else None
        is_held = any(touch.kind == TouchKind.WEBINAR for touch in touches)
        webinar = sessions.of_campaign(session, found.id) if is_held else None
        held = seats.figures_of(session, webinar) if webinar is not None else None
        now = clock.now(session)
    next_touch = states.next_mail(touches)
    return pages.page(
        "partner/campaigns/show.html",
        webinar=webinar,
        held=held,
        campaign=found,
        vendor=vendor,
        going=going,
        touches=touches,
        deeds=states.DEEDS[going.shown],
        next_touch=next_touch,
        resting=rest_days.resting(touches, organisation().country),
        leave_out=campaign_deeds.leave_out(found, next_touch) if next_touch else None,
        warnings=[said for touch in touches if (said := soft_start.warning(touch))],
        funnel=_funnel(funnel_steps(found, reached, answered, course), reached.people),
        by_message=results.by_message(list(going.mails)),
        message_chart=_message_chart(going),
        costs=costs,
        line=line,
        money=_money(found, line, costs),
        entries=[words.logged(entry) for entry in entries],
        answerer=answerer,
        replied=replied,
        by_hand=material_words.doors(found, kit, by_hand.readable(viewer(), kit)) if kit else (),
        briefed=bool(kit and kit.briefing) and by_hand.may_sell(viewer()),
        by_way=[(material_words.way(way), by_way[way]) for way in WayIn if way in by_way],
        words=words,
        now=now,
        **_live(found, going, 0),
    )


@bp.get("/<uuid:campaign>/progress")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def live(campaign: UUID) -> Response:
    """The part of the page that moves: asked for again and again, ever more slowly, until nothing moves.

    `n` counts the questions, `was` is the state the page shows; when that changed, the whole page is due.
    """
    asked = min(max(request.args.get("n", 0, type=int), 0), 10_000)
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        going = progress.progress_of(session, found)
        touches = list(found.touches)
        replied = replies.count_of(session, viewer(), found)
    if request.args.get("was", going.shown.value) != going.shown.value and "HX-Request" in request.headers:
        answer = frame.html("")
        answer.headers["HX-Refresh"] = "true"
        return answer
    return pages.page(
        "partner/campaigns/progress_page.html",
        campaign=found,
        going=going,
        touches=touches,
        replied=replied,
        next_touch=states.next_mail(touches),
        resting=rest_days.resting(touches, organisation().country),
        words=words,
        **_live(found, going, asked),
    )


def _kit(session: Session, found: Campaign) -> Kit | None:
    """None while its files cannot be had: the campaign is shown all the same, without what is done by hand."""
    try:
        return load_kit(session, frame.installation().storage, found.kit_version_id)
    except (NotFound, Unavailable):
        return None


def _live(found: Campaign, going: Progress, asked: int) -> dict[str, Any]:
    waits = next((seconds for upto, seconds in POLLS if asked < upto), LAST_POLL)
    current = going.current
    done = current.people - current.waiting if current else 0
    percent = 100 * done // current.people if current and current.people else 0
    return {
        "poll": "" if going.is_over else f"load delay:{waits}s",
        "poll_address": url_for(".live", campaign=found.public_id, n=asked + 1, was=going.shown.value),
        "done": done,
        "quarter": percent // 25 * 25,
        "minutes": charts.columns(going.per_minute, _("Messages per minute, the newest last")),
    }


def funnel_steps(
    found: Campaign, reached: results.Reached, answered: int, course: by_campaign.Course
) -> list[tuple[str, int, str]]:
    """From reached to won: the step, its count, and the address of its people."""
    people = url_for("partner_campaign_people.index", campaign=found.public_id)
    leads = f"{addresses.leads(organisation().slug)}?view=all&campaign={found.public_id}&reached="
    return [
        (_("Reached"), reached.reached, f"{people}?part=sent"),
        (_("Clicked"), reached.clicked, f"{people}?did=clicked"),
        (_("Visited the page"), reached.visited, ""),
        (_("Answered"), answered, f"{people}?did=answered"),
        (_("Leads accepted"), course.accepted, leads + Reached.ACCEPTED),
        (_("Leads qualified"), course.qualified, leads + Reached.QUALIFIED),
        (_("Leads won"), course.won, leads + Reached.WON),
    ]


def with_shares(steps: list[tuple[str, int, str]], people_count: int) -> list[tuple[str, int, str, str]]:
    """Each step with its share of the one before, where it has one."""
    rows, before = [], people_count
    for label, value, href in steps:
        rows.append((label, value, formats.percent(value, before) if value <= before else "", href))
        before = value
    return rows


def _funnel(steps: list[tuple[str, int, str]], people_count: int) -> dict[str, Any]:
    """The steps as a chart and as a table."""
    bars = [Bar(label, value, formats.number(value), href) for label, value, href in steps]
    return {"rows": with_shares(steps, people_count), "chart": charts.bars(bars, _("Where people drop off"))}


def _message_chart(going: Progress) -> Any:
    rows = [
        Bar(one.figures.name, one.per_hundred, formats.ratio(one.per_hundred / 10))
        for one in results.by_message(list(going.mails))
    ]
    return charts.bars(rows, _("Clicks per 100 people, by message"))


def _money(found: Campaign, line: CostLine | None, costs: tuple[budgets.Cost, ...]) -> dict[str, Any] | None:
    """What the mails cost so far, who bears it, and what is planned besides."""
    if line is None and not costs:
        return None
    currency = line.currency if line else found.budget_currency or ""
    return {
        "currency": currency,
        "planned": sum(cost.amount for cost in costs),
        "planned_currency": found.budget_currency or currency,
        "mails": line.cost_amount if line else 0,
        "vendor": line.vendor_amount if line else 0,
        "own": (line.cost_amount - line.vendor_amount) if line else 0,
        "reserved": line.reserved_amount if line else 0,
        "units": line.units if line else 0,
    }


def _chips(listing: lists.Listing, vendors: dict[str, str]) -> list[tuple[str, str]]:
    chosen = listing.choices.get("vendor", "")
    return [(vendors.get(chosen, chosen), listing.address(vendor=None))] if chosen else []


def _view(listing: lists.Listing) -> View:
    wanted = listing.choices.get("view", "")
    return View(wanted) if wanted in frozenset(View) else View.ALL


def _view_address(view: View) -> str:
    return url_for(".index", view=view.value) if view is not View.ALL else url_for(".index")


def _wanted(listing: lists.Listing, view: View, limit: int) -> Wanted:
    value, bar, last_id = listing.after.rpartition("|")
    after = (value, int(last_id)) if bar and last_id.isdecimal() and len(last_id) < 18 else None
    return Wanted(
        view, Sort(listing.sort), listing.descending, listing.choices.get("vendor", ""), after, limit
    )


def _cursor(line: Line, listing: lists.Listing) -> str:
    value, last_id = overview.cursor_of(line, Sort(listing.sort))
    return f"{value}|{last_id}"
