"""Links by mail that sign in once, from a button on their page."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from tcma import clock
from tcma.errors import NotFound, phrase
from tcma.organisations.models import SignInLink, User
from tcma.organisations.sign_ins import KEY_BYTES, key_hash

LIFE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """A link that was made. `token` goes into the mail; there is no mail where there is no person."""

    link: SignInLink
    token: str


def make(
    session: Session,
    user: User | None,
    path: str = "/",
    *,
    email: str | None = None,
    life: timedelta = LIFE,
) -> Asked:
    """A link for this person, or one that opens nothing where a stranger asked. With `email` it signs nobody
    in but confirms that address."""
    token = secrets.token_urlsafe(KEY_BYTES)
    now = clock.real()
    link = SignInLink(
        user_id=user.id if user else None,
        token_hash=key_hash(token),
        path=path,
        email=email,
        created_at=now,
        expires_at=now + life,
    )
    session.add(link)
    session.flush()
    return Asked(link, token)


def find(session: Session, token: str) -> SignInLink:
    """The link that signs in with this token, its person loaded, while it may be used; NotFound otherwise."""
    found = _usable(session, token)
    if found.email is not None:
        raise NotFound(_stale())
    return found


def find_for_address(session: Session, token: str, user_id: int) -> SignInLink:
    """The link that confirms an address of this person; NotFound for any other."""
    found = _usable(session, token)
    if found.email is None or found.user_id != user_id:
        raise NotFound(_stale())
    return found


def use(session: Session, token: str) -> tuple[User, str]:
    """Use a link to sign in up: its person and where to land."""
    found = find(session, token)
    return _used(found), found.path


def use_for_address(session: Session, token: str, user_id: int) -> tuple[User, str]:
    """Use a link that confirms an address up: its person and the address."""
    found = find_for_address(session, token, user_id)
    assert found.email is not None
    return _used(found), found.email


def void(session: Session, user_id: int) -> None:
    """No link that is out for this person opens anything any more."""
    session.execute(
        update(SignInLink)
        .where(SignInLink.user_id == user_id, SignInLink.used_at.is_(None))
        .values(used_at=clock.real())
    )


def _used(found: SignInLink) -> User:
    found.used_at = clock.real()
    assert found.user is not None
    return found.user


def _usable(session: Session, token: str) -> SignInLink:
    """Locked where the session writes, so that two presses at once use it once."""
    wanted = select(SignInLink).where(SignInLink.token_hash == key_hash(token[:100]))
    if session.info.get("read_only"):
        wanted = wanted.options(joinedload(SignInLink.user))
    else:
        wanted = wanted.with_for_update()
    found = session.scalar(wanted)
    if found is None or found.user_id is None or found.used_at or found.expires_at <= clock.real():
        raise NotFound(_stale())
    return found


def _stale() -> str:
    return phrase("This link was used already or is too old. Ask for a new one.")
