"""Stop: one button, works by POST, also from the mail program itself (RFC 8058)."""

from flask import Blueprint, Response, request

from campaigns.channels import microsite as look
from campaigns.links import Purpose, Token
from tcma import addresses, clock
from tcma.launches import mails, unsubscribe
from tcma.web import errors, frame
from tcma.web.guards import Access, guard

bp = Blueprint("unsubscribe", __name__)


@bp.get("/u/<token>")
@guard(Access.TOKEN, Purpose.UNSUBSCRIBE)
def show(token: str) -> Response:
    """The page with the button. Opening it changes nothing: scanners open links."""
    found = _verified(token)
    if isinstance(found, Response):
        return found
    installed = frame.installation()
    with installed.web.reading(found.partner_id) as session:
        mail = mails.find_mail(session, found)
    return frame.html(
        look.render_unsubscribe(
            frame.page_frame(),
            partner=mail.partner,
            address=mail.address,
            action=addresses.unsubscribe(token),
            locale=mail.locale,
        )
    )


@bp.post("/u/<token>")
@guard(Access.TOKEN, Purpose.UNSUBSCRIBE)
def stop(token: str) -> Response:
    """Stop all marketing of this partner to this person."""
    found = _verified(token)
    if isinstance(found, Response):
        return found
    installed = frame.installation()
    one_click = request.form.get("List-Unsubscribe") == "One-Click"
    with installed.web.transaction(found.partner_id) as session:
        mail = mails.find_mail(session, found)
        how = unsubscribe.How.ONE_CLICK if one_click else unsubscribe.How.PAGE
        unsubscribe.stop(session, found.delivery_id, how, clock.now(session))
    return frame.html(
        look.render_unsubscribed(
            frame.page_frame(), partner=mail.partner, address=mail.address, locale=mail.locale
        )
    )


def _verified(token: str) -> Token | Response:
    """The token, or the page for one that is not ours or stands in a test mail: that stops nobody."""
    signer = frame.installation().signer
    if signer.verify(token, Purpose.PREVIEW):
        return errors.page(look.Message.TEST_MAIL, 200)
    return signer.verify(token, Purpose.UNSUBSCRIBE) or errors.page(look.Message.BAD_LINK, 404)
