"""What people switched off, and what waits to be sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from tcma import clock
from tcma.notices.grouping import due_at
from tcma.notices.kinds import GROUP, MANNERS, SWITCHABLE, NoticeKind
from tcma.notices.models import MessageStatus, Notice, NoticeChoice, PlatformMessage

MOST_AT_ONCE = 1_000  # waiting events in one look


@dataclass(frozen=True, slots=True)
class Group:
    """Events that become one mail: ids in the order they were told."""

    kind: NoticeKind
    reader: str
    notice_ids: tuple[int, ...]


def switched_off(session: Session, kind: NoticeKind, user_ids: Iterable[int | None]) -> set[int]:
    """Which of these people want no mails of this kind. One statement."""
    wanted = [user_id for user_id in user_ids if user_id is not None]
    return set(
        session.scalars(
            select(NoticeChoice.user_id).where(
                NoticeChoice.kind == kind,
                NoticeChoice.is_on.is_(False),
                NoticeChoice.user_id.in_(wanted),
            )
        )
    )


def choices_of(session: Session, user_id: int) -> dict[NoticeKind, bool]:
    """Every kind that can be switched off, and whether this person gets it. One statement."""
    off = set(
        session.scalars(
            select(NoticeChoice.kind).where(NoticeChoice.user_id == user_id, NoticeChoice.is_on.is_(False))
        )
    )
    return {kind: kind not in off for kind in SWITCHABLE}


def due_groups(session: Session) -> list[Group]:
    """Groups whose mail goes now. Three statements, over at most MOST_AT_ONCE events that are due.

    A mail takes along whatever else of its kind waits for the same person, also what alone would wait longer.
    """
    now = clock.now(session)
    ripe = (
        select(Notice.kind, Notice.reader)
        .where(Notice.message_id.is_(None), Notice.due_at <= now)
        .order_by(Notice.due_at, Notice.id)
        .limit(MOST_AT_ONCE)
        .subquery()
    )
    waiting = session.execute(
        select(Notice.id, Notice.kind, Notice.reader, Notice.told_at, Notice.timezone)
        .where(
            Notice.message_id.is_(None),
            select(ripe.c.reader).where(ripe.c.reader == Notice.reader, ripe.c.kind == Notice.kind).exists(),
        )
        .order_by(Notice.id)
    ).all()
    last = _last_mails(session, {row.reader for row in waiting}, now)
    gathered: dict[tuple[NoticeKind, str, int], list[int]] = {}
    for row in waiting:
        manner = MANNERS[row.kind]
        key = (row.kind, row.reader, 0 if manner.is_grouped else row.id)
        first = gathered.get(key)
        if first is not None:
            first.append(row.id)
        elif due_at(manner, row.told_at, last.get((row.kind, row.reader)), row.timezone) <= now:
            gathered[key] = [row.id]
    return [Group(kind, reader, tuple(ids)) for (kind, reader, _), ids in gathered.items()]


def _last_mails(session: Session, readers: set[str], now: datetime) -> dict[tuple[NoticeKind, str], datetime]:
    """When the last mail of each kind was made for each of these people, where that is not long ago."""
    rows = session.execute(
        select(PlatformMessage.kind, PlatformMessage.reader, func.max(PlatformMessage.created_at))
        .where(PlatformMessage.reader.in_(readers), PlatformMessage.created_at > now - GROUP)
        .group_by(PlatformMessage.kind, PlatformMessage.reader)
    ).all()
    return {(kind, reader): at for kind, reader, at in rows}


def has_waiting(session: Session) -> bool:
    """Whether any message may be tried now."""
    return session.scalar(select(PlatformMessage.id).where(*_free()).limit(1)) is not None


def take_waiting(session: Session, *, lease_until: datetime, limit: int) -> list[int]:
    """Lease messages that may be tried now, oldest first; their ids."""
    chosen = select(PlatformMessage.id).where(*_free()).order_by(PlatformMessage.id).limit(limit)
    return sorted(
        session.scalars(
            update(PlatformMessage)
            .where(PlatformMessage.id.in_(chosen.scalar_subquery()), *_free())
            .values(lease_until=lease_until, attempts=PlatformMessage.attempts + 1)
            .returning(PlatformMessage.id)
            .execution_options(synchronize_session=False)
        )
    )


def give_back(session: Session, message_ids: Iterable[int]) -> None:
    """Messages that were leased and not tried: free again, their try not counted."""
    session.execute(
        update(PlatformMessage)
        .where(PlatformMessage.id.in_(list(message_ids)), PlatformMessage.status == MessageStatus.WAITING)
        .values(lease_until=None, attempts=PlatformMessage.attempts - 1)
    )


def notices_of(session: Session, message_ids: Iterable[int]) -> dict[int, list[Notice]]:
    """The events of each message, in the order they were told. One statement."""
    found: dict[int, list[Notice]] = {}
    wanted = select(Notice).where(Notice.message_id.in_(list(message_ids))).order_by(Notice.id)
    for notice in session.scalars(wanted):
        assert notice.message_id is not None
        found.setdefault(notice.message_id, []).append(notice)
    return found


def _free() -> tuple[ColumnElement[bool], ...]:
    real = clock.real()
    return (
        PlatformMessage.status == MessageStatus.WAITING,
        or_(PlatformMessage.retry_at.is_(None), PlatformMessage.retry_at <= real),
        or_(PlatformMessage.lease_until.is_(None), PlatformMessage.lease_until <= real),
    )
