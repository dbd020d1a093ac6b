"""Links by mail that sign in once, from a button on their page."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tcma import clock
from tcma.errors import NotFound
from tcma.organisations.models import SignInLink, User
from tcma.organisations.sign_ins import KEY_BYTES, key_hash

LIFE = timedelta(minutes=30)
_STALE = "This link is used up or too old. Ask for a new one; it takes a minute."


@dataclass(frozen=True, slots=True)
class Asked:
    """A link that was made. `token` goes into the mail; there is no mail where there is no person."""

    link: SignInLink
    token: str


def make(session: Session, user: User | None, path: str = "/", *, life: timedelta = LIFE) -> Asked:
    """A link for this person, or one that opens nothing where a stranger asked."""
    token = secrets.token_urlsafe(KEY_BYTES)
    now = clock.real()
    link = SignInLink(
        user_id=user.id if user else None,
        token_hash=key_hash(token),
        path=path,
        created_at=now,
        expires_at=now + life,
    )
    session.add(link)
    session.flush()
    return Asked(link, token)


def find(session: Session, token: str) -> SignInLink:
    """The link with this token, its person loaded, if it may still be used; NotFound otherwise."""
    return _usable(session, token, lock=False)


def use(session: Session, token: str) -> tuple[User, str]:
    """Use the link up: its person and where to land."""
    link = _usable(session, token, lock=True)
    link.used_at = clock.real()
    assert link.user is not None
    return link.user, link.path


def _usable(session: Session, token: str, *, lock: bool) -> SignInLink:
    wanted = select(SignInLink).where(
        SignInLink.token_hash == key_hash(token[:100]), SignInLink.email.is_(None)
    )
    found = session.scalar(wanted.with_for_update() if lock else wanted.options(joinedload(SignInLink.user)))
    if found is None or found.user_id is None or found.used_at or found.expires_at <= clock.real():
        raise NotFound(_STALE)
    return found
