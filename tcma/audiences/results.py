"""What became of a file, for the page that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import figures, queries
from tcma.audiences.figures import Brought
from tcma.audiences.models import ContactImport, ContactList, SkippedRow
from tcma.errors import NotFound
from tcma.organisations.models import User
from tcma.viewer import Viewer

ROWS = 50  # of those left out


@dataclass(frozen=True, slots=True)
class Result:
    """The newest file of a list. While it is being read, `brought` is of what was read so far. `rows` are the
    first of `left_count` that somebody may still correct. `is_changeable`: its columns can be chosen anew.
    `stated_by` is a name, "" while no basis is stated."""

    found: ContactImport
    audience: ContactList
    rows: Sequence[SkippedRow]
    left_count: int
    brought: Brought
    stated_by: str
    is_changeable: bool


def newest(session: Session, viewer: Viewer, list_id: UUID) -> Result | None:
    """Of the file read into a list last: six statements; None where there was none."""
    return newest_of(session, queries.find_list(session, viewer, list_id))


def newest_of(session: Session, target: ContactList) -> Result | None:
    """The same of a list that was read already: one statement less."""
    found = session.scalar(
        select(ContactImport)
        .where(ContactImport.partner_id == target.partner_id, ContactImport.list_id == target.id)
        .order_by(ContactImport.id.desc())
        .limit(1)
    )
    return _of(session, target, found) if found is not None else None


def require_newest(session: Session, viewer: Viewer, list_id: UUID) -> Result:
    result = newest(session, viewer, list_id)
    if result is None:
        raise NotFound("No file was read into this list.")
    return result


def _of(session: Session, target: ContactList, found: ContactImport) -> Result:
    kept = found.file_kept_until is not None and found.file_kept_until > clock.now(session)
    rows = queries.rows_left_out(session, found, limit=ROWS)
    stated_by = session.scalar(select(User.name).where(User.id == found.basis_stated_by_id))
    return Result(
        found=found,
        audience=target,
        rows=rows,
        left_count=len(rows) if len(rows) < ROWS else queries.left_out_count(session, found),
        brought=figures.brought_by(session, found),
        stated_by=stated_by or "",
        is_changeable=kept and not found.is_under_way,
    )
