"""The launch: all that is slow first, then one transaction from draft to scheduled."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import calendar
from campaigns.errors import Problem
from tcma import clock, storage
from tcma.audit import trail
from tcma.config import Settings
from tcma.db import Database
from tcma.errors import Conflict, Invalid, phrase
from tcma.funds import lines
from tcma.funds.models import CostLine, FundingRequest, RequestStatus
from tcma.kits.models import KitVersion, VersionStatus
from tcma.launches import artefacts, brands, expand, preparing, queries, schedule, webinars
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, TouchStatus
from tcma.launches.preparing import Prepared, prepare
from tcma.partners.models import Partnership, PartnershipStatus
from tcma.viewer import OrganisationKind, Role, Viewer, acting_for


@dataclass(frozen=True, slots=True)
class Launched:
    """What was launched: to how many people, how many messages, and when the first one goes."""

    campaign: Campaign
    people_count: int
    message_count: int
    first_due_at: datetime  # the moment of launch where nobody is written to


class NotReady(Invalid):
    """The checklist says no; `problems` are its blocking lines."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.sentence for problem in problems))
        self.problems = problems


def launch(
    database: Database, viewer: Viewer, files: storage.Storage, settings: Settings, public_id: UUID
) -> Launched:
    """Launch a draft, once, however often the button is pressed.

    Raises NotReady with the checklist's blocking lines; Conflict when it was launched already, changed while
    it was being launched, or its kit or partnership closed in that moment.
    """
    require_launchable(database, viewer, public_id)
    prepared = prepare(database, viewer, files, settings, public_id)
    return launch_prepared(database, viewer, files, settings, prepared)


def require_launchable(database: Database, viewer: Viewer, public_id: UUID) -> None:
    """Before anything slow: the viewer may launch, and this is a draft."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    with database.reading(viewer.organisation_id) as session:
        _require_draft(queries.find_campaign(session, viewer, public_id))


def launch_prepared(
    database: Database, viewer: Viewer, files: storage.Storage, settings: Settings, prepared: Prepared
) -> Launched:
    """The second half: refuse what the checklist blocks, keep the mails, then everything in one transaction."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    if prepared.blocking or prepared.brands is None:
        raise NotReady(prepared.blocking)
    public_id = prepared.campaign.public_id
    stored = artefacts.store(files, viewer.organisation_id, prepared.frozen)
    artefacts.publish_pictures(files, prepared.kit, prepared.campaign, prepared.brands)
    with database.transaction(viewer.organisation_id) as session:
        campaign = queries.find_campaign(session, viewer, public_id, lock=True)
        _require_draft(campaign)
        _require_same(session, campaign, prepared, settings.mail_from)
        _hold_open(session, campaign)
        touches = schedule.lock_touches(session, campaign)
        start = schedule.start_of(session, campaign)
        schedule.set_due_times(campaign, touches, prepared.kit, start, prepared.webinar)
        brands.freeze(campaign, prepared.brands)
        numbers = artefacts.add_rows(session, campaign, touches, prepared.frozen, stored)
        people = 0 if campaign.is_link_only else expand.expand(session, campaign, touches, numbers)
        if not people and not campaign.is_link_only:
            raise Conflict("Nobody on this list may be written to any more. Look at the list again.")
        for touch in touches:
            if touch.kind != schedule.EMAIL and touch.status is TouchStatus.PENDING:
                touch.run()  # its page is open from launch to the end
        webinars.leave_out_too_late(session, touches, calendar.to_utc(start, campaign.timezone))
        mails = [touch for touch in touches if touch.kind == schedule.EMAIL]
        campaign.launched_by_id, campaign.launched_at = viewer.user_id, clock.now(session)
        if campaign.is_link_only:
            _open_page(campaign, mails)
        else:
            _fund(session, campaign, viewer, units=people * len(mails))
        detail = {"people": people, "messages": people * len(mails)}
        trail.record(session, viewer, "campaign.launched", campaign, detail)
        first_due_at = campaign.launched_at if campaign.is_link_only else _first_due(mails)
        return Launched(campaign, people, people * len(mails), first_due_at)


def open_line(
    session: Session, campaign: Campaign, *, units: int, certificate_id: int | None, user_id: int | None
) -> None:
    """Set the money aside for `units` messages, on the certificate given or the one that fits best."""
    kit_id = session.get_one(KitVersion, campaign.kit_version_id).kit_id
    taken_back = session.scalar(select(CostLine.id).where(CostLine.campaign_id == campaign.id))
    if taken_back is None:
        line = lines.open_line(
            session,
            campaign_id=campaign.id,
            vendor_id=campaign.vendor_id,
            partner_id=campaign.partner_id,
            units=units,
            certificate_id=certificate_id,
            kit_id=kit_id,
            user_id=user_id,
        )
    else:
        line = lines.reopen(
            session, taken_back, units=units, certificate_id=certificate_id, kit_id=kit_id, user_id=user_id
        )
    campaign.certificate_id = line.certificate_id


def _require_draft(campaign: Campaign) -> None:
    if campaign.status is not CampaignStatus.DRAFT:
        status = campaign.status
        raise Conflict(phrase("This campaign is not a draft any more; it is %(status)s.", status=status))


def _require_same(session: Session, campaign: Campaign, prepared: Prepared, mail_from: str) -> None:
    held = webinars.shown(session, campaign, prepared.kit)
    now = preparing.fingerprint(campaign, brands.current(session, campaign, mail_from), held)
    bases = expand.bases_of(session, campaign.partner_id, campaign.list_id or 0)
    if now != prepared.fingerprint or not set(bases) <= set(prepared.bases):
        raise Conflict("The campaign was changed while it was being launched. Look at it and launch again.")


def _hold_open(session: Session, campaign: Campaign) -> None:
    """Nobody withdraws the kit or ends the partnership until this launch is kept; if one did, refuse."""
    status = session.scalar(
        select(Partnership.status)
        .where(Partnership.vendor_id == campaign.vendor_id, Partnership.partner_id == campaign.partner_id)
        .with_for_update(read=True)
    )
    if status is not PartnershipStatus.ACTIVE:
        raise Conflict("The partnership is not active, so nothing new starts.")
    # The partner only reads the vendor's row; holding it is the vendor's right.
    with acting_for(session, campaign.vendor_id, "launches.hold_kit_version"):
        version = session.scalar(
            select(KitVersion.status)
            .where(KitVersion.id == campaign.kit_version_id)
            .with_for_update(read=True)
        )
    if version is not VersionStatus.PUBLISHED:
        raise Conflict("The vendor has just closed this version of the kit. Begin with the current one.")


def _fund(session: Session, campaign: Campaign, viewer: Viewer, units: int) -> None:
    """Scheduled with its money set aside, or waiting for the vendor's answer."""
    certificate_id = campaign.certificate_id
    if campaign.request_id is not None:
        request = session.scalars(
            select(FundingRequest)
            .where(FundingRequest.id == campaign.request_id)
            .with_for_update(read=True)
            .execution_options(populate_existing=True)
        ).one()
        if request.status in preparing.OPEN_REQUESTS:
            campaign.wait_for_funding()
            return
        if request.status is not RequestStatus.APPROVED:
            raise Conflict(
                phrase(
                    "The request for money is %(status)s. Ask anew, or launch without.", status=request.status
                )
            )
        certificate_id = request.certificate_id
    open_line(session, campaign, units=units, certificate_id=certificate_id, user_id=viewer.user_id)
    campaign.schedule()


def _open_page(campaign: Campaign, mails: list[CampaignTouch]) -> None:
    """By its link only: nothing is sent and nothing set aside; it runs until somebody ends it."""
    for mail in mails:
        if mail.status is not TouchStatus.SKIPPED:
            mail.skip()
    campaign.certificate_id = campaign.request_id = None
    campaign.schedule()
    campaign.start()


def _first_due(mails: list[CampaignTouch]) -> datetime:
    going = [touch for touch in mails if touch.status is not TouchStatus.SKIPPED]
    return min(touch.due_at for touch in going or mails if touch.due_at is not None)
