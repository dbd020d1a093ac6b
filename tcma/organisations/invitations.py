"""Invitations: asking a person to join, what the link's page says, joining, taking back."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import addresses, clock
from tcma.audit import trail
from tcma.errors import Conflict, Invalid, NotFound, phrase
from tcma.language import speaking
from tcma.notices import service as notices
from tcma.notices.kinds import NoticeKind
from tcma.organisations import queries, service
from tcma.organisations.models import Invitation, Organisation, User
from tcma.organisations.roles import role_words
from tcma.viewer import Role, Viewer, acting_for

INVITATION_DAYS = 14
_SECRET_BYTES = 36  # 48 characters, which logs blank


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page behind an invitation's link says. `inviting` is the inviter's firm where it is another one;
    `known` the person, once here under that address."""

    organisation: Organisation
    email: str
    role: Role
    inviter: str
    inviting: str
    expires_at: datetime
    known: User | None


def invite(session: Session, viewer: Viewer, email: str, role: Role) -> tuple[Invitation, str]:
    """An owner invites a person to the own organisation; the token goes into the mail, its hash is kept.

    An open invitation to the same address is replaced. Conflict for somebody who has the role already.
    """
    viewer.require(viewer.kind)  # owners
    address = queries.normalised(email)
    if queries.holds(session, viewer.organisation_id, address, role):
        raise Conflict(phrase("%(email)s has this role already.", email=address))
    for open_one in _open(session, viewer.organisation_id, clock.now(session)):
        if open_one.email == address and open_one.role == role:
            session.delete(open_one)
    return issue(session, viewer, viewer.organisation_id, address, role)


def issue(
    session: Session, viewer: Viewer, organisation_id: int, email: str, role: Role
) -> tuple[Invitation, str]:
    """An invitation to `organisation_id`, which the caller has checked may be offered by this viewer."""
    organisation = queries.find_organisation_by_id(session, organisation_id)
    service.check_role(organisation.kind, role)
    if viewer.user_id is None:
        raise Invalid("An invitation is sent by a person.")
    now = clock.now(session)
    token = f"{organisation_id}.{secrets.token_urlsafe(_SECRET_BYTES)}"
    invitation = Invitation(
        organisation_id=organisation_id,
        email=queries.normalised(email),
        role=role,
        token_hash=_hash(token),
        invited_by_id=viewer.user_id,
        created_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    with acting_for(session, organisation_id, "organisations.invite"):
        session.add(invitation)
        trail.record(session, viewer, "invitation.sent", invitation)
    _write(session, viewer, organisation, invitation, token)
    return invitation, token


def take_back(session: Session, viewer: Viewer, public_id: UUID) -> Invitation:
    """The link opens nothing any more. NotFound once it was accepted."""
    viewer.require(viewer.kind)
    found = session.scalar(
        select(Invitation).where(
            Invitation.organisation_id == viewer.organisation_id,
            Invitation.public_id == public_id,
            Invitation.accepted_at.is_(None),
        )
    )
    if found is None:
        raise NotFound(phrase("This invitation is not open any more."))
    trail.record(session, viewer, "invitation.taken_back", found)
    session.delete(found)
    return found


def open_invitations(session: Session, viewer: Viewer) -> list[Invitation]:
    """Who was invited to the viewer's organisation and has not come yet, oldest first."""
    return _open(session, viewer.organisation_id, clock.now(session))


def owner_is_awaited(session: Session, organisation_id: int) -> bool:
    """Whether an invitation to own the organisation is open: nobody else may be invited to own it."""
    with acting_for(session, organisation_id, "organisations.invite"):
        waiting = _open(session, organisation_id, clock.now(session))
    return any(invitation.role is Role.OWNER for invitation in waiting)


def show(session: Session, token: str) -> Shown:
    """What the invitation with this token is about; NotFound for one that is not valid any more."""
    organisation = _organisation_of(session, token)
    with acting_for(session, organisation.id, "organisations.show_invitation"):
        invitation = _usable(session, token)
    homes = queries.places_of(session, invitation.invited_by_id)
    is_colleague = any(place.organisation.id == organisation.id for place in homes)
    return Shown(
        organisation=organisation,
        email=invitation.email,
        role=invitation.role,
        inviter=session.get_one(User, invitation.invited_by_id).name,
        inviting=homes[0].organisation.name if homes and not is_colleague else "",
        expires_at=invitation.expires_at,
        known=session.scalar(select(User).where(User.email == invitation.email)),
    )


def accept(session: Session, token: str, name: str = "", locale: str = "en") -> Viewer:
    """Join by a token from an invitation, once, before it expires; NotFound for anything else.

    The person is the one the invitation was written to. The token names the organisation, so that it
    can be looked up before anybody is signed in; only its hash proves it.
    """
    organisation = _organisation_of(session, token)
    now = clock.now(session)
    with acting_for(session, organisation.id, "organisations.accept_invitation"):
        invitation = _usable(session, token)
        user = service.ensure_user(session, invitation.email, name, locale)
        service.add_member(session, organisation, user, invitation.role)
        invitation.accepted_at, invitation.accepted_by_id = now, user.id
        session.flush()
        viewer = queries.viewer_for(session, user.email, organisation.slug)
        trail.record(session, viewer, "invitation.accepted", invitation)
    return viewer


def _write(
    session: Session, viewer: Viewer, organisation: Organisation, invitation: Invitation, token: str
) -> None:
    """The mail with the link, in the person's language where it is known, else the organisation's."""
    inviter = session.get_one(User, viewer.user_id)
    known = session.scalar(select(User).where(User.email == invitation.email))
    locale = known.locale if known else organisation.locale
    with speaking(locale):
        role, _may = role_words(invitation.role)
    notices.tell(
        session,
        NoticeKind.INVITATION,
        [
            notices.Recipient(
                user_id=None,
                name=known.name if known else invitation.email.partition("@")[0],
                email=invitation.email,
                locale=locale,
                timezone=organisation.timezone,
            )
        ],
        f"invitation:{invitation.public_id}",  # ids of deleted rows come again on SQLite
        {
            "inviter": inviter.name,
            "organisation": organisation.name,
            "role": role,
            "expires_at": invitation.expires_at,
        },
        addresses.invitation(token),
    )


def _open(session: Session, organisation_id: int, now: datetime) -> list[Invitation]:
    return list(
        session.scalars(
            select(Invitation)
            .where(
                Invitation.organisation_id == organisation_id,
                Invitation.accepted_at.is_(None),
                Invitation.expires_at > now,
            )
            .order_by(Invitation.id)
        )
    )


def _organisation_of(session: Session, token: str) -> Organisation:
    number = token.partition(".")[0]
    found = None
    if number.isascii() and number.isdigit() and len(number) < 19 and len(token) < 100:
        found = session.get(Organisation, int(number))
    if found is None:
        raise NotFound(_stale())
    return found


def _usable(session: Session, token: str) -> Invitation:
    """Locked where the session writes."""
    wanted = select(Invitation).where(Invitation.token_hash == _hash(token))
    found = session.scalar(wanted if session.info.get("read_only") else wanted.with_for_update())
    if found is None or found.accepted_at is not None or found.expires_at <= clock.now(session):
        raise NotFound(_stale())
    return found


def _stale() -> str:
    return phrase("This invitation is not valid any more. Ask the person who sent it for a new one.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
