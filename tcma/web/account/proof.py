"""Showing again who one is, before the address or the password changes."""

from flask import Response

from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.organisations import passwords, sign_ins
from tcma.web import unit
from tcma.web.account.limits import limits, network
from tcma.web.account.sign_in import too_many


def too_often() -> Response | None:
    """The answer to whoever tries passwords here instead of at the door."""
    if sign_ins.is_fresh(unit.sign_in()):
        return None
    wait = limits().wait("password", unit.user().email, network())
    return too_many(wait) if wait else None


def require(current: str, field: str = "current") -> None:
    """Invalid unless the person signed in a moment ago or gives the password again."""
    if sign_ins.is_fresh(unit.sign_in()):
        return
    kept = unit.user().password_hash
    if kept is None:
        raise _refused(_("Sign in again with a link first; then you have a quarter of an hour."), field)
    if not passwords.fits(current, kept):
        raise _refused(_("This is not your present password."), field)


def _refused(sentence: str, field: str) -> Invalid:
    return Invalid(sentence, {field: sentence})
