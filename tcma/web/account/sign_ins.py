"""Where a person is signed in, and signing out: here, there, everywhere."""

from uuid import UUID

from flask import Blueprint, Response
from flask import session as cookie

from tcma.language import gettext as _
from tcma.language import ngettext
from tcma.organisations import sign_ins
from tcma.web import unit
from tcma.web.guards import Access, guard
from tcma.web.pages import see_other, toast

bp = Blueprint("sign_ins", __name__)


@bp.post("/sign-out")
@guard(Access.PERSON)
def sign_out() -> Response:
    """End the sign-in of this browser."""
    with unit.writing() as session:
        sign_ins.end(session, unit.user().id, unit.sign_in().public_id)
    cookie.clear()
    return see_other("/sign-in")


@bp.post("/account/sign-ins/<uuid:public_id>/end")
@guard(Access.PERSON)
def end(public_id: UUID) -> Response:
    """Sign another browser out."""
    with unit.writing() as session:
        sign_ins.end(session, unit.user().id, public_id)
    toast(_("Signed out there."))
    return see_other("/account/#sign-ins")


@bp.post("/account/sign-ins/end")
@guard(Access.PERSON)
def end_others() -> Response:
    """Sign out everywhere but here."""
    with unit.writing() as session:
        count = sign_ins.end_others(session, unit.user().id, unit.sign_in().id)
    toast(ngettext("Signed out of %(num)s other browser.", "Signed out of %(num)s other browsers.", count))
    return see_other("/account/#sign-ins")
