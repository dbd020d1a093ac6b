"""Texts an organisation accepts once per version, kept as they were shown."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.errors import Invalid
from tcma.organisations.models import TermsAcceptance
from tcma.viewer import Viewer

PROCESSING = "processing"


def accept_terms(session: Session, viewer: Viewer, kind: str, version: str, text: str) -> TermsAcceptance:
    """Record that the viewer's organisation accepts this text; again is the same acceptance."""
    viewer.require(viewer.kind)  # owners
    if viewer.user_id is None:
        raise Invalid("Terms are accepted by a person.")
    held = session.scalar(
        select(TermsAcceptance).where(
            TermsAcceptance.organisation_id == viewer.organisation_id,
            TermsAcceptance.kind == kind,
            TermsAcceptance.version == version,
        )
    )
    if held is not None:
        return held
    acceptance = TermsAcceptance(
        organisation_id=viewer.organisation_id,
        kind=kind,
        version=version,
        text=text,
        accepted_by_id=viewer.user_id,
        accepted_at=clock.now(session),
    )
    session.add(acceptance)
    trail.record(session, viewer, "terms.accepted", acceptance)
    return acceptance


def has_accepted(session: Session, organisation_id: int, kind: str) -> bool:
    """Whether the organisation accepted any version of these terms."""
    found = session.scalar(
        select(TermsAcceptance.id)
        .where(TermsAcceptance.organisation_id == organisation_id, TermsAcceptance.kind == kind)
        .limit(1)
    )
    return found is not None
