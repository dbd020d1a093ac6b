"""Money from elsewhere: the partner's own notes of other vendors' funds, with dates and papers."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from tcma import clock
from tcma.errors import Conflict, Invalid
from tcma.funds import elsewhere
from tcma.funds.elsewhere_models import ELSEWHERE_NEXT, ElsewhereFile, ElsewhereMoney, ElsewhereStatus
from tcma.language import gettext as _
from tcma.viewer import OrganisationKind, Role
from tcma.web import pages
from tcma.web.guards import Access, guard
from tcma.web.pages import see_other, toast
from tcma.web.partner import funding, funding_words, papers, questions
from tcma.web.partner.elsewhere_form import Typed
from tcma.web.partner.questions import Question
from tcma.web.unit import organisation, reading, viewer, writing

PARTNER = OrganisationKind.PARTNER
WRITERS = (Role.MARKETER, Role.FINANCE)
bp = Blueprint("partner_funding_elsewhere", __name__, url_prefix="/p/<slug:partner>/funding/elsewhere")


@bp.get("")
@guard(Access.MEMBER, kind=PARTNER)
def index() -> Response:
    """Two statements."""
    with reading() as session:
        found = elsewhere.money_for(session, viewer())
        today = clock.now(session).date()
    return pages.page(
        "partner/funding/elsewhere.html",
        tabs=funding.tabs("elsewhere"),
        lines=[_line(one, today) for one in found],
        may_write=_may_write(),
    )


@bp.get("/new")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def new() -> Response:
    return _form(Typed(currency=organisation().currency))


@bp.post("")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS, upload=papers.BODY)
def create() -> Response:
    typed = Typed.read()
    try:
        said = typed.said()
        paper = papers.kept()
        with writing() as session:
            made = elsewhere.note(session, viewer(), said)
            session.flush()
            if paper is not None:
                elsewhere.add_file(session, viewer(), made.public_id, paper)
    except Invalid as error:
        return _form(typed, error=error)
    toast(_("Noted. You are reminded 30, 14 and 3 days before each date."))
    return see_other(_address(made.public_id))


@bp.get("/<uuid:note>")
@guard(Access.MEMBER, kind=PARTNER)
def show(note: UUID) -> Response:
    """Three statements."""
    return pages.page("partner/funding/elsewhere_one.html", **_one(note))


@bp.get("/<uuid:note>/edit")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def edit(note: UUID) -> Response:
    with reading() as session:
        found = elsewhere.find_money(session, viewer(), note)
    return _form(Typed.of(found), found)


@bp.post("/<uuid:note>")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def update(note: UUID) -> Response:
    typed = Typed.read()
    try:
        said = typed.said()
        with writing() as session:
            elsewhere.change(session, viewer(), note, said)
    except Invalid as error:
        with reading() as session:
            found = elsewhere.find_money(session, viewer(), note)
        return _form(typed, found, error)
    toast(_("Saved."))
    return see_other(_address(note))


@bp.post("/<uuid:note>/status")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def move(note: UUID) -> Response:
    """How it stands now; the way back is one press, where there is one."""
    word = request.form.get("status", "")
    if word not in set(ElsewhereStatus):
        raise Invalid(_("Choose how it stands."))
    with writing() as session:
        elsewhere.move(session, viewer(), note, ElsewhereStatus(word))
    toast(_("Noted: %(state)s.", state=funding_words.elsewhere_state(ElsewhereStatus(word))[0]))
    return see_other(_address(note))


@bp.post("/<uuid:note>/files")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS, upload=papers.BODY)
def add_file(note: UUID) -> Response:
    try:
        paper = papers.kept()
        if paper is None:
            sentence = _("Choose a file.")
            raise Invalid(sentence, {"file": sentence})
        with writing() as session:
            elsewhere.add_file(session, viewer(), note, paper)
    except (Invalid, Conflict) as error:
        shown = error if isinstance(error, Invalid) else Invalid(error.sentence, {"file": error.sentence})
        return pages.problem("partner/funding/elsewhere_one.html", shown, **_one(note))
    toast(_("Added %(name)s.", name=paper.name))
    return see_other(_address(note))


@bp.get("/<uuid:note>/files/<uuid:paper>")
@guard(Access.MEMBER, kind=PARTNER)
def file(note: UUID, paper: UUID) -> Response:
    with reading() as session:
        found = elsewhere.find_file(session, viewer(), note, paper)
    return papers.download(found.partner_id, found.name, found.content_type, found.sha256)


@bp.get("/<uuid:note>/files/<uuid:paper>/delete")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def confirm_file(note: UUID, paper: UUID) -> Response:
    """The question of the dialog."""
    with reading() as session:
        found = elsewhere.find_file(session, viewer(), note, paper)
    return questions.page(_away(note, found))


@bp.post("/<uuid:note>/files/<uuid:paper>/delete")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def remove_file(note: UUID, paper: UUID) -> Response:
    with writing() as session:
        elsewhere.remove_file(session, viewer(), note, paper)
    toast(_("Removed."))
    return see_other(_address(note))


@bp.get("/<uuid:note>/delete")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def confirm(note: UUID) -> Response:
    """The question of the dialog as a page, for browsers without script."""
    with reading() as session:
        found = elsewhere.find_money(session, viewer(), note)
    return pages.page("partner/funding/elsewhere_delete.html", money=found)


@bp.post("/<uuid:note>/delete")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def delete(note: UUID) -> Response:
    with writing() as session:
        elsewhere.forget(session, viewer(), note)
    toast(_("Deleted."))
    return see_other(url_for(".index"))


def _line(found: ElsewhereMoney, today: date) -> dict[str, Any]:
    """A note as the list shows it."""
    word, tone = funding_words.elsewhere_state(found.status)
    deadline = elsewhere.deadline_of(found)
    chip = funding_words.deadline(deadline, (deadline.on - today).days) if deadline else None
    share = funding_words.share(found.share_bp) if found.share_bp else ""
    return {"money": found, "word": word, "tone": tone, "chip": chip, "share": share}


def _one(note: UUID) -> dict[str, Any]:
    with reading() as session:
        found = elsewhere.find_money(session, viewer(), note)
        files = elsewhere.files_of(session, found)
        today = clock.now(session).date()
    deeds = [
        (status.value, funding_words.elsewhere_deed(status))
        for status in ElsewhereStatus
        if status in ELSEWHERE_NEXT[found.status]
    ]
    return {
        **_line(found, today),
        "files": [(file, _away(note, file)) for file in files],
        "deeds": deeds,
        "may_write": _may_write(),
        "accept": papers.ACCEPT,
        "is_full": len(files) >= elsewhere.MOST_FILES,
    }


def _away(note: UUID, paper: ElsewhereFile) -> Question:
    return Question(
        _("Remove “%(name)s”?", name=paper.name),
        _("The file is deleted. This cannot be undone."),
        _("Yes, remove"),
        _("Keep it"),
        url_for(".remove_file", note=note, paper=paper.public_id),
        _address(note),
        "funding",
    )


def _form(typed: Typed, found: ElsewhereMoney | None = None, error: Invalid | None = None) -> Response:
    values = {
        "typed": typed,
        "money": found,
        "currencies": typed.currencies,
        "accept": papers.ACCEPT,
    }
    template = "partner/funding/elsewhere_form.html"
    return pages.problem(template, error, **values) if error else pages.page(template, **values)


def _address(note: UUID) -> str:
    return url_for("partner_funding_elsewhere.show", note=note)


def _may_write() -> bool:
    return bool(viewer().roles & {Role.OWNER, *WRITERS})
