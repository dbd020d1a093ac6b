"""A partner's audiences: all lists, a new one from a file, what is shared of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from tcma.audiences import figures, shared, terms
from tcma.audiences.figures import ListFigures
from tcma.audiences.models import Basis, ContactImport
from tcma.errors import DomainError, Invalid
from tcma.language import current
from tcma.language import gettext as _
from tcma.launches import audience_use
from tcma.launches.audience_use import Use
from tcma.viewer import OrganisationKind, Role
from tcma.web import lists, pages
from tcma.web.formats import zone
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import audience_files as files
from tcma.web.partner import audience_words as words
from tcma.web.unit import reading, viewer

bp = Blueprint("partner_audiences", __name__, url_prefix="/p/<slug:partner>/audiences")

INDEX = "partner/audiences/index.html"
SHARED = "partner/audiences/shared.html"


@dataclass(frozen=True, slots=True)
class Row:
    """A list in the table. `basis` is the one most of its people are on."""

    figures: ListFigures
    source: str
    basis: str
    use: Use | None


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def index() -> Response:
    return pages.page(INDEX, **_values())


@bp.post("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,), upload=files.LARGEST)
def create() -> Response:
    """A new list from a file."""
    try:
        received = files.receive()
    except Invalid as error:
        return pages.problem(INDEX, error, **_values())
    if received.is_known:
        pages.toast(_("This file was read before. These are its people; nothing was doubled."))
    return pages.see_other(url_for("partner_audience.file", audience=received.list_id))


@bp.post("/terms")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def accept() -> Response:
    files.accept_terms()
    pages.toast(_("Accepted. You can upload your contacts now."))
    return pages.see_other(url_for(".index"))


@bp.get("/shared")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def what_is_shared() -> Response:
    """The literal list of what a vendor can read."""
    areas: dict[str, list[str]] = {}
    for one in shared.SHARED:
        areas.setdefault(_(shared.AREAS[one.area]), []).append(_(one.words))
    operator = installation().settings.operator_name
    return pages.page(SHARED, areas=areas, links=_(shared.LINKS), operator=operator)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response:
    return files.too_large(error, INDEX, **_values())


@bp.get("/audiences.csv")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def csv() -> Response:
    """The table as a file: counts, nobody's address."""
    header = (
        _("Name"),
        _("People"),
        _("Can be written to"),
        _("From"),
        _("Legal basis"),
        _("Last used"),
        _("Campaign"),
    )
    rows = [
        (
            row.figures.list.name,
            row.figures.people_count,
            row.figures.reachable_count,
            row.source,
            row.basis,
            row.use.launched_at.astimezone(zone()).date() if row.use else "",
            row.use.name if row.use else "",
        )
        for row in _values()["rows"]
    ]
    return lists.csv_answer("audiences", header, rows)


def terms_values() -> dict[str, Any]:
    """What the card of the processing terms shows, and which files are taken."""
    return {
        "accept": files.ACCEPT,
        "terms_text": terms.text_in(terms.CURRENT, current()),
        "terms_in_english": terms.TEXTS[terms.CURRENT],
        "terms_language": current(),
        "terms_version": terms.CURRENT,
        "operator": installation().settings.operator_name,
    }


def _values() -> dict[str, Any]:
    with reading() as session:
        found_lists = figures.lists_for(session, viewer())
        newest = figures.newest_imports(session, viewer())
        uses = audience_use.last_uses(session, viewer())
        needs_terms = terms.accepted(session, viewer().organisation_id) is None
        vendor = files.only_vendor(session)
    rows = [
        Row(
            found,
            _source(newest.get(found.list.id)),
            _basis(found.bases),
            uses.get(found.list.id),
        )
        for found in found_lists
        if found.people_count or not _is_leftover(newest.get(found.list.id))
    ]
    return {
        "rows": rows,
        "people_count": sum(row.figures.people_count for row in rows),
        "needs_terms": needs_terms,
        "may_write": may_write(),
        "vendor": vendor,
        **terms_values(),
    }


def may_write(*more: Role) -> bool:
    """Whether the viewer may change audiences; `more` roles may do some of it."""
    try:
        viewer().require(OrganisationKind.PARTNER, Role.MARKETER, *more)
    except DomainError:
        return False
    return True


def _is_leftover(found: ContactImport | None) -> bool:
    """A file that brought nobody; its list goes by itself."""
    return found is not None and found.made_list and not found.is_under_way


def _source(found: ContactImport | None) -> str:
    return found.file_name if found else _("By hand and from forms")


def _basis(counts: Mapping[Basis, int]) -> str:
    if not counts:
        return ""
    most = max(counts, key=lambda basis: counts[basis])
    name = _(words.SHORT_BASES[most])
    return name if len(counts) == 1 else _("%(basis)s and others", basis=name)
