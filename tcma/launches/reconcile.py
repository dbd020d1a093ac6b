"""What nobody knows: groups of dead workers become unknown; look-ups and people settle them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta

import structlog
from sqlalchemy import Select, bindparam, or_, select, update
from sqlalchemy.orm import Session

from campaigns.providers.base import Accepted, NotSent, Outcome, Provider
from tcma import clock
from tcma.audit import trail
from tcma.columns import UtcDateTime
from tcma.db import Database
from tcma.errors import Conflict, phrase
from tcma.jobs import leases, rows
from tcma.launches import figures, sending_chunks
from tcma.launches.deliveries import Chunk, Delivery, DeliveryStatus, MessageClass, SendGroup
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch
from tcma.launches.sending_record import complete, printable
from tcma.viewer import OrganisationKind, Role, Viewer

# A group takes seconds, its last message at most two minutes (`TimeLimits.message`): after this its lane is
# lost, though its worker lives.
STALE = timedelta(minutes=5)
ABSENCE_SHOWS_AFTER = 900.0  # seconds: a worker that was only paused has long noticed by then
LOOK_AGAIN = timedelta(minutes=10)
BATCH = 100
NOT_RESENT = "unknown, not resent"
WORKER_ENDED = "the worker ended while this was on its way"

_D = DeliveryStatus
_log = structlog.get_logger(__name__)
AGAIN = (CampaignStatus.RUNNING, CampaignStatus.PAUSED, CampaignStatus.STOPPED, CampaignStatus.FINISHED)


def end_dead_workers(database: Database, *, lease: float) -> list[int]:
    """Workers that are gone lose what they held: chunks and jobs are free, messages in flight are unknown."""
    with database.reading() as session:
        suspects = leases.dead(session, lease)
    ended = []
    for worker_id in suspects:
        with database.transaction() as session:
            if worker_id not in leases.dead(session, lease):  # somebody else was faster, or it lives
                continue
            _give_up(session, select(SendGroup.id).where(SendGroup.worker_id == worker_id))
            sending_chunks.free(session, worker_id)
            leases.end(session, worker_id)
            ended.append(worker_id)
    return ended


_BEFORE = bindparam("before", type_=UtcDateTime)
# Built once: every worker asks once a second.
_STALE = select(SendGroup.id).where(SendGroup.started_at < _BEFORE, SendGroup.finished_at.is_(None)).limit(1)
_HELD = (
    select(Chunk.id)
    .where(Chunk.worker_id.is_not(None), Chunk.leased_at < _BEFORE, Chunk.done_at.is_(None))
    .limit(1)
)


def end_stale_groups(database: Database) -> None:
    """Groups and chunks whose lane broke while its worker lives on."""
    before = clock.real() - STALE
    with database.reading() as session:
        is_stale = session.scalar(_STALE, {"before": before})
        is_held = session.scalar(_HELD, {"before": before})
    if is_stale is None and is_held is None:
        return
    held = Chunk.worker_id.is_not(None), Chunk.leased_at < before, Chunk.done_at.is_(None)
    with database.transaction() as session:
        _give_up(session, select(SendGroup.id).where(SendGroup.started_at < before))
        session.execute(update(Chunk).where(*held).values(worker_id=None))


def resolve(
    database: Database,
    provider: Provider,
    *,
    reconcile_after: float,
    absence_shows_after: float = ABSENCE_SHOWS_AFTER,
) -> int:
    """Ask the provider about unknown messages; how many were settled. Times in seconds.

    Found: sent. Proved absent, long enough after the attempt: waits again. Still unclear after
    `reconcile_after`: stays "unknown, not resent", for a person to decide. A look-up that fails says nothing:
    its message is asked about again later; RowsFailed once all others are settled.
    """
    with database.reading() as session:
        found = session.execute(
            select(Delivery.id, Delivery.touch_id, Delivery.group_id, SendGroup.started_at)
            .join(SendGroup, SendGroup.id == Delivery.group_id)
            .where(
                Delivery.status == _D.UNKNOWN,
                Delivery.reason != NOT_RESENT,
                or_(Delivery.not_before.is_(None), Delivery.not_before <= clock.real()),
            )
            .order_by(Delivery.id)
            .limit(BATCH)
        ).all()
    by_touch: dict[int, list[tuple[int, int, Outcome | None, bool]]] = defaultdict(list)
    errors: list[Exception] = []
    for row in found:
        outcome, may_tell = None, True
        try:
            outcome = provider.look_up(str(row.group_id), row.id)
        except Exception as error:
            _log.exception("look_up_failed", delivery_id=row.id)
            errors.append(error)
            may_tell = False  # nobody was asked: it is asked about again, however old
        age = (clock.real() - row.started_at).total_seconds()
        if isinstance(outcome, NotSent) and age < absence_shows_after:
            outcome = None
        by_touch[row.touch_id].append((row.id, row.group_id, outcome, may_tell and age >= reconcile_after))
    settled = rows.each(
        database,
        lambda _session: sorted(by_touch),
        lambda session, touch_id: _answered(session, touch_id, by_touch[touch_id]),
    )
    if errors:
        raise rows.RowsFailed(f"{len(errors)} of {len(found)} look-ups failed.") from errors[0]
    return sum(settled)


def send_again(session: Session, viewer: Viewer, campaign: Campaign, touch: CampaignTouch) -> int:
    """A person, warned that some may arrive twice, has the touch's unknown messages sent again; how many."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    if campaign.status not in AGAIN:
        raise Conflict(
            phrase("This campaign is %(status)s: nothing is sent from it any more.", status=campaign.status)
        )
    figures.lock_touches(session, [touch.id])
    session.refresh(touch)
    ids = session.scalars(
        update(Delivery)
        .where(
            Delivery.touch_id == touch.id,
            Delivery.partner_id == viewer.organisation_id,
            Delivery.status == _D.UNKNOWN,
            Delivery.message_class == MessageClass.MARKETING,
        )
        .values(status=_D.QUEUED, group_id=None, reason="", not_before=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not ids:
        raise Conflict("No message of this mail is in doubt any more.")
    figures.shift(session, touch.id, Counter({(_D.UNKNOWN, _D.QUEUED): len(ids)}), at=clock.now(session))
    sending_chunks.reopen(session, touch.id)
    trail.record(session, viewer, "campaign.sent_again", campaign, {"touch": touch.id, "count": len(ids)})
    session.refresh(touch)
    return len(ids)


def _give_up(session: Session, groups: Select[int]) -> None:
    """Exactly the rows still marked as being sent in these open groups become unknown."""
    found = session.execute(
        select(SendGroup.id, SendGroup.touch_id).where(
            SendGroup.id.in_(groups), SendGroup.finished_at.is_(None)
        )
    ).all()
    figures.lock_touches(session, {row.touch_id for row in found})
    for row in sorted(found, key=lambda group: group.touch_id):
        lost = session.execute(
            update(Delivery)
            .where(Delivery.group_id == row.id, Delivery.status == _D.SENDING)
            .values(status=_D.UNKNOWN, reason=WORKER_ENDED)
            .returning(Delivery.id, Delivery.message_class)
            .execution_options(synchronize_session=False)
        ).all()
        counted = sum(one.message_class is MessageClass.MARKETING for one in lost)
        moves = Counter({(_D.SENDING, _D.UNKNOWN): counted})
        figures.shift(session, row.touch_id, moves, at=clock.now(session))
        complete(session, row.touch_id)
        session.execute(update(SendGroup).where(SendGroup.id == row.id).values(finished_at=clock.real()))


def _answered(
    session: Session, touch_id: int, answers: Iterable[tuple[int, int, Outcome | None, bool]]
) -> int:
    figures.lock_touches(session, [touch_id])
    now, real = clock.now(session), clock.real()
    moves: figures.Moves = Counter()
    settled = 0
    for delivery_id, group_id, outcome, is_old in answers:
        values: dict[str, object] = {"not_before": real + LOOK_AGAIN}
        if isinstance(outcome, Accepted):
            values = {
                "status": _D.SENT,
                "sent_at": now,
                "provider_id": printable(outcome.provider_id, 120),
                "reason": "",
            }
        elif isinstance(outcome, NotSent):
            values = {"status": _D.QUEUED, "group_id": None, "reason": "", "not_before": None}
        elif is_old:
            values = {"reason": NOT_RESENT}
        changed = session.execute(
            update(Delivery)
            .where(Delivery.id == delivery_id, Delivery.group_id == group_id, Delivery.status == _D.UNKNOWN)
            .values(values)
            .returning(Delivery.message_class)
            .execution_options(synchronize_session=False)
        ).scalar()
        target = values.get("status")
        if changed is None or not isinstance(target, DeliveryStatus):
            continue
        settled += 1
        if changed is MessageClass.MARKETING:
            moves[_D.UNKNOWN, target] += 1
    figures.shift(session, touch_id, moves, at=now)
    sending_chunks.reopen(session, touch_id)
    if figures.changes_units(moves):
        campaign_id = session.execute(
            select(CampaignTouch.campaign_id).where(CampaignTouch.id == touch_id)
        ).scalar_one()
        figures.count_units(session, [campaign_id])
    return settled
