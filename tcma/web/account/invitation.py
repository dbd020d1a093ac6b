"""The page behind an invitation's link: what it is about and one button that joins and signs in."""

from typing import Any

from flask import Blueprint, Response, request

from tcma import language
from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.organisations import invitations, queries
from tcma.organisations.invitations import Shown
from tcma.organisations.roles import role_words
from tcma.partners import queries as partnerships
from tcma.partners import service as partners
from tcma.partners.models import PartnershipStatus
from tcma.viewer import Role, Viewer
from tcma.web import frame, unit
from tcma.web.account import door
from tcma.web.guards import Access, guard
from tcma.web.pages import page, problem

bp = Blueprint("invitation", __name__, url_prefix="/invitation")


@bp.get("/<token>")
@guard(Access.DOOR)
def show(token: str) -> Response:
    return door.unreferred(page("account/invitation.html", **_values(_read(token), token, "")))


@bp.post("/<token>")
@guard(Access.DOOR)
def accept(token: str) -> Response:
    """Join, take up what the invitation was for, and sign in."""
    shown, name = _read(token), " ".join(request.form.get("name", "").split())
    if shown.known is None and not (name and name.isprintable() and len(name) <= 120):
        sentence = _("Write your name, at most %(most)s characters.", most=120)
        error = Invalid(sentence, {"name": sentence})
        return door.unreferred(problem("account/invitation.html", error, **_values(shown, token, name)))
    web = frame.installation().web
    with web.transaction() as session:
        viewer = invitations.accept(session, token, name, language.current())
        person = queries.find_user(session, shown.email)
        key = door.begin(session, person)
    if viewer.is_partner and shown.role is Role.OWNER:
        _take_up(viewer)
    with web.reading() as session:
        places = queries.places_of(session, person.id)
    here = next(place for place in places if place.organisation.id == viewer.organisation_id)
    return door.let_in(key, door.home(here))


def _take_up(owner: Viewer) -> None:
    """The first owner of a firm comes by a vendor's invitation: that partnership begins with the button."""
    with frame.installation().web.transaction(owner.organisation_id) as session:
        for partnership in partnerships.partnerships_for(session, owner):
            if partnership.status is PartnershipStatus.INVITED:
                partners.accept(session, owner, partnership.public_id)


def _values(shown: Shown, token: str, name: str) -> dict[str, Any]:
    known = unit.somebody()
    return {
        "shown": shown,
        "role": role_words(shown.role),
        "reader": known.user if known else None,
        "token": token,
        "name": name,
    }


def _read(token: str) -> Shown:
    with frame.installation().web.reading() as session:
        return invitations.show(session, token)
