"""How a lead moves: along the drawn arrows, each step with who, when and why, as one deed that can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.columns import new_public_id
from tcma.leads import clocks
from tcma.leads.dealings import Deed
from tcma.leads.models import STAGE_NEXT, Lead, LeadTransition, Stage
from tcma.viewer import Viewer

_LADDER = (Stage.NEW, Stage.ACCEPTED, Stage.CONTACTED, Stage.QUALIFIED, Stage.OPPORTUNITY)
_ON_THE_WAY = {
    Stage.NEW: Deed.CAME_BACK,
    Stage.ACCEPTED: Deed.ACCEPTED,
    Stage.CONTACTED: Deed.CONTACTED,
    Stage.QUALIFIED: Deed.QUALIFIED,
    Stage.OPPORTUNITY: Deed.QUALIFIED,
}
_TIMES = (
    "clock_from",
    "clock_until",
    "comes_back_at",
    "shelf_life_until",
    "shelf_life_warn_at",
    "shelf_life_told_at",
    "updated_at",
    "closed_at",
)


@dataclass(frozen=True, slots=True)
class Done:
    """A deed as it was recorded; `key` takes it back."""

    lead: Lead
    deed: Deed
    key: UUID


def route(current: Stage, target: Stage) -> tuple[Stage, ...]:
    """The steps from one stage to another: the drawn arrow, or up the ladder one rung after the other.

    Who reports a sale on a lead nobody accepted here did accept it, speak to them and qualify it. Where there
    is no way the target alone comes back, for the model to refuse it in words.
    """
    if current is target is Stage.NURTURING:
        return ()  # another day
    if target in STAGE_NEXT[current]:
        return (target,)
    start = _LADDER.index(current) + 1 if current in _LADDER else 0
    if current not in _LADDER and current is not Stage.NURTURING:
        return (target,)
    if target in _LADDER:
        steps = _LADDER[start : _LADDER.index(target) + 1]
    elif target in (Stage.WON, Stage.LOST):
        steps = (*_LADDER[start:], target)
    else:
        steps = ()
    return steps or (target,)


def perform(
    session: Session,
    viewer: Viewer | None,
    lead: Lead,
    deed: Deed,
    target: Stage | None = None,
    *,
    reason: str = "",
    comes_back_at: datetime | None = None,
) -> Done:
    """Do `deed` to a locked lead, moving it to `target` if there is one. Conflict where no way is drawn.

    A person's deed meets the clock that runs and starts the next one; the product's deed drops it.
    """
    now, key = clock.now(session), new_public_id()
    before = _kept(session, lead)
    steps = route(lead.stage, target) if target is not None else ()
    for number, stage in enumerate(steps):
        last = number == len(steps) - 1
        was = lead.stage
        lead.move_to(stage, now)
        word = deed if last else _ON_THE_WAY[stage]
        _note(session, viewer, lead, was, word, key, before, now, reason if last else "")
    if not steps:
        lead.updated_at = now
        _note(session, viewer, lead, lead.stage, deed, key, before, now, reason)
    lead.comes_back_at = comes_back_at if lead.stage is Stage.NURTURING else None
    if deed is not Deed.HANDED:
        calendar = clocks.calendar_for(session, lead)
        clocks.turn(session, lead, now, calendar, is_met=viewer is not None)
    trail.record(session, viewer, f"lead.{deed.value}", lead, organisation_id=lead.owner_id)
    return Done(lead, deed, key)


def began(session: Session, lead: Lead, now: datetime) -> None:
    """The first row of a lead that has just been made, and its first clock."""
    before = _kept(session, lead)
    _note(session, None, lead, None, Deed.BEGAN, new_public_id(), before, now, "")
    clocks.turn(session, lead, now, clocks.calendar_for(session, lead), is_met=False)


def restored(before: dict[str, Any]) -> dict[str, Any]:
    """What `before` of a transition kept beside stage and grade, as values of the lead's columns."""
    day = before["expected_on"]
    values = {"holder_id": before["holder_id"], "expected_on": date.fromisoformat(day) if day else None}
    return values | {name: _moment(before[name]) for name in _TIMES}


def _kept(session: Session, lead: Lead) -> dict[str, Any]:
    running = clocks.running_clock(session, lead)
    kept: dict[str, Any] = {
        "stage": lead.stage.value,
        "grade": lead.grade.value,
        "holder_id": lead.holder_id,
        "expected_on": lead.expected_on.isoformat() if lead.expected_on else None,
        "clock_id": running.id if running else None,
    }
    return kept | {name: _text(getattr(lead, name)) for name in _TIMES}


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _note(
    session: Session,
    viewer: Viewer | None,
    lead: Lead,
    was: Stage | None,
    deed: Deed,
    key: UUID,
    before: dict[str, Any],
    now: datetime,
    reason: str,
    undoes: UUID | None = None,
) -> None:
    session.add(
        LeadTransition(
            lead_id=lead.id,
            owner_id=lead.owner_id,
            vendor_id=lead.vendor_id,
            from_stage=was,
            to_stage=lead.stage,
            deed=deed,
            deed_key=key,
            undoes_key=undoes,
            reason=reason[:40],
            before=before,
            user_id=viewer.user_id if viewer else None,
            at=now,
        )
    )


def note_undone(
    session: Session, viewer: Viewer, lead: Lead, was: Stage, undoes: UUID, now: datetime
) -> None:
    """The row that says a deed was taken back."""
    before = _kept(session, lead)
    _note(session, viewer, lead, was, Deed.UNDONE, new_public_id(), before, now, "", undoes)


def standing(transitions: Iterable[LeadTransition]) -> list[LeadTransition]:
    """Those that still count, in their order: neither taken back nor taking back."""
    rows = list(transitions)
    undone = {row.undoes_key for row in rows if row.undoes_key is not None}
    return [row for row in rows if row.undoes_key is None and row.deed_key not in undone]
