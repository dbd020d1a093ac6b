"""Replies as a partner reads them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.links import Token
from campaigns.replies import Kind
from tcma import clock
from tcma.audiences.models import Contact
from tcma.errors import NotFound
from tcma.launches.models import Campaign
from tcma.leads.models import Lead
from tcma.organisations import queries as organisations
from tcma.organisations.models import User
from tcma.replies.models import Reply
from tcma.viewer import Viewer

LINK_LASTS = timedelta(days=14)
_GONE = "This link does not lead to a reply any more. Sign in to see the replies of your campaigns."

Told = tuple[Reply, Contact | None, Lead | None]


def replies_of(session: Session, viewer: Viewer, campaign: Campaign, *, after: int, limit: int) -> list[Told]:
    """Newest first, behind the number `after` (0: from the newest), with the person and the lead. One statement."""
    wanted = (
        select(Reply, Contact, Lead)
        .outerjoin(Contact, Contact.id == Reply.contact_id)
        .outerjoin(Lead, Lead.id == Reply.lead_id)
        .where(Reply.partner_id == viewer.organisation_id, Reply.campaign_id == campaign.id)
    )
    if after:
        wanted = wanted.where(Reply.id < after)
    rows = session.execute(wanted.order_by(Reply.id.desc()).limit(limit))
    return [(reply, contact, lead) for reply, contact, lead in rows]


def count_of(session: Session, viewer: Viewer, campaign: Campaign) -> int:
    """How many replies of people a campaign has."""
    wanted = (
        select(func.count())
        .select_from(Reply)
        .where(
            Reply.partner_id == viewer.organisation_id,
            Reply.campaign_id == campaign.id,
            Reply.kind == Kind.PERSON,
        )
    )
    return session.scalar(wanted) or 0


def find(session: Session, viewer: Viewer, campaign: Campaign, reply_id: UUID) -> Reply:
    """Raises NotFound for one that is another campaign's or another partner's."""
    found = session.scalar(
        select(Reply).where(
            Reply.public_id == reply_id,
            Reply.campaign_id == campaign.id,
            Reply.partner_id == viewer.organisation_id,
        )
    )
    if found is None:
        raise NotFound("There is no such reply.")
    return found


@dataclass(frozen=True, slots=True)
class Reader:
    """Who holds the link of a mail about a reply: a member, or the contact person without an account."""

    reply: Reply
    user: User | None
    viewer: Viewer | None


def find_reader(session: Session, token: Token) -> Reader:
    """For LINK_LASTS, while a member who was told still is one. The session is in the tenant of the token."""
    found = session.get(Reply, token.delivery_id)
    if found is None or found.partner_id != token.partner_id or clock.now(session) - found.at > LINK_LASTS:
        raise NotFound(_GONE)
    if not token.artefact_id:
        return Reader(found, None, None)
    user = session.get(User, token.artefact_id)
    places = organisations.places_of(session, user.id) if user else []
    here = next((place for place in places if place.organisation.id == token.partner_id), None)
    if user is None or here is None:
        raise NotFound(_GONE)
    return Reader(found, user, here.viewer(user.id))


def lead_of(session: Session, reply: Reply) -> Lead | None:
    return session.get(Lead, reply.lead_id) if reply.lead_id else None
