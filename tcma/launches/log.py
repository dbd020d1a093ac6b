"""What was done with a campaign, by whom and when: the audit trail read for its own partner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma.audit.models import AuditEntry
from tcma.launches.models import Campaign
from tcma.organisations.models import User
from tcma.viewer import Viewer

MOST = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. `who` is empty where the product acted by itself; `message` names the mail it was about."""

    at: datetime
    action: str
    who: str
    message: str
    detail: dict[str, Any]


def entries_for(session: Session, viewer: Viewer, campaign: Campaign, limit: int = MOST) -> list[Entry]:
    """The newest first; one statement besides the campaign's own touches."""
    rows = session.execute(
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(
            AuditEntry.organisation_id == viewer.organisation_id,
            AuditEntry.subject_kind == Campaign.__name__,
            AuditEntry.subject_id == campaign.id,
        )
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    names = {touch.id: touch.name for touch in campaign.touches}
    return [_entry(entry, name or "", names) for entry, name in rows]


def _entry(entry: AuditEntry, who: str, names: dict[int, str]) -> Entry:
    detail = dict(entry.detail or {})
    touch_id = detail.get("touch_id", detail.get("touch"))
    message = names.get(touch_id, "") if isinstance(touch_id, int) else ""
    return Entry(entry.at, entry.action, who, message, detail)
