"""Who can help a person of a partner: vendors' account managers, and the owners of the own firm."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma.organisations.models import Membership, Organisation, User
from tcma.partners.models import Partnership, PartnershipStatus
from tcma.viewer import Role, Viewer

MOST = 20


@dataclass(frozen=True, slots=True)
class Helper:
    name: str
    firm: str
    email: str


def helpers_for(session: Session, viewer: Viewer) -> list[Helper]:
    """Managers of the active partnerships first (who invited, where none is named), then owners at home without
    the viewer. Two statements."""
    managers = session.execute(
        select(User.name, Organisation.name, User.email)
        .join(
            Partnership, func.coalesce(Partnership.account_manager_id, Partnership.invited_by_id) == User.id
        )
        .join(Organisation, Organisation.id == Partnership.vendor_id)
        .where(
            Partnership.partner_id == viewer.organisation_id, Partnership.status == PartnershipStatus.ACTIVE
        )
        .order_by(Organisation.name)
        .limit(MOST)
    )
    owners = session.execute(
        select(User.name, Organisation.name, User.email)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.organisation_id == viewer.organisation_id,
            Membership.role == Role.OWNER,
            User.id != viewer.user_id,
        )
        .order_by(User.name)
        .limit(MOST)
    )
    return [Helper(name, firm, email) for name, firm, email in (*managers, *owners)]
