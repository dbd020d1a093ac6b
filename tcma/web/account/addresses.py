"""Changing the address one signs in with: it counts from a button in a mail to the new one."""

from flask import Blueprint, Response, request

from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.organisations import accounts, links, sign_ins
from tcma.web import pages, unit
from tcma.web.account import account, door, proof
from tcma.web.account.limits import limits, network
from tcma.web.account.sign_in import too_many
from tcma.web.guards import Access, guard
from tcma.web.pages import page, see_other, toast

bp = Blueprint("account_address", __name__, url_prefix="/account/address")


@bp.post("")
@guard(Access.PERSON)
def change() -> Response:
    """Send the link. The answer is the same for an address that is somebody else's."""
    email = request.form.get("email", "")
    waiting = proof.too_often()
    if waiting is not None:
        return waiting
    try:
        proof.require(request.form.get("current_too", ""), "current_too")
        wait = limits().wait("link", email, network())
        if wait is not None:
            return too_many(wait)
        with unit.writing() as session:
            accounts.ask_for_address(session, unit.user(), email)
    except Invalid as error:
        fields = error.fields or {"email": error.sentence}
        return pages.problem(
            "account/show.html", Invalid(error.sentence, fields), new_email=email, **account.values()
        )
    toast(_("A link is on its way to the new address. Until you press its button the old one counts."))
    return see_other(account.HERE)


@bp.get("/<token>")
@guard(Access.PERSON)
def show(token: str) -> Response:
    with unit.reading() as session:
        found = links.find_for_address(session, token, unit.user().id)
    return door.unreferred(page("account/address.html", email=found.email, token=token))


@bp.post("/<token>")
@guard(Access.PERSON)
def confirm(token: str) -> Response:
    with unit.writing() as session:
        accounts.confirm_address(session, token, unit.user().id, unit.sign_in().id)
        key = sign_ins.change_key(session, unit.sign_in().id)
    toast(_("From now on you sign in with the new address."))
    return door.renew(key, account.HERE)
