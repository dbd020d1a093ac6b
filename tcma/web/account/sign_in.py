"""The way in: password, or a link by mail whose page has one button."""

from flask import Blueprint, Response, request

from tcma.errors import Invalid, NotFound
from tcma.organisations import links, passwords, queries
from tcma.organisations.models import User
from tcma.web import frame, unit
from tcma.web.account import door
from tcma.web.guards import Access, guard
from tcma.web.pages import page, problem, see_other

bp = Blueprint("sign_in", __name__, url_prefix="/sign-in")
_WRONG = "Address and password do not fit together. Try again, or have a link sent to you."


@bp.get("")
@guard(Access.DOOR)
def new() -> Response:
    back = door.own_path(request.args.get("next"))
    if unit.somebody() is not None:
        return see_other(back)
    return page("account/sign_in.html", email="", next=back)


@bp.post("")
@guard(Access.DOOR)
def create() -> Response:
    email, password = request.form.get("email", ""), request.form.get("password", "")
    back = door.own_path(request.form.get("next"))
    known = _person(email)
    if not passwords.fits(password, known.password_hash if known else None) or known is None:
        return problem("account/sign_in.html", Invalid(_WRONG, {"password": _WRONG}), email=email, next=back)
    with frame.installation().web.transaction() as session:
        key = door.begin(session, known)
    return door.let_in(key, back)


@bp.get("/<token>")
@guard(Access.DOOR)
def link(token: str) -> Response:
    """Whom the link signs in, and one button; opening the page uses nothing up."""
    with frame.installation().web.reading() as session:
        found = links.find(session, token)
    return page("account/link.html", person=found.user, token=token)


@bp.post("/<token>")
@guard(Access.DOOR)
def use_link(token: str) -> Response:
    with frame.installation().web.transaction() as session:
        person, path = links.use(session, token)
        key = door.begin(session, person)
    return door.let_in(key, path)


def _person(email: str) -> User | None:
    try:
        with frame.installation().web.reading() as session:
            return queries.find_user(session, email)
    except (NotFound, Invalid):
        return None
