"""A reply becomes a lead: one press, by whoever reads it for the partner."""

from sqlalchemy.orm import Session

from campaigns.kit import Kit
from campaigns.people import addresses
from tcma.audiences.models import Contact
from tcma.errors import Conflict
from tcma.launches.models import Campaign, CampaignTouch
from tcma.leads import capture
from tcma.leads.capture import Form, KitFacts
from tcma.leads.models import Lead
from tcma.replies.models import Reply

PAGE = "reply"  # the page of the answer, which a form's answer was given on
MOST_MESSAGE = 2_000  # characters


def make_lead(session: Session, reply: Reply, kit: Kit, *, hash_key: bytes) -> Lead:
    """The lead that the reply begins or joins; pressed again, the same. The session is in the tenant of the reply.

    Raises Conflict for an address that is none.
    """
    locked = session.get_one(Reply, reply.id, with_for_update=True, populate_existing=True)
    if locked.lead_id is not None:
        return session.get_one(Lead, locked.lead_id)
    campaign = session.get_one(Campaign, locked.campaign_id)
    touch = session.get_one(CampaignTouch, locked.touch_id)
    contact = session.get(Contact, locked.contact_id) if locked.contact_id else None
    facts = KitFacts(kit.sale, kit.engagement, kit.lead_visibility)
    receipt = capture.capture(
        session, campaign, touch, _form(locked, contact), facts, hash_key=hash_key, may_ask=False
    )
    locked.lead_id = receipt.lead.id
    return receipt.lead


def _form(reply: Reply, contact: Contact | None) -> Form:
    """What the reply and the list tell of who wrote. Somebody else than the person of the list is named by the
    address alone."""
    address = addresses.normalise(reply.address)
    if address is None:
        raise Conflict("This reply comes from an address that cannot be written to. Add the lead by hand.")
    same = contact is not None and contact.address == address
    known = f"{contact.first_name} {contact.last_name}".strip() if contact is not None and same else ""
    return Form(
        request_key=f"reply:{reply.id}",
        page=PAGE,
        locale=contact.language if contact is not None and contact.language else "en",
        address=address,
        address_typed=reply.address,
        name=known or reply.name[:160] or reply.address.partition("@")[0],
        company=contact.company if contact is not None else "",
        employees=contact.employees if contact is not None else "",
        phone=contact.phone if contact is not None and same else "",
        message=reply.text[:MOST_MESSAGE],
        delivery_id=reply.delivery_id,
    )
