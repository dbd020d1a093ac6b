"""Partnerships through the viewer."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tcma.errors import NotFound, phrase
from tcma.organisations.models import Organisation
from tcma.partners.models import Partnership, PartnershipStatus
from tcma.viewer import Viewer


def find_partnership(session: Session, viewer: Viewer, public_id: UUID, *, lock: bool = False) -> Partnership:
    """A partnership one side of which is the viewer's organisation."""
    return _one(session, viewer, Partnership.public_id == public_id, lock)


def find_partnership_with(
    session: Session, viewer: Viewer, other_id: int, *, lock: bool = False
) -> Partnership:
    """The partnership of the viewer's organisation with another one."""
    other = or_(Partnership.vendor_id == other_id, Partnership.partner_id == other_id)
    return _one(session, viewer, other, lock)


def find_partnership_at(session: Session, viewer: Viewer, slug: str) -> Partnership:
    """The partnership with the organisation of this name; a firm that is here for others only is not found."""
    other_id = Partnership.partner_id if viewer.is_vendor else Partnership.vendor_id
    wanted = select(Partnership).join(Organisation, Organisation.id == other_id)
    found = session.scalar(wanted.where(_of(viewer), Organisation.slug == slug))
    if found is None:
        raise NotFound(phrase("There is no partnership with '%(slug)s'.", slug=slug[:60]))
    return found


def partnerships_for(
    session: Session, viewer: Viewer, status: PartnershipStatus | None = None
) -> list[Partnership]:
    wanted = select(Partnership).where(_of(viewer)).order_by(Partnership.id)
    if status is not None:
        wanted = wanted.where(Partnership.status == status)
    return list(session.scalars(wanted))


def partnership_between(session: Session, vendor_id: int, partner_id: int) -> Partnership | None:
    """For jobs and rules; people come through `find_partnership`."""
    return session.scalar(
        select(Partnership).where(Partnership.vendor_id == vendor_id, Partnership.partner_id == partner_id)
    )


def _one(session: Session, viewer: Viewer, condition: ColumnElement[bool], lock: bool) -> Partnership:
    wanted = select(Partnership).where(_of(viewer), condition)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound("There is no such partnership.")
    return found


def _of(viewer: Viewer) -> ColumnElement[bool]:
    own = viewer.organisation_id
    return Partnership.vendor_id == own if viewer.is_vendor else Partnership.partner_id == own
