"""What is done with a lead: one press, or a small form that is a page of its own and opens in place too."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from sqlalchemy.orm import Session

from tcma import clock
from tcma.errors import Conflict, Invalid
from tcma.language import gettext as _
from tcma.leads import clocks, inbox, nurture, queries, returns, service, story, undo, words
from tcma.leads.closing import LossReason
from tcma.leads.dealings import Finding, Horizon, NoteKind, Question
from tcma.leads.transitions import Done
from tcma.viewer import OrganisationKind, Role
from tcma.web import pages
from tcma.web.guards import Access, guard
from tcma.web.partner import lead_forms, leads, leads_shown
from tcma.web.unit import organisation, reading, viewer, writing

bp = Blueprint("partner_lead_deeds", __name__, url_prefix="/p/<slug:partner>/leads")
MEMBER, WORKERS = OrganisationKind.PARTNER, (Role.MARKETER, Role.SALES)
Deed = Callable[[Session, UUID], Done]


@bp.get("/<uuid:lead>/<any(contacted,qualify,'not-now','push-back','not-a-fit',won,lost):deed>")
@guard(Access.MEMBER, kind=MEMBER, roles=WORKERS)
def form(lead: UUID, deed: str) -> Response:
    """The small form of a deed."""
    return _form(lead, deed)


@bp.post("/<uuid:lead>/<any(contacted,qualify,'not-now','push-back','not-a-fit',won,lost):deed>")
@guard(Access.MEMBER, kind=MEMBER, roles=WORKERS)
def do(lead: UUID, deed: str) -> Response:
    try:
        return _done(
            lead, lambda session, found: lead_forms.DEEDS[deed](session, viewer(), found, request.form)
        )
    except Invalid as error:
        return _form(lead, deed, error)


@bp.post("/<uuid:lead>/accept")
@guard(Access.MEMBER, kind=MEMBER, roles=WORKERS)
def accept(lead: UUID) -> Response:
    return _done(lead, lambda session, found: service.accept(session, viewer(), found))


@bp.post("/<uuid:lead>/still-open")
@guard(Access.MEMBER, kind=MEMBER, roles=WORKERS)
def still_open(lead: UUID) -> Response:
    return _done(lead, lambda session, found: service.still_open(session, viewer(), found))


@bp.post("/<uuid:lead>/bring-back")
@guard(Access.MEMBER, kind=MEMBER, roles=WORKERS)
def bring_back(lead: UUID) -> Response:
    return _done(lead, lambda session, found: service.bring_back(session, viewer(), found))


@bp.post("/<uuid:lead>/hand-over")
@guard(Access.MEMBER, kind=MEMBER, roles=WORKERS)
def hand_over(lead: UUID) -> Response:
    try:
        colleague = UUID(request.form.get("colleague", ""))
    except ValueError as error:
        raise Invalid(_("Choose a colleague who works leads.")) from error
    try:
        return _done(lead, lambda session, found: service.hand_over(session, viewer(), found, colleague))
    except Invalid as error:
        return leads.lead_page(lead, error)


@bp.post("/<uuid:lead>/notes")
@guard(Access.MEMBER, kind=MEMBER, roles=WORKERS)
def note(lead: UUID) -> Response:
    try:
        with writing() as session:
            service.note(session, viewer(), lead, request.form.get("note", ""))
    except Invalid as error:
        return leads.lead_page(lead, error)
    return pages.see_other(_here(lead))


@bp.post("/<uuid:lead>/attempts")
@guard(Access.MEMBER, kind=MEMBER, roles=WORKERS)
def attempt(lead: UUID) -> Response:
    """A call or a mail was begun; the link itself opens the telephone or the mail program."""
    how = NoteKind.CALL if request.form.get("how") == NoteKind.CALL else NoteKind.MAIL
    with writing() as session:
        service.attempt(session, viewer(), lead, how)
    return pages.see_other(url_for("partner_leads.show", lead=lead))


@bp.post("/<uuid:lead>/undo/<uuid:deed>")
@guard(Access.MEMBER, kind=MEMBER, roles=WORKERS)
def take_back(lead: UUID, deed: UUID) -> Response:
    with writing() as session:
        try:
            found = undo.undo(session, viewer(), lead, deed)
        except Conflict as refused:
            return leads.lead_page(lead, refused)
        name = story.with_relations(session, found).company.name
    pages.toast(_("Taken back: %(company)s is as it was.", company=name))
    return pages.see_other(_here(lead))


def _done(lead: UUID, deed: Deed) -> Response:
    """Do it, say so with an undo, and go on: to the next lead of the inbox, or to this lead's own page."""
    try:
        with writing() as session:
            done = deed(session, lead)
            name = story.with_relations(session, done.lead).company.name
    except Conflict as refused:
        return leads.lead_page(lead, refused)
    said = _("%(done)s: %(company)s", done=_(words.MOVES[done.deed]), company=name)
    view = request.values.get("view") or None
    pages.toast(said, undo=url_for(".take_back", lead=lead, deed=done.key, view=view))
    following = request.form.get("next", "")
    if "view" in request.form:
        return pages.see_other(_inbox(lead=following or None))
    return pages.see_other(_here(lead))


def _form(lead: UUID, deed: str, error: Invalid | None = None) -> Response:
    with reading() as session:
        found = story.with_relations(session, queries.find_lead(session, viewer(), lead))
        told = story.read(session, found)
        now = clock.now(session)
        calendar = clocks.calendar_for(session, found)
        agreed = nurture.who_agreed(session, found) if deed == "not-now" else []
        refused = returns.no_capacity_count(session, found) if deed == "push-back" else 0
    values = {
        "deed": deed,
        "pane": leads_shown.page_of(told, organisation(), now),
        "back": _here(lead),
        "typed": lead_forms.typed(request.form, told),
        "rests": leads_shown.dates_to_rest(calendar, now),
        "today": now.astimezone(calendar.zone).date(),
        "agreed": agreed,
        "no_capacity": refused,
        "questions": [(question.value, _(words.QUESTIONS[question])) for question in Question],
        "findings": [(finding.value, _(words.FINDINGS[finding])) for finding in Finding],
        "horizons": [(horizon.value, _(words.HORIZONS[horizon])) for horizon in Horizon],
        "backs": [(reason.value, _(words.RETURNS[reason])) for reason in returns.BACK],
        "not_fits": [(reason.value, _(words.RETURNS[reason])) for reason in returns.NOT_A_FIT],
        "losses": [(reason.value, _(words.LOSSES[reason])) for reason in LossReason],
        "currency": organisation().currency,
        "view": request.values.get("view", ""),
        "following": request.values.get("next", ""),
    }
    template = "partner/leads/deed.html"
    return pages.problem(template, error, **values) if error else pages.page(template, **values)


def _here(lead: UUID) -> str:
    """Back to where the press came from: the inbox with this lead, or the lead's page."""
    if "view" in request.values:
        return _inbox(lead=lead)
    return url_for("partner_leads.show", lead=lead)


def _inbox(lead: UUID | str | None) -> str:
    view = request.values.get("view", "")
    known = view if view in set(inbox.View) else inbox.View.NEW.value
    return url_for("partner_leads.index", view=known, lead=lead)
