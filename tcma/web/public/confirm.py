"""Yes to news, from the mailbox: what was ticked on a form counts from this button on."""

from flask import Blueprint, Response

from campaigns.channels import microsite as look
from campaigns.links import Purpose, Token
from tcma import addresses
from tcma.audiences.consents import NEWS
from tcma.launches import mails
from tcma.leads import confirming, queries
from tcma.web import errors, frame
from tcma.web.guards import Access, guard

bp = Blueprint("confirm", __name__)


@bp.get("/confirm/<token>")
@guard(Access.TOKEN, Purpose.CONFIRM)
def show(token: str) -> Response:
    """What was agreed to and one button; opening the page changes nothing."""
    found = _verified(token)
    if found is None:
        return errors.page(look.Message.BAD_LINK, 404)
    installed = frame.installation()
    with installed.web.reading(found.partner_id) as session:
        mail = mails.find_mail(session, found)
        consents = queries.find_answer(session, mail.occasion).consents
    return frame.html(
        look.render_confirm(
            frame.page_frame(),
            partner=mail.partner,
            wordings=[ticked["text"] for ticked in consents],
            only_news=all(ticked["purpose"] == NEWS for ticked in consents),
            action=addresses.confirm(token),
            locale=mail.locale,
        )
    )


@bp.post("/confirm/<token>")
@guard(Access.TOKEN, Purpose.CONFIRM)
def yes(token: str) -> Response:
    found = _verified(token)
    if found is None:
        return errors.page(look.Message.BAD_LINK, 404)
    installed = frame.installation()
    with installed.web.transaction(found.partner_id) as session:
        mail = mails.find_mail(session, found)
        confirming.confirm(session, mail.occasion, mail.address_hash, hash_key=installed.settings.hash_key)
    return frame.html(look.render_confirmed(frame.page_frame(), partner=mail.partner, locale=mail.locale))


def _verified(token: str) -> Token | None:
    return frame.installation().signer.verify(token, Purpose.CONFIRM)
