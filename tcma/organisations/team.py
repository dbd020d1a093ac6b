"""The people of an organisation: their roles, who goes, whom the owner lets in."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tcma import clock
from tcma.audit import trail
from tcma.errors import Conflict, Invalid, NotFound, phrase
from tcma.organisations import invitations, queries, service
from tcma.organisations.models import Invitation, JoinRequest, Membership, Organisation, User
from tcma.viewer import Role, Viewer, acting_for


@dataclass(frozen=True, slots=True)
class Member:
    """A person with all roles held here."""

    user: User
    roles: frozenset[Role]


def team_of(session: Session, viewer: Viewer) -> list[Member]:
    """The people of the viewer's organisation, by name. One statement."""
    rows = session.scalars(
        select(Membership)
        .join(Membership.user)
        .where(Membership.organisation_id == viewer.organisation_id)
        .options(joinedload(Membership.user))
        .order_by(User.name, User.id)
    )
    held: dict[int, set[Role]] = {}
    people: dict[int, User] = {}
    for row in rows:
        people[row.user_id] = row.user
        held.setdefault(row.user_id, set()).add(row.role)
    return [Member(user, frozenset(held[key])) for key, user in people.items()]


def find_member(session: Session, viewer: Viewer, public_id: UUID) -> Member:
    """One of the viewer's colleagues; NotFound for anybody else."""
    for member in team_of(session, viewer):
        if member.user.public_id == public_id:
            return member
    raise NotFound(phrase("This person does not belong to your team."))


def change_roles(session: Session, viewer: Viewer, public_id: UUID, roles: Iterable[Role]) -> Member:
    """Give a person exactly these roles. Conflict when nobody would own the organisation any more."""
    viewer.require(viewer.kind)  # owners
    organisation = _locked(session, viewer)
    member = find_member(session, viewer, public_id)
    wanted = frozenset(roles)
    if not wanted:
        sentence = phrase("Choose at least one role, or remove the person from the team.")
        raise Invalid(sentence, {"roles": sentence})
    for role in wanted:
        service.check_role(organisation.kind, role)
    if Role.OWNER in member.roles - wanted:
        _keep_an_owner(session, viewer, member)
    for row in _rows(session, viewer, member):
        if row.role not in wanted:
            trail.record(session, viewer, "membership.removed", row, {"user_id": member.user.id})
            session.delete(row)
    for role in sorted(wanted - member.roles):
        service.add_member(session, organisation, member.user, role)
    session.flush()
    return Member(member.user, wanted)


def remove(session: Session, viewer: Viewer, public_id: UUID) -> Member:
    """The person does not belong here any more; their other organisations are not touched. An owner removes
    anybody, everybody may leave; the last owner cannot go."""
    _locked(session, viewer)
    member = find_member(session, viewer, public_id)
    if member.user.id != viewer.user_id:
        viewer.require(viewer.kind)
    if Role.OWNER in member.roles:
        _keep_an_owner(session, viewer, member)
    for row in _rows(session, viewer, member):
        trail.record(session, viewer, "membership.removed", row, {"user_id": member.user.id})
        session.delete(row)
    session.flush()
    return member


def note_newcomer(session: Session, viewer: Viewer, organisation: Organisation, email: str) -> None:
    """Another firm meant to invite `email`, and the firm is here already: its owner hears of the person, unless
    they are in the team. Asked twice is asked once."""
    if queries.is_member(session, organisation.id, email):
        return
    with acting_for(session, organisation.id, "organisations.note_newcomer"):
        known = session.scalar(
            select(JoinRequest).where(
                JoinRequest.organisation_id == organisation.id, JoinRequest.email == email
            )
        )
        if known is None:
            made = JoinRequest(
                organisation_id=organisation.id,
                email=email,
                invited_by=viewer.organisation_name,
                asked_at=clock.now(session),
            )
            session.add(made)
            trail.record(session, viewer, "join_request.noted", made)


def newcomers(session: Session, viewer: Viewer) -> list[JoinRequest]:
    """People whom the owner has yet to let in or turn down, oldest first."""
    return list(
        session.scalars(
            select(JoinRequest)
            .where(
                JoinRequest.organisation_id == viewer.organisation_id,
                JoinRequest.decided_at.is_(None),
            )
            .order_by(JoinRequest.id)
        )
    )


def let_in(session: Session, viewer: Viewer, public_id: UUID, role: Role) -> Invitation:
    """Invite the person with this role; they join by the link in their mail."""
    found = _newcomer(session, viewer, public_id)
    _decide(session, viewer, found)
    trail.record(session, viewer, "join_request.accepted", found)
    invitation, _token = invitations.invite(session, viewer, found.email, role)
    return invitation


def turn_down(session: Session, viewer: Viewer, public_id: UUID) -> JoinRequest:
    """The person is not let in and hears nothing."""
    found = _newcomer(session, viewer, public_id)
    _decide(session, viewer, found)
    trail.record(session, viewer, "join_request.declined", found)
    return found


def ask_again(session: Session, viewer: Viewer, public_id: UUID) -> JoinRequest:
    """Undo of turning down: the person waits for an answer as before. Nobody heard anything meanwhile."""
    viewer.require(viewer.kind)
    found = session.scalar(
        select(JoinRequest)
        .where(
            JoinRequest.organisation_id == viewer.organisation_id,
            JoinRequest.public_id == public_id,
            JoinRequest.decided_by_id == viewer.user_id,
        )
        .with_for_update()
    )
    if found is None or queries.is_member(session, viewer.organisation_id, found.email):
        raise NotFound(phrase("There is nothing to take back here."))
    if any(one.email == found.email for one in invitations.open_invitations(session, viewer)):
        raise Conflict(phrase("This person has an invitation already. Take that back instead."))
    found.decided_at = found.decided_by_id = None
    trail.record(session, viewer, "join_request.reopened", found)
    return found


def _locked(session: Session, viewer: Viewer) -> Organisation:
    """The viewer's organisation, so that two owners cannot remove each other in the same moment."""
    return session.scalars(
        select(Organisation).where(Organisation.id == viewer.organisation_id).with_for_update()
    ).one()


def _keep_an_owner(session: Session, viewer: Viewer, leaving: Member) -> None:
    others = [one for one in team_of(session, viewer) if one.user.id != leaving.user.id]
    if not any(Role.OWNER in one.roles for one in others):
        raise Conflict(
            phrase(
                "%(name)s is the only owner. Make somebody else an owner first.",
                name=leaving.user.name,
            )
        )


def _rows(session: Session, viewer: Viewer, member: Member) -> list[Membership]:
    return list(
        session.scalars(
            select(Membership)
            .where(Membership.organisation_id == viewer.organisation_id, Membership.user_id == member.user.id)
            .order_by(Membership.id)
        )
    )


def _newcomer(session: Session, viewer: Viewer, public_id: UUID) -> JoinRequest:
    viewer.require(viewer.kind)
    found = session.scalar(
        select(JoinRequest)
        .where(
            JoinRequest.organisation_id == viewer.organisation_id,
            JoinRequest.public_id == public_id,
            JoinRequest.decided_at.is_(None),
        )
        .with_for_update()
    )
    if found is None:
        raise NotFound(phrase("This was decided already."))
    return found


def _decide(session: Session, viewer: Viewer, found: JoinRequest) -> None:
    found.decided_at, found.decided_by_id = clock.now(session), viewer.user_id
