"""What time does to leads, by the rule of their source: warned, told, given back, brought back."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import consents
from tcma.audiences.models import Contact
from tcma.db import Database
from tcma.jobs import rows
from tcma.leads import transitions
from tcma.leads.dealings import Deed
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
    if lead.may_go_back:
        transitions.perform(session, None, lead, Deed.EXPIRED, Stage.EXPIRED, reason=OVER)
        return True
    if lead.shelf_life_told_at is not None:
        return False
    lead.shelf_life_told_at = now
    if lead.source is LeadSource.PARTNER_SOURCED and _is_covered(session, lead):
        transitions.perform(session, None, lead, Deed.NURTURED, Stage.NURTURING, reason=OVER)
    return True


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
    return session.scalar(select(Lead).where(Lead.id == lead_id).with_for_update(of=Lead))
