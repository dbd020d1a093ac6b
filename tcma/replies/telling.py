"""A reply is passed on to the contact person whose name stood under the mail."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.links import Purpose
from tcma import addresses
from tcma.audiences.models import Contact
from tcma.launches.models import Campaign
from tcma.notices import service as notices
from tcma.notices.kinds import NoticeKind
from tcma.notices.recipients import Recipient
from tcma.notices.service import ReaderToken
from tcma.notices.values import Link
from tcma.organisations import recipients
from tcma.organisations.models import Organisation, User
from tcma.partners import brands
from tcma.replies.models import Reply
from tcma.viewer import Role

MOST_SHOWN = 2_000  # characters of the text in the mail; the page has all


def tell(session: Session, reply: Reply) -> None:
    """In the transaction that keeps the reply."""
    campaign = session.get_one(Campaign, reply.campaign_id)
    partner = session.get_one(Organisation, reply.partner_id)
    contact = session.get(Contact, reply.contact_id) if reply.contact_id else None
    known = f"{contact.first_name} {contact.last_name}".strip() if contact else ""
    shown = reply.text[:MOST_SHOWN]
    notices.tell(
        session,
        NoticeKind.REPLY,
        _readers(session, partner),
        f"reply:{reply.id}",
        {
            "person": reply.name or known or reply.address,
            "company": contact.company if contact else "",
            "subject": reply.subject,
            "message": shown + ("…" if len(shown) < len(reply.text) else ""),
            "email": reply.address,
            "campaign": campaign.name,
            "files": reply.attachment_count,
            "open": Link(addresses.replies(partner.slug, campaign.public_id)),
        },
        addresses.REPLY_LINK,
        token=ReaderToken(Purpose.REPLY_LEAD, reply.id),
    )


def _readers(session: Session, partner: Organisation) -> list[Recipient]:
    """The contact person, as a member where they are one; whoever owns the firm where nobody is named."""
    profile = brands.profile_of(session, partner.id)
    if profile is None or not profile.contact_email:
        return recipients.people_with(session, partner.id, Role.OWNER)
    email = profile.contact_email
    user_id = session.scalar(select(User.id).where(func.lower(User.email) == email.lower()))
    member = recipients.person_in(session, user_id, partner.id) if user_id is not None else []
    return member or [
        Recipient(
            user_id=None,
            name=profile.contact_name,
            email=email,
            locale=partner.locale,
            organisation_id=partner.id,
            organisation_name=partner.name,
            timezone=partner.timezone,
        )
    ]
