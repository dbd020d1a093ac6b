"""Step 2 of a launch: the people it goes to. A list used before, a file, or only those who click the link."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from tcma.audiences import figures, vendor_view
from tcma.audiences.figures import ListFigures
from tcma.errors import Invalid, NotFound, phrase
from tcma.language import gettext as _
from tcma.launches import audience_use, drafts
from tcma.launches.audience_use import Use
from tcma.launches.setup import Draft, Step
from tcma.viewer import OrganisationKind, Role
from tcma.web import pages
from tcma.web.guards import Access, guard
from tcma.web.partner import audience_files as files
from tcma.web.partner import audience_words as words
from tcma.web.partner import audiences, previews, setup
from tcma.web.unit import viewer, writing

bp = Blueprint(
    "partner_setup_audience",
    __name__,
    url_prefix="/p/<slug:partner>/campaigns/<uuid:campaign>/setup/audience",
)

TEMPLATE = "partner/setup/audience.html"
BY_LINK = "link"


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def edit(campaign: UUID) -> Response:
    return _page(campaign)


@bp.post("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,), upload=files.LARGEST)
def update(campaign: UUID) -> Response:
    """A file, a list that is there already, or the link alone."""
    draft = setup.open_draft(campaign)
    sent = request.files.get(files.FILE)
    try:
        if sent is not None and sent.filename:
            received = files.receive()
            if received.is_known:
                pages.toast(_("This file was read before. These are its people; nothing was doubled."))
            _choose(campaign, received.list_id)
        elif request.form.get("audience") == BY_LINK:
            with writing() as session:
                drafts.set_link_only(session, viewer(), campaign)
        else:
            _choose(campaign, _wanted())
    except Invalid as error:
        return _page(campaign, error)
    return _back(draft)


@bp.post("/terms")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def accept(campaign: UUID) -> Response:
    draft = setup.open_draft(campaign)
    files.accept_terms()
    return _back(draft)


@bp.post("/columns")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def columns(campaign: UUID) -> Response:
    draft = setup.open_draft(campaign)
    try:
        files.change_columns(_list_of(draft))
    except Invalid as error:
        return _page(campaign, error)
    return _back(draft, "columns")


@bp.post("/basis")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def basis(campaign: UUID) -> Response:
    draft = setup.open_draft(campaign)
    try:
        files.state_basis(_list_of(draft))
    except Invalid as error:
        return _page(campaign, error)
    return _back(draft, "basis-card")


@bp.post("/rows")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def mend(campaign: UUID) -> Response:
    draft = setup.open_draft(campaign)
    try:
        pages.toast(files.mend(_list_of(draft)))
    except Invalid as error:
        return _page(campaign, error)
    return _back(draft, "rows")


@bp.post("/cancel")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def cancel(campaign: UUID) -> Response:
    draft = setup.open_draft(campaign)
    files.cancel(_list_of(draft))
    pages.toast(_("Stopped. What the file brought is taken back."))
    return _back(draft)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response:
    sentence = files.too_large_sentence()
    answer = _page((request.view_args or {})["campaign"], Invalid(sentence, {files.FILE: sentence}))
    answer.status_code = 413
    return answer


def _choose(campaign: UUID, list_id: UUID) -> None:
    with writing() as session:
        drafts.set_audience(session, viewer(), campaign, list_id)


def _wanted() -> UUID:
    try:
        return UUID(request.form.get("audience", ""))
    except ValueError as error:
        sentence = _("Choose the people it goes to.")
        raise Invalid(sentence, {"audience": sentence}) from error


def _list_of(draft: Draft) -> UUID:
    if draft.list is None:
        raise NotFound(phrase("No list is chosen for this campaign."))
    return draft.list.public_id


def _back(draft: Draft, part: str = "") -> Response:
    return pages.see_other(setup.address(draft, Step.AUDIENCE) + (f"#{part}" if part else ""))


def _page(campaign: UUID, error: Invalid | None = None) -> Response:
    """The step, at most 26 statements."""
    with setup.reading_draft(campaign) as (session, draft):
        values, beside = _values(session, draft), previews.see(session, draft)
    if error is not None:
        return setup.refused(TEMPLATE, draft, beside, Step.AUDIENCE, error, **values)
    return setup.shown(TEMPLATE, draft, beside, Step.AUDIENCE, **values)


def _values(session: Session, draft: Draft) -> dict[str, Any]:
    """The step's own, about twelve statements."""
    base = setup.address(draft, Step.AUDIENCE)
    every = figures.lists_for(session, viewer())
    lists = [found for found in every if found.people_count]
    uses = audience_use.last_uses(session, viewer())
    chosen = draft.list
    values: dict[str, Any] = {
        "base": base,
        "lists": [(found, _summary(found, uses.get(found.list.id))) for found in lists],
        "chosen": chosen,
        "is_link_only": draft.campaign.is_link_only,
        "field_options": words.columns(),
        "needs_terms": not draft.facts.has_terms,
        "may_write": audiences.may_write(),
        "file": None,
        "panel": None,
        "list_address": "",
        "rows_address": "",
        **audiences.terms_values(),
    }
    if chosen is None:
        return values
    counted = next(found for found in every if found.list.id == chosen.id)
    place = url_for("partner_audience.show", audience=chosen.public_id)
    return {
        **values,
        "figures": counted,
        "file": files.view_of(session, chosen, base),
        "panel": files.panel_of(
            counted.people_count, vendor_view.shown(counted.reachable), draft.vendor.name
        ),
        "list_address": place,
        "rows_address": f"{place}/file/rows-to-fix.csv",
    }


def _summary(found: ListFigures, use: Use | None) -> str:
    """How many people, how many of them get mail, and what it was used for last."""
    return words.list_summary(found, use.name if use else "")
