"""Help as a page: questions, people to ask, keys."""

from flask import Blueprint, Response

from tcma.home import contacts
from tcma.viewer import OrganisationKind
from tcma.web import help_texts
from tcma.web.guards import Access, guard
from tcma.web.pages import page
from tcma.web.unit import reading, viewer

bp = Blueprint("partner_help", __name__, url_prefix="/p/<slug:partner>/help")


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show() -> Response:
    with reading() as session:
        people = contacts.helpers_for(session, viewer())
    return page("partner/help/show.html", people=people, questions=help_texts.questions(""))
