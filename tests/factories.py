"""Small makers of things that tests need around what they test."""

from datetime import UTC, datetime
from itertools import count

from sqlalchemy.orm import Session

from tcma.organisations.models import Membership, Organisation, User
from tcma.partners.models import Partnership, PartnershipStatus
from tcma.viewer import OrganisationKind, Role, Viewer

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
_numbers = count(1)


def an_organisation(
    session: Session, kind: OrganisationKind, name: str = "", **values: object
) -> Organisation:
    number = next(_numbers)
    name = name or f"{kind.value.title()} {number}"
    given: dict[str, object] = {
        "slug": f"{kind.value}-{number}",
        "legal_name": f"{name} AG",
        "domain": f"{kind.value}-{number}.example",
        "street": "Hafenstrasse 1",
        "postal_code": "8001",
        "city": "Zürich",
        "country": "CH",
        "timezone": "Europe/Zurich",
        "currency": "CHF",
        "created_at": NOW,
    }
    organisation = Organisation(kind=kind, name=name, **{**given, **values})
    session.add(organisation)
    session.flush()
    return organisation


def an_operator(session: Session) -> Organisation:
    return an_organisation(session, OrganisationKind.OPERATOR)


def a_vendor(session: Session, name: str = "", **values: object) -> Organisation:
    return an_organisation(session, OrganisationKind.VENDOR, name, **values)


def a_partner(session: Session, name: str = "", **values: object) -> Organisation:
    return an_organisation(session, OrganisationKind.PARTNER, name, **values)


def a_user(session: Session, email: str = "") -> User:
    number = next(_numbers)
    user = User(email=email or f"person{number}@example.example", name=f"Person {number}", created_at=NOW)
    session.add(user)
    session.flush()
    return user


def a_viewer(session: Session, organisation: Organisation, *roles: Role) -> Viewer:
    """A person with these roles there (owner, when none is named)."""
    user = a_user(session)
    wanted = roles or (Role.OWNER,)
    for role in wanted:
        session.add(Membership(user_id=user.id, organisation_id=organisation.id, role=role, created_at=NOW))
    session.flush()
    return Viewer(
        organisation_id=organisation.id,
        kind=organisation.kind,
        organisation_name=organisation.name,
        user_id=user.id,
        roles=frozenset(wanted),
    )


def a_partnership(
    session: Session,
    vendor: Organisation,
    partner: Organisation,
    status: PartnershipStatus = PartnershipStatus.ACTIVE,
    tier: str = "gold",
) -> Partnership:
    partnership = Partnership(
        vendor_id=vendor.id,
        partner_id=partner.id,
        status=status,
        tier=tier,
        invited_by_id=a_user(session).id,
        invited_at=NOW,
        activated_at=NOW,
    )
    session.add(partnership)
    session.flush()
    return partnership
