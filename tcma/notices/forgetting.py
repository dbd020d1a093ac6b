"""Old mails of the platform are forgotten: what was told stays known only as long as it could be told again."""

from datetime import timedelta

from sqlalchemy import delete, select

from tcma import clock
from tcma.db import Database
from tcma.notices.models import Notice, PlatformMessage

KEPT = timedelta(days=90)  # after a mail is through; no teller looks back that far
SLICE = 1_000  # messages of one transaction


def forget_old(database: Database) -> int:
    """Delete messages that ended before KEPT with the notices they were made of, slice by slice; how many."""
    count = 0
    while found := _forget_slice(database):
        count += found
    return count


def _forget_slice(database: Database) -> int:
    with database.transaction() as session:
        old = (
            select(PlatformMessage.id)
            .where(PlatformMessage.ended_at < clock.now(session) - KEPT)
            .order_by(PlatformMessage.id)
            .limit(SLICE)
        )
        ids = list(session.scalars(old))
        if ids:
            session.execute(delete(Notice).where(Notice.message_id.in_(ids)))
            session.execute(delete(PlatformMessage).where(PlatformMessage.id.in_(ids)))
        return len(ids)
