"""Who is signed in where: one row per browser, found by the key in its cookie."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from tcma import clock
from tcma.config import Settings
from tcma.errors import NotFound
from tcma.organisations.models import SignIn, User

KEY_BYTES = 36  # 48 characters, which logs blank
NOTED_EVERY = timedelta(minutes=10)  # "last used" is written no more often
FRESH_FOR = timedelta(minutes=15)  # after this, changing address or password asks for the password again


@dataclass(frozen=True, slots=True)
class Lives:
    """How long a sign-in lasts: without use, and in any case."""

    idle: timedelta
    age: timedelta

    @classmethod
    def of(cls, settings: Settings) -> "Lives":
        return cls(timedelta(seconds=settings.session_idle), timedelta(seconds=settings.session_age))

    def over(self, sign_in: SignIn, now: datetime) -> bool:
        return now - sign_in.used_at >= self.idle or now - sign_in.created_at >= self.age


def begin(session: Session, user: User, device: str, lives: Lives) -> tuple[SignIn, str]:
    """A new sign-in with the key for its cookie. The person's sign-ins that are over are swept up."""
    now = clock.real()
    session.execute(
        delete(SignIn).where(
            SignIn.user_id == user.id,
            (SignIn.used_at <= now - lives.idle) | (SignIn.created_at <= now - lives.age),
        )
    )
    key = secrets.token_urlsafe(KEY_BYTES)
    made = SignIn(
        user_id=user.id,
        key_hash=key_hash(key),
        device=device[:80],
        created_at=now,
        used_at=now,
        proved_at=now,
    )
    session.add(made)
    session.flush()
    return made, key


def find(session: Session, key: str, lives: Lives) -> SignIn | None:
    """The sign-in with this key, its person loaded; None when there is none or it is over. One statement."""
    found = session.scalar(
        select(SignIn).where(SignIn.key_hash == key_hash(key)).options(joinedload(SignIn.user))
    )
    return None if found is None or lives.over(found, clock.real()) else found


def needs_noting(sign_in: SignIn) -> bool:
    return clock.real() - sign_in.used_at >= NOTED_EVERY


def note_use(session: Session, sign_in: SignIn) -> None:
    """Write down that it is used; several requests at once write once."""
    now = clock.real()
    session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in.id, SignIn.used_at <= now - NOTED_EVERY)
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )


def is_fresh(sign_in: SignIn) -> bool:
    """Whether the person showed who they are a moment ago."""
    return clock.real() - sign_in.proved_at < FRESH_FOR


def prove(session: Session, sign_in_id: int) -> None:
    """The person has just shown again who they are."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(proved_at=clock.real()))


def change_key(session: Session, sign_in_id: int) -> str:
    """A new key for the same sign-in; the old one opens nothing from here on."""
    key = secrets.token_urlsafe(KEY_BYTES)
    session.execute(
        update(SignIn).where(SignIn.id == sign_in_id).values(key_hash=key_hash(key), proved_at=clock.real())
    )
    return key


def sign_ins_of(session: Session, user_id: int, lives: Lives) -> list[SignIn]:
    """Where a person is signed in, latest use first."""
    now = clock.real()
    rows = session.scalars(
        select(SignIn).where(SignIn.user_id == user_id).order_by(SignIn.used_at.desc(), SignIn.id.desc())
    )
    return [row for row in rows if not lives.over(row, now)]


def end(session: Session, user_id: int, public_id: UUID) -> None:
    """Sign one browser out; NotFound for another person's."""
    found = session.scalar(select(SignIn).where(SignIn.user_id == user_id, SignIn.public_id == public_id))
    if found is None:
        raise NotFound("You are not signed in there any more.")
    session.delete(found)


def end_others(session: Session, user_id: int, kept_id: int | None = None) -> int:
    """Sign a person out everywhere, but for one browser if it is named; how many."""
    rows = session.scalars(select(SignIn).where(SignIn.user_id == user_id, SignIn.id != (kept_id or 0))).all()
    for row in rows:
        session.delete(row)
    return len(rows)


def key_hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
