"""The inbox: saved views, search, one line per lead, counts."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from tcma import clock
from tcma.columns import UtcDateTime
from tcma.companies.models import Company
from tcma.launches.models import Campaign
from tcma.leads.by_campaign import Reached, has_reached
from tcma.leads.models import CLOSED, Lead, LeadPerson, LeadStep, Stage
from tcma.leads.telling import REPORTED, SOON
from tcma.organisations.models import Organisation
from tcma.viewer import Role, Viewer

COUNTED = 10_000
PAGE = 50
SHOWN_STEPS = 4
ENDS_WITHIN = timedelta(hours=24)
ARRIVED = (Stage.NEW, Stage.ASSIGNED)
UNCONTACTED = (*ARRIVED, Stage.ACCEPTED)


class View(StrEnum):
    """The saved views, in the order of their tabs. The first three show what is due soonest first."""

    NEW = "new"
    TO_CONTACT = "to-contact"
    TO_REPORT = "to-report"
    MINE = "mine"
    ALL = "all"

    @property
    def by_clock(self) -> bool:
        return self in (View.NEW, View.TO_CONTACT, View.TO_REPORT)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of the inbox ended: the time its view sorts by, and the lead's number."""

    at: datetime
    lead_id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.lead_id}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """None for what is no cursor: the list begins anew."""
        at, _, number = text.partition("~")
        try:
            moment, lead_id = datetime.fromisoformat(at), int(number)
        except ValueError:
            return None
        is_sound = moment.tzinfo is not None and 0 <= lead_id < 2**63
        return cls(moment, lead_id) if is_sound else None


@dataclass(frozen=True, slots=True)
class Line:
    """One lead as the list shows it. `did` are the last steps of its path, latest first."""

    lead: Lead
    person: LeadPerson | None
    people_count: int
    did: tuple[LeadStep, ...]

    def cursor(self, view: View) -> str:
        at = self.lead.clock_until if view.by_clock else self.lead.created_at
        return str(Cursor(at or self.lead.created_at, self.lead.id))


@dataclass(frozen=True, slots=True)
class Only:
    """What narrows a view. `search` finds part of a person's name or address, or of the company's name or domain;
    `vendor` is a slug, `campaign` the public id of the campaign a lead began with."""

    search: str = ""
    vendor: str = ""
    campaign: UUID | None = None
    reached: Reached | None = None


EVERYTHING = Only()


def lines_for(
    session: Session,
    viewer: Viewer,
    view: View,
    only: Only = EVERYTHING,
    *,
    after: Cursor | None = None,
    limit: int = PAGE,
) -> list[Line]:
    """Leads of one view, one more than `limit` where there are more. Four statements, however many there are."""
    now = clock.now(session)
    wanted = (
        _of(viewer, view, now)
        .options(
            joinedload(Lead.company),
            joinedload(Lead.campaign).load_only(Campaign.name),
            joinedload(Lead.vendor),
            joinedload(Lead.holder),
        )
        .limit(limit + 1)
    )
    wanted = wanted.where(*_narrowed(viewer, only))
    leads = list(session.scalars(_paged(wanted, view, after)))
    ids = [lead.id for lead in leads]
    people, counts = _people(session, ids)
    steps = _last_steps(session, ids)
    return [
        Line(lead, people.get(lead.id), counts.get(lead.id, 0), tuple(steps.get(lead.id, ())))
        for lead in leads
    ]


def counts_for(session: Session, viewer: Viewer) -> dict[View, int]:
    """How many leads each view has; counted up to COUNTED + 1. One statement."""
    now = clock.now(session)
    sizes = []
    for view in View:
        ids = _of(viewer, view, now).with_only_columns(Lead.id).limit(COUNTED + 1).subquery()
        sizes.append(select(func.count()).select_from(ids).scalar_subquery().label(view.name))
    row = session.execute(select(*sizes)).one()
    return dict(zip(View, row, strict=True))


def moved_since(session: Session, viewer: Viewer, view: View, since: datetime) -> int:
    """Leads that came into a view, or changed in it, after a moment; counted up to COUNTED. One statement."""
    ids = (
        _of(viewer, view, clock.now(session))
        .with_only_columns(Lead.id)
        .where(Lead.updated_at > since)
        .limit(COUNTED)
        .subquery()
    )
    return int(session.scalar(select(func.count()).select_from(ids)) or 0)


def vendors_of(session: Session, viewer: Viewer) -> list[Organisation]:
    """Whose leads the viewer has, by name. One statement."""
    theirs = select(Lead.vendor_id).where(Lead.owner_id == viewer.organisation_id).distinct()
    return list(
        session.scalars(
            select(Organisation)
            .where(Organisation.id.in_(theirs))
            .order_by(Organisation.name, Organisation.id)
        )
    )


def waits_for(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Leads that are the viewer's to work, or nobody's yet; an owner's also a colleague's not contacted yet that
    is about to be over. What is counted anywhere as waiting for a person is counted by this."""
    mine = or_(Lead.holder_id == viewer.user_id, Lead.holder_id.is_(None))
    if Role.OWNER not in viewer.roles:
        return mine
    return or_(mine, and_(Lead.stage.in_(UNCONTACTED), Lead.clock_until <= now + ENDS_WITHIN))


def is_for(lead: Lead, viewer: Viewer, now: datetime) -> bool:
    """The same rule as `waits_for`."""
    due = lead.clock_until
    is_ending = lead.stage in UNCONTACTED and due is not None and due <= now + ENDS_WITHIN
    return lead.holder_id in (viewer.user_id, None) or (Role.OWNER in viewer.roles and is_ending)


def is_in(lead: Lead, view: View, viewer: Viewer, now: datetime) -> bool:
    """Whether a lead is in a view: the same rule as the statement, and a test proves both equal."""
    due = lead.clock_until
    match view:
        case View.NEW:
            return lead.stage in ARRIVED and is_for(lead, viewer, now)
        case View.TO_CONTACT:
            rested = lead.stage is Stage.NURTURING and lead.comes_back_at is None
            return lead.stage is Stage.ACCEPTED or (rested and due is not None and due <= now)
        case View.TO_REPORT:
            return lead.stage in REPORTED and due is not None and due <= now + SOON
        case View.MINE:
            return lead.holder_id == viewer.user_id and lead.stage not in CLOSED
        case View.ALL:
            return True


def _of(viewer: Viewer, view: View, now: datetime) -> Select[Lead]:
    return select(Lead).where(Lead.owner_id == viewer.organisation_id, _in(view, viewer, now))


def _in(view: View, viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    match view:
        case View.NEW:
            return and_(Lead.stage.in_(ARRIVED), waits_for(viewer, now))
        case View.TO_CONTACT:
            rested = and_(
                Lead.stage == Stage.NURTURING, Lead.comes_back_at.is_(None), Lead.clock_until <= now
            )
            return or_(Lead.stage == Stage.ACCEPTED, rested)
        case View.TO_REPORT:
            return and_(Lead.stage.in_(REPORTED), Lead.clock_until <= now + SOON)
        case View.MINE:
            return and_(Lead.holder_id == viewer.user_id, Lead.closed_at.is_(None))
        case View.ALL:
            return literal(True)


def _paged(wanted: Select[Lead], view: View, after: Cursor | None) -> Select[Lead]:
    if view.by_clock:
        key = func.coalesce(Lead.clock_until, Lead.created_at, type_=UtcDateTime)
        ordered = wanted.order_by(key, Lead.id)
        if after is None:
            return ordered
        return ordered.where(or_(key > after.at, and_(key == after.at, Lead.id > after.lead_id)))
    ordered = wanted.order_by(Lead.created_at.desc(), Lead.id.desc())
    if after is None:
        return ordered
    older = and_(Lead.created_at == after.at, Lead.id < after.lead_id)
    return ordered.where(or_(Lead.created_at < after.at, older))


def _narrowed(viewer: Viewer, only: Only) -> Iterator[ColumnElement[bool]]:
    if only.search.strip():
        yield _matches(viewer, only.search)
    if only.vendor:
        yield Lead.vendor_id.in_(select(Organisation.id).where(Organisation.slug == only.vendor))
    if only.campaign is not None:
        yield Lead.campaign_id.in_(select(Campaign.id).where(Campaign.public_id == only.campaign))
    if only.reached is not None:
        yield has_reached(only.reached)


def _matches(viewer: Viewer, search: str) -> ColumnElement[bool]:
    text = " ".join(search.lower().split())[:100]
    company = select(Company.id).where(
        Company.organisation_id == viewer.organisation_id,
        or_(
            func.lower(Company.name).contains(text, autoescape=True),
            Company.domain.contains(text, autoescape=True),
        ),
    )
    person = select(LeadPerson.lead_id).where(
        LeadPerson.owner_id == viewer.organisation_id,
        or_(
            func.lower(LeadPerson.name).contains(text, autoescape=True),
            LeadPerson.address.contains(text, autoescape=True),
        ),
    )
    return or_(Lead.company_id.in_(company), Lead.id.in_(person))


def _people(session: Session, lead_ids: Sequence[int]) -> tuple[dict[int, LeadPerson], dict[int, int]]:
    """By lead: who answered first, and how many people there are. One statement."""
    first: dict[int, LeadPerson] = {}
    counts: dict[int, int] = defaultdict(int)
    found = session.scalars(
        select(LeadPerson).where(LeadPerson.lead_id.in_(lead_ids)).order_by(LeadPerson.id)
    )
    for person in found:
        first.setdefault(person.lead_id, person)
        counts[person.lead_id] += 1
    return first, counts


def _last_steps(session: Session, lead_ids: Sequence[int]) -> dict[int, list[LeadStep]]:
    ranked = (
        select(
            LeadStep.id,
            func.row_number()
            .over(partition_by=LeadStep.lead_id, order_by=LeadStep.position.desc())
            .label("place"),
        )
        .where(LeadStep.lead_id.in_(lead_ids))
        .subquery()
    )
    rows = session.scalars(
        select(LeadStep)
        .join(ranked, ranked.c.id == LeadStep.id)
        .where(ranked.c.place <= SHOWN_STEPS)
        .order_by(LeadStep.position.desc())
    )
    steps: dict[int, list[LeadStep]] = defaultdict(list)
    for step in rows:
        steps[step.lead_id].append(step)
    return steps
