"""Recording deeds and sealing them."""

import hashlib
from datetime import timedelta
from itertools import takewhile
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit.models import AuditEntry, AuditSeal
from tcma.viewer import Viewer

SETTLED = timedelta(minutes=10)  # longer than any transaction


class Subject(Protocol):
    @property
    def id(self) -> Any: ...


def record(
    session: Session,
    viewer: Viewer | None,
    action: str,
    subject: Subject,
    detail: dict[str, Any] | None = None,
    *,
    organisation_id: int | None = None,
) -> None:
    """Append one entry for the deed `action` ("campaign.paused"); `detail` holds ids and counts only.

    Without a viewer the product itself acted and `organisation_id` says for whom.
    """
    session.flush()
    rules = session.info.get("acting_rules") or [None]
    tenant = session.info["tenant"] if rules[-1] else None
    owner = tenant or organisation_id or (viewer.organisation_id if viewer else None)
    if owner is None:
        raise ValueError("An audit entry belongs to an organisation.")
    session.add(
        AuditEntry(
            organisation_id=owner,
            user_id=viewer.user_id if viewer else None,
            action=action,
            subject_kind=type(subject).__name__,
            subject_id=subject.id,
            rule=rules[-1],
            detail=detail,
            at=clock.now(session),
        )
    )


def seal(session: Session, organisation_id: int, key: bytes) -> AuditSeal | None:
    """Seal the entries since the last seal; None when there are none.

    Entries younger than SETTLED wait: one with a lower id may still be on its way in a slower transaction.
    """
    last = _last_seal(session, organisation_id)
    first_id = last.last_entry_id + 1 if last else 1
    settled = clock.now(session) - SETTLED
    entries = _entries(session, organisation_id, first_id, None)
    ready = list(takewhile(lambda entry: entry.at <= settled, entries))
    if not ready:
        return None
    entries = ready
    made = AuditSeal(
        organisation_id=organisation_id,
        first_entry_id=first_id,
        last_entry_id=entries[-1].id,
        digest=_digest(key, last.digest if last else b"", entries),
        at=clock.now(session),
    )
    session.add(made)
    session.flush()
    return made


def verify(session: Session, organisation_id: int, key: bytes) -> int | None:
    """The id of the first seal that no longer fits its entries; None when the whole chain holds."""
    before = b""
    seals = session.scalars(
        select(AuditSeal)
        .where(AuditSeal.organisation_id == organisation_id)
        .order_by(AuditSeal.last_entry_id)
    )
    for found in seals:
        entries = _entries(session, organisation_id, found.first_entry_id, found.last_entry_id)
        if _digest(key, before, entries) != found.digest:
            return found.id
        before = found.digest
    return None


def unsealed_organisations(session: Session) -> list[int]:
    """Organisations with entries after their last seal."""
    sealed = (
        select(AuditSeal.organisation_id, func.max(AuditSeal.last_entry_id).label("upto"))
        .group_by(AuditSeal.organisation_id)
        .subquery()
    )
    return list(
        session.scalars(
            select(AuditEntry.organisation_id)
            .outerjoin(sealed, sealed.c.organisation_id == AuditEntry.organisation_id)
            .where(AuditEntry.id > func.coalesce(sealed.c.upto, 0))
            .distinct()
        )
    )


def _last_seal(session: Session, organisation_id: int) -> AuditSeal | None:
    return session.scalar(
        select(AuditSeal)
        .where(AuditSeal.organisation_id == organisation_id)
        .order_by(AuditSeal.last_entry_id.desc())
        .limit(1)
    )


def _entries(session: Session, organisation_id: int, first: int, last: int | None) -> list[AuditEntry]:
    wanted = select(AuditEntry).where(AuditEntry.organisation_id == organisation_id, AuditEntry.id >= first)
    if last is not None:
        wanted = wanted.where(AuditEntry.id <= last)
    return list(session.scalars(wanted.order_by(AuditEntry.id)))


def _digest(key: bytes, before: bytes, entries: list[AuditEntry]) -> bytes:
    digest = hashlib.blake2b(before, key=key, digest_size=32)
    for entry in entries:
        parts = (
            entry.id,
            entry.organisation_id,
            entry.user_id,
            entry.action,
            entry.subject_kind,
            entry.subject_id,
            entry.rule,
            sorted((entry.detail or {}).items()),
            entry.at.isoformat(),
        )
        digest.update(repr(parts).encode())
    return digest.digest()
