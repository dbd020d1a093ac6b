"""What a partner does with its webinar once the campaign was launched: move it, cancel it, put up the recording."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import calendar
from campaigns import webinar as times
from campaigns.errors import ContentError
from campaigns.kit import Kit
from tcma import clock, storage
from tcma.audit import trail
from tcma.config import Settings
from tcma.db import Database
from tcma.errors import Conflict, Invalid
from tcma.kits.content import load_kit
from tcma.launches import endings, queries, reprinting, schedule, webinars
from tcma.launches.artefacts import Place
from tcma.launches.models import Campaign, TouchStatus
from tcma.launches.obstacles import SkipReason
from tcma.launches.reprinting import Reprint
from tcma.organisations.models import Organisation
from tcma.seats import telling
from tcma.seats.mails import Kind
from tcma.viewer import OrganisationKind, Role, Viewer
from tcma.webinars import sessions
from tcma.webinars.models import WebinarSession
from tcma.webinars.sessions import Phase


def move(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    settings: Settings,
    public_id: UUID,
    wall: datetime,
    timezone: str,
) -> WebinarSession:
    """Another day or time (local, in `timezone`). Mails that have not gone say the new day; those counted from it
    move with it, and one whose day is past by that is left out; everybody with a seat is told and reminded anew.
    Invalid for a day that cannot be, Conflict once it has begun."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    with database.reading(viewer.organisation_id) as session:
        campaign, row = _own(session, viewer, public_id)
        now = clock.now(session)
        sessions.move(_copy(row), wall, timezone, now)  # refuses before anything slow
        kit = load_kit(session, files, campaign.kit_version_id)
        webinar = kit.webinar(campaign.locales[0])
        assert webinar is not None
        held = times.Session(webinar.title, calendar.to_utc(wall, timezone), row.minutes, timezone)
        partner = session.get_one(Organisation, campaign.partner_id)
        reprint = _reprint(session, files, campaign, kit, Place(settings.base_url, partner.slug), held)
    with database.transaction(viewer.organisation_id) as session:
        campaign, row = _own(session, viewer, public_id, lock=True)
        now = clock.now(session)
        sessions.move(row, wall, timezone, now)
        touches = schedule.lock_touches(session, campaign)
        schedule.set_due_from_webinar(campaign, touches, kit, held)
        webinars.leave_out_too_late(session, touches, now)
        reprinting.swap(session, campaign, reprint)
        telling.due_anew(session, row, now)
        telling.enqueue(session, row, Kind.MOVED)
        trail.record(session, viewer, "webinar.moved", campaign, {"sequence": row.sequence})
    return row


def cancel(session: Session, viewer: Viewer, public_id: UUID) -> WebinarSession:
    """It does not take place. Mails that are counted from it and have not begun are left out; the others of the
    campaign are the partner's to stop. Everybody with a seat is told."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    campaign, row = _own(session, viewer, public_id, lock=True)
    sessions.cancel(row, clock.now(session))
    touches = schedule.lock_touches(session, campaign)
    for touch in touches:
        if touch.counted_from and touch.status in (TouchStatus.PENDING, TouchStatus.MISSED):
            schedule.pass_on_soft_start(touches, touch)
            endings.skip_queued(session, touch, SkipReason.CANCELLED)
            touch.skip()
    session.flush()
    endings.finish_if_over(session, campaign, touches)
    telling.enqueue(session, row, Kind.CANCELLED)
    trail.record(session, viewer, "webinar.cancelled", campaign)
    return row


def set_recording(session: Session, viewer: Viewer, public_id: UUID, address: str) -> WebinarSession:
    """Where the recording is. The first time, those who asked for it get a mail; the page shows it from then on."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    campaign, row = _own(session, viewer, public_id, lock=True)
    try:
        link = sessions.checked_link(address)
    except Invalid as error:
        raise Invalid(error.sentence, {"recording": error.sentence}) from error
    now = clock.now(session)
    if sessions.phase(row, now) is not Phase.OVER:
        raise Conflict("There is no recording before the webinar is over.")
    row.recording_url, row.recording_at = link, now if link else None
    if link:
        telling.enqueue(session, row, Kind.RECORDING)
    trail.record(session, viewer, "webinar.recording_set", campaign)
    return row


def _own(
    session: Session, viewer: Viewer, public_id: UUID, *, lock: bool = False
) -> tuple[Campaign, WebinarSession]:
    campaign = queries.find_campaign(session, viewer, public_id, lock=lock)
    webinars.require_launched(campaign)
    return campaign, webinars.find_session(session, campaign, lock=lock)


def _reprint(
    session: Session,
    files: storage.Storage,
    campaign: Campaign,
    kit: Kit,
    place: Place,
    held: times.Session,
) -> Reprint:
    try:
        return reprinting.prepare(session, files, campaign, kit, place, held)
    except ContentError as error:
        raise Conflict("\n".join(problem.sentence for problem in error.problems)) from error


def _copy(row: WebinarSession) -> WebinarSession:
    """The same values outside of any session."""
    return WebinarSession(
        starts_local=row.starts_local,
        timezone=row.timezone,
        starts_at=row.starts_at,
        minutes=row.minutes,
        room_url=row.room_url,
        host_name=row.host_name,
        sequence=row.sequence,
        cancelled_at=row.cancelled_at,
    )
