"""Recording what a provider said about a group: one transaction, only rows that are still its own."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from campaigns.providers.base import Accepted, AccountRefused, NotSent, Outcome, Refused, Unknown
from tcma import clock
from tcma.audiences import suppression
from tcma.audiences.models import Contact, SuppressionReason
from tcma.jobs.queue import Job, enqueue
from tcma.launches import figures, reached
from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass, SendGroup
from tcma.launches.models import CampaignTouch, TouchStatus
from tcma.launches.sending_chunks import Turn

LONGEST_PAUSE = 60.0  # seconds between two attempts: after an outage mail flows again within a minute
MOST_ATTEMPTS = 1_440  # a day of trying once a minute
# How reasons of our own begin; pages say them in the reader's language.
NO_SUCH_ADDRESS = "no such address"  # of a hard refusal
GAVE_UP = "gave up"
CANNOT_BE_MADE = "cannot be made"

_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+"
)  # PostgreSQL takes no NUL, UTF-8 no surrogate

_D = DeliveryStatus


def record(
    session: Session,
    group_id: int,
    turn: Turn,
    outcomes: Iterable[Outcome],
    unmade: Mapping[int, str],
) -> None:
    """Settle the group. Rows without an outcome were never handed over and wait again.

    `unmade` are messages that could not be composed (delivery id -> reason). Rows somebody else decided
    meanwhile (this worker was taken for dead, an event came first) are left as they are.
    """
    figures.lock_touches(session, [turn.touch_id])
    now, real = clock.now(session), clock.real()
    ours = session.execute(
        select(Delivery.id, Delivery.attempts)
        .where(Delivery.group_id == group_id, Delivery.status == _D.SENDING)
        .order_by(Delivery.id)
    ).all()
    told = {outcome.delivery_id: outcome for outcome in outcomes}
    changes = [
        _change(row.id, row.attempts, told.get(row.id), unmade.get(row.id), now=now, real=real)
        for row in ours
    ]
    _write(session, group_id, changes)
    _suppress(session, turn, [row.id for row in ours if _is_hard(told.get(row.id))], now)
    sent = sum(change["status"] is _D.SENT for change in changes)
    session.execute(
        update(SendGroup).where(SendGroup.id == group_id).values(finished_at=real, sent_count=sent)
    )
    if turn.message_class is MessageClass.SERVICE:
        return
    moves = Counter((_D.SENDING, change["status"]) for change in changes)
    figures.shift(session, turn.touch_id, moves, at=now)
    complete(session, turn.touch_id)
    if figures.changes_units(moves):
        figures.count_units(session, [turn.campaign_id])


def complete(session: Session, touch_id: int) -> bool:
    """A touch with nothing waiting is done; whether the campaign is finished, a job finds out."""
    done = session.execute(
        update(CampaignTouch)
        .where(
            CampaignTouch.id == touch_id,
            CampaignTouch.kind == "email",
            CampaignTouch.status == TouchStatus.RUNNING,
            CampaignTouch.queued_count == 0,
            CampaignTouch.sending_count == 0,
        )
        .values(status=TouchStatus.DONE, finished_at=clock.now(session))
        .returning(CampaignTouch.campaign_id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if done is not None:
        enqueue(session, Job.LAUNCHES_FINISH, f"{done}:{touch_id}", {"campaign_id": done})
    return done is not None


def _is_hard(outcome: Outcome | None) -> bool:
    return isinstance(outcome, Refused) and outcome.hard


def _suppress(session: Session, turn: Turn, delivery_ids: list[int], at: datetime) -> None:
    """The partner never writes again to the addresses that these messages were handed over for."""
    if not delivery_ids:
        return
    hashes = session.scalars(
        select(reached.address_hash())
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(Delivery.id.in_(delivery_ids))
        .order_by(Delivery.id)
    )
    for address_hash in hashes.all():
        suppression.suppress(session, turn.partner_id, address_hash, SuppressionReason.BOUNCED, at)


def printable(text: str, limit: int) -> str:
    """What somebody outside told us, as a column takes it: no control characters, at most `limit` long."""
    return _UNPRINTABLE.sub(" ", text).strip()[:limit]


def _change(
    delivery_id: int,
    attempts: int,
    outcome: Outcome | None,
    unmade: str | None,
    *,
    now: datetime,
    real: datetime,
) -> dict[str, Any]:
    change: dict[str, Any] = {
        "delivery": delivery_id,
        "status": _D.QUEUED,
        "reason": "",
        "attempts": attempts,
        "not_before": None,
        "provider_id": None,
        "sent_at": None,
    }
    if unmade is not None:
        return change | {"status": _D.FAILED, "reason": printable(unmade, 200)}
    match outcome:
        case Accepted(provider_id=provider_id):
            return change | {"status": _D.SENT, "provider_id": printable(provider_id, 120), "sent_at": now}
        case Refused(code=code, reason=reason, hard=hard):
            text = f"{NO_SUCH_ADDRESS}: {code} {reason}" if hard else f"{code} {reason}"
            return change | {"status": _D.FAILED, "reason": printable(text, 200)}
        case Unknown(reason=reason):
            return change | {"status": _D.UNKNOWN, "reason": printable(reason, 200)}
        case NotSent(reason=reason) if attempts >= MOST_ATTEMPTS:
            return change | {"status": _D.FAILED, "reason": printable(f"{GAVE_UP}: {reason}", 200)}
        case NotSent(reason=reason, retry_after=retry_after):
            pause = min(2.0**attempts if attempts < 10 else LONGEST_PAUSE, LONGEST_PAUSE)
            later = real + timedelta(seconds=max(pause, min(retry_after or 0.0, 3_600.0)))
            return change | {"reason": printable(reason, 200), "not_before": later}
        case AccountRefused(code=code, reason=reason):
            later = real + timedelta(seconds=LONGEST_PAUSE)  # every try is a log-in, and too many lock us out
            text = printable(f"{code} {reason}", 200)
            return change | {"reason": text, "attempts": attempts - 1, "not_before": later}
        case None:
            return change | {"attempts": attempts - 1}


def _write(session: Session, group_id: int, changes: list[dict[str, Any]]) -> None:
    if not changes:
        return
    table = cast(Table, Delivery.__table__)
    names = ("status", "reason", "attempts", "not_before", "provider_id", "sent_at")
    statement = (
        update(table)
        .where(
            table.c.id == bindparam("delivery"),
            table.c.group_id == group_id,
            table.c.status == _D.SENDING,
        )
        .values({name: bindparam(name, type_=table.c[name].type) for name in names})
    )
    session.connection().execute(statement, changes)
