"""The figures of a touch change with its deliveries, in one transaction, and the money follows them.

Whoever moves deliveries locks their touches first (`lock_touches`), then writes deliveries in the order of
their ids, then calls `shift`, then `count_units`: one order for everybody, so nobody waits in a ring. Service
mail is outside the figures and costs nobody anything: a touch's people are frozen at launch.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from tcma.columns import new_mark
from tcma.funds import lines
from tcma.funds.models import CostLine
from tcma.launches.deliveries import DELIVERY_NEXT, DeliveryStatus
from tcma.launches.models import CampaignTouch

_D = DeliveryStatus
Move = tuple[DeliveryStatus, DeliveryStatus]
Moves = Counter[Move]

_COLUMNS = {status: f"{status.value}_count" for status in DeliveryStatus}
_OUT = frozenset({_D.SENT, _D.DELIVERED, _D.BOUNCED})  # a provider took it, `sent_at` says when
_UNITS = frozenset({_D.SENT, _D.DELIVERED})  # accepted by the provider and not come back: what is charged


def lock_touches(session: Session, touch_ids: Iterable[int]) -> None:
    """Nobody else moves deliveries of these touches until this transaction ends."""
    statement = select(CampaignTouch.id).where(CampaignTouch.id.in_(sorted(set(touch_ids))))
    session.execute(statement.order_by(CampaignTouch.id).with_for_update(key_share=True)).all()


def shift(
    session: Session,
    touch_id: int,
    moves: Moves,
    *,
    at: datetime,
    counts: Mapping[str, int] | None = None,
) -> None:
    """Add to the touch's figures what `moves` did to its deliveries, and `counts` (column -> change)."""
    changes: Counter[str] = Counter(counts or {})
    for (before, after), number in moves.items():
        if not is_way(before, after):
            raise ValueError(f"No way leads from {before} to {after}.")
        changes[_COLUMNS[before]] -= number
        changes[_COLUMNS[after]] += number
    values: dict[str, Any] = {
        name: getattr(CampaignTouch, name) + change for name, change in changes.items() if change
    }
    if moves.total():
        values["mark"] = new_mark()
    if any(after in _OUT and number for (_, after), number in moves.items()):
        last = CampaignTouch.last_out_at
        values["last_out_at"] = case((or_(last.is_(None), last < at), at), else_=last)
    if values:
        session.execute(
            update(CampaignTouch).where(CampaignTouch.id == touch_id).values(progress_at=at, **values)
        )


def count_units(session: Session, campaign_ids: Iterable[int]) -> None:
    """Bring the cost lines of the campaigns to their running totals: the last thing a transaction does.

    The line is locked before the sum is read, so that two lanes on two touches cannot both miss the other.
    """
    wanted = sorted(set(campaign_ids))
    found = session.execute(
        select(CostLine.id, CostLine.campaign_id)
        .where(CostLine.campaign_id.in_(wanted))
        .order_by(CostLine.id)
        .with_for_update()
    ).all()
    for line_id, campaign_id in found:
        lines.count(session, line_id, _units(session, campaign_id))


def changes_units(moves: Moves) -> bool:
    return any((before in _UNITS) != (after in _UNITS) for before, after in moves)


def is_way(before: DeliveryStatus, after: DeliveryStatus) -> bool:
    """Whether arrows of the table lead from one to the other; an early event walks several at once."""
    seen, open_ends = {before}, [before]
    while open_ends:
        for status in DELIVERY_NEXT[open_ends.pop()]:
            if status not in seen:
                seen.add(status)
                open_ends.append(status)
    return after in seen


def _units(session: Session, campaign_id: int) -> int:
    columns = (getattr(CampaignTouch, _COLUMNS[status]) for status in sorted(_UNITS))
    total = select(func.sum(sum(columns))).where(CampaignTouch.campaign_id == campaign_id)
    return int(session.scalar(total) or 0)
