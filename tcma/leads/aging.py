"""What time does to leads, by the rule of their source: warned, told, given back, brought back."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from tcma import clock
from tcma.audiences import consents
from tcma.audiences.models import Contact
from tcma.db import Database
from tcma.jobs import rows
from tcma.leads import telling, transitions
from tcma.leads.dealings import ClockKind, Deed, LeadClock
from tcma.leads.models import Lead, LeadPerson, LeadSource, Stage

_AGEING = (
    Stage.IN_POOL,
    Stage.ASSIGNED,
    Stage.NEW,
    Stage.ACCEPTED,
    Stage.CONTACTED,
    Stage.QUALIFIED,
)
OVER = "shelf_life_over"
NOT_ACCEPTED = "not_accepted"
LIMIT = 500


def end_shelf_lives(database: Database, limit: int = LIMIT) -> int:
    """Leads past their shelf life, one transaction each; how many were dealt with. See `end_shelf_life`."""

    def due(session: Session) -> Sequence[int]:
        return session.scalars(
            select(Lead.id)
            .where(
                Lead.closed_at.is_(None),
                Lead.stage.in_(_AGEING),
                Lead.shelf_life_until <= clock.now(session),
                or_(Lead.shelf_life_told_at.is_(None), _may_go_back()),
            )
            .order_by(Lead.shelf_life_until)
            .limit(limit)
        ).all()

    return sum(rows.each(database, due, end_shelf_life))


def end_shelf_life(session: Session, lead_id: int) -> bool:
    """The partner's own go to its nurture where consent covers it, and stay with it otherwise: their owner is
    told once. Those that may leave end for this owner. Whether anything changed."""
    now = clock.now(session)
    lead = _locked(session, lead_id)
    if lead is None or lead.stage not in _AGEING or lead.shelf_life_until > now:
        return False
    ended_at = lead.shelf_life_until
    if lead.may_go_back:
        transitions.perform(session, None, lead, Deed.EXPIRED, Stage.EXPIRED, reason=OVER)
        telling.tell_ageing(session, lead, ended_at, is_over=True, occasion="shelf")
        return True
    if lead.shelf_life_told_at is not None:
        return False
    lead.shelf_life_told_at = now
    telling.tell_ageing(session, lead, ended_at, is_over=True, occasion="shelf")
    if lead.source is LeadSource.PARTNER_SOURCED and _is_covered(session, lead):
        transitions.perform(session, None, lead, Deed.NURTURED, Stage.NURTURING, reason=OVER)
    return True


def watch_clocks(database: Database, limit: int = LIMIT) -> int:
    """Warn who holds a lead whose time is nearly over, and take those back that nobody accepted in time, where
    their source allows; one transaction each. How many."""
    steps = (_warn_of_shelf_lives, _warn_of_clocks, _take_back)
    return sum(rows.try_all(steps, lambda step: step(database, limit), name="watch_clocks"))


def _warn_of_shelf_lives(database: Database, limit: int) -> int:
    def due(session: Session) -> Sequence[int]:
        return session.scalars(
            select(Lead.id)
            .where(
                Lead.closed_at.is_(None),
                Lead.stage.in_(_AGEING),
                Lead.shelf_life_warn_at <= clock.now(session),
            )
            .order_by(Lead.shelf_life_warn_at)
            .limit(limit)
        ).all()

    def warn(session: Session, lead_id: int) -> bool:
        lead, now = _locked(session, lead_id), clock.now(session)
        if lead is None or lead.shelf_life_warn_at is None or lead.shelf_life_warn_at > now:
            return False
        lead.shelf_life_warn_at = None
        if lead.shelf_life_until <= now:
            return False  # the end itself is told
        telling.tell_ageing(session, lead, lead.shelf_life_until, is_over=False, occasion="shelf_warning")
        return True

    return sum(rows.each(database, due, warn))


def _warn_of_clocks(database: Database, limit: int) -> int:
    def due(session: Session) -> Sequence[int]:
        return session.scalars(
            select(LeadClock.id)
            .where(
                LeadClock.warn_at <= clock.now(session),
                LeadClock.met_at.is_(None),
                LeadClock.dropped_at.is_(None),
            )
            .order_by(LeadClock.warn_at)
            .limit(limit)
        ).all()

    def warn(session: Session, clock_id: int) -> bool:
        found, now = session.get_one(LeadClock, clock_id), clock.now(session)
        lead = _locked(session, found.lead_id)
        session.refresh(found)
        if lead is None or found.warn_at is None or found.met_at or found.dropped_at:
            return False
        found.warn_at = None
        if found.due_at <= now:
            return False
        telling.tell_ageing(session, lead, found.due_at, is_over=False, occasion="accept_warning")
        return True

    return sum(rows.each(database, due, warn))


def _take_back(database: Database, limit: int) -> int:
    def due(session: Session) -> Sequence[int]:
        return session.scalars(
            select(LeadClock.lead_id)
            .join(Lead, Lead.id == LeadClock.lead_id)
            .where(
                LeadClock.kind == ClockKind.ACCEPT,
                LeadClock.due_at <= clock.now(session),
                LeadClock.met_at.is_(None),
                LeadClock.dropped_at.is_(None),
                Lead.stage == Stage.NEW,
                _may_go_back(),
            )
            .order_by(LeadClock.due_at)
            .limit(limit)
        ).all()

    def expire(session: Session, lead_id: int) -> bool:
        lead, now = _locked(session, lead_id), clock.now(session)
        if lead is None or lead.stage is not Stage.NEW or not lead.may_go_back:
            return False
        ended_at = lead.clock_until
        if ended_at is None or ended_at > now:
            return False
        transitions.perform(session, None, lead, Deed.EXPIRED, Stage.EXPIRED, reason=NOT_ACCEPTED)
        telling.tell_ageing(session, lead, ended_at, is_over=True, occasion="accept")
        return True

    return sum(rows.each(database, due, expire))


def _may_go_back() -> ColumnElement[bool]:
    """`Lead.may_go_back` as SQL; a test proves both equal."""
    joint = (Lead.source == LeadSource.JOINT) & Lead.is_returnable.is_(True)
    return or_(Lead.source == LeadSource.VENDOR_SOURCED, joint)


def _is_covered(session: Session, lead: Lead) -> bool:
    """Whether somebody of the lead agreed to the owner's news."""
    found = session.scalar(
        select(LeadPerson.id)
        .join(Contact, Contact.id == LeadPerson.contact_id)
        .where(
            LeadPerson.lead_id == lead.id,
            Contact.deleted_at.is_(None),
            consents.latest_given(Contact, lead.owner_id),
        )
        .limit(1)
    )
    return found is not None


def _locked(session: Session, lead_id: int) -> Lead | None:
    wanted = select(Lead).where(Lead.id == lead_id).options(joinedload(Lead.company, innerjoin=True))
    return session.scalar(wanted.with_for_update(of=Lead))
