"""One calendar over all vendors: mails, money and leads of a partner between two days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.companies.models import Company
from tcma.funds import elsewhere
from tcma.funds.models import Certificate, CertificateStatus
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, TouchStatus
from tcma.leads import inbox
from tcma.leads.models import Lead, Stage
from tcma.organisations.models import Organisation
from tcma.viewer import Role, Viewer

MOST = 300  # of one kind
_UNSEEN = (CampaignStatus.CANCELLED, CampaignStatus.RECALLED, CampaignStatus.DRAFT)
_WORKED = (*inbox.UNCONTACTED, Stage.CONTACTED, Stage.QUALIFIED, Stage.OPPORTUNITY)
_MONEY = {Role.OWNER, Role.MARKETER, Role.FINANCE, Role.SALES, Role.READER}
_LEADS = {Role.OWNER, Role.MARKETER, Role.SALES}


class Kind(StrEnum):
    """What a reader can narrow the calendar to."""

    MAILS = "mails"
    MONEY = "money"
    LEADS = "leads"


class What(StrEnum):
    PLANNED = "planned"  # a mail that will go out
    SENT = "sent"
    MISSED = "missed"
    CERTIFICATE_ENDS = "certificate_ends"
    CERTIFICATE_SETTLES = "certificate_settles"
    USE = "use"  # money from elsewhere
    CLAIM = "claim"
    LEAD_DUE = "lead_due"
    LEAD_BACK = "lead_back"  # comes back from Not now


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on a day; `at` is its moment where it has one. `path` is under the partner's address."""

    on: date
    what: What
    kind: Kind
    name: str
    vendor: str
    path: str
    at: datetime | None = None
    more: str = ""
    amount: int = 0
    currency: str = ""


def entries_between(
    session: Session, viewer: Viewer, first: date, last: date, zone: ZoneInfo, kinds: Iterable[Kind] = Kind
) -> list[Entry]:
    """What happens from `first` to `last`, both included, days as they are in `zone`; the earliest first.
    At most four statements."""
    wanted, found = set(kinds), list[Entry]()
    span = datetime.combine(first, time.min, zone), datetime.combine(last, time.max, zone)
    if Kind.MAILS in wanted:
        found += _mails(session, viewer, span, zone)
    if Kind.MONEY in wanted and viewer.roles & _MONEY:
        found += _certificates(session, viewer, first, last)
        found += _elsewhere(session, viewer, first, last)
    if Kind.LEADS in wanted and viewer.roles & _LEADS:
        found += _leads(session, viewer, span, zone)
    return sorted(found, key=_order)


def _mails(session: Session, viewer: Viewer, span: tuple[datetime, datetime], zone: ZoneInfo) -> list[Entry]:
    rows = session.execute(
        select(CampaignTouch, Campaign.public_id, Campaign.name, Organisation.name)
        .join(Campaign, Campaign.id == CampaignTouch.campaign_id)
        .join(Organisation, Organisation.id == Campaign.vendor_id)
        .where(
            CampaignTouch.partner_id == viewer.organisation_id,
            CampaignTouch.kind == "email",
            CampaignTouch.due_at.between(*span),
            CampaignTouch.status != TouchStatus.SKIPPED,
            Campaign.status.not_in(_UNSEEN),
        )
        .order_by(CampaignTouch.due_at)
        .limit(MOST)
    )
    return [
        Entry(
            on=touch.due_at.astimezone(zone).date(),
            at=touch.due_at,
            what=_became(touch),
            kind=Kind.MAILS,
            name=name,
            vendor=vendor,
            path=f"campaigns/{public_id}",
            more=touch.name,
        )
        for touch, public_id, name, vendor in rows
        if touch.due_at is not None
    ]


def _became(touch: CampaignTouch) -> What:
    if touch.status is TouchStatus.MISSED:
        return What.MISSED
    return What.PLANNED if touch.status is TouchStatus.PENDING else What.SENT


def _certificates(session: Session, viewer: Viewer, first: date, last: date) -> list[Entry]:
    rows = session.execute(
        select(Certificate, Organisation.name)
        .join(Organisation, Organisation.id == Certificate.vendor_id)
        .where(
            Certificate.partner_id == viewer.organisation_id,
            Certificate.status.in_((CertificateStatus.ACTIVE, CertificateStatus.OFFERED)),
            or_(
                Certificate.valid_until_on.between(first, last),
                Certificate.settle_by_on.between(first, last),
            ),
        )
        .order_by(Certificate.id)
        .limit(MOST)
    )
    found = []
    for certificate, vendor in rows:
        days = (
            (certificate.valid_until_on, What.CERTIFICATE_ENDS),
            (certificate.settle_by_on, What.CERTIFICATE_SETTLES),
        )
        found += [
            Entry(
                on=day,
                what=what,
                kind=Kind.MONEY,
                name=certificate.code,
                vendor=vendor,
                path=f"funding/{certificate.public_id}",
                amount=certificate.amount,
                currency=certificate.currency,
            )
            for day, what in days
            if first <= day <= last
        ]
    return found


def _elsewhere(session: Session, viewer: Viewer, first: date, last: date) -> list[Entry]:
    return [
        Entry(
            on=deadline.on,
            what=What(deadline.what),
            kind=Kind.MONEY,
            name=deadline.money.vendor_name,
            vendor=deadline.money.vendor_name,
            path=f"funding/elsewhere/{deadline.money.public_id}",
            amount=deadline.money.amount,
            currency=deadline.money.currency,
        )
        for deadline in elsewhere.dates_between(session, viewer, first, last)
    ]


def _leads(session: Session, viewer: Viewer, span: tuple[datetime, datetime], zone: ZoneInfo) -> list[Entry]:
    moment = func.coalesce(Lead.comes_back_at, Lead.clock_until)
    rows = session.execute(
        select(Lead, Company.name, Organisation.name)
        .join(Company, Company.id == Lead.company_id)
        .join(Organisation, Organisation.id == Lead.vendor_id)
        .where(
            Lead.owner_id == viewer.organisation_id,
            Lead.stage.in_((*_WORKED, Stage.NURTURING)),
            moment.between(*span),
            inbox.waits_for(viewer, clock.now(session)),
        )
        .order_by(moment)
        .limit(MOST)
    )
    found = []
    for lead, company, vendor in rows:
        at = lead.comes_back_at or lead.clock_until
        assert at is not None  # the statement asked for it
        found.append(
            Entry(
                on=at.astimezone(zone).date(),
                at=at,
                what=What.LEAD_BACK if lead.stage is Stage.NURTURING else What.LEAD_DUE,
                kind=Kind.LEADS,
                name=company,
                vendor=vendor,
                path=f"leads/{lead.public_id}",
                more=lead.stage.value,
            )
        )
    return found


def _order(entry: Entry) -> tuple[date, float, str]:
    return entry.on, entry.at.timestamp() if entry.at else 0.0, entry.name
