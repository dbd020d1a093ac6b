"""Campaigns that wait for the vendor's money: started, sent back, or launched without."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from campaigns import calendar
from tcma import clock
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Conflict, phrase
from tcma.funds.models import Certificate, CertificateStatus, FundingRequest, RequestStatus
from tcma.jobs import rows
from tcma.kits.models import KitVersion
from tcma.launches import endings, queries, schedule, service
from tcma.launches.launching import open_line
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, TouchStatus
from tcma.launches.obstacles import SkipReason
from tcma.launches.preparing import OPEN_REQUESTS
from tcma.partners.models import Partnership, PartnershipStatus
from tcma.partners.queries import partnership_between
from tcma.viewer import OrganisationKind, Role, Viewer

_WAITING = CampaignStatus.WAITING_FOR_FUNDING
_BEGUN = (CampaignStatus.RUNNING, CampaignStatus.PAUSED, CampaignStatus.STOPPED)


def launch_without_funding(session: Session, viewer: Viewer, public_id: UUID) -> Campaign:
    """Wait no longer: the partner pays, or a certificate it holds already."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    campaign = queries.find_campaign(session, viewer, public_id, lock=True)
    if campaign.status is not _WAITING:
        status = campaign.status
        raise Conflict(phrase("This campaign does not wait for funding; it is %(status)s.", status=status))
    campaign.request_id = None
    _leave_waiting(session, campaign, certificate_id=None, user_id=viewer.user_id)
    trail.record(session, viewer, "campaign.launched_without_funding", campaign)
    return campaign


def start_funded(database: Database, request_id: int) -> int:
    """The job of an approval: campaigns that waited for this request are scheduled; how many."""
    return _each(database, Campaign.request_id == request_id)


def recheck_funding(
    database: Database,
    *,
    request_id: int | None = None,
    certificate_id: int | None = None,
    vendor_id: int | None = None,
    partner_id: int | None = None,
) -> int:
    """The job of any other change: of a request, a certificate or a partnership; how many campaigns changed.

    A campaign whose request was declined, withdrawn or ran out is a draft again, and so is one whose certificate
    cannot be used any more before it began; while that is suspended it waits. When a partnership ended, what
    had not begun is cancelled and what runs ends after the mail that is going out. For campaigns that run a
    certificate needs nothing here: the claiming statement reads its status.
    """
    if request_id is not None:
        return _each(database, Campaign.request_id == request_id)
    if vendor_id is not None and partner_id is not None:
        return _each(
            database, (Campaign.vendor_id == vendor_id) & (Campaign.partner_id == partner_id), also=_BEGUN
        )
    if certificate_id is not None:
        made = select(FundingRequest.id).where(FundingRequest.certificate_id == certificate_id)
        return _each(database, Campaign.request_id.in_(made))
    return _each(database, Campaign.request_id.is_not(None))


def give_up_waiting(database: Database, limit: int = 100) -> int:
    """The beat: campaigns with a date of their own start on it, with or without funding; how many."""
    first_due = (
        select(func.min(CampaignTouch.due_at))
        .where(CampaignTouch.campaign_id == Campaign.id)
        .scalar_subquery()
    )
    partnership_is_active = (
        select(Partnership.id)
        .where(
            Partnership.vendor_id == Campaign.vendor_id,
            Partnership.partner_id == Campaign.partner_id,
            Partnership.status == PartnershipStatus.ACTIVE,
        )
        .exists()
    )

    def find(session: Session) -> Sequence[int]:
        return session.scalars(
            select(Campaign.id)
            .where(
                Campaign.status == _WAITING,
                Campaign.starts_local.is_not(None),
                Campaign.starts_local != schedule.START_NOW,
                first_due <= clock.now(session),
                partnership_is_active,
            )
            .order_by(Campaign.id)
            .limit(limit)
        ).all()

    return sum(rows.each(database, find, _start_unfunded))


def _each(database: Database, which: ColumnElement[bool], also: tuple[CampaignStatus, ...] = ()) -> int:
    statuses = (_WAITING, CampaignStatus.SCHEDULED, *also)
    wanted = select(Campaign.id).where(which, Campaign.status.in_(statuses)).order_by(Campaign.id)

    def settle(session: Session, campaign_id: int) -> bool:
        campaign = queries.lock_campaign(session, campaign_id)
        return campaign is not None and campaign.status in statuses and _settle(session, campaign)

    return sum(rows.each(database, lambda session: session.scalars(wanted).all(), settle))


def _start_unfunded(session: Session, campaign_id: int) -> bool:
    campaign = queries.lock_campaign(session, campaign_id)
    if campaign is None or campaign.status is not _WAITING or not _is_active(session, campaign):
        return False
    campaign.request_id = None
    _leave_waiting(session, campaign, certificate_id=None, user_id=None)
    _note(session, campaign, "campaign.started_unfunded")
    return True


def _settle(session: Session, campaign: Campaign) -> bool:
    """Whether what is known about money and partnership changed this campaign."""
    partnership = partnership_between(session, campaign.vendor_id, campaign.partner_id)
    if partnership is None or partnership.status is PartnershipStatus.ENDED:
        _end(session, campaign)
        return True
    if campaign.status is not _WAITING or campaign.request_id is None:
        return False
    request = session.get_one(FundingRequest, campaign.request_id)
    if request.status in OPEN_REQUESTS:
        return False
    if request.status is not RequestStatus.APPROVED:
        _send_back(session, campaign, "campaign.funding_declined")
        return True
    certificate = session.get_one(Certificate, request.certificate_id)
    reason = _why_unusable(session, campaign, certificate)
    if reason:
        _send_back(
            session, campaign, "campaign.funding_lost", {"certificate": certificate.code, "reason": reason}
        )
        return True
    if certificate.status is CertificateStatus.SUSPENDED:
        return False  # it waits on until the certificate is resumed, or ends
    if partnership.status is not PartnershipStatus.ACTIVE:
        return False  # it waits on until the partnership is resumed
    _leave_waiting(session, campaign, certificate_id=certificate.id, user_id=request.asked_by_id)
    _note(session, campaign, "campaign.funded")
    return True


def _why_unusable(session: Session, campaign: Campaign, certificate: Certificate) -> str:
    """Why nothing will ever be reserved on the certificate for this campaign; empty when something may."""
    if not certificate.keeps_money_on(clock.now(session).date()):
        is_past = certificate.status in (CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED)
        return CertificateStatus.EXPIRED.value if is_past else certificate.status.value
    kit_id = session.get_one(KitVersion, campaign.kit_version_id).kit_id
    return "for another kit" if certificate.kit_id not in (None, kit_id) else ""


def _send_back(
    session: Session, campaign: Campaign, action: str, detail: dict[str, str] | None = None
) -> None:
    """A draft again: the partner asks anew, or launches without."""
    service.undo_launch(session, campaign)
    campaign.request_id = None
    _note(session, campaign, action, detail)


def _leave_waiting(
    session: Session, campaign: Campaign, *, certificate_id: int | None, user_id: int | None
) -> None:
    """Scheduled, with its money; without a date of its own at the next good sending time from now."""
    touches = schedule.lock_touches(session, campaign)
    mails = [touch for touch in touches if touch.kind == schedule.EMAIL]
    if campaign.starts_local in (None, schedule.START_NOW):
        due = _next_due(session, campaign, mails[0])
        schedule.put_off(touches, mails[0], due, campaign.timezone)
    units = sum(touch.people_count for touch in mails)
    open_line(session, campaign, units=units, certificate_id=certificate_id, user_id=user_id)
    campaign.schedule()


def _next_due(session: Session, campaign: Campaign, first: CampaignTouch) -> datetime:
    now = clock.now(session)
    if campaign.starts_local == schedule.START_NOW or first.due_at is None:
        return now
    zone = ZoneInfo(campaign.timezone)
    day = schedule.start_of(session, campaign).date()
    wall = datetime.combine(day, first.due_at.astimezone(zone).time())
    return calendar.to_utc(wall, campaign.timezone)


def _end(session: Session, campaign: Campaign) -> None:
    """The partnership is over."""
    if campaign.status is not CampaignStatus.RUNNING:
        endings.cancel(session, campaign)
        _note(session, campaign, "campaign.cancelled")
        return
    touches = schedule.lock_touches(session, campaign)
    for touch in touches:
        if touch.kind == schedule.EMAIL and touch.status is TouchStatus.PENDING:
            endings.skip_queued(session, touch, SkipReason.CANCELLED)
            touch.skip()
    session.flush()
    endings.finish_if_over(session, campaign, touches)


def _is_active(session: Session, campaign: Campaign) -> bool:
    partnership = partnership_between(session, campaign.vendor_id, campaign.partner_id)
    return partnership is not None and partnership.is_active


def _note(session: Session, campaign: Campaign, action: str, detail: dict[str, str] | None = None) -> None:
    trail.record(session, None, action, campaign, detail, organisation_id=campaign.partner_id)
