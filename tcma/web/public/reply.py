"""A reply from the mail that passed it on: all of it, and one button that makes it a lead, without signing in.

Opening the page changes nothing: programs open links.
"""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from campaigns.channels.microsite import Message
from campaigns.links import Purpose, Token
from tcma import addresses
from tcma.errors import Conflict, Invalid, NotFound
from tcma.kits import content
from tcma.language import use
from tcma.launches.models import Campaign
from tcma.organisations.models import Organisation, User
from tcma.replies import queries, service
from tcma.web import errors, frame, pages
from tcma.web.guards import Access, guard

bp = Blueprint("reply", __name__, url_prefix="/q")


@bp.get("/<token>")
@guard(Access.TOKEN, Purpose.REPLY_LEAD)
def show(token: str) -> Response:
    found = frame.installation().signer.verify(token, Purpose.REPLY_LEAD)
    if found is None:
        return errors.page(Message.BAD_LINK, 404)
    try:
        return _page(token, found)
    except NotFound:
        return errors.page(Message.BAD_LINK, 404)


@bp.post("/<token>")
@guard(Access.TOKEN, Purpose.REPLY_LEAD)
def make_lead(token: str) -> Response:
    """The reply is a lead from now on; pressed again, it stays the same one."""
    installation = frame.installation()
    found = installation.signer.verify(token, Purpose.REPLY_LEAD)
    if found is None:
        return errors.page(Message.BAD_LINK, 404)
    try:
        with installation.web.reading(found.partner_id) as session:
            campaign = session.get_one(Campaign, queries.of_link(session, found).campaign_id)
            kit = content.load_kit(session, installation.storage, campaign.kit_version_id)
        with installation.web.transaction(found.partner_id) as session:
            _speak(session, found)
            reply = queries.of_link(session, found)
            service.make_lead(session, reply, kit, hash_key=installation.settings.hash_key)
    except NotFound:
        return errors.page(Message.BAD_LINK, 404)
    except Conflict as refused:
        return _page(token, found, Invalid(refused.sentence))
    return pages.see_other(addresses.reply_link(token))


def _page(token: str, found: Token, refused: Invalid | None = None) -> Response:
    with frame.installation().web.reading(found.partner_id) as session:
        _speak(session, found)
        reply = queries.of_link(session, found)
        owner = session.get_one(Organisation, found.partner_id)
        campaign = session.get_one(Campaign, reply.campaign_id)
        lead = queries.lead_of(session, reply)
        values = {
            "action": addresses.reply_link(token),
            "reply": reply,
            "person": queries.person_of(session, reply),
            "owner": owner,
            "campaign": campaign,
            "lead": addresses.lead(owner.slug, lead.public_id) if lead else "",
            "all": addresses.replies(owner.slug, campaign.public_id),
        }
    if refused:
        return pages.problem("public/reply.html", refused, **values)
    return pages.page("public/reply.html", **values)


def _speak(session: Session, found: Token) -> None:
    """In the reader's language; a contact person without an account reads the firm's."""
    reader = session.get(User, found.artefact_id) if found.artefact_id else None
    use((reader or session.get_one(Organisation, found.partner_id)).locale)
