"""What providers report, made into state: the same end in any order, however often, however early.

A delivery only ever climbs: sent < delivered < bounced (for good). A complaint or an unsubscription is a fact
of its own beside the status, and proves that the message arrived. An event for a row that still waits or is
being sent proves that the provider has the message: the row moves, so nobody sends it again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import suppression
from tcma.audiences.models import Contact, SuppressionReason
from tcma.launches import event_rows, figures, reached
from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass, TouchEventKind
from tcma.launches.event_rows import EventRow
from tcma.launches.sending_record import complete

SLICE = 500

_D = DeliveryStatus


class Report(StrEnum):
    """The words every provider's own words are brought to."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BOUNCED = "bounced"  # for good: the address is wrong
    BLOCKED = "blocked"  # for good, without a word against the address
    STOPPED_EARLIER = (
        "stopped_earlier"  # kept back: the person left or complained before, through this provider
    )
    DEFERRED = "deferred"  # came back for now; changes no state
    READ = "read"  # opened or clicked: it arrived. Counting that is done by our own links
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"


@dataclass(frozen=True, slots=True)
class Skipped:
    """An event that could not be used; `position` counts from 0."""

    position: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """`new_count` events were new, `known_count` had been told before; `absent` are the positions of those that
    name no message of ours (yet)."""

    new_count: int
    known_count: int
    skipped: tuple[Skipped, ...]
    absent: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Told:
    delivery_id: int
    report: Report
    at: datetime


_KINDS = {
    Report.ACCEPTED: TouchEventKind.SENT,
    Report.DELIVERED: TouchEventKind.DELIVERED,
    Report.BOUNCED: TouchEventKind.BOUNCED,
    Report.BLOCKED: TouchEventKind.BOUNCED,
    Report.STOPPED_EARLIER: TouchEventKind.BOUNCED,
    Report.DEFERRED: TouchEventKind.BOUNCED,
    Report.UNSUBSCRIBED: TouchEventKind.UNSUBSCRIBED,
    Report.COMPLAINED: TouchEventKind.COMPLAINED,
}
_PROVES = {
    Report.ACCEPTED: _D.SENT,
    Report.DELIVERED: _D.DELIVERED,
    Report.BOUNCED: _D.BOUNCED,
    Report.BLOCKED: _D.BOUNCED,
    Report.STOPPED_EARLIER: _D.BOUNCED,
    Report.READ: _D.DELIVERED,
    Report.UNSUBSCRIBED: _D.DELIVERED,
    Report.COMPLAINED: _D.DELIVERED,
}
_SUPPRESSES = {
    Report.BOUNCED: SuppressionReason.BOUNCED,
    Report.STOPPED_EARLIER: SuppressionReason.UNSUBSCRIBED,
    Report.UNSUBSCRIBED: SuppressionReason.UNSUBSCRIBED,
    Report.COMPLAINED: SuppressionReason.COMPLAINED,
}
_COUNTS = {
    TouchEventKind.COMPLAINED: "complained_count",
    TouchEventKind.UNSUBSCRIBED: "unsubscribed_count",
}
# How high a row stands; failed and skipped ones are final and take no events.
_HEIGHT = {_D.QUEUED: 0, _D.SENDING: 0, _D.UNKNOWN: 0, _D.SENT: 1, _D.DELIVERED: 2, _D.BOUNCED: 3}

Known = Row[*tuple[Any, ...]]


def apply(session: Session, events: Sequence[Mapping[str, object]]) -> Receipt:
    """Take in a batch (a worker's deed, in one transaction). Each event has `delivery_id`, `kind` (a Report)
    and `at` (an aware datetime, an ISO text with zone or seconds since 1970). One that cannot be read or names
    no message of ours is skipped with its sentence; the others count.
    """
    told: list[tuple[int, _Told]] = []
    skipped: list[Skipped] = []
    for position, event in enumerate(events):
        read = _read(event)
        if isinstance(read, str):
            skipped.append(Skipped(position, read))
        else:
            told.append((position, read))
    known = _deliveries(session, {one.delivery_id for _, one in told})
    usable = []
    absent = set()
    for position, one in told:
        if one.delivery_id in known:
            usable.append(one)
        else:
            absent.add(position)
            skipped.append(Skipped(position, f"There is no message {one.delivery_id}."))
    new = _apply(session, usable, known)
    by_position = tuple(sorted(skipped, key=lambda one: one.position))
    return Receipt(new, len(usable) - new, by_position, frozenset(absent))


def _apply(session: Session, told: list[_Told], known: dict[int, Known]) -> int:
    touch_ids = {known[event.delivery_id].touch_id for event in told}
    figures.lock_touches(session, touch_ids)
    rows = [_row(event, known[event.delivery_id]) for event in told if event.report in _KINDS]
    new_keys = event_rows.append(session, rows)
    now = clock.now(session)
    moves = _climb(session, told, now)
    counts = _counts({row.natural_key: row for row in rows if row.natural_key in new_keys}.values(), known)
    for touch_id in sorted(touch_ids):
        figures.shift(session, touch_id, moves[touch_id], at=now, counts=counts[touch_id])
        complete(session, touch_id)
    _suppress(session, told, known)
    charged = {touch_id for touch_id in touch_ids if figures.changes_units(moves[touch_id])}
    figures.count_units(session, {row.campaign_id for row in known.values() if row.touch_id in charged})
    return len(new_keys)


def _climb(session: Session, told: list[_Told], now: datetime) -> dict[int, figures.Moves]:
    """Move each row to the highest state its events prove. Touches are locked, so the states read stay. Nothing
    went out later than `now`, whatever clock a provider has."""
    goal: dict[int, DeliveryStatus] = {}
    first_at: dict[int, datetime] = {}
    for event in told:
        proved = _PROVES.get(event.report)
        if proved is None:
            continue
        before = goal.get(event.delivery_id, proved)
        goal[event.delivery_id] = max(before, proved, key=_HEIGHT.__getitem__)
        first_at[event.delivery_id] = min(event.at, first_at.get(event.delivery_id, event.at))
    moves: dict[int, figures.Moves] = defaultdict(Counter)
    climbing: dict[tuple[DeliveryStatus, datetime | None], list[int]] = defaultdict(list)
    for row in _deliveries(session, set(goal)).values():
        target = goal[row.id]
        if row.status not in _HEIGHT or _HEIGHT[row.status] >= _HEIGHT[target]:
            continue
        climbing[target, first_at[row.id] if row.sent_at is None else None].append(row.id)
        if row.message_class is MessageClass.MARKETING:
            moves[row.touch_id][row.status, target] += 1
    for (target, at), ids in sorted(climbing.items(), key=lambda one: min(one[1])):
        values: dict[str, object] = {"status": target, "not_before": None, "reason": ""}
        if at is not None:
            values["sent_at"] = min(at, now)
        for start in range(0, len(ids), SLICE):
            session.execute(
                update(Delivery)
                .where(Delivery.id.in_(sorted(ids)[start : start + SLICE]))
                .values(values)
                .execution_options(synchronize_session=False)
            )
    return moves


def _counts(new: Iterable[EventRow], known: dict[int, Known]) -> dict[int, Counter[str]]:
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for row in new:
        delivery = known[row.delivery_id or 0]
        if row.kind in _COUNTS and delivery.message_class is MessageClass.MARKETING:
            counts[delivery.touch_id][_COUNTS[row.kind]] += 1
    return counts


def _suppress(session: Session, told: list[_Told], known: dict[int, Known]) -> None:
    wanted: dict[tuple[int, bytes, SuppressionReason], datetime] = {}
    for event in told:
        reason = _SUPPRESSES.get(event.report)
        if reason is not None:
            row = known[event.delivery_id]
            key = row.partner_id, row.address_hash, reason
            wanted[key] = min(event.at, wanted.get(key, event.at))
    suppression.suppress_all(session, wanted)


def _deliveries(session: Session, ids: Iterable[int]) -> dict[int, Known]:
    wanted, found = sorted(ids), {}
    for start in range(0, len(wanted), SLICE):
        rows = session.execute(
            select(
                Delivery.id,
                Delivery.partner_id,
                Delivery.campaign_id,
                Delivery.touch_id,
                Delivery.status,
                Delivery.sent_at,
                Delivery.message_class,
                reached.address_hash().label("address_hash"),
            )
            .join(Contact, Contact.id == Delivery.contact_id)
            .where(Delivery.id.in_(wanted[start : start + SLICE]))
        )
        found.update({row.id: row for row in rows})
    return found


def _row(event: _Told, delivery: Known) -> EventRow:
    kind, identity = _KINDS[event.report], ""
    if event.report is Report.DEFERRED:
        identity = f"deferred:{event.at.isoformat()}"
    elif kind is TouchEventKind.BOUNCED and event.report is not Report.BOUNCED:
        identity = event.report.value
    return EventRow(
        partner_id=delivery.partner_id,
        campaign_id=delivery.campaign_id,
        delivery_id=event.delivery_id,
        kind=kind,
        at=event.at,
        identity=identity,
        detail={"hard": event.report is Report.BOUNCED} if kind is TouchEventKind.BOUNCED else None,
    )


def _read(event: object) -> _Told | str:
    if not isinstance(event, Mapping):
        return "An event has to be an object with delivery_id, kind and at."
    delivery_id = event.get("delivery_id")
    if not isinstance(delivery_id, int) or isinstance(delivery_id, bool) or not 0 < delivery_id < 2**63:
        return "An event needs delivery_id, a whole number above zero."
    kind = event.get("kind")
    if not isinstance(kind, str) or kind not in set(Report):
        return f"The kind of an event is one of {', '.join(Report)}."
    at = _moment(event.get("at"))
    if at is None:
        return "An event needs at: a time with its zone, or seconds since 1970."
    return _Told(delivery_id, Report(kind), at)


def _moment(value: object) -> datetime | None:
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            value = datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if not isinstance(value, datetime) or value.tzinfo is None or not 2000 <= value.year <= 2200:
        return None
    return value.astimezone(UTC)
