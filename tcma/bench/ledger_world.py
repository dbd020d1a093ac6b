"""The firms among which the random ledger operations take place."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.kits.models import Kit, KitVersion, VersionStatus
from tcma.launches.models import Campaign, CampaignStatus
from tcma.organisations.models import Organisation, User
from tcma.partners.models import Partnership, PartnershipStatus
from tcma.viewer import OrganisationKind, Role, Viewer

CURRENCIES = ("CHF", "JPY", "KWD")  # two, no and three decimal places


@dataclass(frozen=True, slots=True)
class VendorWorld:
    """A vendor with one kit, and its partners."""

    viewer: Viewer
    currency: str
    kit_id: int
    version_id: int
    partners: tuple[Viewer, ...]


@dataclass(frozen=True, slots=True)
class World:
    operator: Viewer
    vendors: tuple[VendorWorld, ...]


def build(session: Session, random: Random, partners: int = 3) -> World:
    """Three vendors with a currency each and partners who work with all of them."""
    operator = session.scalar(
        select(Organisation).where(Organisation.kind == OrganisationKind.OPERATOR).order_by(Organisation.id)
    )
    operator = operator or _firm(session, OrganisationKind.OPERATOR, CURRENCIES[0])
    firms = [
        _person(session, _firm(session, OrganisationKind.PARTNER, random.choice(CURRENCIES)))
        for _ in range(partners)
    ]
    return World(
        operator=_person(session, operator, Role.OPERATOR),
        vendors=tuple(_vendor(session, currency, firms) for currency in CURRENCIES),
    )


def add_campaign(session: Session, vendor: VendorWorld, partner: Viewer) -> int:
    campaign = Campaign(
        vendor_id=vendor.viewer.organisation_id,
        partner_id=partner.organisation_id,
        kit_version_id=vendor.version_id,
        slug=f"run-{uuid4().hex}",
        name="Run",
        status=CampaignStatus.RUNNING,
        locales=["en"],
        timezone="UTC",
        created_by_id=partner.user_id,
        created_at=clock.now(session),
    )
    session.add(campaign)
    session.flush()
    return campaign.id


def _vendor(session: Session, currency: str, partners: list[Viewer]) -> VendorWorld:
    viewer = _person(session, _firm(session, OrganisationKind.VENDOR, currency))
    now = clock.now(session)
    kit = Kit(vendor_id=viewer.organisation_id, slug=f"run-{uuid4().hex}", name="Run", created_at=now)
    session.add(kit)
    session.flush()
    version = KitVersion(
        kit_id=kit.id,
        vendor_id=viewer.organisation_id,
        number=1,
        status=VersionStatus.PUBLISHED,
        source_hash="0" * 64,
        languages=["en"],
        created_by_id=viewer.user_id,
        created_at=now,
    )
    session.add(version)
    for partner in partners:
        session.add(
            Partnership(
                vendor_id=viewer.organisation_id,
                partner_id=partner.organisation_id,
                status=PartnershipStatus.ACTIVE,
                tier="gold",
                marketing_ready_until_on=now.date() + timedelta(days=36_500),
                invited_by_id=viewer.user_id,
                invited_at=now,
                activated_at=now,
            )
        )
    session.flush()
    return VendorWorld(viewer, currency, kit.id, version.id, tuple(partners))


def _firm(session: Session, kind: OrganisationKind, currency: str) -> Organisation:
    name = f"run-{kind}-{uuid4().hex}"
    made = Organisation(
        kind=kind,
        slug=name,
        name=f"Run {kind}",
        legal_name=f"Run {kind}",
        country="CH",
        currency=currency,
        created_at=clock.now(session),
    )
    session.add(made)
    session.flush()
    return made


def _person(session: Session, organisation: Organisation, role: Role = Role.OWNER) -> Viewer:
    user = User(email=f"{uuid4().hex}@example.invalid", name="Run", created_at=clock.now(session))
    session.add(user)
    session.flush()
    return Viewer(organisation.id, organisation.kind, organisation.name, user.id, frozenset({role}))
