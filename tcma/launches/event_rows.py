"""Appending touch events once, by natural key: what happened to which delivery, hashed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tcma.db import insert_into
from tcma.launches.deliveries import TouchEvent, TouchEventKind

SLICE = 500


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event to append. Whatever tells it from others of its kind stands in `identity`: without it, one per
    delivery and kind. `detail` holds no personal data."""

    partner_id: int
    campaign_id: int
    delivery_id: int | None
    kind: TouchEventKind
    at: datetime
    identity: str = ""
    machine: bool = False
    detail: Mapping[str, Any] | None = None

    @property
    def natural_key(self) -> bytes:
        text = f"{self.campaign_id}:{self.delivery_id}:{self.kind.value}:{self.identity}"
        return hashlib.blake2b(text.encode(), digest_size=16, person=b"touch.event").digest()


def append(session: Session, rows: Iterable[EventRow]) -> set[bytes]:
    """The natural keys of those that are new."""
    wanted: dict[bytes, EventRow] = {}
    for row in rows:
        wanted.setdefault(row.natural_key, row)
    new: set[bytes] = set()
    keys = sorted(wanted)  # one order for everybody who waits on the unique index
    for start in range(0, len(keys), SLICE):
        new |= _append(session, [wanted[key] for key in keys[start : start + SLICE]])
    return new


def _append(session: Session, rows: Sequence[EventRow]) -> set[bytes]:
    values = [
        {
            "partner_id": row.partner_id,
            "campaign_id": row.campaign_id,
            "delivery_id": row.delivery_id,
            "kind": row.kind,
            "at": row.at,
            "machine": row.machine,
            "natural_key": row.natural_key,
            "detail": dict(row.detail) if row.detail is not None else None,
        }
        for row in rows
    ]
    statement = insert_into(session, TouchEvent).on_conflict_do_nothing(index_elements=["natural_key"])
    # The rows beside the statement: it is made once, whatever their number.
    made = session.connection().execute(statement.returning(TouchEvent.__table__.c.natural_key), values)
    return set(made.scalars())
