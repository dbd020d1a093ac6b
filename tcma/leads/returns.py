"""Leads that are none: given back to whoever generated them, or not a fit. Each reason has its consequence."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.errors import Conflict, Invalid
from tcma.jobs.queue import Job, enqueue
from tcma.leads import service, transitions
from tcma.leads.dealings import Deed, NoteKind
from tcma.leads.models import Lead, LeadTransition, Stage
from tcma.leads.transitions import Done
from tcma.viewer import Viewer

QUARTER = timedelta(days=91)
NO_CAPACITY_FREE = 3  # in a quarter; more lowers what is offered from the open leads


class ReturnReason(StrEnum):
    """Why a lead goes back, or is not a fit."""

    NOT_A_CONTACT = "not_a_contact"
    ALREADY_CUSTOMER = "already_customer"
    WRONG_REGION = "wrong_region"
    COMPETITOR = "competitor"
    TWICE = "twice"
    NO_CAPACITY = "no_capacity"
    NO_NEED = "no_need"


BACK = tuple(reason for reason in ReturnReason if reason is not ReturnReason.NO_NEED)
NOT_A_FIT = tuple(reason for reason in ReturnReason if reason is not ReturnReason.NO_CAPACITY)


def push_back(session: Session, viewer: Viewer, public_id: UUID, reason: str) -> Done:
    """Back to the vendor that generated it; Conflict for the partner's own, which are "not a fit" instead."""
    lead = service.worked(session, viewer, public_id)
    chosen = read_reason(reason, BACK)
    if not lead.may_go_back:
        raise Conflict("This lead came from your own campaign, so it stays yours. Say “not a fit” instead.")
    done = transitions.perform(session, viewer, lead, Deed.PUSHED_BACK, Stage.PUSHED_BACK, reason=chosen)
    enqueue(
        session,
        Job.LEADS_TELL_PUSHED_BACK,
        str(done.key),
        {"lead_id": lead.id, "deed_key": str(done.key)},
        delay=clock.UNDO,
    )
    return done


def disqualify(session: Session, viewer: Viewer, public_id: UUID, reason: str, note: str = "") -> Done:
    """Not a fit: it ends here, with a reason. `note` is the partner's own."""
    lead = service.worked(session, viewer, public_id)
    chosen = read_reason(reason, NOT_A_FIT)
    done = transitions.perform(session, viewer, lead, Deed.DISQUALIFIED, Stage.DISQUALIFIED, reason=chosen)
    if note.strip():
        service.write(session, viewer, lead, NoteKind.NOTE, note, done.key)
    return done


def no_capacity_count(session: Session, lead: Lead) -> int:
    """How often the owner gave leads of this vendor back for want of capacity in the last quarter."""
    return int(
        session.scalar(
            select(func.count())
            .select_from(LeadTransition)
            .where(
                LeadTransition.owner_id == lead.owner_id,
                LeadTransition.vendor_id == lead.vendor_id,
                LeadTransition.to_stage == Stage.PUSHED_BACK,
                LeadTransition.reason == ReturnReason.NO_CAPACITY,
                LeadTransition.at > clock.now(session) - QUARTER,
            )
        )
        or 0
    )


def read_reason(text: str, allowed: tuple[ReturnReason, ...]) -> ReturnReason:
    for reason in allowed:
        if reason == text:
            return reason
    raise Invalid("Choose a reason.", {"reason": "Choose one of these reasons."})
