"""Links and the pixel of a mail: verified, counted, redirected. Nothing else changes."""

import base64

from flask import Blueprint, Response, redirect, request

from campaigns.channels.microsite import Message
from campaigns.links import Purpose, Token
from tcma import addresses, clock
from tcma.errors import NotFound
from tcma.launches import artefacts, clicks, visits
from tcma.web import errors, frame
from tcma.web.guards import Access, guard

bp = Blueprint("links", __name__)

_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@bp.get("/r/<token>/<int:number>")
@guard(Access.TOKEN, Purpose.CLICK)
def click(token: str, number: int) -> Response:
    """Where link `number` of a mail leads. A test mail's link works and is not counted."""
    installed = frame.installation()
    found = installed.signer.verify(token, Purpose.CLICK) or installed.signer.verify(token, Purpose.PREVIEW)
    if found is None:
        return errors.page(Message.BAD_LINK, 404)
    is_test = found.purpose is Purpose.PREVIEW
    try:
        with installed.web.reading(found.partner_id) as session:
            mail = artefacts.load_artefact(session, installed.storage, found.artefact_id)
        link = mail.links[number]
    except (NotFound, IndexError):
        return errors.page(Message.TEST_MAIL, 200) if is_test else errors.page(Message.BAD_LINK, 404)
    target = link.target
    if not is_test:
        with installed.web.transaction(found.partner_id) as session:
            clicks.record(
                session,
                found,
                number,
                at=clock.now(session),
                method=request.method,
                user_agent=request.user_agent.string,
                link_count=len(mail.links),
                window=installed.settings.machine_click_window,
            )
        if link.is_microsite:
            target = addresses.visited(target, _visit(found))
    answer = redirect(target, code=302)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    assert isinstance(answer, Response)
    return answer


@bp.get("/o/<token>")
@guard(Access.TOKEN, Purpose.OPEN)
def opened(token: str) -> Response:
    """The pixel: the same picture for every token, counted for genuine ones."""
    installed = frame.installation()
    found = installed.signer.verify(token, Purpose.OPEN)
    if found is not None and request.method == "GET":
        with installed.web.transaction(found.partner_id) as session:
            visits.record_open(session, found.delivery_id)
    answer = Response(_PIXEL, content_type="image/gif")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _visit(found: Token) -> str:
    return frame.installation().signer.token(
        Purpose.VISIT, found.partner_id, found.artefact_id, found.delivery_id
    )
