"""What a vendor may see of a partner's audience: counts, and none below five."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, case, func
from sqlalchemy.orm import Session

from tcma.audiences import eligible, queries
from tcma.audiences.models import Contact
from tcma.viewer import Viewer

SMALLEST = 5
UNKNOWN = "not known"
BANDS = ((100, "1–100"), (500, "101–500"), (2_500, "501–2,500"), (10_000, "2,501–10,000"))
ABOVE = "more than 10,000"
ORDER = (*(name for _, name in BANDS), ABOVE, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Counts:
    """People who can be reached, and the same by employees of their company; None hides a count."""

    people: int | None
    bands: Mapping[str, int | None]


def counts_for(session: Session, viewer: Viewer, list_id: UUID) -> Counts:
    """What a vendor would see if a campaign went to this list: shown to the partner beforehand."""
    found = queries.find_list(session, viewer, list_id)
    by_band = band()
    wanted = eligible.people(found.partner_id, found.id).with_only_columns(by_band, func.count())
    return shown({name: count for name, count in session.execute(wanted.group_by(by_band))})


def band() -> ColumnElement[str]:
    """In SQL: the size of a contact's company, one of `ORDER`; a range counts by its middle."""
    size = func.coalesce((Contact.employees_min + Contact.employees_max) / 2, Contact.employees_min)
    return case((size.is_(None), UNKNOWN), *((size <= highest, name) for highest, name in BANDS), else_=ABOVE)


def shown(parts: Mapping[str, int]) -> Counts:
    """Counts with everything hidden that is, or gives away, a number below five.

    Hidden parts together can be found by subtraction from the total, so the next smallest are hidden, too,
    until together they are five or more.
    """
    total = sum(parts.values())
    if total < SMALLEST:
        return Counts(None, dict.fromkeys(parts))
    smallest_first = sorted((count, name) for name, count in parts.items() if count)
    hidden: set[str] = set()
    hidden_count = 0
    for count, name in smallest_first:
        if count < SMALLEST or 0 < hidden_count < SMALLEST:
            hidden.add(name)
            hidden_count += count
    return Counts(total, {name: None if name in hidden else count for name, count in parts.items() if count})
