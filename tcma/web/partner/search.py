"""Search or jump as a page; the dialog of every page asks the same address and takes the list out of it."""

from flask import Blueprint, Response, request

from tcma.home import search
from tcma.home.search import Hit, HitKind
from tcma.language import gettext as _
from tcma.language import mark
from tcma.viewer import OrganisationKind
from tcma.web.guards import Access, guard
from tcma.web.pages import page
from tcma.web.shell import shell
from tcma.web.unit import organisation, reading, viewer

bp = Blueprint("partner_search", __name__, url_prefix="/p/<slug:partner>/search")

KINDS = {
    HitKind.LEAD: (mark("Leads"), "user-plus"),
    HitKind.CAMPAIGN: (mark("Campaigns"), "send"),
    HitKind.KIT: (mark("Kits"), "package"),
    HitKind.PERSON: (mark("People"), "user"),
}


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show() -> Response:
    """Pages whose name holds the words, and what begins with them."""
    words = " ".join(request.args.get("q", "").split())[: search.LONGEST]
    with reading() as session:
        hits = search.hits_for(session, viewer(), words)
    places = [entry for entry in shell().jumps if words.lower() in entry.label.lower()]
    return page(
        "partner/search/show.html",
        words=words,
        places=places,
        groups=_grouped(hits),
        under=f"/p/{organisation().slug}/",
    )


def _grouped(hits: list[Hit]) -> list[tuple[str, str, list[Hit]]]:
    """Heading, icon and hits of each kind that was found."""
    return [
        (_(label), icon, found)
        for kind, (label, icon) in KINDS.items()
        if (found := [hit for hit in hits if hit.kind is kind])
    ]
