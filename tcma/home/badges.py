"""Numbers beside the entries of the sidebar: only what waits for this person."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tcma.leads.models import Lead, Stage
from tcma.viewer import Viewer


def new_leads(session: Session, viewer: Viewer) -> int:
    """New leads that are the viewer's to answer, or nobody's yet. One statement."""
    return int(
        session.scalar(
            select(func.count(Lead.id)).where(
                Lead.owner_id == viewer.organisation_id,
                Lead.stage == Stage.NEW,
                or_(Lead.holder_id == viewer.user_id, Lead.holder_id.is_(None)),
            )
        )
        or 0
    )
