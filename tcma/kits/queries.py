"""Kits and versions through the viewer: a vendor sees its own, a partner what is published to it."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from tcma.errors import NotFound, phrase
from tcma.kits.models import Kit, KitRelease, KitVersion, VersionStatus
from tcma.partners.models import Partnership, PartnershipStatus
from tcma.viewer import Viewer


def kits_for(session: Session, viewer: Viewer) -> list[Kit]:
    """A vendor's kits; for a partner those with a version it can launch. By name."""
    wanted = select(Kit).order_by(Kit.name, Kit.id)
    if viewer.is_vendor:
        wanted = wanted.where(Kit.vendor_id == viewer.organisation_id)
    else:
        wanted = wanted.where(Kit.id.in_(_launchable_kits(viewer)))
    return list(session.scalars(wanted))


def versions_for(session: Session, viewer: Viewer, kit_id: int) -> list[KitVersion]:
    """Newest first; a partner sees published ones only."""
    wanted = select(KitVersion).where(KitVersion.kit_id == kit_id, _visible(viewer))
    return list(session.scalars(wanted.order_by(KitVersion.number.desc())))


def find_kit(session: Session, viewer: Viewer, slug: str, vendor_id: int | None = None) -> Kit:
    """A kit by the name in its address; a partner with several vendors may have to say whose."""
    wanted = select(Kit).where(Kit.slug == slug)
    if viewer.is_vendor:
        wanted = wanted.where(Kit.vendor_id == viewer.organisation_id)
    else:
        wanted = wanted.where(Kit.id.in_(_launchable_kits(viewer)))
    if vendor_id is not None:
        wanted = wanted.where(Kit.vendor_id == vendor_id)
    found = session.scalars(wanted.limit(2)).all()
    if not found:
        raise NotFound(phrase("There is no kit '%(slug)s'.", slug=slug[:80]))
    if len(found) > 1:
        raise NotFound(phrase("Several vendors offer you a kit '%(slug)s'. Say whose.", slug=slug[:80]))
    return found[0]


def find_version(session: Session, viewer: Viewer, public_id: UUID, *, lock: bool = False) -> KitVersion:
    """A version the viewer may see. Only a vendor can lock it."""
    wanted = select(KitVersion).where(KitVersion.public_id == public_id, _visible(viewer))
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound("There is no such version of a kit.")
    return found


def find_launchable(session: Session, viewer: Viewer, kit_id: int) -> KitVersion:
    """The version of a kit that a partner would launch now."""
    found = session.scalar(
        select(KitVersion).where(open_to(viewer.organisation_id), KitVersion.kit_id == kit_id)
    )
    if found is None:
        raise NotFound("No version of this kit is open to you.")
    return found


def newest_version(session: Session, kit_id: int) -> KitVersion | None:
    return session.scalar(
        select(KitVersion).where(KitVersion.kit_id == kit_id).order_by(KitVersion.number.desc()).limit(1)
    )


def released_locales(session: Session, kit_version_id: int, country: str) -> list[str]:
    """The languages in which a version may be launched by a firm of this country, the default first."""
    version = session.get(KitVersion, kit_version_id)
    released = set(
        session.scalars(
            select(KitRelease.locale).where(
                KitRelease.kit_version_id == kit_version_id, KitRelease.country.in_(("", country))
            )
        )
    )
    return [locale for locale in (version.languages if version else []) if locale in released]


def open_to(partner_id: int) -> ColumnElement[bool]:
    """Versions a partner of theirs may launch, whatever its country."""
    vendors = select(Partnership.vendor_id).where(
        Partnership.partner_id == partner_id, Partnership.status == PartnershipStatus.ACTIVE
    )
    return (KitVersion.status == VersionStatus.PUBLISHED) & KitVersion.vendor_id.in_(vendors)


def _launchable_kits(viewer: Viewer) -> Select[int]:
    return select(KitVersion.kit_id).where(open_to(viewer.organisation_id))


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.is_vendor:
        return KitVersion.vendor_id == viewer.organisation_id
    return open_to(viewer.organisation_id)
