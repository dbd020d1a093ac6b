"""The quote or plan that goes with a request: one paper, read by both sides."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.errors import Conflict, NotFound
from tcma.funds import queries
from tcma.funds.models import FundingRequest, RequestStatus
from tcma.funds.papers import Paper, RequestFile
from tcma.viewer import OrganisationKind, Role, Viewer

_OPEN = frozenset({RequestStatus.DRAFT, RequestStatus.SUBMITTED, RequestStatus.INFO_REQUESTED})


def attach(session: Session, viewer: Viewer, request: FundingRequest, paper: Paper) -> RequestFile:
    """Lay a kept paper to a request of the viewer's, in place of one that was there."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    found = queries.find_request(session, viewer, request.public_id, lock=True)
    decided_at_once = found.status is RequestStatus.APPROVED and found.decided_by_rule is not None
    if found.status not in _OPEN and not decided_at_once:
        raise Conflict("This request is decided; nothing can be added to it.")
    before = file_of(session, viewer, found)
    if before is not None:
        session.delete(before)
    made = RequestFile(
        vendor_id=found.vendor_id,
        partner_id=found.partner_id,
        request_id=found.id,
        name=paper.name,
        content_type=paper.content_type,
        size=paper.size,
        sha256=paper.sha256,
        created_at=clock.now(session),
    )
    session.add(made)
    session.flush()
    return made


def file_of(session: Session, viewer: Viewer, request: FundingRequest) -> RequestFile | None:
    """For either side of the request. One statement."""
    own = RequestFile.vendor_id if viewer.is_vendor else RequestFile.partner_id
    query = select(RequestFile).where(RequestFile.request_id == request.id, own == viewer.organisation_id)
    return session.scalar(query.order_by(RequestFile.id.desc()).limit(1))


def find_file(session: Session, viewer: Viewer, request_id: UUID) -> RequestFile:
    found = file_of(session, viewer, queries.find_request(session, viewer, request_id))
    if found is None:
        raise NotFound("There is no file with this request.")
    return found
