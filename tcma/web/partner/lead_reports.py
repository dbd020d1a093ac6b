"""Reporting in one go: a table with one select and one amount a row, each row saved by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from tcma import clock
from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.leads import inbox, queries, story
from tcma.leads.models import Lead
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role
from tcma.web import pages
from tcma.web.guards import Access, guard
from tcma.web.partner import lead_outcomes, leads_shown
from tcma.web.unit import organisation, reading, viewer, writing

bp = Blueprint("partner_lead_reports", __name__, url_prefix="/p/<slug:partner>/leads")


@dataclass(frozen=True, slots=True)
class Row:
    """One lead of the table."""

    lead: Lead
    person: str
    company: str
    did: str
    stage: str
    tone: str
    chip: leads_shown.Chip | None


def rows(lines: Sequence[inbox.Line], owner: Organisation, now: datetime) -> list[Row]:
    shown = [leads_shown.row(line, owner, now) for line in lines]
    return [Row(one.lead, one.person, one.company, one.did, one.stage, one.tone, one.chip) for one in shown]


@bp.post("/<uuid:lead>/report")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER, Role.SALES))
def save(lead: UUID) -> Response:
    """One row. With a script the row comes back as it was kept; without, the table without it."""
    try:
        with writing() as session:
            done = lead_outcomes.report(session, viewer(), lead, request.form)
    except Invalid as error:
        return _row_page(lead, error)
    if request.headers.get("HX-Request"):
        return pages.see_other(url_for(".saved", lead=lead, deed=done.key))
    pages.toast(
        _("Reported. Thank you."), undo=url_for("partner_lead_deeds.take_back", lead=lead, deed=done.key)
    )
    return pages.see_other(_table())


@bp.get("/<uuid:lead>/report")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def saved(lead: UUID) -> Response:
    """One row as it was kept, with its undo; as a page of its own too."""
    return _row_page(lead)


def _row_page(lead: UUID, error: Invalid | None = None) -> Response:
    with reading() as session:
        found = story.with_relations(session, queries.find_lead(session, viewer(), lead))
        people = queries.people_of(session, found)
        now = clock.now(session)
        shown = leads_shown.row(
            inbox.Line(found, people[0] if people else None, len(people), ()), organisation(), now
        )
    row = Row(found, shown.person, shown.company, "", shown.stage, shown.tone, shown.chip)
    values = {
        "row": row,
        "outcomes": lead_outcomes.choices(),
        "currency": organisation().currency,
        "table": _table(),
        "typed": request.form,
        "undo": request.args.get("deed", ""),
    }
    if error is not None:
        return pages.problem("partner/leads/report_row.html", lead_outcomes.at_row(error, lead), **values)
    return pages.page("partner/leads/report_row.html", **values)


def _table() -> str:
    return url_for("partner_leads.index", view=inbox.View.TO_REPORT.value)
