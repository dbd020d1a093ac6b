"""What the pages of one audience show."""

from typing import Any
from uuid import UUID

from flask import url_for

from tcma.audiences import bases, figures, queries, vendor_view
from tcma.audiences.models import Basis
from tcma.language import gettext as _
from tcma.language import ngettext
from tcma.web.formats import number
from tcma.web.partner import audience_files as files
from tcma.web.partner import audience_words as words
from tcma.web.partner import audiences
from tcma.web.unit import organisation, reading, viewer


def file_values(audience: UUID) -> dict[str, Any]:
    base = url_for("partner_audience.file", audience=audience)
    with reading() as session:
        file = files.view_of(session, queries.find_list(session, viewer(), audience), base)
    return {
        "file": file,
        "field_options": words.columns(),
        "rows_address": url_for("partner_audience.rows_to_fix", audience=audience),
        "needs_terms": files.needs_terms(),
        **audiences.terms_values(),
        **values(audience, "file"),
    }


def values(audience: UUID, tab: str) -> dict[str, Any]:
    """What every page of a list shows: name, figures, tabs, the panel; at most seven statements."""
    with reading() as session:
        portrait = figures.portrait(session, queries.find_list(session, viewer(), audience))
        imports = queries.imports_of(session, portrait.list)
        to_fix = queries.left_out_count(session, imports[0]) if imports else 0
        vendor = files.only_vendor(session)
    place = url_for("partner_audience.show", audience=audience)
    return {
        "audience": portrait.list,
        "portrait": portrait,
        "bands": [(words.band(name), count) for name, count in portrait.bands.items()],
        "bases": [(_(words.SHORT_BASES[basis]), count) for basis, count in portrait.bases.items()],
        "sources": [(_(words.SOURCES[name]), count) for name, count in portrait.sources.items()],
        "basis_words": {basis: _(name) for basis, name in words.SHORT_BASES.items()},
        "imports": imports,
        "list_address": place,
        "kits_address": f"/p/{organisation().slug}/kits",
        "may_write": audiences.may_write(),
        "panel": files.panel_of(portrait.people_count, vendor_view.shown(portrait.reachable), vendor),
        "tabs": [
            (_("People"), place, tab == "people", number(portrait.people_count)),
            *(
                [(_("Last file"), f"{place}/file", tab == "file", _to_fix(to_fix))]
                if imports or tab == "file"
                else []
            ),
            (_("Stopped mail"), f"{place}/left", tab == "left", None),
        ],
    }


def _to_fix(count: int) -> str | None:
    return ngettext("%(count)s to fix", "%(count)s to fix", count, count=number(count)) if count else None


def edit_values(audience: UUID, name: str | None) -> dict[str, Any]:
    shown = values(audience, "people")
    answers = [(basis.value, _(label), _help(basis)) for basis, label in words.BASES.items()]
    return {**shown, "name": shown["audience"].name if name is None else name, "answers": answers}


def _help(basis: Basis) -> str:
    return {
        Basis.CUSTOMER: _("Bought something similar, could say no."),
        Basis.AGREED: _("You can show when and how."),
        Basis.BUSINESS: _(
            "Allowed without asking in %(countries)s only.",
            countries=words.countries(tuple(bases.BUSINESS_CONTACT_ALLOWED)),
        ),
        Basis.NOT_SURE: _("Then nobody here gets mail for now."),
    }[basis]
