"""What came of a campaign's mails: people reached, who clicked, who visited its page."""

from dataclasses import dataclass

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass, TouchEvent, TouchEventKind
from tcma.launches.models import Campaign
from tcma.launches.queries import TouchFigures

_OUT = (DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.BOUNCED)


@dataclass(frozen=True, slots=True)
class Reached:
    """People, each counted once over all mails; machines are left out."""

    people: int
    reached: int
    clicked: int
    visited: int


@dataclass(frozen=True, slots=True)
class ByMessage:
    """How one mail did. `per_hundred`: clicks by people for every hundred it reached, in tenths."""

    figures: TouchFigures
    per_hundred: int


def reached(session: Session, campaign: Campaign) -> Reached:
    """Two statements over the campaign's deliveries and visits."""
    row = session.execute(
        select(
            func.count(distinct(Delivery.contact_id)),
            func.count(distinct(Delivery.contact_id)).filter(Delivery.status.in_(_OUT)),
            func.count(distinct(Delivery.contact_id)).filter(Delivery.clicked_at.is_not(None)),
        ).where(
            Delivery.campaign_id == campaign.id,
            Delivery.touch_id.in_([touch.id for touch in campaign.touches]),
            Delivery.message_class == MessageClass.MARKETING,
        )
    ).one()
    visited = session.scalar(
        select(func.count(distinct(Delivery.contact_id)))
        .join(TouchEvent, TouchEvent.delivery_id == Delivery.id)
        .where(
            TouchEvent.campaign_id == campaign.id,
            TouchEvent.kind == TouchEventKind.VISITED,
            TouchEvent.machine.is_(False),
        )
    )
    return Reached(int(row[0]), int(row[1]), int(row[2]), int(visited or 0))


def by_message(mails: list[TouchFigures]) -> list[ByMessage]:
    """Mails that reached somebody, best first."""
    sent = [
        ByMessage(mail, (mail.clicked * 1_000 + mail.sent // 2) // mail.sent) for mail in mails if mail.sent
    ]
    return sorted(sent, key=lambda one: (-one.per_hundred, one.figures.name))
