"""A lead that was pushed back is told to whoever generated it, once that cannot be undone any more."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tcma.db import Database
from tcma.leads.models import Lead, LeadPerson, LeadTransition, Stage
from tcma.notices import service as notices
from tcma.notices.kinds import NoticeKind
from tcma.notices.recipients import Recipient
from tcma.organisations import recipients
from tcma.organisations.models import Organisation
from tcma.viewer import Role

HOME = "/account/"  # the vendor's people have no page of leads


def tell_pushed_back(database: Database, lead_id: int, deed_key: str) -> None:
    """The vendor's people hear which partner gives back a lead, of which campaign, and why; the company's name
    only where a person of it was disclosed to them."""
    with database.transaction() as session:
        lead = session.get(Lead, lead_id)
        if lead is None or lead.stage is not Stage.PUSHED_BACK:
            return
        notices.tell(
            session,
            NoticeKind.LEAD_PUSHED_BACK,
            _who_generated(session, lead),
            f"lead:{lead.id}:{deed_key}",
            {
                "partner": session.get_one(Organisation, lead.owner_id).name,
                "company": lead.company.name if _is_known(session, lead) else "",
                "campaign": lead.campaign.name if lead.campaign else "",
                "reason": _reason(session, lead),
            },
            HOME,
        )


def _who_generated(session: Session, lead: Lead) -> list[Recipient]:
    """Those who work with partners and leads at the vendor; its owners where nobody does."""
    working = recipients.people_with(session, lead.vendor_id, Role.LEAD_DEVELOPMENT, Role.CHANNEL_MANAGER)
    return working or recipients.people_with(session, lead.vendor_id, Role.OWNER)


def _is_known(session: Session, lead: Lead) -> bool:
    disclosed = exists().where(LeadPerson.lead_id == lead.id, LeadPerson.disclosed_at.is_not(None))
    return bool(session.scalar(select(disclosed)))


def _reason(session: Session, lead: Lead) -> str:
    last = (
        select(LeadTransition.reason)
        .where(LeadTransition.lead_id == lead.id, LeadTransition.to_stage == Stage.PUSHED_BACK)
        .order_by(LeadTransition.id.desc())
        .limit(1)
    )
    return session.scalar(last) or ""
