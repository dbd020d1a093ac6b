"""Switching one kind of platform mail off from the mail itself: one button, by POST, also from the mail
program (RFC 8058). Whoever holds the mail may do it; opening the page changes nothing."""

from flask import Blueprint, Response

from campaigns.channels.microsite import Message
from campaigns.links import Purpose
from tcma import language
from tcma.language import gettext as _
from tcma.notices import queries, service
from tcma.notices.described import DESCRIBED
from tcma.notices.kinds import NoticeKind, kind_of
from tcma.organisations.models import User
from tcma.web import errors, frame
from tcma.web.guards import Access, guard
from tcma.web.pages import page

bp = Blueprint("notice_switch", __name__, url_prefix="/n")


@bp.get("/<token>")
@guard(Access.TOKEN, Purpose.NOTICE)
def show(token: str) -> Response:
    found = _found(token)
    if found is None:
        return errors.page(Message.BAD_LINK, 404)
    person, kind = found
    with frame.installation().web.reading() as session:
        is_on = queries.choices_of(session, person.id)[kind]
    return _page(token, person, kind, is_on)


@bp.post("/<token>")
@guard(Access.TOKEN, Purpose.NOTICE)
def switch_off(token: str) -> Response:
    return _switched(token, is_on=False)


@bp.post("/<token>/on")
@guard(Access.TOKEN, Purpose.NOTICE)
def switch_on(token: str) -> Response:
    return _switched(token, is_on=True)


def _switched(token: str, *, is_on: bool) -> Response:
    found = _found(token)
    if found is None:
        return errors.page(Message.BAD_LINK, 404)
    person, kind = found
    with frame.installation().web.transaction() as session:
        service.choose(session, person.id, kind, is_on)
    return _page(token, person, kind, is_on, was_pressed=True)


def _found(token: str) -> tuple[User, NoticeKind] | None:
    """Whose switch of what it is; None for a link that is not ours, and for people who are gone."""
    verified = frame.installation().signer.verify(token, Purpose.NOTICE)
    kind = kind_of(verified.artefact_id) if verified else None
    if verified is None or kind not in DESCRIBED:
        return None
    with frame.installation().web.reading() as session:
        person = session.get(User, verified.delivery_id)
    return (person, kind) if person is not None else None


def _page(token: str, person: User, kind: NoticeKind, is_on: bool, *, was_pressed: bool = False) -> Response:
    language.use(person.locale)
    return page(
        "account/notice_switch.html",
        name=_(DESCRIBED[kind].name),
        when=_(DESCRIBED[kind].when),
        token=token,
        is_on=is_on,
        was_pressed=was_pressed,
    )
