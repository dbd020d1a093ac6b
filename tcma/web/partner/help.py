"""Help as a page: questions, people to ask, keys."""

from flask import Blueprint, Response, request

from tcma.home import contacts
from tcma.viewer import OrganisationKind
from tcma.web import help_texts
from tcma.web.guards import Access, guard
from tcma.web.pages import page
from tcma.web.unit import reading, viewer

bp = Blueprint("partner_help", __name__, url_prefix="/p/<slug:partner>/help")


LONGEST = 100


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show() -> Response:
    """`q` looks through the answers of every page."""
    words = " ".join(request.args.get("q", "").split())[:LONGEST]
    with reading() as session:
        people = contacts.helpers_for(session, viewer())
    questions = help_texts.about(words) if words else help_texts.questions("")
    return page("partner/help/show.html", people=people, questions=questions, words=words)
