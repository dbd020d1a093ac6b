"""Search or jump as a page; the dialog of every page asks the same address and takes the list out of it."""

from flask import Blueprint, Response, request

from tcma.home import search
from tcma.home.search import Hit, HitKind
from tcma.language import gettext as _
from tcma.language import mark
from tcma.viewer import OrganisationKind
from tcma.web.guards import Access, guard, may_open
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


# What can be done: words, icon, and the address under the partner's own.
ACTIONS = (
    (mark("Launch a kit"), "send", "kits"),
    (mark("Add contacts"), "upload", "audiences"),
    (mark("Stop mail to a person"), "ban", "audiences/suppressed"),
    (mark("Ask for funding"), "gift", "funding/ask"),
    (mark("Note money from elsewhere"), "hand-coins", "funding/elsewhere/new"),
    (mark("Report on leads"), "clipboard-list", "leads/report"),
    (mark("Invite a colleague"), "user-plus", "team"),
    (mark("Change logo and colours"), "pencil", "brand"),
    (mark("Change opening hours"), "clock", "settings"),
)


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show() -> Response:
    """Pages whose name holds the words, and what begins with them."""
    words = " ".join(request.args.get("q", "").split())[: search.LONGEST]
    with reading() as session:
        hits = search.hits_for(session, viewer(), words)
    under = f"/p/{organisation().slug}/"
    places = [entry for entry in shell().jumps if words.lower() in entry.label.lower()]
    return page(
        "partner/search/show.html",
        words=words,
        places=places,
        actions=_actions(words, under),
        groups=_grouped(hits),
        under=under,
    )


def _actions(words: str, under: str) -> list[tuple[str, str, str]]:
    """Words, icon and address of what the reader may do and the words name."""
    if len(words) < search.SHORTEST:
        return []
    said = [(_(label), icon, under + path) for label, icon, path in ACTIONS]
    return [one for one in said if words.lower() in one[0].lower() and may_open(one[2])]


def _grouped(hits: list[Hit]) -> list[tuple[str, str, list[Hit]]]:
    """Heading, icon and hits of each kind that was found."""
    return [
        (_(label), icon, found)
        for kind, (label, icon) in KINDS.items()
        if (found := [hit for hit in hits if hit.kind is kind])
    ]
