"""The person's own page."""

from flask import Blueprint, Response
from flask import session as cookie

from tcma.organisations import sign_ins
from tcma.web import unit
from tcma.web.guards import Access, guard
from tcma.web.pages import page, see_other

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("/")
@guard(Access.PERSON)
def show() -> Response:
    return page("account/show.html", person=unit.user())


@bp.post("/sign-out")
@guard(Access.PERSON)
def sign_out() -> Response:
    """End the sign-in of this browser."""
    with unit.writing() as session:
        sign_ins.end(session, unit.user().id, unit.sign_in().public_id)
    cookie.clear()
    return see_other("/sign-in")
