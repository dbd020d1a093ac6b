"""Everything the home of a partner shows, read in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.funds import cards as certificates
from tcma.funds.cards import Card
from tcma.home import findings, proposal, service, tasks
from tcma.home.proposal import Proposal
from tcma.home.tasks import Finding, Kind, Plan
from tcma.kits import catalogue
from tcma.kits.models import KitVersion
from tcma.launches import overview
from tcma.launches.models import Campaign, CampaignStatus
from tcma.launches.overview import Line, View, Wanted
from tcma.leads.dealings import AmountKind, LeadAmount
from tcma.leads.models import Lead, Stage
from tcma.organisations.models import Organisation
from tcma.viewer import Role, Viewer

PERIOD = timedelta(days=90)
MOST_RUNNING = 4
_OVER = {CampaignStatus.FINISHED, CampaignStatus.CANCELLED, CampaignStatus.RECALLED}


@dataclass(frozen=True, slots=True)
class Period:
    """The last 90 days: leads that came, leads won, and what they were worth by currency (minor units)."""

    lead_count: int
    won_count: int
    won_amounts: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Board:
    now: datetime
    plan: Plan
    proposal: Proposal | None
    running: tuple[Line, ...]
    card: Card | None
    period: Period
    campaign_count: int  # 0 before the first

    @property
    def is_first_day(self) -> bool:
        return self.campaign_count == 0


def board_for(session: Session, viewer: Viewer) -> Board:
    """The home of one person. At most 22 statements, whatever there is."""
    now = clock.now(session)
    cards = certificates.cards_for(session, viewer)
    proposed = proposal_for(session, viewer, cards)
    usable = [card for card in cards if card.is_usable and card.left > 0]
    return Board(
        now=now,
        plan=_plan(session, viewer, now, proposed),
        proposal=proposed,
        running=tuple(overview.lines_for(session, viewer, Wanted(view=View.RUNNING, limit=MOST_RUNNING))),
        card=usable[0] if usable else None,
        period=period_of(session, viewer, now),
        campaign_count=overview.counts_for(session, viewer)[View.ALL],
    )


def all_findings(session: Session, viewer: Viewer, proposed: Proposal | None) -> list[Finding]:
    """What waits; in case nothing does, what was begun lately, or else the best kit nobody launched here yet. At
    most six statements."""
    found = findings.findings_for(session, viewer, clock.now(session))
    if not viewer.roles & {Role.OWNER, Role.MARKETER}:
        return found
    if not found:
        found = findings.drafts(session, viewer)
    if proposed is not None and not proposed.is_launched:
        kit = proposed.offered.kit
        found.append(
            Finding(
                Kind.BEST_KIT,
                f"kit:{kit.public_id}",
                name=kit.name,
                path=f"kits/{kit.public_id}",
                vendor=proposed.offered.vendor.name,
            )
        )
    return found


def proposal_for(session: Session, viewer: Viewer, cards: Sequence[Card] | None = None) -> Proposal | None:
    """The kit most worth starting. Four statements, four more without `cards`."""
    if cards is None:
        cards = certificates.cards_for(session, viewer)
    launched, busy = used_kits(session, viewer)
    free = [one for one in catalogue.offered_to(session, viewer) if one.kit.id not in busy]
    own = session.get_one(Organisation, viewer.organisation_id).locale
    return proposal.best(catalogue.in_own_language_first(free, own), launched, cards, own)


def used_kits(session: Session, viewer: Viewer) -> tuple[set[int], set[int]]:
    """Kits this partner launched a campaign of, and those of which one is a draft or not over yet. One
    statement."""
    rows = session.execute(
        select(KitVersion.kit_id, Campaign.status, Campaign.launched_at.is_not(None))
        .join(Campaign, Campaign.kit_version_id == KitVersion.id)
        .where(Campaign.partner_id == viewer.organisation_id)
        .distinct()
    ).all()
    launched = {kit_id for kit_id, _status, was_launched in rows if was_launched}
    return launched, {kit_id for kit_id, status, _was_launched in rows if status not in _OVER}


def period_of(session: Session, viewer: Viewer, now: datetime) -> Period:
    """Two statements."""
    since = now - PERIOD
    came, won = session.execute(
        select(
            func.count().filter(Lead.created_at >= since),
            func.count().filter(Lead.stage == Stage.WON, Lead.closed_at >= since),
        ).where(Lead.owner_id == viewer.organisation_id)
    ).one()
    amounts = session.execute(
        select(func.sum(LeadAmount.amount), LeadAmount.currency)
        .join(Lead, Lead.id == LeadAmount.lead_id)
        .where(
            Lead.owner_id == viewer.organisation_id,
            Lead.stage == Stage.WON,
            Lead.closed_at >= since,
            LeadAmount.kind == AmountKind.WON,
        )
        .group_by(LeadAmount.currency)
        .order_by(LeadAmount.currency)
    ).all()
    return Period(int(came), int(won), tuple((int(amount), currency) for amount, currency in amounts))


def _plan(session: Session, viewer: Viewer, now: datetime, proposed: Proposal | None) -> Plan:
    put_off = service.put_off_by(session, viewer)
    return tasks.plan(all_findings(session, viewer, proposed), put_off, now)
