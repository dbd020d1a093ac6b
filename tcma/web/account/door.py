"""Letting somebody in: the sign-in of a browser begins, ends, or changes its key."""

import re

from flask import Response, request
from flask import session as cookie
from sqlalchemy.orm import Session

from tcma.language import gettext as _
from tcma.organisations import pressed_forms, sign_ins
from tcma.organisations.models import User
from tcma.organisations.queries import Place
from tcma.organisations.sign_ins import Lives
from tcma.viewer import OrganisationKind, Role
from tcma.web import frame, unit
from tcma.web.pages import TOAST, see_other

_ON = "on"  # as it is kept
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_OWN_PATH = re.compile(r"\A/(?![/\\])[^\\\x00-\x20\x7f]{0,390}\Z")


def begin(session: Session, user: User) -> str:
    """A sign-in for this browser, in the caller's transaction; hand the key to `let_in` after it. Whoever was
    signed in here before is signed out."""
    before = unit.somebody()
    if before is not None:
        sign_ins.end(session, before.user.id, before.sign_in.public_id)
    pressed_forms.sweep(session, user.id)
    lives = Lives.of(frame.installation().settings)
    _row, key = sign_ins.begin(session, user, device(request.user_agent.string), lives)
    return key


def let_in(key: str, path: str) -> Response:
    """Give the browser its key in a fresh cookie (nothing of a stranger's is kept) and send it on."""
    cookie.clear()
    cookie[unit.KEY] = key
    cookie.permanent = True
    return see_other(own_path(path))


def renew(key: str, path: str) -> Response:
    """The same, keeping what waits to be said on the next page."""
    waiting = cookie.get(TOAST)
    answer = let_in(key, path)
    if waiting:
        cookie[TOAST] = waiting
    return answer


def own_path(text: str | None) -> str:
    """A path of this site to go on to; the front door for anything else."""
    return text if text and _OWN_PATH.match(text) else "/"


def home(place: Place) -> str:
    """Where somebody begins in one of their organisations: sales people with their leads."""
    if place.organisation.kind is not OrganisationKind.PARTNER:
        return "/account/"
    here = f"/p/{place.organisation.slug}/"
    return f"{here}leads" if place.roles == {Role.SALES} else here


def words_about(user: User) -> tuple[str, ...]:
    """What a password should not be made of."""
    mailbox, _at, host = user.email.partition("@")
    return (*user.name.split(), *re.split(r"[._+-]", mailbox), *host.split("."))


def unreferred(answer: Response) -> Response:
    """A page whose address is a secret: no link from it tells where one came from."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def device(agent: str) -> str:
    """ "Firefox on Windows": enough to know one's own browsers by."""
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    return f" {_ON} ".join(part for part in (browser, system) if part) or "A browser"


def device_in_words(kept: str) -> str:
    """What `device` kept, in the reader's language."""
    browser, _word, system = kept.partition(f" {_ON} ")
    if not system:
        return _("A browser") if kept == "A browser" else kept
    return _("%(browser)s on %(system)s", browser=browser, system=system)
