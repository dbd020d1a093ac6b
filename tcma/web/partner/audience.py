"""One audience: its people, its newest file, who left, renaming and deleting it."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from tcma.audiences import figures, queries, service
from tcma.audiences.models import Basis
from tcma.errors import Conflict, Invalid
from tcma.language import gettext as _
from tcma.language import ngettext
from tcma.viewer import OrganisationKind, Role
from tcma.web import lists, pages
from tcma.web.formats import number, zone
from tcma.web.guards import Access, guard
from tcma.web.partner import audience_files as files
from tcma.web.partner import audience_shown as shown
from tcma.web.partner import audience_words as words
from tcma.web.unit import reading, viewer, writing

bp = Blueprint("partner_audience", __name__, url_prefix="/p/<slug:partner>/audiences/<uuid:audience>")

PEOPLE = "partner/audiences/people.html"
FILE = "partner/audiences/file.html"
LEFT = "partner/audiences/left.html"
EDIT = "partner/audiences/edit.html"
DELETE = "partner/audiences/delete.html"
_HEADER = (
    "E-mail", "First name", "Last name", "Job title", "Company", "Industry", "Employees", "Country", "Language",
    "Phone", "Relation", "Legal basis", "Gets mail",
)  # fmt: skip


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show(audience: UUID) -> Response:
    """The people, by address."""
    listing = lists.listing(("address",), ("search",))
    with reading() as session:
        page = queries.contacts_of(
            session,
            viewer(),
            audience,
            prefix=listing.choices.get("search", ""),
            after=listing.after or None,
        )
    return pages.page(
        PEOPLE, listing=listing, page=page, cursor=page.next_after or "", **shown.values(audience, "people")
    )


@bp.get("/people.csv")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def people_csv(audience: UUID) -> Response:
    with reading() as session:
        found = queries.find_list(session, viewer(), audience)
    return lists.csv_answer(found.name, [_(name) for name in _HEADER], _people(audience))


def _people(audience: UUID) -> Iterator[Sequence[object]]:
    """A page of rows after the other, each read on its own."""
    after: str | None = None
    while True:
        with reading() as session:
            page = queries.contacts_of(session, viewer(), audience, after=after, limit=queries.LARGEST_PAGE)
        for line in page.lines:
            one = line.contact
            yield (
                one.address_typed, one.first_name, one.last_name, one.title, one.company, one.industry,
                one.employees, one.country, one.language, one.phone,
                _(words.RELATIONS[one.relation]), _(words.SHORT_BASES[line.basis]),
                _("yes") if line.is_reachable else _("no"),
            )  # fmt: skip
        after = page.next_after
        if after is None:
            return


@bp.get("/file")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def file(audience: UUID) -> Response:
    """What became of the newest file."""
    return _file_page(audience)


@bp.post("/file")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,), upload=files.LARGEST)
def add_file(audience: UUID) -> Response:
    """One more file into this list."""
    try:
        files.receive(audience)
    except (Invalid, Conflict) as error:
        return _file_page(audience, _on_file(error))
    return _to_file(audience)


@bp.post("/file/columns")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def columns(audience: UUID) -> Response:
    try:
        files.change_columns(audience)
    except Invalid as error:
        return _file_page(audience, error)
    return _to_file(audience, "columns")


@bp.post("/file/basis")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def basis(audience: UUID) -> Response:
    try:
        files.state_basis(audience)
    except Invalid as error:
        return _file_page(audience, error)
    return _to_file(audience, "basis-card")


@bp.post("/file/rows")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def mend(audience: UUID) -> Response:
    try:
        pages.toast(files.mend(audience))
    except Invalid as error:
        return _file_page(audience, error)
    return _to_file(audience, "rows")


@bp.get("/file/rows-to-fix.csv")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def rows_to_fix(audience: UUID) -> Response:
    return files.rows_to_fix(audience)


@bp.post("/file/cancel")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def cancel(audience: UUID) -> Response:
    files.cancel(audience)
    pages.toast(_("Stopped. What the file brought is taken back."))
    return pages.see_other(url_for("partner_audiences.index"))


@bp.get("/left")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def left(audience: UUID) -> Response:
    """Who stopped mail."""
    listing = lists.listing(("when",), (), "-when")
    after = int(listing.after) if listing.after.isdecimal() else 0
    with reading() as session:
        rows = figures.leavers_of(session, viewer(), audience, after=after, limit=lists.PAGE_SIZE + 1)
    page = lists.cut(rows, lambda leaver: str(leaver.number))
    leavers = [(leaver, _(words.REASONS[leaver.reason])) for leaver in page.rows]
    return pages.page(
        LEFT, listing=listing, leavers=leavers, cursor=page.cursor, **shown.values(audience, "left")
    )


@bp.get("/left.csv")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def left_csv(audience: UUID) -> Response:
    with reading() as session:
        found = queries.find_list(session, viewer(), audience)
    header = (_("E-mail"), _("Why"), _("Since"))
    return lists.csv_answer(f"{found.name}-left", header, _leavers(audience, zone()))


def _leavers(audience: UUID, there: ZoneInfo) -> Iterator[Sequence[object]]:
    after = 0
    while True:
        with reading() as session:
            rows = figures.leavers_of(session, viewer(), audience, after=after, limit=lists.PAGE_SIZE)
        for one in rows:
            yield one.contact.address_typed, _(words.REASONS[one.reason]), one.at.astimezone(there).date()
        if len(rows) < lists.PAGE_SIZE:
            return
        after = rows[-1].number


@bp.get("/edit")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def edit(audience: UUID) -> Response:
    with reading() as session:
        found = queries.find_list(session, viewer(), audience)
    return pages.page(EDIT, **shown.edit_values(audience, found.name))


@bp.post("/edit")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def update(audience: UUID) -> Response:
    name = request.values.get("name", "")[:400]
    with reading() as session:
        before = queries.find_list(session, viewer(), audience).name
    try:
        with writing() as session:
            service.rename_list(session, viewer(), audience, name)
    except (Invalid, Conflict) as error:
        return pages.problem(EDIT, _on("name", error), **shown.edit_values(audience, name))
    if name.strip() != before:
        pages.toast(
            _("Renamed: %(name)s.", name=name.strip()),
            undo=url_for(".update", audience=audience, name=before),
        )
    return pages.see_other(url_for(".show", audience=audience))


@bp.post("/basis")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def change_basis(audience: UUID) -> Response:
    """State anew why everybody on the list may be written to."""
    answer = request.values.get("list_basis", "")
    if answer not in set(Basis):
        sentence = _("Say why you may write to these people.")
        return pages.problem(
            EDIT, Invalid(sentence, {"list_basis": sentence}), **shown.edit_values(audience, None)
        )
    with writing() as session:
        before = figures.portrait(session, queries.find_list(session, viewer(), audience)).bases
        count = service.change_basis(session, viewer(), audience, Basis(answer))
    pages.toast(
        ngettext("Stated for %(count)s person.", "Stated for %(count)s people.", count, count=number(count)),
        undo=_as_before(audience, before, Basis(answer)),
    )
    return pages.see_other(url_for(".show", audience=audience))


def _as_before(audience: UUID, before: Mapping[Basis, int], now: Basis) -> str | None:
    """Takes the answer back where one stood for everybody; several cannot be stated in one press."""
    stood = [basis for basis, count in before.items() if count]
    if len(stood) != 1 or stood[0] is now:
        return None
    return url_for(".change_basis", audience=audience, list_basis=stood[0].value)


@bp.get("/delete")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def confirm_delete(audience: UUID) -> Response:
    """The question of the dialog, as a page."""
    return pages.page(DELETE, **shown.values(audience, "people"))


@bp.post("/delete")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def delete(audience: UUID) -> Response:
    with reading() as session:
        name = queries.find_list(session, viewer(), audience).name
    with writing() as session:
        service.delete_list(session, viewer(), audience)
    pages.toast(_("“%(name)s” is deleted.", name=name))
    return pages.see_other(url_for("partner_audiences.index"))


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response:
    audience = (request.view_args or {})["audience"]
    return files.too_large(error, FILE, **shown.file_values(audience))


def _file_page(audience: UUID, error: Invalid | None = None) -> Response:
    values = shown.file_values(audience)
    return pages.problem(FILE, error, **values) if error else pages.page(FILE, **values)


def _to_file(audience: UUID, part: str = "") -> Response:
    return pages.see_other(url_for(".file", audience=audience) + (f"#{part}" if part else ""))


def _on_file(error: Invalid | Conflict) -> Invalid:
    return _on(files.FILE, error)


def _on(field: str, error: Invalid | Conflict) -> Invalid:
    return Invalid(error.sentence, {field: error.sentence})
