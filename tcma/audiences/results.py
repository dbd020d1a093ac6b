"""What became of a file, for the page that shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import figures, queries
from tcma.audiences.figures import Offer
from tcma.audiences.models import ContactImport, ContactList, SkippedRow
from tcma.errors import NotFound
from tcma.organisations.models import User
from tcma.viewer import Viewer

ROWS = 50  # of those left out


@dataclass(frozen=True, slots=True)
class Result:
    """The newest file of a list. While it is being read, `offer` and the counts are of what was read so far.
    `is_changeable`: its columns can be chosen anew. `stated_by` is a name, "" while no basis is stated."""

    found: ContactImport
    audience: ContactList
    rows: Sequence[SkippedRow]
    offer: Offer
    bands: Mapping[str, int]
    nameless_count: int
    stated_by: str
    is_changeable: bool


def newest(session: Session, viewer: Viewer, list_id: UUID) -> Result | None:
    """Of the file read into a list last: six statements; None where there was none."""
    target = queries.find_list(session, viewer, list_id)
    found = queries.imports_of(session, viewer, list_id, limit=1)
    return _of(session, viewer, target, found[0]) if found else None


def require_newest(session: Session, viewer: Viewer, list_id: UUID) -> Result:
    result = newest(session, viewer, list_id)
    if result is None:
        raise NotFound("No file was read into this list.")
    return result


def _of(session: Session, viewer: Viewer, target: ContactList, found: ContactImport) -> Result:
    kept = found.file_kept_until is not None and found.file_kept_until > clock.now(session)
    rows = queries.skipped_rows_of(session, viewer, found.public_id, limit=ROWS)
    stated_by = session.scalar(select(User.name).where(User.id == found.basis_stated_by_id))
    return Result(
        found=found,
        audience=target,
        rows=rows,
        offer=figures.offer(session, found),
        bands=figures.bands_of(session, found),
        nameless_count=figures.nameless_of(session, found),
        stated_by=stated_by or "",
        is_changeable=kept and not found.is_under_way,
    )
