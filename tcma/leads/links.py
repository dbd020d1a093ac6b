"""Links of our own mails: what their reader may do with these leads, without signing in.

The token is signed for one reader (`Purpose.LEAD`: the organisation, the user, the row); the row says which
leads and until when. Whoever left the organisation, or may not work leads any more, does nothing by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.links import Token
from tcma import clock
from tcma.errors import NotFound, phrase
from tcma.leads.dealings import LeadLink
from tcma.leads.models import Lead
from tcma.leads.service import WORKERS
from tcma.organisations import queries as organisations
from tcma.organisations.models import User
from tcma.viewer import Role, Viewer

LASTS = timedelta(days=14)
PATH = "/l/{token}"
_GONE = phrase("This link does not lead to a lead any more. Sign in to see your leads.")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who holds a link, what they may do by it, and which leads it names, newest first."""

    user: User
    viewer: Viewer
    link: LeadLink
    leads: tuple[Lead, ...]


def make(session: Session, owner_id: int, leads: Sequence[Lead]) -> LeadLink:
    """A link to these leads of one owner, for whoever a mail's token is signed for."""
    now = clock.now(session)
    link = LeadLink(
        organisation_id=owner_id,
        lead_ids=[lead.id for lead in leads],
        made_at=now,
        expires_at=now + LASTS,
    )
    session.add(link)
    session.flush()
    return link


def find_reader(session: Session, token: Token) -> Reader:
    """Whoever a verified token was signed for. The session belongs to the token's organisation.

    NotFound when the time is over, the person left, or nothing of it is there any more. Five statements.
    """
    link = session.get(LeadLink, token.delivery_id)
    user = session.get(User, token.artefact_id)
    if link is None or user is None or link.organisation_id != token.partner_id:
        raise NotFound(_GONE)
    if clock.now(session) >= link.expires_at:
        raise NotFound(_GONE)
    places = organisations.places_of(session, user.id)
    here = next((place for place in places if place.organisation.id == link.organisation_id), None)
    if here is None or not here.roles & {Role.OWNER, *WORKERS}:
        raise NotFound(_GONE)
    leads = session.scalars(
        select(Lead)
        .where(Lead.id.in_(link.lead_ids), Lead.owner_id == link.organisation_id)
        .order_by(Lead.clock_until, Lead.id)
    ).all()
    if not leads:
        raise NotFound(_GONE)
    return Reader(user, here.viewer(user.id), link, tuple(leads))
