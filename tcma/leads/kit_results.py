"""What partners usually get out of a kit: a range over other partners' campaigns, or nothing where it would tell
one partner about another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.kits.models import KitVersion
from tcma.launches.models import Campaign, CampaignStatus
from tcma.leads.models import Lead
from tcma.viewer import Viewer, acting_for

LEAST_PARTNERS = 5
RIPE = timedelta(days=14)  # a campaign younger than this says little about itself
LOOKED_BACK = timedelta(days=730)
_COUNTED = (
    CampaignStatus.RUNNING,
    CampaignStatus.PAUSED,
    CampaignStatus.STOPPED,
    CampaignStatus.FINISHED,
)


@dataclass(frozen=True, slots=True)
class Typical:
    """Leads of one campaign: half of the partners got `low` to `high`. `low` and `high` are None where fewer than
    LEAST_PARTNERS ran it."""

    partner_count: int
    low: int | None = None
    high: int | None = None

    @property
    def is_known(self) -> bool:
        return self.low is not None


def typical_leads(session: Session, viewer: Viewer, kits: Mapping[int, int]) -> dict[int, Typical]:
    """For each kit (id → its vendor's id): leads per campaign of the vendor's other partners. Two statements a
    vendor, besides switching to it and back."""
    found: dict[int, Typical] = {}
    for vendor_id in sorted(set(kits.values())):
        wanted = [kit_id for kit_id, whose in kits.items() if whose == vendor_id]
        with acting_for(session, vendor_id, "leads.typical_results"):
            figures = _figures(session, viewer.organisation_id, vendor_id, wanted)
        found |= {kit_id: summed(figures.get(kit_id, {}).values()) for kit_id in wanted}
    return found


def summed(by_partner: Iterable[Sequence[int]]) -> Typical:
    """From each partner's leads per campaign: the middle half of the partners' means, each partner counted once.
    Pure."""
    means = sorted(sum(counts) / len(counts) for counts in by_partner if counts)
    if len(means) < LEAST_PARTNERS:
        return Typical(len(means))
    low, high = means[len(means) // 4], means[ceil(len(means) * 3 / 4) - 1]
    return Typical(len(means), int(low), ceil(high))


def _figures(
    session: Session, partner_id: int, vendor_id: int, kit_ids: Sequence[int]
) -> dict[int, dict[int, list[int]]]:
    """By kit and partner: the leads of each campaign that is old enough, the asking partner's left out."""
    now = clock.now(session)
    campaigns = session.execute(
        select(Campaign.id, KitVersion.kit_id, Campaign.partner_id)
        .join(KitVersion, KitVersion.id == Campaign.kit_version_id)
        .where(
            Campaign.vendor_id == vendor_id,
            Campaign.partner_id != partner_id,
            KitVersion.kit_id.in_(kit_ids),
            Campaign.status.in_(_COUNTED),
            Campaign.launched_at.between(now - LOOKED_BACK, now - RIPE),
        )
    ).all()
    counted = session.execute(
        select(Lead.campaign_id, func.count())
        .where(Lead.vendor_id == vendor_id, Lead.campaign_id.in_([row.id for row in campaigns]))
        .group_by(Lead.campaign_id)
    )
    leads = {campaign_id: count for campaign_id, count in counted}
    figures: dict[int, dict[int, list[int]]] = {}
    for campaign_id, kit_id, whose in campaigns:
        figures.setdefault(kit_id, {}).setdefault(whose, []).append(leads.get(campaign_id, 0))
    return figures
