"""What waits for a person of a partner: one statement per subject, each narrowed to what may be theirs to do."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from tcma.companies.models import Company
from tcma.funds.accounts import AccountKind, LedgerAccount
from tcma.funds.elsewhere_models import ElsewhereMoney, ElsewhereStatus
from tcma.funds.models import Certificate, CertificateStatus, FundingRequest, RequestStatus
from tcma.home.tasks import Finding, Kind
from tcma.launches.models import Campaign, CampaignStatus
from tcma.leads import inbox
from tcma.leads.models import Lead, Stage
from tcma.organisations.models import Organisation
from tcma.viewer import Role, Viewer

MOST = 50  # of one kind; a task of more says "50"
CLAIM_WITHIN = timedelta(days=14)
EXPIRES_WITHIN = timedelta(days=45)
UNTOUCHED_FOR = timedelta(days=3)
FRESH = "fresh"  # a draft somebody works on these days
_WORKED = (Stage.CONTACTED, Stage.QUALIFIED, Stage.OPPORTUNITY)
_SELLS = {Role.OWNER, Role.MARKETER, Role.SALES}
_RUNS = {Role.OWNER, Role.MARKETER}
_PAYS = {Role.OWNER, Role.MARKETER, Role.FINANCE}


def findings_for(session: Session, viewer: Viewer, now: datetime) -> list[Finding]:
    """Everything that waits for this person. At most five statements."""
    found: list[Finding] = []
    if viewer.roles & _SELLS:
        found += leads(session, viewer, now)
    if viewer.roles & _RUNS:
        found += campaigns(session, viewer, now)
        found += questions(session, viewer)
        found += certificates(session, viewer, now)
    if viewer.roles & _PAYS:
        found += elsewhere(session, viewer, now)
    return found


def leads(session: Session, viewer: Viewer, now: datetime) -> list[Finding]:
    """New leads and those whose time ends within a day; worked ones that are without news. One statement.

    They are the viewer's own or nobody's; an owner is also told of a colleague's that is about to be over.
    """
    ends_soon = Lead.clock_until <= now + inbox.ENDS_WITHIN
    rows = session.execute(
        select(Lead.public_id, Lead.stage, Lead.clock_until, Company.name, Organisation.name)
        .join(Company, Company.id == Lead.company_id)
        .join(Organisation, Organisation.id == Lead.vendor_id)
        .where(
            Lead.owner_id == viewer.organisation_id,
            inbox.waits_for(viewer, now),
            or_(
                Lead.stage.in_(inbox.ARRIVED),
                and_(Lead.stage == Stage.ACCEPTED, ends_soon),
                and_(Lead.stage.in_(_WORKED), Lead.clock_until <= now),
            ),
        )
        .order_by(Lead.clock_until, Lead.id)
        .limit(2 * MOST)
    )
    return [
        Finding(
            Kind.UPDATES if stage in _WORKED else Kind.LEADS,
            f"lead:{public_id}",
            due_at=due,
            name=company,
            state=stage.value,
            path=f"leads/{public_id}",
            vendor=vendor,
        )
        for public_id, stage, due, company, vendor in rows
    ]


def campaigns(session: Session, viewer: Viewer, now: datetime) -> list[Finding]:
    """Stopped ones, and drafts that nobody touched for three days. One statement."""
    touched = func.coalesce(Campaign.changed_at, Campaign.created_at)
    rows = session.execute(
        select(Campaign.public_id, Campaign.name, Campaign.status, Campaign.stop_reason, Organisation.name)
        .join(Organisation, Organisation.id == Campaign.vendor_id)
        .where(
            Campaign.partner_id == viewer.organisation_id,
            or_(
                Campaign.status == CampaignStatus.STOPPED,
                and_(Campaign.status == CampaignStatus.DRAFT, touched < now - UNTOUCHED_FOR),
            ),
        )
        .order_by(Campaign.id.desc())
        .limit(2 * MOST)
    )
    return [
        Finding(
            Kind.CAMPAIGN_STOPPED if status is CampaignStatus.STOPPED else Kind.DRAFT,
            f"campaign:{public_id}",
            name=name,
            state=reason.value if reason else "",
            path=f"campaigns/{public_id}",
            vendor=vendor,
        )
        for public_id, name, status, reason, vendor in rows
    ]


def drafts(session: Session, viewer: Viewer) -> list[Finding]:
    """What was begun and not launched, the latest first: for a day on which nothing else waits. One statement."""
    rows = session.execute(
        select(Campaign.public_id, Campaign.name, Organisation.name)
        .join(Organisation, Organisation.id == Campaign.vendor_id)
        .where(Campaign.partner_id == viewer.organisation_id, Campaign.status == CampaignStatus.DRAFT)
        .order_by(func.coalesce(Campaign.changed_at, Campaign.created_at).desc(), Campaign.id.desc())
        .limit(MOST)
    )
    return [
        Finding(
            Kind.DRAFT,
            f"campaign:{public_id}",
            name=name,
            state=FRESH,
            path=f"campaigns/{public_id}",
            vendor=vendor,
        )
        for public_id, name, vendor in rows
    ]


def questions(session: Session, viewer: Viewer) -> list[Finding]:
    """Requests about which a vendor asked something. One statement."""
    rows = session.execute(
        select(FundingRequest.public_id, FundingRequest.amount, FundingRequest.currency, Organisation.name)
        .join(Organisation, Organisation.id == FundingRequest.vendor_id)
        .where(
            FundingRequest.partner_id == viewer.organisation_id,
            FundingRequest.status == RequestStatus.INFO_REQUESTED,
        )
        .order_by(FundingRequest.id)
        .limit(MOST)
    )
    return [
        Finding(
            Kind.QUESTION,
            f"request:{public_id}",
            path=f"funding/requests/{public_id}",
            vendor=vendor,
            amount=amount,
            currency=currency,
        )
        for public_id, amount, currency, vendor in rows
    ]


def certificates(session: Session, viewer: Viewer, now: datetime) -> list[Finding]:
    """Active ones with money left that expire within 45 days. One statement."""
    today = now.date()
    rows = session.execute(
        select(Certificate, LedgerAccount.balance, Organisation.name)
        .join(LedgerAccount, LedgerAccount.certificate_id == Certificate.id)
        .join(Organisation, Organisation.id == Certificate.vendor_id)
        .where(
            Certificate.partner_id == viewer.organisation_id,
            Certificate.status == CertificateStatus.ACTIVE,
            Certificate.valid_until_on >= today,
            Certificate.valid_until_on <= today + EXPIRES_WITHIN,
            LedgerAccount.kind == AccountKind.ISSUED,
            LedgerAccount.balance > 0,
        )
        .order_by(Certificate.valid_until_on, Certificate.id)
        .limit(MOST)
    )
    return [
        Finding(
            Kind.MONEY,
            f"certificate:{certificate.public_id}",
            due_at=end_of(certificate.valid_until_on, now),
            path=f"funding/{certificate.public_id}",
            vendor=vendor,
            amount=left,
            currency=certificate.currency,
        )
        for certificate, left, vendor in rows
    ]


def elsewhere(session: Session, viewer: Viewer, now: datetime) -> list[Finding]:
    """Money from elsewhere that must be claimed within 14 days or used within 45. One statement."""
    today = now.date()
    claim_soon = and_(
        ElsewhereMoney.status == ElsewhereStatus.USED,
        ElsewhereMoney.claim_by_on.between(today, today + CLAIM_WITHIN),
    )
    use_soon = and_(
        ElsewhereMoney.status == ElsewhereStatus.OPEN,
        ElsewhereMoney.use_by_on.between(today, today + EXPIRES_WITHIN),
    )
    rows = session.scalars(
        select(ElsewhereMoney)
        .where(ElsewhereMoney.partner_id == viewer.organisation_id, or_(claim_soon, use_soon))
        .order_by(ElsewhereMoney.id)
        .limit(2 * MOST)
    )
    found = []
    for money in rows:
        is_claim = money.status is ElsewhereStatus.USED
        last_day = money.claim_by_on if is_claim else money.use_by_on
        assert last_day is not None  # the statement asked for it
        found.append(
            Finding(
                Kind.CLAIM if is_claim else Kind.MONEY,
                f"elsewhere:{money.public_id}",
                due_at=end_of(last_day, now),
                state="elsewhere",
                path=f"funding/elsewhere/{money.public_id}",
                vendor=money.vendor_name,
                amount=money.amount,
                currency=money.currency,
            )
        )
    return found


def end_of(day: date, now: datetime) -> datetime:
    """The last moment of a day, in the zone `now` is in."""
    return datetime.combine(day, time(23, 59), tzinfo=now.tzinfo)
