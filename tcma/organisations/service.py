"""Organisations and the people in them."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.errors import Conflict, Invalid, phrase
from tcma.organisations import queries
from tcma.organisations.firms import Firm, free_slug
from tcma.organisations.models import Membership, Organisation, User
from tcma.viewer import OrganisationKind, Role, acting_for

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
            raise Conflict(
                phrase(
                    "%(firm)s is here already under %(domain)s. Join it instead.",
                    firm=here.name,
                    domain=firm.domain,
                )
            )
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
    check_role(organisation.kind, role)
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


def check_role(kind: OrganisationKind, role: Role) -> None:
    """Invalid for a role that firms of this kind do not have."""
    if role not in ROLES[kind]:
        allowed = ", ".join(sorted(held.value.replace("_", " ") for held in ROLES[kind]))
        raise Invalid(
            phrase(
                "A %(kind)s has no role '%(role)s'. Its roles: %(allowed)s.",
                kind=kind,
                role=role.value.replace("_", " "),
                allowed=allowed,
            )
        )


def _free_slug(session: Session, wanted: str) -> str:
    def taken(start: str) -> Iterable[str]:
        wanted = select(Organisation.slug).where(Organisation.slug.startswith(start, autoescape=True))
        return session.scalars(wanted)

    return free_slug(wanted, taken)
