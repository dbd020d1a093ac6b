"""Campaigns as money sees them: their names on a statement, and what each takes from a certificate."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tcma.funds.models import CostLine
from tcma.launches.models import Campaign
from tcma.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Named:
    public_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Paid:
    """`line` is None while nothing was set aside for it: it only means to use the certificate."""

    campaign: Campaign
    line: CostLine | None


def names_of(session: Session, viewer: Viewer, campaign_ids: Iterable[int | None]) -> dict[int, Named]:
    """Those of the partner, by id. One statement."""
    rows = session.execute(
        select(Campaign.id, Campaign.public_id, Campaign.name).where(
            Campaign.partner_id == viewer.organisation_id,
            Campaign.id.in_({campaign_id for campaign_id in campaign_ids if campaign_id is not None}),
        )
    )
    return {campaign_id: Named(public_id, name) for campaign_id, public_id, name in rows}


def campaigns_of(session: Session, viewer: Viewer, certificate_id: int) -> list[Paid]:
    """The partner's campaigns that use a certificate or mean to, the newest first. One statement."""
    rows = session.execute(
        select(Campaign, CostLine)
        .outerjoin(CostLine, CostLine.campaign_id == Campaign.id)
        .where(
            Campaign.partner_id == viewer.organisation_id,
            or_(CostLine.certificate_id == certificate_id, Campaign.certificate_id == certificate_id),
        )
        .order_by(Campaign.id.desc())
        .limit(100)
    )
    return [Paid(campaign, line) for campaign, line in rows]
