"""Numbers beside the entries of the sidebar: only what waits for this person."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.leads import inbox
from tcma.leads.models import Lead
from tcma.viewer import Viewer


def new_leads(session: Session, viewer: Viewer) -> int:
    """As many as the inbox shows under New. One statement."""
    waiting = (
        Lead.owner_id == viewer.organisation_id,
        Lead.stage.in_(inbox.ARRIVED),
        inbox.waits_for(viewer, clock.now(session)),
    )
    return int(session.scalar(select(func.count(Lead.id)).where(*waiting)) or 0)
