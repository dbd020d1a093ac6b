"""Finding organisations and people; the viewer every other load starts from."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaigns.people import addresses
from tcma.errors import Invalid, NotFound, Refused, phrase
from tcma.organisations.firms import web_domain
from tcma.organisations.models import Membership, Organisation, User
from tcma.viewer import OrganisationKind, Role, Viewer


@dataclass(frozen=True, slots=True)
class Place:
    """One of a person's organisations, with the roles held there."""

    organisation: Organisation
    roles: frozenset[Role]

    def viewer(self, user_id: int) -> Viewer:
        return Viewer(
            organisation_id=self.organisation.id,
            kind=self.organisation.kind,
            organisation_name=self.organisation.name,
            user_id=user_id,
            roles=self.roles,
        )


def viewer_for(session: Session, email: str, organisation_slug: str | None = None) -> Viewer:
    """The person with this address in one organisation, with all roles held there.

    Whoever belongs to several organisations must say which: Invalid lists them. NotFound for a
    stranger; Refused for an organisation the person does not belong to.
    """
    user = find_user(session, email)
    memberships = session.scalars(
        select(Membership)
        .join(Membership.organisation)
        .where(Membership.user_id == user.id)
        .order_by(Organisation.slug)
    ).all()
    by_slug: dict[str, list[Membership]] = {}
    for membership in memberships:
        by_slug.setdefault(membership.organisation.slug, []).append(membership)
    listed = ", ".join(by_slug) or "none"
    if organisation_slug is None:
        if not by_slug:
            raise Refused(
                phrase(
                    "%(email)s does not belong to an organisation yet. Ask for an invitation.",
                    email=user.email,
                )
            )
        if len(by_slug) > 1:
            raise Invalid(
                phrase(
                    "%(email)s belongs to several organisations. Say which one: %(listed)s.",
                    email=user.email,
                    listed=listed,
                )
            )
        organisation_slug = next(iter(by_slug))
    held = by_slug.get(organisation_slug)
    if held is None:
        raise Refused(
            phrase(
                "%(email)s does not belong to '%(organisation)s'. Organisations of this person: %(listed)s.",
                email=user.email,
                organisation=organisation_slug[:60],
                listed=listed,
            )
        )
    organisation = held[0].organisation
    return Viewer(
        organisation_id=organisation.id,
        kind=organisation.kind,
        organisation_name=organisation.name,
        user_id=user.id,
        roles=frozenset(membership.role for membership in held),
    )


def places_of(session: Session, user_id: int) -> list[Place]:
    """The organisations a person belongs to, by name. One statement."""
    rows = session.scalars(
        select(Membership).where(Membership.user_id == user_id).options(joinedload(Membership.organisation))
    ).all()
    roles: dict[int, set[Role]] = {}
    for row in rows:
        roles.setdefault(row.organisation_id, set()).add(row.role)
    here = {row.organisation_id: row.organisation for row in rows}
    places = [Place(organisation, frozenset(roles[key])) for key, organisation in here.items()]
    return sorted(places, key=lambda place: (place.organisation.name.casefold(), place.organisation.id))


def find_user(session: Session, email: str) -> User:
    address = normalised(email)
    user = session.scalar(select(User).where(User.email == address))
    if user is None:
        raise NotFound(phrase("There is no person with the address %(address)s.", address=address))
    return user


def find_user_by_id(session: Session, user_id: int) -> User:
    found = session.get(User, user_id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def find_organisation(session: Session, slug: str, kind: OrganisationKind | None = None) -> Organisation:
    """An organisation by the name in its addresses; `kind` narrows."""
    wanted = select(Organisation).where(Organisation.slug == slug)
    if kind is not None:
        wanted = wanted.where(Organisation.kind == kind)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound(
            phrase(
                "There is no %(kind)s '%(slug)s'.",
                kind=kind.value if kind else "organisation",
                slug=slug[:60],
            )
        )
    return found


def find_organisation_by_id(session: Session, organisation_id: int) -> Organisation:
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound("This organisation does not exist.")
    return found


def find_organisation_by_public_id(session: Session, public_id: UUID) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.public_id == public_id))
    if found is None:
        raise NotFound("This organisation does not exist.")
    return found


def names_of(session: Session, organisation_ids: Collection[int]) -> dict[int, str]:
    """By id. One statement."""
    rows = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(organisation_ids))
    )
    return {found_id: name for found_id, name in rows}


def firm_at(session: Session, domain: str) -> Organisation | None:
    """The organisation with this web domain, None when nobody is here under it."""
    return session.scalar(select(Organisation).where(Organisation.domain == web_domain(domain)))


def organisations(session: Session, kind: OrganisationKind) -> list[Organisation]:
    return list(
        session.scalars(select(Organisation).where(Organisation.kind == kind).order_by(Organisation.slug))
    )


def members_for(session: Session, viewer: Viewer) -> list[Membership]:
    """Who belongs to the viewer's organisation, by name, one row per role."""
    return list(
        session.scalars(
            select(Membership)
            .join(Membership.user)
            .where(Membership.organisation_id == viewer.organisation_id)
            .order_by(User.name, User.id, Membership.role)
        )
    )


def holds(session: Session, organisation_id: int, address: str, role: Role) -> bool:
    """Whether the person with this address has the role there."""
    found = session.scalar(
        select(Membership.id)
        .join(Membership.user)
        .where(Membership.organisation_id == organisation_id, Membership.role == role, User.email == address)
    )
    return found is not None


def is_member(session: Session, organisation_id: int, address: str) -> bool:
    found = session.scalar(
        select(Membership.id)
        .join(Membership.user)
        .where(Membership.organisation_id == organisation_id, User.email == address)
        .limit(1)
    )
    return found is not None


def has_members(session: Session, organisation_id: int) -> bool:
    found = session.scalar(
        select(Membership.id).where(Membership.organisation_id == organisation_id).limit(1)
    )
    return found is not None


def normalised(email: str) -> str:
    """The address as it is matched: lower case, IDNA. Invalid says why it is none; nothing is looked up."""
    address = addresses.normalise(email.strip())
    if address is None or len(address) > 254:
        raise Invalid(
            phrase("'%(email)s' is not an e-mail address. Write it as name@company.com.", email=email[:80])
        )
    return address
