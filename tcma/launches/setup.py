"""Setting up a campaign in four steps, in any order: where each stands, and what it still lacks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.kit import Kit
from tcma import clock, storage
from tcma.audiences import terms
from tcma.audiences.models import ContactList
from tcma.errors import Conflict, phrase
from tcma.funds.models import Certificate, FundingRequest, RequestStatus
from tcma.kits.content import load_kit
from tcma.launches import budgets, queries, reach
from tcma.launches.budgets import Budget
from tcma.launches.models import Campaign, CampaignStatus
from tcma.launches.preparing import OPEN_REQUESTS
from tcma.launches.reach import Reach
from tcma.organisations.models import Organisation
from tcma.partners import brands
from tcma.partners.models import BrandProfile
from tcma.viewer import Viewer
from tcma.webinars import sessions
from tcma.webinars.models import WebinarSession


class Step(StrEnum):
    """The steps in their order; the word stands in the address."""

    BRAND = "brand"
    AUDIENCE = "audience"
    BUDGET = "budget"
    LAUNCH = "launch"


class Missing(StrEnum):
    """What keeps a step from being complete."""

    POSTAL_ADDRESS = "postal_address"
    CONTACT = "contact"
    WEBINAR = "webinar"
    TERMS = "terms"
    PEOPLE = "people"
    REACHABLE = "reachable"
    CERTIFICATE = "certificate"
    REQUEST = "request"
    EARLIER_STEPS = "earlier_steps"


class Funding(StrEnum):
    """Whose money the draft counts on. `LOST` was chosen and cannot be used any more."""

    OPEN = "open"  # nothing chosen: the launch takes a certificate that fits, or none
    CERTIFICATE = "certificate"
    CERTIFICATE_LOST = "certificate_lost"
    REQUEST = "request"
    REQUEST_LOST = "request_lost"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the steps are judged by. `people_count` are those who may be written to now."""

    has_logo: bool
    has_postal_address: bool
    has_contact: bool
    has_terms: bool
    has_list: bool
    is_link_only: bool  # nobody is written to: people come by the campaign's link
    people_count: int
    funding: Funding
    has_webinar: bool = True  # it is complete, or the kit has none


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its pages show it, readable after the session."""

    campaign: Campaign
    kit: Kit
    partner: Organisation
    vendor: Organisation
    profile: BrandProfile | None
    list: ContactList | None
    certificate: Certificate | None
    request: FundingRequest | None
    facts: Facts
    reached: Reach
    budget: Budget
    webinar: WebinarSession | None = None


def missing(facts: Facts) -> Mapping[Step, tuple[Missing, ...]]:
    """What each step lacks; the last lacks nothing of its own, only the others."""
    brand = [
        *([] if facts.has_postal_address else [Missing.POSTAL_ADDRESS]),
        *([] if facts.has_contact else [Missing.CONTACT]),
        *([] if facts.has_webinar else [Missing.WEBINAR]),
    ]
    audience = []
    if not facts.is_link_only:
        audience += [] if facts.has_terms else [Missing.TERMS]
        if not facts.has_list:
            audience.append(Missing.PEOPLE)
        elif facts.people_count == 0:
            audience.append(Missing.REACHABLE)
    budget = []
    if facts.funding is Funding.CERTIFICATE_LOST:
        budget.append(Missing.CERTIFICATE)
    if facts.funding is Funding.REQUEST_LOST:
        budget.append(Missing.REQUEST)
    launch = [Missing.EARLIER_STEPS] if brand or audience or budget else []
    return {
        Step.BRAND: tuple(brand),
        Step.AUDIENCE: tuple(audience),
        Step.BUDGET: tuple(budget),
        Step.LAUNCH: tuple(launch),
    }


def begins_at(facts: Facts) -> Step:
    """Where a person starts: a partner who has set its brand before goes straight to the people."""
    is_set = facts.has_logo and not missing(facts)[Step.BRAND]
    return Step.AUDIENCE if is_set else Step.BRAND


def following(step: Step) -> Step:
    """The step "Continue" leads to; the last leads to itself."""
    steps = list(Step)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def find_draft(session: Session, viewer: Viewer, files: storage.Storage, public_id: UUID) -> Draft:
    """A draft with all that its steps show: at most 19 statements, and the kit's files where no process
    has read them yet. Conflict once it was launched."""
    campaign = queries.find_campaign(session, viewer, public_id)
    if campaign.status is not CampaignStatus.DRAFT:
        status = campaign.status
        raise Conflict(
            phrase(
                "This campaign is %(status)s. Only a draft can be set up; return it to draft first.",
                status=status,
            )
        )
    version = campaign.kit_version  # held by the campaign, so that later looks for it ask nothing
    firms = _firms(session, campaign.partner_id, campaign.vendor_id)
    partner = firms[campaign.partner_id]
    profile = brands.profile_of(session, campaign.partner_id)
    kit = load_kit(session, files, version.id)
    reached = reach.of(session, campaign)
    webinar = sessions.of_campaign(session, campaign.id) if kit.webinar_key else None
    facts = replace(
        _facts(session, campaign, partner, profile, reached.count),
        has_webinar=webinar is None or not sessions.lacks(webinar, clock.now(session)),
    )
    return Draft(
        campaign=campaign,
        kit=kit,
        partner=partner,
        vendor=firms[campaign.vendor_id],
        profile=profile,
        list=_list(session, campaign),
        certificate=session.get(Certificate, campaign.certificate_id) if campaign.certificate_id else None,
        request=session.get(FundingRequest, campaign.request_id) if campaign.request_id else None,
        facts=facts,
        reached=reached,
        budget=budgets.budget_of(session, viewer, campaign, kit, facts.people_count),
        webinar=webinar,
    )


def _firms(session: Session, *ids: int) -> dict[int, Organisation]:
    return {
        found.id: found for found in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    }


def _list(session: Session, campaign: Campaign) -> ContactList | None:
    found = session.get(ContactList, campaign.list_id) if campaign.list_id else None
    return found if found is not None and found.deleted_at is None else None


def _facts(
    session: Session, campaign: Campaign, partner: Organisation, profile: BrandProfile | None, people: int
) -> Facts:
    return Facts(
        has_logo=profile is not None and profile.logo is not None,
        has_postal_address=bool(partner.street and partner.city),
        has_contact=profile is not None and bool(profile.contact_name and profile.contact_email),
        has_terms=terms.accepted(session, campaign.partner_id) is not None,
        has_list=campaign.list_id is not None,
        is_link_only=campaign.is_link_only,
        people_count=people,
        funding=_funding(session, campaign),
    )


def _funding(session: Session, campaign: Campaign) -> Funding:
    if campaign.certificate_id is not None:
        certificate = session.get_one(Certificate, campaign.certificate_id)
        is_usable = certificate.usable_on(clock.now(session).date())
        return Funding.CERTIFICATE if is_usable else Funding.CERTIFICATE_LOST
    if campaign.request_id is not None:
        request = session.get_one(FundingRequest, campaign.request_id)
        is_alive = request.status in (*OPEN_REQUESTS, RequestStatus.APPROVED)
        return Funding.REQUEST if is_alive else Funding.REQUEST_LOST
    return Funding.OPEN
