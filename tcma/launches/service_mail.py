"""What a person just asked for: one message, outside the sequence and its figures, sent before all others."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tcma.db import insert_into
from tcma.launches.deliveries import Chunk, Delivery, DeliveryStatus, MessageClass


def queue(
    session: Session,
    *,
    partner_id: int,
    campaign_id: int,
    touch_id: int,
    contact_id: int,
    artefact_id: int,
    occasion: int,
    not_after: datetime | None = None,
) -> int | None:
    """Queue the message of one `occasion` (the answer's id, or a number above all of them); None when it was
    queued before. From `not_after` on it is left out.

    It goes unless the kit version is recalled, also to people who left the marketing mail, not to addresses
    that complained or do not exist.
    """
    if occasion <= 0:
        raise ValueError("The occasion of a service mail is above 0, which is the sequence.")
    values = {
        "partner_id": partner_id,
        "campaign_id": campaign_id,
        "touch_id": touch_id,
        "contact_id": contact_id,
        "occasion": occasion,
        "artefact_id": artefact_id,
        "message_class": MessageClass.SERVICE,
        "status": DeliveryStatus.QUEUED,
        "reason": "",
        "attempts": 0,
        "not_after": not_after,
    }
    made = (
        insert_into(session, Delivery)
        .values(values)
        .on_conflict_do_nothing(index_elements=["touch_id", "contact_id", "occasion"])
        .returning(Delivery.__table__.c.id)
    )
    delivery_id = session.execute(made).scalar()
    if delivery_id is None:
        return None
    session.execute(
        insert(Chunk).values(
            partner_id=partner_id,
            touch_id=touch_id,
            message_class=MessageClass.SERVICE,
            first_id=delivery_id,
            last_id=delivery_id,
        )
    )
    return int(delivery_id)
