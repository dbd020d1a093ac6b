"""What else lies on the desk of the person whose pages are measured: a draft to the largest list, and papers."""

from sqlalchemy import select

from tcma.audiences.models import ContactList
from tcma.bench.reference.lists import LARGEST
from tcma.funds import elsewhere, papers, request_files
from tcma.funds.models import FundingRequest
from tcma.installation import Installation
from tcma.kits.models import KitVersion
from tcma.launches import drafts
from tcma.launches.models import Campaign
from tcma.launches.preparing import OPEN_REQUESTS
from tcma.leads.models import Lead
from tcma.viewer import Viewer

PAPER = b"%PDF-1.4 a quote for an evening with customers"


def lay_out(installation: Installation, viewer: Viewer) -> list[str]:
    """Make it through the deeds, and say where in the partner's pages those are that no link leads to."""
    own = viewer.organisation_id
    with installation.web.reading(own) as session:
        version = session.scalars(
            select(KitVersion.public_id)
            .join(Campaign, Campaign.kit_version_id == KitVersion.id)
            .where(Campaign.partner_id == own)
            .order_by(Campaign.id.desc())
        ).first()
        largest = session.scalars(
            select(ContactList.public_id).where(ContactList.partner_id == own, ContactList.name == LARGEST)
        ).one()
        lead = session.scalars(
            select(Lead.public_id).where(Lead.owner_id == own).order_by(Lead.id.desc())
        ).first()
        request = session.scalars(
            select(FundingRequest).where(
                FundingRequest.partner_id == own, FundingRequest.status.in_(OPEN_REQUESTS)
            )
        ).first()
        money = elsewhere.money_for(session, viewer)[0]
    assert version is not None and request is not None
    draft = drafts.start(installation.web, viewer, installation.storage, version)
    paper = papers.keep(installation.storage, own, "quote.pdf", PAPER)
    with installation.web.transaction(own) as session:
        drafts.set_audience(session, viewer, draft.public_id, largest)
        request_files.attach(session, viewer, request, paper)
        kept = elsewhere.add_file(session, viewer, money.public_id, paper)
    return [
        f"campaigns/{draft.public_id}/delete",
        f"campaigns/{draft.public_id}/setup",
        f"leads/{lead}/report",
        f"funding/requests/{request.public_id}/file",
        f"funding/elsewhere/{money.public_id}/files/{kept.public_id}",
    ]
