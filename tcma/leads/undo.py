"""Taking back the last deed on a lead, within seconds and while nothing was built on it."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.errors import Conflict, NotFound, Refused
from tcma.jobs import queue
from tcma.jobs.queue import Job
from tcma.leads import clocks, queries, service, transitions
from tcma.leads.dealings import Deed, LeadAmount, LeadClock, LeadDeal, LeadFinding, LeadNote
from tcma.leads.models import Grade, Lead, LeadTransition, Stage
from tcma.viewer import Viewer

_MADE = (LeadNote, LeadFinding, LeadAmount, LeadDeal)


def undo(session: Session, viewer: Viewer, public_id: UUID, key: UUID) -> Lead:
    """Return a lead to the state before the deed `key`: stage, grade, holder, clock; what the deed wrote goes.

    Conflict once something followed it, its time is over, or somebody was told; pressing twice says so.
    """
    lead = service.worked(session, viewer, public_id)
    moves = queries.transitions_of(session, lead)
    deed = [move for move in moves if move.deed_key == key]
    if not deed:
        raise NotFound("There is no such deed on this lead.")
    if any(move.undoes_key == key for move in moves):
        raise Conflict("This was taken back already.")
    _still_possible(session, viewer, lead, deed, moves[-1])
    first, now = deed[0], clock.now(session)
    stage = Stage(first.before["stage"])
    if lead.closed_at is not None:
        _alone(session, lead)
    was = lead.stage
    _put_back(session, lead, first)
    lead.take_back(stage, Grade(first.before["grade"]))
    for model in _MADE:
        session.execute(delete(model).where(model.lead_id == lead.id, model.deed_key == key))
    transitions.note_undone(session, viewer, lead, was, key, now)
    trail.record(session, viewer, "lead.undone", lead)
    return lead


def last_of(session: Session, viewer: Viewer, public_id: UUID) -> UUID:
    """The deed an undo would take back: the last one on the lead, whoever did it."""
    lead = service.worked(session, viewer, public_id)
    counting = transitions.standing(queries.transitions_of(session, lead))
    if not counting:
        raise Conflict("Nothing was done with this lead yet.")
    return counting[-1].deed_key


def _still_possible(
    session: Session, viewer: Viewer, lead: Lead, deed: list[LeadTransition], last: LeadTransition
) -> None:
    if deed[-1].id != last.id:
        raise Conflict("Something was done with this lead since; take that back first.")
    if deed[-1].user_id is None or deed[-1].user_id != viewer.user_id:
        raise Refused("Only the person who did this can take it back.")
    if clock.now(session) - last.at > clock.UNDO + clock.ON_THE_WAY:
        raise Conflict("It is too late to take this back; go on from where the lead is now.")
    told = last.deed == Deed.HANDED and lead.holder_id != viewer.user_id
    if told and not queue.cancel(session, Job.LEADS_TELL_HANDED, str(last.deed_key)):
        raise Conflict("Your colleague has been told already; hand the lead back instead.")
    if last.deed == Deed.PUSHED_BACK and not queue.cancel(
        session, Job.LEADS_TELL_PUSHED_BACK, str(last.deed_key)
    ):
        raise Conflict("The vendor has been told already, so this lead stays with it.")


def _alone(session: Session, lead: Lead) -> None:
    """A company has one open lead per vendor: another may have begun since this one was closed."""
    other = session.scalar(
        select(Lead.id).where(
            Lead.owner_id == lead.owner_id,
            Lead.vendor_id == lead.vendor_id,
            Lead.company_id == lead.company_id,
            Lead.closed_at.is_(None),
        )
    )
    if other is not None:
        raise Conflict("This company has answered again and began a new lead; go on with that one.")


def _put_back(session: Session, lead: Lead, first: LeadTransition) -> None:
    running, before = clocks.running_clock(session, lead), first.before
    if running is not None and running.id != before["clock_id"]:
        session.delete(running)
    if before["clock_id"] is not None:
        earlier = session.get_one(LeadClock, before["clock_id"])
        earlier.met_at = earlier.dropped_at = None
    for name, value in transitions.restored(before).items():
        setattr(lead, name, value)
