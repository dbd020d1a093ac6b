"""What people switched off."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma.notices.kinds import SWITCHABLE, NoticeKind
from tcma.notices.models import NoticeChoice


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
