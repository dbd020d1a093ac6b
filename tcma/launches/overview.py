"""All campaigns of a partner on one page: state, what comes next, figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tcma.funds.models import CostLine
from tcma.launches import states
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch
from tcma.launches.planned_costs import PlannedCost
from tcma.launches.states import Shown
from tcma.organisations.models import Organisation
from tcma.viewer import Viewer


class View(StrEnum):
    """The saved views, and everything."""

    RUNNING = "running"
    DRAFTS = "drafts"
    FINISHED = "finished"
    ALL = "all"


class Sort(StrEnum):
    NEWEST = "newest"
    NAME = "name"
    PEOPLE = "people"
    CLICKS = "clicks"


_S = CampaignStatus
_STATUSES: Mapping[View, tuple[CampaignStatus, ...]] = {
    View.RUNNING: (_S.WAITING_FOR_FUNDING, _S.SCHEDULED, _S.RUNNING, _S.PAUSED, _S.STOPPED),
    View.DRAFTS: (_S.DRAFT,),
    View.FINISHED: (_S.FINISHED, _S.CANCELLED, _S.RECALLED),
    View.ALL: tuple(_S),
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a campaign costs so far and is planned to cost besides: minor units."""

    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `next_touch` waits for its time or missed it; `people` are the most any mail of it has."""

    campaign: Campaign
    vendor: Organisation
    touches: tuple[CampaignTouch, ...]
    people: int
    clicked: int
    cost: Cost | None

    @property
    def shown(self) -> Shown:
        return states.shown(self.campaign, self.touches)

    @property
    def next_touch(self) -> CampaignTouch | None:
        return states.next_mail(self.touches)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list asks for. `after` is the (value, id) a page ended with."""

    view: View = View.ALL
    sort: Sort = Sort.NEWEST
    descending: bool = True
    vendor_slug: str = ""
    after: tuple[str, int] | None = None
    limit: int = 51


def lines_for(session: Session, viewer: Viewer, wanted: Wanted) -> list[Line]:
    """The campaigns of the viewer's partner: four statements whatever their number. What was deleted as a draft
    is not there."""
    people = func.coalesce(func.max(CampaignTouch.people_count), 0)
    clicked = func.coalesce(func.sum(CampaignTouch.clicked_count), 0)
    figures = (
        select(CampaignTouch.campaign_id, people.label("people"), clicked.label("clicked"))
        .where(CampaignTouch.partner_id == viewer.organisation_id)
        .group_by(CampaignTouch.campaign_id)
        .subquery()
    )
    statement = (
        select(Campaign, Organisation, figures.c.people, figures.c.clicked)
        .join(figures, figures.c.campaign_id == Campaign.id)
        .join(Organisation, Organisation.id == Campaign.vendor_id)
        .where(*_which(viewer, wanted.view))
    )
    if wanted.vendor_slug:
        statement = statement.where(Organisation.slug == wanted.vendor_slug)
    key: Any = {
        Sort.NEWEST: Campaign.id,
        Sort.NAME: func.lower(Campaign.name),
        Sort.PEOPLE: figures.c.people,
        Sort.CLICKS: figures.c.clicked,
    }[wanted.sort]
    rows = session.execute(_sorted(statement, key, wanted)).all()
    ids = [row[0].id for row in rows]
    touches = _touches(session, ids)
    costs = _costs(session, ids)
    return [
        Line(campaign, vendor, touches.get(campaign.id, ()), int(count), int(clicks), costs.get(campaign.id))
        for campaign, vendor, count, clicks in rows
    ]


def counts_for(session: Session, viewer: Viewer) -> dict[View, int]:
    """How many campaigns stand in each view; one statement."""
    rows = session.execute(
        select(Campaign.status, func.count()).where(*_which(viewer, View.ALL)).group_by(Campaign.status)
    )
    by_status = {status: int(count) for status, count in rows}
    return {
        view: sum(by_status.get(status, 0) for status in statuses) for view, statuses in _STATUSES.items()
    }


def vendors_of(session: Session, viewer: Viewer) -> list[Organisation]:
    """Whose campaigns the viewer's partner has, by name; one statement."""
    theirs = select(Campaign.vendor_id).where(*_which(viewer, View.ALL)).distinct()
    return list(
        session.scalars(
            select(Organisation)
            .where(Organisation.id.in_(theirs))
            .order_by(Organisation.name, Organisation.id)
        )
    )


def cursor_of(line: Line, sort: Sort) -> tuple[str, int]:
    """Where the next page begins after this row."""
    value = {
        Sort.NEWEST: str(line.campaign.id),
        Sort.NAME: line.campaign.name.lower(),
        Sort.PEOPLE: str(line.people),
        Sort.CLICKS: str(line.clicked),
    }[sort]
    return value, line.campaign.id


def _which(viewer: Viewer, view: View) -> tuple[ColumnElement[bool], ...]:
    deleted = and_(Campaign.status == _S.CANCELLED, Campaign.launched_at.is_(None))
    return Campaign.partner_id == viewer.organisation_id, Campaign.status.in_(_STATUSES[view]), ~deleted


def _sorted(statement: Select[*tuple[Any, ...]], key: Any, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    if wanted.after is not None:
        text, last_id = wanted.after
        value: str | int = text if wanted.sort is Sort.NAME else _whole(text)
        beyond = key < value if wanted.descending else key > value
        next_id = Campaign.id < last_id if wanted.descending else Campaign.id > last_id
        statement = statement.where(or_(beyond, and_(key == value, next_id)))
    order = (key.desc(), Campaign.id.desc()) if wanted.descending else (key, Campaign.id)
    return statement.order_by(*order).limit(wanted.limit)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _touches(session: Session, ids: Sequence[int]) -> dict[int, tuple[CampaignTouch, ...]]:
    found: dict[int, list[CampaignTouch]] = {}
    rows = session.scalars(
        select(CampaignTouch)
        .where(CampaignTouch.campaign_id.in_(ids))
        .order_by(CampaignTouch.campaign_id, CampaignTouch.position)
    )
    for touch in rows:
        found.setdefault(touch.campaign_id, []).append(touch)
    return {campaign_id: tuple(touches) for campaign_id, touches in found.items()}


def _costs(session: Session, ids: Sequence[int]) -> dict[int, Cost]:
    sums: dict[int, tuple[int, str]] = {}
    counted = session.execute(
        select(CostLine.campaign_id, CostLine.cost_amount, CostLine.currency).where(
            CostLine.campaign_id.in_(ids)
        )
    )
    for campaign_id, amount, currency in counted:
        sums[campaign_id] = (int(amount), currency)
    planned = session.execute(
        select(PlannedCost.campaign_id, func.sum(PlannedCost.amount), Campaign.budget_currency)
        .join(Campaign, Campaign.id == PlannedCost.campaign_id)
        .where(PlannedCost.campaign_id.in_(ids))
        .group_by(PlannedCost.campaign_id, Campaign.budget_currency)
    )
    for campaign_id, amount, planned_in in planned:
        before, own = sums.get(campaign_id, (0, planned_in or ""))
        if own == planned_in:
            sums[campaign_id] = (before + int(amount), own)
    return {campaign_id: Cost(*found) for campaign_id, found in sums.items()}
