"""Stop: one button, works by POST, also from the mail program itself (RFC 8058); and less instead of nothing."""

from dataclasses import replace

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from campaigns.channels import microsite as look
from campaigns.links import Purpose
from campaigns.mail_choice import MailChoice
from tcma import addresses, clock
from tcma.audiences import preferences
from tcma.launches import mails, unsubscribe
from tcma.launches.mails import Mail
from tcma.web import frame
from tcma.web.guards import Access, guard
from tcma.web.public import mail_links

bp = Blueprint("unsubscribe", __name__)


@bp.get("/u/<token>")
@guard(Access.TOKEN, Purpose.UNSUBSCRIBE)
def show(token: str) -> Response:
    """The page with the button. Opening it changes nothing: scanners open links."""
    found = mail_links.verified(token, Purpose.UNSUBSCRIBE)
    if isinstance(found, Response):
        return found
    installed = frame.installation()
    with installed.web.reading(found.partner_id) as session:
        mail = mails.find_mail(session, found)
        choices = _choices(session, token, found.partner_id, mail)
    return _page(token, mail, choices)


@bp.post("/u/<token>")
@guard(Access.TOKEN, Purpose.UNSUBSCRIBE)
def stop(token: str) -> Response:
    """Stop all marketing of this partner to this person."""
    found = mail_links.verified(token, Purpose.UNSUBSCRIBE)
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


@bp.post("/u/<token>/choice")
@guard(Access.TOKEN, Purpose.UNSUBSCRIBE)
def choose(token: str) -> Response:
    """Fewer mails, only invitations, a pause, or everything again. Who has left stays away."""
    found = mail_links.verified(token, Purpose.UNSUBSCRIBE)
    if isinstance(found, Response):
        return found
    wanted = request.form.get("choice", "")
    with frame.installation().web.transaction(found.partner_id) as session:
        mail = mails.find_mail(session, found)
        is_saved = wanted in set(MailChoice) and not preferences.has_left(
            session, found.partner_id, mail.address_hash
        )
        if is_saved:
            now = clock.now(session)
            preferences.set_choice(session, found.partner_id, mail.address_hash, MailChoice(wanted), now)
            session.flush()
        choices = _choices(session, token, found.partner_id, mail)
    return _page(token, mail, replace(choices, is_saved=is_saved))


def _choices(session: Session, token: str, partner_id: int, mail: Mail) -> look.Choices:
    now = clock.now(session)
    chosen = preferences.find(session, partner_id, mail.address_hash)
    return look.Choices(
        action=addresses.mail_choice(token),
        chosen=chosen.at(now),
        paused_until=chosen.last_day(now),
        has_left=preferences.has_left(session, partner_id, mail.address_hash),
    )


def _page(token: str, mail: Mail, choices: look.Choices) -> Response:
    return frame.html(
        look.render_unsubscribe(
            frame.page_frame(),
            partner=mail.partner,
            address=mail.address,
            action=addresses.unsubscribe(token),
            locale=mail.locale,
            choices=choices,
        )
    )
