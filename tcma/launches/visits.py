"""Opens and visits: appended as events, never a reason for anything."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.launches import clicks, event_rows
from tcma.launches.deliveries import Delivery, TouchEventKind
from tcma.launches.event_rows import EventRow
from tcma.launches.models import Campaign


def record_visit(
    session: Session, campaign: Campaign, delivery_id: int, *, method: str, user_agent: str, window: float
) -> None:
    """A visit that a mail of this campaign led to; the same mail counts once a minute (reloads)."""
    sent_at = session.execute(
        select(Delivery.sent_at).where(Delivery.id == delivery_id, Delivery.campaign_id == campaign.id)
    ).one_or_none()
    if sent_at is None:
        return
    now = clock.now(session)
    machine = clicks.looks_like_machine(
        method=method, user_agent=user_agent, sent_at=sent_at[0], at=now, window=window
    )
    event_rows.append(
        session,
        [
            EventRow(
                campaign.partner_id,
                campaign.id,
                delivery_id,
                TouchEventKind.VISITED,
                now,
                identity=f"{now:%Y%m%d%H%M}{'m' if machine else ''}",
                machine=machine,
            )
        ],
    )


def record_open(session: Session, delivery_id: int) -> None:
    """A pixel was fetched, by a person or by a mail program: once per message, never a headline."""
    found = session.execute(
        select(Delivery.partner_id, Delivery.campaign_id).where(Delivery.id == delivery_id)
    ).one_or_none()
    if found is not None:
        now = clock.now(session)
        event_rows.append(
            session,
            [EventRow(found.partner_id, found.campaign_id, delivery_id, TouchEventKind.OPENED, now)],
        )
