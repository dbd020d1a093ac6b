"""A partner with something of everything that can wait for a person."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from campaigns.kit import Sale
from tcma import clock
from tcma.audiences import service as audiences
from tcma.audiences import terms
from tcma.audiences.details import Details
from tcma.audiences.models import Basis
from tcma.companies.models import Company
from tcma.funds import elsewhere
from tcma.funds.elsewhere import Noted
from tcma.funds.elsewhere_models import ElsewhereStatus
from tcma.funds.models import FundingRequest, RequestStatus
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, StopReason, TouchStatus
from tcma.leads.models import Grade, Lead, LeadPerson, LeadSource, Stage
from tests.tcma.funds.scene import Scene

_numbers = count(1)


def now(scene: Scene) -> datetime:
    with scene.installation.worker.reading() as session:
        return clock.now(session)


def a_lead(scene: Scene, name: str = "Lindt AG", stage: Stage = Stage.NEW, **values: Any) -> Lead:
    """`due` is when its clock is over, in a week unless said otherwise; `holder_id` whose it is."""
    at = now(scene)
    due = values.pop("due", at + timedelta(days=7))
    with scene.as_worker() as session:
        number = next(_numbers).to_bytes(16)
        company = Company(
            organisation_id=scene.partner.organisation_id,
            name=name,
            domain_key=number,
            name_key=number,
            created_at=at,
        )
        session.add(company)
        session.flush()
        given: dict[str, Any] = {
            "owner_id": scene.partner.organisation_id,
            "vendor_id": scene.vendor.organisation_id,
            "company_id": company.id,
            "source": LeadSource.PARTNER_SOURCED,
            "stage": stage,
            "grade": Grade.INQUIRY,
            "sale": Sale.TRANSACTIONAL,
            "first_touch_at": at,
            "first_touch_kind": "clicked",
            "attribution_rule": "first_partner_touch_90_days",
            "shelf_life_until": at + timedelta(days=60),
            "clock_from": at,
            "clock_until": due,
            "created_at": at,
            "updated_at": at,
            **values,
        }
        lead = Lead(**given)
        session.add(lead)
        session.flush()
        session.add(
            LeadPerson(
                lead_id=lead.id,
                owner_id=lead.owner_id,
                vendor_id=lead.vendor_id,
                address=f"anna{lead.id}@lindt.example",
                name="Anna Frei",
                created_at=at,
            )
        )
        return lead


def a_campaign(
    scene: Scene,
    name: str = "Backup",
    status: CampaignStatus = CampaignStatus.RUNNING,
    *,
    reason: StopReason | None = None,
    touched: datetime | None = None,
    launched: bool = True,
) -> int:
    campaign_id = scene.campaign()
    with scene.as_worker() as session:
        campaign = session.get_one(Campaign, campaign_id)
        campaign.name, campaign.status, campaign.stop_reason = name, status, reason
        campaign.changed_at = touched or now(scene)
        campaign.launched_at = now(scene) if launched else None
    return campaign_id


def a_mail(scene: Scene, campaign_id: int, due: datetime, status: TouchStatus = TouchStatus.PENDING) -> None:
    with scene.as_worker() as session:
        session.add(
            CampaignTouch(
                campaign_id=campaign_id,
                vendor_id=scene.vendor.organisation_id,
                partner_id=scene.partner.organisation_id,
                position=next(_numbers),
                key=f"mail-{next(_numbers)}",
                kind="email",
                name="Invitation",
                status=status,
                due_at=due,
            )
        )


def a_question(scene: Scene, fund_id: int, amount: int = 40_000) -> None:
    """A request of the partner about which the vendor asked something."""
    with scene.as_worker() as session:
        session.add(
            FundingRequest(
                vendor_id=scene.vendor.organisation_id,
                partner_id=scene.partner.organisation_id,
                fund_id=fund_id,
                amount=amount,
                currency="CHF",
                status=RequestStatus.INFO_REQUESTED,
                question="Which customers?",
                terms_version="1",
                terms_text="Half.",
                asked_by_id=scene.partner.user_id,
                created_at=now(scene),
            )
        )


def money_elsewhere(
    scene: Scene, vendor: str, *, use_by: date | None = None, claim_by: date | None = None
) -> None:
    """Already used where only a day to claim is given."""
    with scene.as_partner() as session:
        noted = elsewhere.note(
            session, scene.partner, Noted(vendor, 50_000, "CHF", use_by_on=use_by, claim_by_on=claim_by)
        )
        if use_by is None:
            elsewhere.move(session, scene.partner, noted.public_id, ElsewhereStatus.USED)


def on_a_list(scene: Scene, address: str) -> None:
    """A person of the partner's, on a list."""
    with scene.as_partner() as session:
        terms.accept_processing_terms(session, scene.partner, terms.CURRENT)
        customers = audiences.make_list(session, scene.partner, "Customers")
        audiences.add_contact(
            session,
            scene.partner,
            customers.public_id,
            Details(address),
            basis=Basis.CUSTOMER,
            hash_key=scene.installation.settings.hash_key,
        )
