"""When a campaign's touches are due, and the beat that starts them: local wall time, never late by itself."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import calendar
from campaigns import webinar as times
from campaigns.kit import Kit, Touch
from tcma import clock
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Invalid, phrase
from tcma.jobs import rows
from tcma.launches import figures, obstacles, queries, telling
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, StopReason, TouchStatus
from tcma.organisations.models import Organisation
from tcma.partners.models import Partnership, PartnershipStatus

EMAIL = "email"
LATEST = timedelta(hours=2)  # later than this a touch is missed and never goes by itself
START_NOW = "now"  # in Campaign.starts_local: at the moment of launch
LONGEST_AHEAD = timedelta(days=366)

_LIVE = (CampaignStatus.SCHEDULED, CampaignStatus.RUNNING)


def start_of(session: Session, campaign: Campaign) -> datetime:
    """The campaign's start as local wall time: chosen, or else the next good sending time from now."""
    now = clock.now(session)
    if campaign.starts_local == START_NOW:
        return _wall(now, campaign.timezone)
    if campaign.starts_local is not None:
        return datetime.fromisoformat(campaign.starts_local)
    partner = session.get_one(Organisation, campaign.partner_id)
    return calendar.next_start(now, campaign.timezone, partner.country)


def written(wall: datetime) -> str:
    """`2026-11-24T09:30`: how local wall times are stored."""
    return wall.strftime("%Y-%m-%dT%H:%M")


def checked_start(session: Session, campaign: Campaign, wall: datetime) -> str:
    """A start somebody chose, as it is stored. Invalid for one that is past or more than a year ahead."""
    if wall.tzinfo is not None:
        raise Invalid("Give the start as local time of the campaign, without a zone.")
    now = clock.now(session)
    at = calendar.to_utc(wall, campaign.timezone)
    if at < now - timedelta(minutes=1):
        raise Invalid(
            phrase(
                "%(start)s (%(timezone)s) is past. Choose a later time, or now.",
                start=f"{wall:%d %b %Y, %H:%M}",
                timezone=campaign.timezone,
            )
        )
    if at > now + LONGEST_AHEAD:
        raise Invalid("A campaign starts within a year. Choose an earlier time.")
    return written(wall)


def set_due_times(
    campaign: Campaign,
    touches: list[CampaignTouch],
    kit: Kit,
    start: datetime,
    webinar: times.Session | None = None,
) -> None:
    """Give every mail that has not begun its time, from the offsets of the kit. Now means now: the kit's own
    hour of the first day does not hold up a campaign that a person starts at once."""
    mails = [touch for touch in touches if touch.kind == EMAIL]
    due_at = due_times(campaign, kit, [touch.key for touch in mails], start, webinar)
    for touch, due in zip(mails, due_at, strict=True):
        if touch.status in (TouchStatus.PENDING, TouchStatus.MISSED):
            set_due(touch, due, campaign.timezone)


def due_times(
    campaign: Campaign,
    kit: Kit,
    keys: Sequence[str],
    start: datetime,
    webinar: times.Session | None = None,
) -> list[datetime]:
    """When the mails `keys` of a campaign would be due if it began at `start` (local wall time). Those counted
    from the webinar may come out before the start; ValueError for such a mail without a webinar."""
    at_once = campaign.starts_local == START_NOW
    due = []
    for one in (kit.touch(key) for key in keys):
        if one.counted_from is not None:
            due.append(_from_webinar(one, campaign, start, webinar))
            continue
        offset = calendar.Offset(one.day, None if at_once and one.day == 0 else one.at)
        due += calendar.due_times(start, campaign.timezone, [offset])
    return due


def set_due_from_webinar(
    campaign: Campaign, touches: list[CampaignTouch], kit: Kit, webinar: times.Session
) -> None:
    """The mails that are counted from the webinar and have not begun, after it was moved. They keep the time of
    day that they had."""
    for touch in touches:
        if touch.counted_from and touch.due_at and touch.status in (TouchStatus.PENDING, TouchStatus.MISSED):
            at = _wall(touch.due_at, campaign.timezone)
            set_due(touch, _from_webinar(kit.touch(touch.key), campaign, at, webinar), campaign.timezone)


def _from_webinar(
    planned: Touch, campaign: Campaign, start: datetime, webinar: times.Session | None
) -> datetime:
    """So many days before or after the webinar's day (the organiser's), at the kit's hour or the start's."""
    if webinar is None:
        raise ValueError(f"'{planned.key}' is counted from a webinar, and its day is not set.")
    day = webinar.starts_at.astimezone(ZoneInfo(webinar.zone)).date() + timedelta(days=planned.day)
    return calendar.to_utc(datetime.combine(day, planned.at or start.time()), campaign.timezone)


def set_due(touch: CampaignTouch, due: datetime, zone: str) -> None:
    touch.due_at = due
    touch.due_local = written(_wall(due, zone))


def put_off(
    touches: list[CampaignTouch], touch: CampaignTouch, due: datetime, zone: str
) -> list[CampaignTouch]:
    """A new time for one mail; those after it that wait move by as many days, so that the sequence keeps its
    pace. They are the answer; none where it stays on its day or comes earlier."""
    before = touch.due_at or due
    days = (_wall(due, zone).date() - _wall(before, zone).date()).days
    set_due(touch, due, zone)
    followers = after(touches, touch)
    for later in followers:
        wall = _wall(later.due_at or due, zone) + timedelta(days=max(days, 0))
        set_due(later, max(calendar.to_utc(wall, zone), due), zone)
    return followers if days > 0 else []


def after(touches: Iterable[CampaignTouch], touch: CampaignTouch) -> list[CampaignTouch]:
    """Those that move when `touch` does: later ones that wait, where neither is counted from the webinar."""
    if touch.counted_from:
        return []
    return [
        later
        for later in touches
        if later.position > touch.position
        and later.due_at
        and later.status is TouchStatus.PENDING
        and not later.counted_from
    ]


def start_due(database: Database, limit: int = 100) -> int:
    """The beat: start mails whose time has come, stop campaigns that missed it; how many changed.

    Of each campaign the first mail that waits is looked at; one transaction per campaign. Nothing new starts
    while the partnership is suspended or ended; what thereby misses its time waits for a person.
    """
    return sum(rows.each(database, lambda session: _due(session, limit), _start_campaign))


def begin(campaign: Campaign, touch: CampaignTouch) -> None:
    """Let a mail go out; its campaign runs."""
    touch.run()
    if campaign.status is not CampaignStatus.RUNNING:
        campaign.start()


def pass_on_soft_start(touches: list[CampaignTouch], touch: CampaignTouch) -> None:
    """A mail that is left out before it ran hands its soft start to the next one that waits: the list has not
    been tried yet."""
    later = (found for found in touches if found.kind == EMAIL and found.position > touch.position)
    heir = next((found for found in later if found.status is TouchStatus.PENDING), None)
    if heir is not None and touch.soft_start_size > heir.soft_start_size:
        heir.soft_start_size = touch.soft_start_size
    touch.soft_start_size = 0


def lock_touches(session: Session, campaign: Campaign) -> list[CampaignTouch]:
    """The campaign's touches, locked in everybody's order and read anew."""
    ids = session.scalars(select(CampaignTouch.id).where(CampaignTouch.campaign_id == campaign.id))
    figures.lock_touches(session, ids.all())
    return queries.touches_of(session, campaign.id)


def _due(session: Session, limit: int) -> Sequence[int]:
    """Campaigns with something to start or to miss; those that only wait for their partnership take no place."""
    now = clock.now(session)
    is_active = (
        select(Partnership.id)
        .where(
            Partnership.vendor_id == Campaign.vendor_id,
            Partnership.partner_id == Campaign.partner_id,
            Partnership.status == PartnershipStatus.ACTIVE,
        )
        .exists()
    )
    return session.scalars(
        select(CampaignTouch.campaign_id)
        .join(Campaign, Campaign.id == CampaignTouch.campaign_id)
        .where(
            CampaignTouch.kind == EMAIL,
            CampaignTouch.status == TouchStatus.PENDING,
            CampaignTouch.due_at <= now,
            Campaign.status.in_(_LIVE),
            is_active | (CampaignTouch.due_at < now - LATEST),
        )
        .group_by(CampaignTouch.campaign_id)
        .order_by(CampaignTouch.campaign_id)
        .limit(limit)
    ).all()


def _start_campaign(session: Session, campaign_id: int) -> int:
    campaign = queries.lock_campaign(session, campaign_id)
    if campaign is None or campaign.status not in _LIVE:
        return 0
    now = clock.now(session)
    is_active = _partnership_is_active(session, campaign)
    changed = 0
    waiting = [one for one in lock_touches(session, campaign) if one.kind == EMAIL]
    for touch in sorted(waiting, key=lambda one: (one.due_at or now, one.position)):
        if touch.status is not TouchStatus.PENDING:
            continue
        if touch.due_at is None or touch.due_at > now:
            break  # the order of the sequence is kept
        if now - touch.due_at > LATEST:
            _miss(session, campaign, touch)
            return changed + 1
        if not is_active or obstacles.waits_for_attendance(session, touch):
            break
        begin(campaign, touch)
        detail = {"touch_id": touch.id}
        trail.record(session, None, "touch.started", campaign, detail, organisation_id=campaign.partner_id)
        changed += 1
    return changed


def _miss(session: Session, campaign: Campaign, touch: CampaignTouch) -> None:
    touch.miss()
    hours = int(LATEST.total_seconds() // 3600)
    sentence = (
        f"'{touch.name}' was due {touch.due_local} and was not sent within {hours} hours. It does not go by"
        " itself any more: send it now, choose a new time, or leave it out."
    )
    if obstacles.waits_for_attendance(session, touch):
        sentence = (
            f"'{touch.name}' was due {touch.due_local}, and who came to the webinar is not known. Upload the"
            " attendance first; then send it now, choose a new time, or leave it out."
        )
    campaign.stop(StopReason.MISSED, sentence)
    detail = {"touch_id": touch.id}
    trail.record(session, None, "touch.missed", campaign, detail, organisation_id=campaign.partner_id)
    telling.stopped(session, campaign, touch)


def _partnership_is_active(session: Session, campaign: Campaign) -> bool:
    status = session.scalar(
        select(Partnership.status).where(
            Partnership.vendor_id == campaign.vendor_id, Partnership.partner_id == campaign.partner_id
        )
    )
    return status is PartnershipStatus.ACTIVE


def _wall(moment: datetime, zone: str) -> datetime:
    """Local wall time to the minute, without zone."""
    local = moment.astimezone(UTC).astimezone(ZoneInfo(zone))
    return local.replace(second=0, microsecond=0, tzinfo=None)
