"""Whom a draft can be shown as: a few people of its audience."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma.audiences.models import Contact, ListMember
from tcma.launches.models import Campaign

MOST = 20


def people(session: Session, campaign: Campaign) -> list[Contact]:
    """Those who were put on the campaign's list first, at most `MOST`; one statement."""
    if campaign.list_id is None:
        return []
    return list(
        session.scalars(
            select(Contact)
            .join(ListMember, ListMember.contact_id == Contact.id)
            .where(
                ListMember.list_id == campaign.list_id,
                ListMember.partner_id == campaign.partner_id,
                Contact.deleted_at.is_(None),
            )
            .order_by(ListMember.contact_id)
            .limit(MOST)
        )
    )
