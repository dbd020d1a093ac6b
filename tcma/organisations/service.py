"""Organisations, the people in them, and invitations."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.errors import Conflict, Invalid, NotFound
from tcma.organisations import queries
from tcma.organisations.firms import SLUG_LENGTH, Firm
from tcma.organisations.models import Invitation, Membership, Organisation, User
from tcma.viewer import OrganisationKind, Role, Viewer, acting_for

INVITATION_DAYS = 14
_SECRET_BYTES = 24
_STALE = "This invitation is not valid any more. Ask the person who sent it for a new one."

ROLES = {
    OrganisationKind.VENDOR: frozenset(
        {
            Role.OWNER,
            Role.KIT_AUTHOR,
            Role.CHANNEL_MANAGER,
            Role.APPROVER,
            Role.FINANCE,
            Role.LEAD_DEVELOPMENT,
            Role.READER,
        }
    ),
    OrganisationKind.PARTNER: frozenset({Role.OWNER, Role.MARKETER, Role.SALES, Role.FINANCE, Role.READER}),
    OrganisationKind.OPERATOR: frozenset({Role.OPERATOR}),
}


def create_organisation(session: Session, kind: OrganisationKind, firm: Firm) -> Organisation:
    """A new vendor, partner or operator. Conflict when a firm with its web domain is here already."""
    firm = firm.checked()
    if firm.domain is not None:
        here = queries.firm_at(session, firm.domain)
        if here is not None:
            raise Conflict(f"{here.name} is here already under {firm.domain}. Join it instead.")
    organisation = Organisation(
        kind=kind,
        slug=_free_slug(session, firm.slug),
        name=firm.name,
        legal_name=firm.legal_name,
        domain=firm.domain,
        street=firm.street,
        postal_code=firm.postal_code,
        city=firm.city,
        country=firm.country,
        locale=firm.locale,
        timezone=firm.timezone,
        currency=firm.currency,
        external_id=firm.external_id,
        created_at=clock.now(session),
    )
    session.add(organisation)
    session.flush()
    with acting_for(session, organisation.id, "organisations.create"):
        trail.record(session, None, "organisation.created", organisation)
    return organisation


def ensure_user(session: Session, email: str, name: str = "", locale: str = "en") -> User:
    """The person with this address, made on first sight; who is known keeps name and language."""
    address = queries.normalised(email)
    user = session.scalar(select(User).where(User.email == address))
    if user is not None:
        return user
    shown = " ".join(name.split())[:120] or address.partition("@")[0]
    user = User(email=address, name=shown, locale=locale, created_at=clock.now(session))
    session.add(user)
    session.flush()
    return user


def add_member(session: Session, organisation: Organisation, user: User, role: Role) -> Membership:
    """Give a person a role; asking again changes nothing. Invalid for a role of another kind of firm."""
    _check_role(organisation.kind, role)
    held = session.scalar(
        select(Membership).where(
            Membership.user_id == user.id,
            Membership.organisation_id == organisation.id,
            Membership.role == role,
        )
    )
    if held is not None:
        return held
    membership = Membership(user=user, organisation=organisation, role=role, created_at=clock.now(session))
    session.add(membership)
    session.flush()
    with acting_for(session, organisation.id, "organisations.add_member"):
        trail.record(session, None, "membership.added", membership, {"user_id": user.id})
    return membership


def invite_member(session: Session, viewer: Viewer, email: str, role: Role) -> tuple[Invitation, str]:
    """Invite a person to the viewer's organisation; the token goes into the mail, its hash is kept."""
    viewer.require(viewer.kind)  # owners
    return issue_invitation(session, viewer, viewer.organisation_id, email, role)


def issue_invitation(
    session: Session, viewer: Viewer, organisation_id: int, email: str, role: Role
) -> tuple[Invitation, str]:
    """An invitation to `organisation_id`, which the caller has checked may be offered by this viewer."""
    organisation = queries.find_organisation_by_id(session, organisation_id)
    _check_role(organisation.kind, role)
    if viewer.user_id is None:
        raise Invalid("An invitation is sent by a person.")
    now = clock.now(session)
    token = f"{organisation_id}-{secrets.token_urlsafe(_SECRET_BYTES)}"
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
    return invitation, token


def owner_is_awaited(session: Session, organisation_id: int) -> bool:
    """Whether an invitation to own the organisation is open: nobody else may be invited to own it."""
    with acting_for(session, organisation_id, "organisations.invite"):
        found = session.scalar(
            select(Invitation.id).where(
                Invitation.organisation_id == organisation_id,
                Invitation.role == Role.OWNER,
                Invitation.accepted_at.is_(None),
                Invitation.expires_at > clock.now(session),
            )
        )
    return found is not None


def accept_invitation(session: Session, token: str, name: str = "", locale: str = "en") -> Viewer:
    """Join by a token from an invitation, once, before it expires; NotFound for anything else.

    The person is the one the invitation was written to. The token names the organisation, so that it
    can be looked up before anybody is signed in; only its hash proves it.
    """
    number = token.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 19 and len(token) < 100):
        raise NotFound(_STALE)
    organisation = session.get(Organisation, int(number))
    if organisation is None:
        raise NotFound(_STALE)
    now = clock.now(session)
    with acting_for(session, organisation.id, "organisations.accept_invitation"):
        invitation = session.scalar(
            select(Invitation).where(Invitation.token_hash == _hash(token)).with_for_update()
        )
        if invitation is None or invitation.accepted_at is not None or invitation.expires_at <= now:
            raise NotFound(_STALE)
        user = ensure_user(session, invitation.email, name, locale)
        add_member(session, organisation, user, invitation.role)
        invitation.accepted_at, invitation.accepted_by_id = now, user.id
        session.flush()
        viewer = queries.viewer_for(session, user.email, organisation.slug)
        trail.record(session, viewer, "invitation.accepted", invitation)
    return viewer


def _check_role(kind: OrganisationKind, role: Role) -> None:
    if role not in ROLES[kind]:
        allowed = ", ".join(sorted(held.value.replace("_", " ") for held in ROLES[kind]))
        raise Invalid(
            f"A {kind.value} has no role '{role.value.replace('_', ' ')}'."
            f" Roles of a {kind.value}: {allowed}."
        )


def _free_slug(session: Session, wanted: str) -> str:
    taken = set(
        session.scalars(
            select(Organisation.slug).where(Organisation.slug.startswith(wanted, autoescape=True))
        )
    )
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted[: SLUG_LENGTH - 5]}-{number}" in taken:
        number += 1
    return f"{wanted[: SLUG_LENGTH - 5]}-{number}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
