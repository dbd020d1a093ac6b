"""Which chunk a lane serves next: service mail first, then the partner who was served longest ago."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from campaigns.kit.model import ConditionKind
from tcma import clock
from tcma.columns import UtcDateTime
from tcma.funds.models import Certificate, CertificateStatus
from tcma.kits.models import KitVersion, VersionStatus
from tcma.launches.deliveries import Chunk, Delivery, DeliveryStatus, MessageClass
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, TouchStatus

# A finished campaign and a touch that is done hold queued rows only where a person pressed "send again".
SENDING_CAMPAIGNS = (CampaignStatus.RUNNING, CampaignStatus.FINISHED)
SENDING_TOUCHES = (TouchStatus.RUNNING, TouchStatus.DONE)


@dataclass(frozen=True, slots=True)
class Turn:
    """A chunk this worker holds."""

    chunk_id: int
    touch_id: int
    campaign_id: int
    partner_id: int
    vendor_id: int
    message_class: MessageClass
    first_id: int
    last_id: int
    condition: ConditionKind | None = None  # the touch's
    condition_touch_id: int | None = None
    is_invitation: bool = False


def may_send(touch_id: int | InstrumentedAttribute[int], message_class: MessageClass) -> ColumnElement[bool]:
    """Whether messages of the touch may go now. Part of every statement that claims some.

    What a person asked for goes out whatever became of the campaign since; marketing mail only while the
    campaign runs, its certificate is not suspended and the soft start leaves room.
    """
    certificate_is_suspended = exists().where(
        Certificate.id == Campaign.certificate_id, Certificate.status == CertificateStatus.SUSPENDED
    )
    wanted = (
        select(CampaignTouch.id)
        .join(Campaign, Campaign.id == CampaignTouch.campaign_id)
        .join(KitVersion, KitVersion.id == Campaign.kit_version_id)
        .where(CampaignTouch.id == touch_id, KitVersion.status != VersionStatus.RECALLED)
    )
    if message_class is MessageClass.SERVICE:
        return wanted.correlate(Chunk, Delivery).exists()
    running = wanted.where(
        Campaign.status.in_(SENDING_CAMPAIGNS),
        CampaignTouch.status.in_(SENDING_TOUCHES),
        ~certificate_is_suspended,
        or_(
            CampaignTouch.soft_start_passed,
            CampaignTouch.soft_start_size == 0,
            begun_count() < CampaignTouch.soft_start_size,
        ),
    )
    return running.correlate(Chunk, Delivery).exists()


def begun_count() -> ColumnElement[int]:
    """Messages of a touch that were handed over or are being handed over."""
    touch = CampaignTouch
    return (
        touch.sending_count
        + touch.sent_count
        + touch.delivered_count
        + touch.bounced_count
        + touch.failed_count
        + touch.unknown_count
    )


def _runnable() -> ColumnElement[bool]:
    """Chunks with something to send at the moment `now` that nobody holds."""
    waits = exists().where(
        Delivery.status == DeliveryStatus.QUEUED,
        Delivery.touch_id == Chunk.touch_id,
        Delivery.id.between(Chunk.first_id, Chunk.last_id),
        or_(Delivery.not_before.is_(None), Delivery.not_before <= bindparam("now", type_=UtcDateTime)),
    )
    allowed = or_(
        *(and_(Chunk.message_class == kind, may_send(Chunk.touch_id, kind)) for kind in MessageClass)
    )
    return and_(Chunk.done_at.is_(None), Chunk.worker_id.is_(None), waits, allowed)


def _next_turn() -> Select[int]:
    own = aliased(Chunk)
    served = select(own.partner_id, func.max(own.leased_at).label("last")).group_by(own.partner_id).subquery()
    return (
        select(Chunk.id)
        .join(served, served.c.partner_id == Chunk.partner_id)
        .where(_runnable())
        .order_by(
            (Chunk.message_class == MessageClass.SERVICE).desc(),
            served.c.last.asc().nulls_first(),
            Chunk.id,
        )
        .limit(1)
        .with_for_update(of=Chunk, skip_locked=True, key_share=True)
    )


# Every worker asks these once a second, so they are built once.
_NEXT_TURN = _next_turn()
_FREE = select(Chunk.id).where(Chunk.done_at.is_(None), Chunk.worker_id.is_(None)).limit(1)
_RUNNABLE = select(Chunk.id).where(_runnable()).limit(bindparam("most", type_=Integer))
_OLDEST = (
    select(func.min(CampaignTouch.due_at))
    .select_from(Chunk)
    .join(CampaignTouch, CampaignTouch.id == Chunk.touch_id)
    .where(_runnable())
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What could be sent now: up to `most` chunks, and since when (by the product's clock) the oldest waits."""

    count: int
    since: datetime | None


def waiting(session: Session, most: int) -> Waiting:
    if session.scalar(_FREE) is None:  # nearly always, and cheap to know
        return Waiting(0, None)
    now = clock.real()
    count = len(session.scalars(_RUNNABLE, {"now": now, "most": most}).all())
    return Waiting(count, session.scalar(_OLDEST, {"now": now}) if count else None)


def take(session: Session, worker_id: int) -> Turn | None:
    """Lease the chunk whose turn it is; None when nothing may go out now."""
    if session.scalar(_FREE) is None:
        return None
    chunk_id = session.scalar(_NEXT_TURN, {"now": clock.real()})
    if chunk_id is None:
        return None
    taken = session.execute(
        update(Chunk)
        .where(Chunk.id == chunk_id, Chunk.worker_id.is_(None))
        .values(worker_id=worker_id, leased_at=clock.real())
        .returning(Chunk.id)
    ).scalar()
    if taken is None:
        return None
    row = session.execute(
        select(
            Chunk,
            CampaignTouch.campaign_id,
            CampaignTouch.vendor_id,
            CampaignTouch.condition,
            CampaignTouch.condition_touch_id,
            CampaignTouch.is_invitation,
        )
        .join(CampaignTouch, CampaignTouch.id == Chunk.touch_id)
        .where(Chunk.id == taken)
    ).one()
    chunk: Chunk = row[0]
    return Turn(
        chunk_id=chunk.id,
        touch_id=chunk.touch_id,
        campaign_id=row.campaign_id,
        partner_id=chunk.partner_id,
        vendor_id=row.vendor_id,
        message_class=chunk.message_class,
        first_id=chunk.first_id,
        last_id=chunk.last_id,
        condition=row.condition,
        condition_touch_id=row.condition_touch_id,
        is_invitation=row.is_invitation,
    )


def give_back(session: Session, turn: Turn, worker_id: int) -> None:
    """End the turn; the chunk is done once none of its messages waits any more."""
    waits = exists().where(
        Delivery.status.in_((DeliveryStatus.QUEUED, DeliveryStatus.SENDING)),
        Delivery.touch_id == turn.touch_id,
        Delivery.id.between(turn.first_id, turn.last_id),
    )
    is_empty = session.scalar(select(~waits))
    session.execute(
        update(Chunk)
        .where(Chunk.id == turn.chunk_id, Chunk.worker_id == worker_id)
        .values(worker_id=None, done_at=clock.now(session) if is_empty else None)
    )


def free(session: Session, worker_id: int) -> None:
    """Give back everything a dead worker held."""
    session.execute(update(Chunk).where(Chunk.worker_id == worker_id).values(worker_id=None))


def reopen(session: Session, touch_id: int) -> None:
    """Messages of the touch were queued again: its finished chunks with such messages are open again."""
    waits = exists().where(
        Delivery.status == DeliveryStatus.QUEUED,
        Delivery.touch_id == Chunk.touch_id,
        Delivery.id.between(Chunk.first_id, Chunk.last_id),
    )
    session.execute(
        update(Chunk)
        .where(Chunk.touch_id == touch_id, Chunk.done_at.is_not(None), waits)
        .values(done_at=None)
    )


def close_empty(session: Session) -> int:
    """Chunks whose messages were all left out meanwhile (cancelled, recalled) are done; how many."""
    waits = exists().where(
        Delivery.status.in_((DeliveryStatus.QUEUED, DeliveryStatus.SENDING)),
        Delivery.touch_id == Chunk.touch_id,
        Delivery.id.between(Chunk.first_id, Chunk.last_id),
    )
    closed = session.execute(
        update(Chunk)
        .where(Chunk.done_at.is_(None), Chunk.worker_id.is_(None), ~waits)
        .values(done_at=clock.now(session))
        .returning(Chunk.id)
        .execution_options(synchronize_session=False)
    )
    return len(closed.all())
