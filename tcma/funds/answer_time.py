"""How long a vendor's people take to answer a request for money."""

from datetime import timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.funds.models import FundingRequest
from tcma.viewer import acting_for

LOOKED_BACK = timedelta(days=365)
LEAST = 3  # below it a median would tell one partner about another
MOST = 500


def median_answer_time(session: Session, vendor_id: int) -> timedelta | None:
    """The median over the last year's requests that a person decided, of all partners; None below three."""
    with acting_for(session, vendor_id, "funds.answer_time"):
        rows = session.execute(
            select(FundingRequest.submitted_at, FundingRequest.decided_at)
            .where(
                FundingRequest.vendor_id == vendor_id,
                FundingRequest.decided_by_id.is_not(None),
                FundingRequest.submitted_at.is_not(None),
                FundingRequest.decided_at >= clock.now(session) - LOOKED_BACK,
            )
            .order_by(FundingRequest.id.desc())
            .limit(MOST)
        ).all()
    if len(rows) < LEAST:
        return None
    seconds = [
        (decided_at - submitted_at).total_seconds()
        for submitted_at, decided_at in rows
        if submitted_at and decided_at
    ]
    return timedelta(seconds=median(seconds))
