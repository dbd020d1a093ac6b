"""The way in: password, or a link by mail whose page has one button."""

from datetime import timedelta

from flask import Blueprint, Response, request
from flask import session as cookie

from tcma.errors import Invalid, NotFound
from tcma.language import gettext as _
from tcma.language import ngettext
from tcma.organisations import accounts, links, passwords, queries
from tcma.organisations.models import User
from tcma.web import frame, unit
from tcma.web.account import door
from tcma.web.account.limits import limits, network
from tcma.web.guards import WAS_IN, Access, guard
from tcma.web.pages import page, problem, see_other, shown

bp = Blueprint("sign_in", __name__, url_prefix="/sign-in")


@bp.get("")
@guard(Access.DOOR)
def new() -> Response:
    back = door.own_path(request.args.get("next"))
    if unit.somebody() is not None:
        return see_other(back)
    was_in = bool(cookie.pop(WAS_IN, False))
    return page("account/sign_in.html", email="", back=back, was_in=was_in)


@bp.post("")
@guard(Access.DOOR)
def create() -> Response:
    """Sign in with a password. Strangers, people without a password and wrong ones get the same answer."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    back = door.own_path(request.form.get("next"))
    wait = limits().wait("password", email, network())
    if wait is not None:
        return too_many(wait)
    person = _person(email)
    kept = person.password_hash if person else None
    if not passwords.fits(password, kept) or person is None or kept is None:
        sentence = _("Address and password do not fit together. Try again, or have a link sent to you.")
        error = Invalid(sentence, {"password": sentence})
        return problem("account/sign_in.html", error, email=email, back=back, was_in=False)
    limits().forget("password", email)
    renewed = passwords.hashed(password) if passwords.is_outdated(kept) else None
    with frame.installation().web.transaction() as session:
        if renewed:
            accounts.rehash(session, person.id, kept, renewed)
        key = door.begin(session, person)
    return door.let_in(key, back)


@bp.get("/link")
@guard(Access.DOOR)
def ask() -> Response:
    back = door.own_path(request.args.get("next"))
    known = unit.somebody()
    return page("account/ask_for_link.html", email=known.user.email if known else "", back=back)


@bp.post("/link")
@guard(Access.DOOR)
def send() -> Response:
    """Send a link; whether the address is known here is told to nobody."""
    email, back = request.form.get("email", ""), door.own_path(request.form.get("next"))
    try:
        address = queries.normalised(email)
    except Invalid as error:
        fields = {"email": error.sentence}
        return problem("account/ask_for_link.html", Invalid(error.sentence, fields), email=email, back=back)
    wait = limits().wait("link", address, network())
    if wait is not None:
        return too_many(wait)
    with frame.installation().web.transaction() as session:
        accounts.send_link(session, address, back)
    return see_other("/sign-in/sent")


@bp.get("/sent")
@guard(Access.DOOR)
def sent() -> Response:
    minutes = int(links.LIFE / timedelta(minutes=1))
    return page("account/link_sent.html", minutes=minutes)


@bp.get("/<token>")
@guard(Access.DOOR)
def link(token: str) -> Response:
    """Whom the link signs in, and one button; opening the page uses nothing up."""
    with frame.installation().web.reading() as session:
        found = links.find(session, token)
    assert found.user is not None
    return door.unreferred(page("account/link.html", person=found.user, token=token))


@bp.post("/<token>")
@guard(Access.DOOR)
def use_link(token: str) -> Response:
    with frame.installation().web.transaction() as session:
        person, path = links.use(session, token)
        key = door.begin(session, person)
    return door.let_in(key, path)


def too_many(wait: timedelta) -> Response:
    """429 with how long to wait."""
    minutes = -(-int(wait.total_seconds()) // 60)
    answer = shown(
        "account/wait.html",
        429,
        wait=ngettext("Wait %(num)s minute.", "Wait %(num)s minutes.", minutes),
    )
    answer.headers["Retry-After"] = str(int(wait.total_seconds()))
    return answer


def _person(email: str) -> User | None:
    try:
        with frame.installation().web.reading() as session:
            return queries.find_user(session, email)
    except (NotFound, Invalid):
        return None
