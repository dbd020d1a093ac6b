"""The person's own page: name, language, look, keys, password."""

from typing import Any

from flask import Blueprint, Response, request

from tcma import clock, language
from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.organisations import accounts, passwords, sign_ins
from tcma.organisations.accounts import Wishes
from tcma.organisations.sign_ins import Lives
from tcma.viewer import OrganisationKind
from tcma.web import choices, frame, pages, unit
from tcma.web.account import door, proof
from tcma.web.guards import Access, guard
from tcma.web.pages import see_other, toast

bp = Blueprint("account", __name__, url_prefix="/account")
HERE = "/account/"


@bp.get("/")
@guard(Access.PERSON)
def show() -> Response:
    return pages.page("account/show.html", **values())


@bp.post("/")
@guard(Access.PERSON)
def update() -> Response:
    """Name, language, look, time zone and keys."""
    sent = request.form
    wishes = Wishes(
        name=sent.get("name", ""),
        locale=sent.get("locale", ""),
        theme=sent.get("theme", ""),
        timezone=sent.get("timezone", "").strip() or None,
        keys_on=sent.get("keys_on") == "1",
    )
    try:
        with unit.writing() as session:
            accounts.change(session, unit.user().id, wishes)
    except Invalid as error:
        return pages.problem("account/show.html", error, **values(wishes))
    language.use(wishes.locale)
    toast(_("Saved."))
    return see_other(HERE)


@bp.post("/password")
@guard(Access.PERSON)
def change_password() -> Response:
    """A new password; every other browser is signed out and this one gets a new key."""
    person, password = unit.user(), request.form.get("password", "")
    waiting = proof.too_often()
    if waiting is not None:
        return waiting
    try:
        proof.require(request.form.get("current", ""))
        passwords.check(password, known=door.words_about(person))
    except Invalid as error:
        return pages.problem("account/show.html", error, **values())
    made = passwords.hashed(password)
    with unit.writing() as session:
        accounts.set_password(session, person.id, made, unit.sign_in().id)
        key = sign_ins.change_key(session, unit.sign_in().id)
    toast(_("Your password is set. Every other browser was signed out."))
    return door.renew(key, HERE)


def values(wishes: Wishes | None = None) -> dict[str, Any]:
    """What the page shows; `wishes` as they were typed."""
    person = unit.user()
    with unit.reading() as session:
        browsers = sign_ins.sign_ins_of(session, person.id, Lives.of(frame.installation().settings))
    homes = [(place, door.home(place)) for place in unit.places()]
    kept = Wishes(person.name, person.locale, person.theme, person.timezone, person.keys_on)
    return {
        "person": person,
        "wishes": wishes or kept,
        "browsers": browsers,
        "device": door.device_in_words,
        "this": unit.sign_in(),
        "now": clock.real(),
        "is_fresh": sign_ins.is_fresh(unit.sign_in()),
        "zones": choices.timezones(),
        "names": choices.role_names,
        "places": homes,
        "works_by_command": [
            place.organisation.name
            for place, _path in homes
            if place.organisation.kind is OrganisationKind.VENDOR
        ],
        "crumbs": [(place.organisation.name, path) for place, path in homes if path != HERE],
        "shortest": passwords.SHORTEST,
    }
