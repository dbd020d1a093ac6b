"""Replies as a partner reads them."""

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
from tcma.replies.models import Reply
from tcma.viewer import Viewer

LINK_LASTS = timedelta(days=60)
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


def of_link(session: Session, token: Token) -> Reply:
    """The reply that a mail of ours told of, for 60 days. The session is in the tenant of the token."""
    found = session.get(Reply, token.delivery_id)
    if found is None or found.partner_id != token.partner_id or clock.now(session) - found.at > LINK_LASTS:
        raise NotFound(_GONE)
    return found


def person_of(session: Session, reply: Reply) -> Contact | None:
    return session.get(Contact, reply.contact_id) if reply.contact_id else None


def lead_of(session: Session, reply: Reply) -> Lead | None:
    return session.get(Lead, reply.lead_id) if reply.lead_id else None
