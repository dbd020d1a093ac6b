"""A person presses "stop": at once, for good, however often it is pressed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma.audiences import suppression
from tcma.audiences.models import Contact, SuppressionReason
from tcma.db import insert_into
from tcma.errors import NotFound
from tcma.launches import event_rows, figures, reached
from tcma.launches.deliveries import Delivery, MessageClass, TouchEventKind, Unsubscription
from tcma.launches.event_rows import EventRow


class How(StrEnum):
    ONE_CLICK = "one_click"  # RFC 8058, by the mail program
    PAGE = "page"
    REPLY = "reply"  # a mail that says nothing else


@dataclass(frozen=True, slots=True)
class Stopped:
    """`is_new` is False when this message's link had been pressed before."""

    partner_id: int
    campaign_id: int
    is_new: bool


def stop(session: Session, delivery_id: int, how: How, at: datetime) -> Stopped:
    """No marketing mail of this partner reaches the address this message went to any more; what waits for it is
    skipped at its turn.

    A partner's session or a worker's. Raises NotFound for a delivery that is not the session's.
    """
    row = session.execute(
        select(
            Delivery.partner_id,
            Delivery.campaign_id,
            Delivery.touch_id,
            Delivery.message_class,
            reached.address_hash().label("address_hash"),
        )
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(Delivery.id == delivery_id)
    ).one_or_none()
    if row is None:
        raise NotFound("This link belongs to no message of ours.")
    figures.lock_touches(session, [row.touch_id])
    event = EventRow(row.partner_id, row.campaign_id, delivery_id, TouchEventKind.UNSUBSCRIBED, at)
    is_new = bool(event_rows.append(session, [event]))
    if is_new and row.message_class is MessageClass.MARKETING:
        counts = {"unsubscribed_count": 1}
        figures.shift(session, row.touch_id, figures.Moves(), at=at, counts=counts)
    values = {
        "partner_id": row.partner_id,
        "delivery_id": delivery_id,
        "how": how.value,
        "at": at,
        "note": "",
    }
    session.execute(
        insert_into(session, Unsubscription)
        .values(values)
        .on_conflict_do_nothing(index_elements=["delivery_id"])
    )
    suppression.suppress(session, row.partner_id, row.address_hash, SuppressionReason.UNSUBSCRIBED, at)
    return Stopped(row.partner_id, row.campaign_id, is_new)
