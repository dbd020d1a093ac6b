"""A draft asks its vendor for money, and says who answers its leads."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock, storage
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Conflict, Invalid, phrase
from tcma.funds import requests
from tcma.funds.models import FundingRequest, RequestStatus
from tcma.kits.content import load_kit
from tcma.kits.models import KitVersion
from tcma.launches import budgets, drafts, queries, schedule
from tcma.launches.budgets import Money
from tcma.launches.models import Campaign
from tcma.launches.preparing import OPEN_REQUESTS
from tcma.organisations.models import Membership, User
from tcma.viewer import OrganisationKind, Role, Viewer

ANSWERING = (Role.OWNER, Role.MARKETER, Role.SALES)


def ask_for_funding(
    database: Database, viewer: Viewer, files: storage.Storage, public_id: UUID, why: str = ""
) -> FundingRequest:
    """Ask the vendor for its part of the draft's budget. Granted at once, the draft uses the new certificate;
    otherwise it waits for the answer.

    Conflict when nothing has to be asked: a certificate covers it, it was asked already, or no fund is open.
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    with database.reading(viewer.organisation_id) as session:
        kit = load_kit(session, files, queries.find_campaign(session, viewer, public_id).kit_version_id)
    with database.transaction(viewer.organisation_id) as session:
        campaign = drafts.editable(session, viewer, public_id)
        budget = budgets.budget_of(session, viewer, campaign, kit)
        offer = budget.source.offer
        if offer is None:
            raise Conflict(_nothing_to_ask(budget.source.money))
        if not budget.split.vendor:
            raise Conflict("This budget costs nothing the vendor could share. Plan a cost first.")
        wanted = requests.Ask(
            vendor_id=campaign.vendor_id,
            fund_id=offer.fund_id,
            amount=budget.split.vendor,
            terms_version=offer.terms_version,
            kit_id=session.get_one(KitVersion, campaign.kit_version_id).kit_id,
            starts_on=schedule.start_of(session, campaign).date(),
            why=why,
        )
        request = requests.ask(session, viewer, wanted)
        _keep_costs(session, viewer, campaign, budget)
        if request.status is RequestStatus.APPROVED:
            campaign.certificate_id, campaign.request_id = request.certificate_id, None
        else:
            campaign.certificate_id, campaign.request_id = None, request.id
        trail.record(session, viewer, "campaign.funding_asked", campaign, {"request_id": request.id})
    return request


def withdraw_request(session: Session, viewer: Viewer, public_id: UUID) -> Campaign:
    """Take back what the draft asked for; it may ask anew, or be launched without."""
    campaign = drafts.editable(session, viewer, public_id)
    if campaign.request_id is None:
        raise Conflict("This campaign waits for no request.")
    request = session.get_one(FundingRequest, campaign.request_id)
    if request.status in OPEN_REQUESTS:
        requests.withdraw(session, viewer, request.public_id)
    campaign.request_id = None
    trail.record(session, viewer, "campaign.funding_set", campaign)
    return campaign


def answerers_for(session: Session, viewer: Viewer) -> list[User]:
    """The people of the viewer's organisation who can answer leads, by name; one statement."""
    wanted = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == viewer.organisation_id, Membership.role.in_(ANSWERING))
        .distinct()
        .order_by(User.name, User.id)
    )
    return list(session.scalars(wanted))


def set_answerer(
    session: Session, viewer: Viewer, public_id: UUID, user_id: UUID | None, *, asked: bool = False
) -> Campaign:
    """Who answers the leads of a draft; None leaves them to whoever takes them first. `asked`: that person was
    asked today and said yes."""
    campaign = drafts.editable(session, viewer, public_id)
    chosen = None
    if user_id is not None:
        found = [user for user in answerers_for(session, viewer) if user.public_id == user_id]
        if not found:
            sentence = phrase(
                "This person does not work leads here. Choose a colleague with the role sales or marketer."
            )
            raise Invalid(sentence, {"answerer": sentence})
        chosen = found[0].id
    if chosen != campaign.answerer_id:
        campaign.answerer_asked_at = None
    campaign.answerer_id = chosen
    if asked and chosen is not None:
        now = clock.now(session)
        campaign.answerer_asked_at = campaign.answerer_asked_at if was_asked_today(campaign, now) else now
    elif not asked:
        campaign.answerer_asked_at = None
    trail.record(session, viewer, "campaign.answerer_set", campaign, {"user_id": chosen})
    return campaign


def was_asked_today(campaign: Campaign, now: datetime) -> bool:
    """Whether the answerer said yes on this day, as days are where the campaign is; yesterday's yes is old."""
    zone, asked_at = ZoneInfo(campaign.timezone), campaign.answerer_asked_at
    return asked_at is not None and asked_at.astimezone(zone).date() == now.astimezone(zone).date()


def spare_recent(session: Session, viewer: Viewer, public_id: UUID, spares: bool) -> Campaign:
    """Whether a draft leaves out who had or gets another mail within seven days."""
    campaign = drafts.editable(session, viewer, public_id)
    campaign.leaves_out_recent = spares
    trail.record(session, viewer, "campaign.sparing_set", campaign)
    return campaign


def _keep_costs(session: Session, viewer: Viewer, campaign: Campaign, budget: budgets.Budget) -> None:
    """What was asked for is what stands in the list from now on, also where the kit proposed it."""
    if not budget.is_saved:
        budgets.set_costs(session, viewer, campaign.public_id, budget.costs, budget.currency)


def _nothing_to_ask(found: Money) -> str:
    return {
        Money.CERTIFICATE: phrase("A certificate covers this campaign already; nothing has to be asked."),
        Money.REQUEST: phrase("The vendor was asked already. Wait for the answer, or withdraw the request."),
    }.get(
        found,
        phrase("No fund of this vendor is open to you for this kit. Launch with your own budget or none."),
    )
