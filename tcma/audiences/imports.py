"""Reading a contact file into a list: slice by slice, each in a transaction of its own.

A slice moves `next_row` in the transaction that writes its rows. So an import that is killed goes on where
it stopped when the same file is given again, and every row is counted once. Two at once: the second finds
the row moved and is told so.

People who unsubscribed or whose mail came back earlier are left out and nothing about them is stored: the
suppression knows them by their hash. Those who are contacts already stay what they are.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import dropwhile
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from campaigns.people import Field, Layout, Row, Skipped
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences import bases, contacts, files, queries, suppression, terms
from tcma.audiences.contact_rows import Newcomer
from tcma.audiences.models import Basis, ContactImport, ContactList, ImportStatus, SkippedRow
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Conflict, Invalid, Refused
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role, Viewer

MAX_ROWS = 1_000_000
MAX_SKIPPED_KEPT = 10_000  # rows; the counts go on
TOO_MANY_ROWS = "too_many_rows"

_SENTENCES = {
    suppression.UNSUBSCRIBED_EARLIER: "this person unsubscribed earlier and gets no more mail.",
    suppression.BOUNCED_EARLIER: "mail to this address came back earlier; the address does not exist.",
}


@dataclass(frozen=True, slots=True)
class ImportReceipt:
    """What became of a file's rows, over all its attempts; `seconds` is this attempt's time."""

    import_id: int
    ready: int
    skipped: int
    by_reason: Mapping[str, int]
    seconds: float


class LeftOut(NamedTuple):
    number: int
    reason: str
    sentence: str
    text: str


def run(
    database: Database,
    viewer: Viewer,
    list_id: UUID,
    file: BinaryIO,
    *,
    file_name: str,
    basis: Basis | None,
    hash_key: bytes,
    mapping: Mapping[int, Field] | None = None,
    progress: Callable[[int], None] | None = None,
) -> ImportReceipt:
    """Read `file` (seekable) into the partner's list.

    `basis` holds for every row; None takes it from a column, and rows that say nothing get no mail.
    `mapping` (column index -> field) replaces the columns recognised. `progress` is told the rows done,
    after each slice. Raises Refused without accepted processing terms, Invalid for a file that cannot be read
    or without a basis, Conflict when the list has this file already or somebody else is reading it.
    """
    started = time.monotonic()
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    with database.reading(viewer.organisation_id) as session:
        terms.require_accepted(session, viewer)
        queries.find_list(session, viewer, list_id)
    sha256, layout = files.sha256_of(file), files.layout_of(file)
    with database.transaction(viewer.organisation_id) as session:
        task = _begin(session, viewer, list_id, sha256, file_name, layout, basis, mapping, hash_key)
    rows = files.rows_of(file, layout, task.mapping, task.country)
    try:
        at = task.next_row
        for piece in files.slices(dropwhile(lambda row: row.number < task.next_row, bounded(rows))):
            hashes = _hashes(task, piece)
            with database.transaction(viewer.organisation_id) as session:
                done = _write(session, task, piece, hashes, at)
            at = piece[-1].number + 1
            if progress:
                progress(done)
        with database.transaction(viewer.organisation_id) as session:
            found = _finish(session, viewer, task)
    except Conflict:
        raise  # another reader is at work on it
    except Exception:
        with database.transaction(viewer.organisation_id) as session:
            _locked(session, task).status = ImportStatus.FAILED
        raise
    return ImportReceipt(
        import_id=found.id,
        ready=found.ready_count,
        skipped=found.skipped_count,
        by_reason=dict(found.skipped_by_reason),
        seconds=time.monotonic() - started,
    )


@dataclass(frozen=True, slots=True)
class _Task:
    """An import under way: what stays the same from slice to slice."""

    import_id: int
    partner_id: int
    list_id: int
    next_row: int  # where this attempt begins
    mapping: Mapping[int, Field]
    basis: Basis | None
    country: str  # the partner's, for national telephone numbers
    hash_key: bytes


def _begin(
    session: Session,
    viewer: Viewer,
    list_id: UUID,
    sha256: str,
    file_name: str,
    layout: Layout,
    basis: Basis | None,
    mapping: Mapping[int, Field] | None,
    hash_key: bytes,
) -> _Task:
    target = queries.find_list(session, viewer, list_id)
    found = session.scalar(
        select(ContactImport)
        .where(ContactImport.list_id == target.id, ContactImport.file_sha256 == sha256)
        .with_for_update()
    )
    if found is None:
        found = _new_import(session, viewer, target, sha256, file_name, layout, basis, mapping)
    else:
        _go_on(found, target, basis)
    return _Task(
        import_id=found.id,
        partner_id=viewer.organisation_id,
        list_id=target.id,
        next_row=found.next_row,
        mapping=_stored_mapping(found),
        basis=None if found.layout["basis_by_column"] else found.basis,
        country=session.get_one(Organisation, viewer.organisation_id).country,
        hash_key=hash_key,
    )


def _new_import(
    session: Session,
    viewer: Viewer,
    target: ContactList,
    sha256: str,
    file_name: str,
    layout: Layout,
    basis: Basis | None,
    mapping: Mapping[int, Field] | None,
) -> ContactImport:
    if viewer.user_id is None:
        raise Refused("A contact file is read for a person who is signed in.")
    chosen = layout.mapping if mapping is None else dict(mapping)
    if mapping is None and layout.problem:
        raise Invalid(layout.problem, {"mapping": layout.problem})
    if basis is None and Field.BASIS not in chosen.values():
        sentence = "Say why you may write to these people: for the whole file, or by a column of it."
        raise Invalid(sentence, {"basis": sentence})
    made = ContactImport(
        partner_id=viewer.organisation_id,
        list_id=target.id,
        file_name=files.storable(file_name)[:200],
        file_sha256=sha256,
        layout={
            "encoding": layout.encoding,
            "separator": layout.separator,
            "columns": [files.storable(column.name) for column in layout.columns],
            "mapping": {str(at): field.value for at, field in chosen.items()},
            "basis_by_column": basis is None,
        },
        basis=basis or Basis.NOT_SURE,
        basis_wording=bases.WORDING[basis] if basis else bases.BY_COLUMN,
        status=ImportStatus.RUNNING,
        skipped_by_reason={},
        imported_by_id=viewer.user_id,
        created_at=clock.now(session),
    )
    session.add(made)
    trail.record(session, viewer, "contacts.import_started", made)
    return made


def _go_on(found: ContactImport, target: ContactList, basis: Basis | None) -> None:
    """An import that was killed or failed goes on; one that is done is not done twice."""
    if found.status is ImportStatus.DONE:
        day = f"{found.finished_at or found.created_at:%d %B %Y}".lstrip("0")
        raise Conflict(
            f"This file was read into “{target.name}” on {day}: {found.ready_count:,} people ready, "
            f"{found.skipped_count:,} rows skipped. Nothing was changed."
        )
    begun = None if found.layout["basis_by_column"] else found.basis
    if begun != basis:
        raise Conflict(
            f"Reading this file was begun as “{found.basis_wording}” Go on with that; "
            "the basis of a list can be changed afterwards."
        )
    found.status = ImportStatus.RUNNING


def _stored_mapping(found: ContactImport) -> dict[int, Field]:
    stored = found.layout["mapping"]
    assert isinstance(stored, dict)
    return {int(at): Field(field) for at, field in stored.items()}


def bounded(rows: Iterator[Row | Skipped], limit: int = MAX_ROWS) -> Iterator[Row | Skipped | LeftOut]:
    """The first `limit` rows, and in place of all others one that says so."""
    for count, row in enumerate(rows):
        if count == limit:
            sentence = (
                f"Row {row.number:,} and all after it: a file may hold {limit:,} rows. Split it and "
                "upload the rest."
            )
            yield LeftOut(row.number, TOO_MANY_ROWS, sentence, "")
            return
        yield row


def _hashes(task: _Task, piece: Iterable[Row | Skipped | LeftOut]) -> dict[int, bytes]:
    """What stands for the people of a slice, by row; worked out before the transaction begins."""
    key = task.hash_key
    return {row.number: person_key(key, row.person.address) for row in piece if isinstance(row, Row)}


def _write(
    session: Session,
    task: _Task,
    piece: Iterable[Row | Skipped | LeftOut],
    hashes: Mapping[int, bytes],
    at: int,
) -> int:
    """One slice: contacts, memberships, skipped rows and counts; the number of rows done so far."""
    found = _locked(session, task)
    if found.next_row != at or found.status is not ImportStatus.RUNNING:
        raise Conflict("This file is being read by somebody else at this moment. Wait until that is done.")
    ready, left_out = _judged(session, task, piece, hashes)
    if ready:
        contacts.keep(
            session,
            task.partner_id,
            task.list_id,
            ready,
            source=contacts.FILE,
            at=clock.now(session),
            import_id=task.import_id,
        )
    reasons = Counter(row.reason for row in left_out)
    kept = left_out[: max(0, MAX_SKIPPED_KEPT - found.skipped_count)]
    if kept:
        session.connection().execute(insert(SkippedRow.__table__), [_stored(task, row) for row in kept])  # type: ignore[arg-type]
    *_, last = piece
    found.next_row = last.number + 1
    found.row_count += len(ready) + len(left_out)
    found.ready_count += len(ready)
    found.skipped_count += len(left_out)
    found.skipped_by_reason = dict(Counter(found.skipped_by_reason) + reasons)
    return found.row_count


def _judged(
    session: Session, task: _Task, piece: Iterable[Row | Skipped | LeftOut], hashes: Mapping[int, bytes]
) -> tuple[list[Newcomer], list[LeftOut]]:
    """People to keep, and rows to leave out in their order."""
    gone = suppression.earlier(session, task.partner_id, list(hashes.values()))
    ready: list[Newcomer] = []
    left_out: list[LeftOut] = []
    for row in piece:
        if isinstance(row, Row):
            address_hash = hashes[row.number]
            reason = gone.get(address_hash)
            if reason is None:
                ready.append(Newcomer(row.person, address_hash, _basis(task, row)))
            else:
                sentence = f"Row {row.number}: {_SENTENCES[reason]}"
                left_out.append(LeftOut(row.number, reason, sentence, ""))
        elif isinstance(row, Skipped):
            left_out.append(LeftOut(row.number, row.reason.value, row.sentence, row.text))
        else:
            left_out.append(row)
    return ready, left_out


def _basis(task: _Task, row: Row) -> Basis:
    if task.basis is not None:
        return task.basis
    return bases.OF_COLUMN[row.person.basis] if row.person.basis else Basis.NOT_SURE


def _stored(task: _Task, row: LeftOut) -> dict[str, Any]:
    return {
        "import_id": task.import_id,
        "partner_id": task.partner_id,
        "number": row.number,
        "reason": row.reason,
        "sentence": files.storable(row.sentence),
        "row_text": files.storable(row.text),
    }


def _finish(session: Session, viewer: Viewer, task: _Task) -> ContactImport:
    found = _locked(session, task)
    found.status = ImportStatus.DONE
    found.finished_at = clock.now(session)
    counts = {"ready": found.ready_count, "skipped": found.skipped_count}
    trail.record(session, viewer, "contacts.imported", found, counts)
    return found


def _locked(session: Session, task: _Task) -> ContactImport:
    return session.scalars(
        select(ContactImport)
        .where(ContactImport.id == task.import_id, ContactImport.partner_id == task.partner_id)
        .with_for_update()
    ).one()
