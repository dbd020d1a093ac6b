"""When a mail goes: at once, when its group closes, or when the night is over. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tcma.notices.kinds import GROUP, Manner

QUIET_FROM, QUIET_UNTIL = time(20), time(7)  # by the reader's own clock


def due_at(manner: Manner, first_told_at: datetime, last_mail_at: datetime | None, timezone: str) -> datetime:
    """When the mail about events waiting since `first_told_at` goes.

    `last_mail_at` is the last mail of the kind to the same person. All moments are aware; the answer is in
    UTC and never before `first_told_at`.
    """
    at = first_told_at
    if manner.is_grouped:
        if manner.waits:
            at = first_told_at + GROUP
        elif last_mail_at is not None:
            at = max(first_told_at, last_mail_at + GROUP)
    return (at if manner.is_urgent else after_quiet(at, timezone)).astimezone(UTC)


def after_quiet(moment: datetime, timezone: str) -> datetime:
    """The moment itself by day, the next morning by night."""
    local = moment.astimezone(zone_of(timezone))
    wall = local.time()
    if QUIET_UNTIL <= wall < QUIET_FROM:
        return moment
    day = local.date() + timedelta(days=1) if wall >= QUIET_FROM else local.date()
    return datetime.combine(day, QUIET_UNTIL, zone_of(timezone))


def zone_of(timezone: str) -> ZoneInfo:
    """UTC for a zone that does not exist (any more)."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
