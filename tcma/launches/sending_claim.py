"""Claiming a group: in one transaction skip what must not go, mark the rest as being sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, case, insert, null, or_, select, update
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences.models import Contact
from tcma.audiences.preference_models import MailPreference
from tcma.launches import figures
from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass, SendGroup
from tcma.launches.models import CampaignTouch
from tcma.launches.obstacles import SkipReason, choice_of, had_one_lately, obstacle, wants_fewer
from tcma.launches.sending_chunks import Turn, begun_count, may_send
from tcma.webinars.models import Seat, SeatStatus

_D = DeliveryStatus


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message this worker alone may hand over, with the person it goes to."""

    delivery_id: int
    partner_id: int
    campaign_id: int
    touch_id: int
    artefact_id: int
    message_class: MessageClass
    occasion: int
    address: str  # as typed
    first_name: str
    last_name: str
    title: str
    company: str
    language: str
    seat_changes: int | None = None  # of the person's seat in the campaign's webinar; None without one
    has_seat: bool = False  # now


@dataclass(frozen=True, slots=True)
class Group:
    """At most `group_size` messages; its id is the attempt id."""

    group_id: int
    turn: Turn
    messages: tuple[Claimed, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """What became of the first waiting messages of a turn. No group, nothing skipped: the turn ends."""

    group: Group | None
    skipped_count: int


def claim_group(session: Session, turn: Turn, worker_id: int, limit: int) -> Claim:
    """Skip or mark the next `limit` waiting messages of the turn, while they may be sent at all."""
    figures.lock_touches(session, [turn.touch_id])
    size = min(limit, _room(session, turn))
    now = clock.now(session)
    waiting = session.execute(_waiting(turn, size, now)).all() if size > 0 else []
    stopped = {row.id: SkipReason(row.reason) for row in waiting if row.reason}
    stopped |= dict.fromkeys(_had_one_meanwhile(session, turn, waiting, now), SkipReason.FEWER)
    sendable = {row.id: row for row in waiting if row.id not in stopped}
    skipped = _skip(session, stopped)
    group_id = _open_group(session, turn, worker_id, len(sendable)) if sendable else 0
    marked = _mark(session, turn, sendable, group_id) if sendable else []
    if turn.message_class is MessageClass.MARKETING:
        moves = Counter({(_D.QUEUED, _D.SKIPPED): skipped, (_D.QUEUED, _D.SENDING): len(marked)})
        figures.shift(session, turn.touch_id, moves, at=now)
    if not marked:
        return Claim(None, skipped)
    messages = tuple(_claimed(sendable[delivery_id], turn) for delivery_id in sorted(marked))
    return Claim(Group(group_id, turn, messages), skipped)


def _room(session: Session, turn: Turn) -> int:
    """How many more may go: all, or what the soft start leaves."""
    if turn.message_class is MessageClass.SERVICE:
        return turn.last_id - turn.first_id + 1
    size, passed, begun = session.execute(
        select(
            CampaignTouch.soft_start_size, CampaignTouch.soft_start_passed, begun_count().label("begun")
        ).where(CampaignTouch.id == turn.touch_id)
    ).one()
    unlimited = turn.last_id - turn.first_id + 1
    return unlimited if passed or not size else max(0, int(size) - int(begun))


def _waiting(turn: Turn, limit: int, now: datetime) -> Select[*tuple[Any, ...]]:
    is_service = turn.message_class is MessageClass.SERVICE
    seat = (Seat.change_count, Seat.status) if is_service else (null(), null())
    wanted = (
        select(
            Delivery.id,
            Delivery.artefact_id,
            Delivery.occasion,
            Contact.address_typed,
            Contact.address_hash,
            Contact.first_name,
            Contact.last_name,
            Contact.title,
            Contact.company,
            Contact.language,
            obstacle(turn, now).label("reason"),
            case((wants_fewer(), MailPreference.id)).label("fewer_id"),
            seat[0].label("seat_changes"),
            seat[1].label("seat_status"),
        )
        .join(Contact, Contact.id == Delivery.contact_id)
        .outerjoin(MailPreference, choice_of(turn))
        .where(
            Delivery.partner_id == turn.partner_id,
            Delivery.touch_id == turn.touch_id,
            Delivery.status == _D.QUEUED,
            Delivery.id.between(turn.first_id, turn.last_id),
            or_(Delivery.not_before.is_(None), Delivery.not_before <= clock.real()),
            may_send(Delivery.touch_id, turn.message_class),
        )
        .order_by(Delivery.id)
        .limit(limit)
    )
    if not is_service:
        return wanted
    own = and_(Seat.campaign_id == turn.campaign_id, Seat.contact_id == Delivery.contact_id)
    return wanted.outerjoin(Seat, own)


def _had_one_meanwhile(
    session: Session, turn: Turn, waiting: Sequence[Row[*tuple[Any, ...]]], now: datetime
) -> list[int]:
    """Messages to people who want fewer, and whom another lane wrote to in this moment: two lanes that claim a
    mail for one such person wait for each other here, at the person's choice, and the later one looks again."""
    if turn.message_class is MessageClass.SERVICE:
        return []
    fewer = {row.id: row.fewer_id for row in waiting if row.fewer_id and not row.reason}
    if not fewer:
        return []
    held = select(MailPreference.id).where(MailPreference.id.in_(list(fewer.values())))
    session.execute(held.order_by(MailPreference.id).with_for_update())
    had = select(Delivery.id).where(Delivery.id.in_(list(fewer)), had_one_lately(turn.partner_id, now))
    return list(session.scalars(had))


def _skip(session: Session, stopped: dict[int, SkipReason]) -> int:
    count = 0
    for reason in sorted(set(stopped.values())):
        ids = sorted(delivery_id for delivery_id, why in stopped.items() if why is reason)
        changed = session.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids), Delivery.status == _D.QUEUED)
            .values(status=_D.SKIPPED, reason=reason.value, not_before=None)
            .returning(Delivery.id)
            .execution_options(synchronize_session=False)
        )
        count += len(changed.all())
    return count


def _open_group(session: Session, turn: Turn, worker_id: int, size: int) -> int:
    values = {
        "partner_id": turn.partner_id,
        "touch_id": turn.touch_id,
        "worker_id": worker_id,
        "size": size,
        "started_at": clock.real(),
    }
    return session.execute(insert(SendGroup).values(values).returning(SendGroup.id)).scalar_one()


def _mark(
    session: Session, turn: Turn, sendable: Mapping[int, Row[*tuple[Any, ...]]], group_id: int
) -> list[int]:
    """The claiming statement: what it returns is ours. It reads pause, cancel, recall and suspension.

    The row keeps whom it goes to. A contact corrected since its address was read gets this mail there still.
    """
    present = select(Contact.address_hash).where(Contact.id == Delivery.contact_id).scalar_subquery()
    changed = session.execute(
        update(Delivery)
        .where(
            Delivery.id.in_(list(sendable)),
            Delivery.status == _D.QUEUED,
            may_send(Delivery.touch_id, turn.message_class),
        )
        .values(
            status=_D.SENDING,
            group_id=group_id,
            attempts=Delivery.attempts + 1,
            reason="",
            address_hash=present,
        )
        .returning(Delivery.id, Delivery.address_hash)
        .execution_options(synchronize_session=False)
    ).all()
    for row in changed:
        if row.address_hash != (read := sendable[row.id].address_hash):
            session.execute(
                update(Delivery)
                .where(Delivery.id == row.id)
                .values(address_hash=read)
                .execution_options(synchronize_session=False)
            )
    return [row.id for row in changed]


def _claimed(row: Row[*tuple[Any, ...]], turn: Turn) -> Claimed:
    return Claimed(
        delivery_id=row.id,
        partner_id=turn.partner_id,
        campaign_id=turn.campaign_id,
        touch_id=turn.touch_id,
        artefact_id=row.artefact_id,
        message_class=turn.message_class,
        occasion=row.occasion,
        address=row.address_typed,
        first_name=row.first_name,
        last_name=row.last_name,
        title=row.title,
        company=row.company,
        language=row.language,
        seat_changes=row.seat_changes,
        has_seat=row.seat_status is SeatStatus.SAVED,
    )
