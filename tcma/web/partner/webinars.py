"""A webinar as its host sees it: who registered, who came, and what can be done with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from campaigns.channels import webinar as look
from tcma import clock
from tcma.errors import DomainError, Invalid
from tcma.language import gettext as _
from tcma.language import mark, ngettext
from tcma.launches import queries as campaigns
from tcma.launches import webinars
from tcma.seats import attending, hosting, queries
from tcma.seats.queries import Asked, Registrant, Sort, Standing
from tcma.viewer import OrganisationKind, Role
from tcma.web import formats, lists, pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import start_form, webinar_form
from tcma.web.unit import organisation, reading, viewer, writing
from tcma.webinars import sessions
from tcma.webinars.models import WebinarSession
from tcma.webinars.sessions import Phase

bp = Blueprint("partner_webinars", __name__, url_prefix="/p/<slug:partner>/webinars/<uuid:campaign>")

MARKETER = (Role.MARKETER,)
MOST_UPLOAD = 11_000_000  # bytes; the list itself may have 10 MB
SORTS = tuple(Sort)
STATES = {
    Standing.SAVED: mark("Has a seat"),
    Standing.GIVEN_BACK: mark("Gave the seat back"),
    Standing.WANTS_RECORDING: mark("Wants the recording"),
    Standing.CAME: mark("Was there"),
    Standing.DID_NOT_COME: mark("Did not come"),
    Standing.UNINVITED: mark("Came without a seat"),
}
PHASES = {
    Phase.AHEAD: mark("Planned"),
    Phase.ROOM_OPEN: mark("The room is open"),
    Phase.OVER: mark("Took place"),
    Phase.CANCELLED: mark("Cancelled"),
}


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show(campaign: UUID) -> Response:
    return _page(campaign)


@bp.get("/registrations.csv")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def csv(campaign: UUID) -> Response:
    """Everybody, written while it is read."""
    who, web = viewer(), installation().web
    with reading() as session:
        found = campaigns.find_campaign(session, who, campaign)
        row = webinars.find_session(session, found)
        session.expunge_all()
    header = [
        _("E-mail"),
        _("Name"),
        _("Company"),
        _("State"),
        _("Registered"),
        _("Time zone"),
        _("Joined"),
        _("Minutes"),
        _("Stayed to the end"),
    ]
    rows = (
        (
            person.contact.address_typed,
            person.name,
            person.contact.company,
            _(STATES[queries.standing(person.seat, row)]),
            formats.moment(person.seat.registered_at),
            person.seat.timezone,
            formats.moment(person.seat.joined_at) if person.seat.joined_at else "",
            "" if person.seat.attended_minutes is None else person.seat.attended_minutes,
            {None: "", True: _("Yes"), False: _("No")}[queries.stayed(person.seat, row)],
        )
        for person in queries.all_registrants(web, who, row)
    )
    return lists.csv_answer(f"{found.slug}-registrations", header, rows)


@bp.post("/move")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def move(campaign: UUID) -> Response:
    def deed() -> str:
        installed = installation()
        row = hosting.move(
            installed.web,
            viewer(),
            installed.storage,
            installed.settings,
            campaign,
            start_form.typed_wall(),
            request.form.get("zone", ""),
        )
        when = formats.time_with_place(row.starts_at, row.timezone) if row.starts_at else ""
        return _("Moved to %(when)s. Everybody with a seat is told.", when=when)

    return _do(campaign, deed)


@bp.get("/cancel")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def confirm_cancel(campaign: UUID) -> Response:
    """The dialog's question as a page."""
    return pages.page("partner/webinars/cancel.html", **_values(campaign))


@bp.post("/cancel")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def cancel(campaign: UUID) -> Response:
    def deed() -> str:
        with writing() as session:
            hosting.cancel(session, viewer(), campaign)
        return _("Cancelled. Everybody with a seat is told.")

    return _do(campaign, deed)


@bp.post("/recording")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def recording(campaign: UUID) -> Response:
    def deed() -> str:
        with writing() as session:
            row = hosting.set_recording(session, viewer(), campaign, request.form.get("recording", ""))
            is_there = bool(row.recording_url)
        return _("The page shows the recording.") if is_there else _("The recording is off the page.")

    return _do(campaign, deed)


@bp.post("/attendance")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER, upload=MOST_UPLOAD)
def attendance(campaign: UUID) -> Response:
    """Read an attendance list; what was wrong with it stands on the page afterwards."""

    def deed() -> str:
        file = request.files.get("list")
        content = file.stream.read(MOST_UPLOAD) if file else b""
        with writing() as session:
            taken = attending.upload(session, viewer(), campaign, content)
            known = taken.upload.people_count - taken.upload.guest_count
        if taken.is_repeat:
            return _("This very list was here before. Nothing changed.")
        return ngettext("%(num)s person you know was there.", "%(num)s people you know were there.", known)

    return _do(campaign, deed)


@bp.post("/people/<uuid:contact>/<any(came,'did-not-come'):what>")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def came(campaign: UUID, contact: UUID, what: str) -> Response:
    """Somebody who was there under another address, and the way back."""

    def deed() -> str:
        with writing() as session:
            attending.came(session, viewer(), campaign, contact, did=what == "came")
        return _("Noted: was there.") if what == "came" else _("Taken back.")

    return _do(campaign, deed)


def _do(campaign: UUID, deed: Callable[[], str]) -> Response:
    """What the domain refuses comes back on the page, with what was typed."""
    try:
        said = deed()
    except DomainError as error:
        problem = error if isinstance(error, Invalid) else Invalid(error.sentence)
        return _page(campaign, webinar_form.named(problem))
    pages.toast(said)
    return pages.see_other(url_for(".show", campaign=campaign))


def _page(campaign: UUID, error: Invalid | None = None) -> Response:
    values = _values(campaign, error)
    if error is not None:
        return pages.problem("partner/webinars/show.html", error, **values)
    return pages.page("partner/webinars/show.html", **values)


def _values(campaign: UUID, error: Invalid | None = None) -> dict[str, Any]:
    """About eight statements."""
    listing = lists.listing(SORTS, (), default="-registered")
    sort = Sort(listing.sort)
    asked = Asked(sort, listing.descending, listing.after, lists.PAGE_SIZE + 1)
    with reading() as session:
        found = campaigns.find_campaign(session, viewer(), campaign)
        webinars.require_launched(found)
        page = webinars.open_page(session, installation().storage, found, organisation(), None)
        row = page.session
        people = queries.registrants_for(session, viewer(), row, asked)
        figures = queries.figures_of(session, row)
        uploads = queries.uploads_of(session, row)
        phase = sessions.phase(row, clock.now(session))
    part = lists.cut(people, lambda person: queries.cursor_of(person, sort))
    return {
        "campaign": found,
        "webinar": page.webinar,
        "organisers": look.organisers(page.webinar, page.partner, page.vendor),
        "row": row,
        "phase": phase.value,
        "phase_words": _(PHASES[phase]),
        "figures": figures,
        "listing": listing,
        "part": part,
        "state": lambda person: _(STATES[queries.standing(person.seat, row)]),
        "deed": lambda person: _deed(person, row),
        "long_enough": queries.long_enough(row),
        "name": _name,
        "uploads": uploads,
        "fields": webinar_form.of(row, webinar_form.typed() if error else None),
        "zones": webinar_form.zone_options(row.timezone),
        "recording": request.form.get("recording", row.recording_url),
        "csv": url_for(".csv", campaign=campaign),
        "public_address": _public(page),
    }


def _deed(person: Registrant, row: WebinarSession) -> str:
    """What can be said by hand about whether somebody came: "" where a list says it, or nobody knows yet."""
    if row.attendance_known_at is None or person.seat.attended_minutes is not None:
        return ""
    return "did-not-come" if person.seat.attended_at is not None else "came"


def _public(page: webinars.WebinarPage) -> str:
    return f"{installation().settings.base_url}/w/{page.firm.slug}/{page.campaign.slug}"


def _name(person: Registrant) -> str:
    return person.name or _("Deleted")
