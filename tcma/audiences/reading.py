"""Reading a contact file into a list: slice by slice, each in a transaction of its own.

A slice moves `next_row` in the transaction that writes its rows. So an import that is killed goes on where
it stopped when the same file is given again, and every row is counted once. Two at once: the second finds
the row moved and is told so.

People who unsubscribed or whose mail came back earlier are left out and nothing about them is stored: the
suppression knows them by their hash. Those who are contacts already stay what they are.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import dropwhile
from typing import Any, BinaryIO, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from campaigns.people import Field, Row, Skipped
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences import bases, contacts, files, suppression
from tcma.audiences.contact_rows import Newcomer
from tcma.audiences.models import Basis, ContactImport, ImportStatus, SkippedRow
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Conflict, phrase
from tcma.organisations.models import Organisation

MAX_ROWS = 1_000_000
MAX_SKIPPED_KEPT = 10_000  # rows; the counts go on
TOO_MANY_ROWS = "too_many_rows"
BROKE_OFF = phrase("Reading stopped on our side. Nothing is lost: give the same file again, and it goes on.")

_SENTENCES = {
    suppression.UNSUBSCRIBED_EARLIER: phrase("this person unsubscribed earlier and gets no more mail."),
    suppression.BOUNCED_EARLIER: phrase(
        "mail to this address came back earlier; the address does not exist."
    ),
}


class Stopped(Conflict):
    """Somebody cancelled the import, or its columns were changed, while it was being read."""


class LeftOut(NamedTuple):
    number: int
    reason: str
    sentence: str
    text: str


def carry_on(
    database: Database,
    partner_id: int,
    import_id: int,
    file: BinaryIO,
    *,
    hash_key: bytes,
    progress: Callable[[int], None] | None = None,
    is_time_up: Callable[[], bool] | None = None,
) -> bool:
    """Read on from where the import stands; False when the time was up before the end.

    Raises Stopped when somebody cancelled it meanwhile, Conflict when somebody else is reading it.
    """
    layout = files.layout_of(file)
    with database.reading(partner_id) as session:
        task = _task_of(session, partner_id, import_id, hash_key)
    try:
        rows = files.rows_of(file, layout, task.mapping, task.country, asks_about_doubt=True)
        at = task.next_row
        for piece in files.slices(dropwhile(lambda row: row.number < task.next_row, bounded(rows))):
            hashes = _hashes(task, piece)
            with database.transaction(partner_id) as session:
                done = _write(session, task, piece, hashes, at)
            at = piece[-1].number + 1
            if progress:
                progress(done)
            if is_time_up and is_time_up():
                return False
        with database.transaction(partner_id) as session:
            _finish(session, task)
    except Conflict:
        raise  # another reader is at work on it, or it was stopped
    except Exception:
        with database.transaction(partner_id) as session:
            found = locked(session, partner_id, import_id)
            if found.status is ImportStatus.RUNNING:
                found.fail(BROKE_OFF)
        raise
    return True


def locked(session: Session, partner_id: int, import_id: int) -> ContactImport:
    return session.scalars(
        select(ContactImport)
        .where(ContactImport.id == import_id, ContactImport.partner_id == partner_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def stored_mapping(mapping: Mapping[int, Field]) -> dict[str, str]:
    """As the import's row keeps it."""
    return {str(at): field.value for at, field in mapping.items()}


def mapping_of(found: ContactImport) -> dict[int, Field]:
    return {int(at): Field(field) for at, field in found.layout["mapping"].items()}


@dataclass(frozen=True, slots=True)
class _Task:
    """An import under way: what stays the same from slice to slice."""

    import_id: int
    partner_id: int
    list_id: int
    next_row: int  # where this attempt begins
    mapping: Mapping[int, Field]
    country: str  # the partner's, for national telephone numbers
    hash_key: bytes


def _task_of(session: Session, partner_id: int, import_id: int, hash_key: bytes) -> _Task:
    found = session.scalars(
        select(ContactImport).where(ContactImport.id == import_id, ContactImport.partner_id == partner_id)
    ).one()
    return _Task(
        import_id=found.id,
        partner_id=partner_id,
        list_id=found.list_id,
        next_row=found.next_row,
        mapping=mapping_of(found),
        country=session.get_one(Organisation, partner_id).country,
        hash_key=hash_key,
    )


def bounded(rows: Iterator[Row | Skipped], limit: int = MAX_ROWS) -> Iterator[Row | Skipped | LeftOut]:
    """The first `limit` rows, and in place of all others one that says so."""
    for count, row in enumerate(rows):
        if count == limit:
            sentence = phrase(
                "Row %(number)s and all after it: a file may hold %(most)s rows. Split it and upload the rest.",
                number=row.number,
                most=limit,
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
    found = locked(session, task.partner_id, task.import_id)
    if found.status in {ImportStatus.CANCELLED, ImportStatus.REPLACING}:
        raise Stopped(phrase("Reading this file was stopped."))
    if found.next_row != at or found.status is not ImportStatus.RUNNING:
        raise Conflict("This file is being read by somebody else at this moment. Wait until that is done.")
    ready, left_out = _judged(session, task, found, piece, hashes)
    if ready:
        contacts.keep(
            session,
            task.partner_id,
            task.list_id,
            ready,
            source=contacts.FILE,
            at=clock.now(session),
            import_id=task.import_id,
            keeps_basis=found.basis_stated_at is None,
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
    session: Session,
    task: _Task,
    found: ContactImport,
    piece: Iterable[Row | Skipped | LeftOut],
    hashes: Mapping[int, bytes],
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
                ready.append(Newcomer(row.person, address_hash, basis_of(found, row)))
            else:
                left_out.append(LeftOut(row.number, reason, left_out_sentence(row.number, reason), ""))
        elif isinstance(row, Skipped):
            left_out.append(LeftOut(row.number, row.reason.value, row.sentence, row.text))
        else:
            left_out.append(row)
    return ready, left_out


def basis_of(found: ContactImport, row: Row) -> Basis:
    """The basis of a row's person: the file's, or what its column says; nobody's until somebody stated it."""
    if not found.basis_by_column:
        return found.basis
    return bases.OF_COLUMN[row.person.basis] if row.person.basis else Basis.NOT_SURE


def left_out_sentence(number: int, reason: str) -> str:
    """Why a person who may not be written to is left out."""
    return phrase("Row %(number)s: %(sentence)s", number=str(number), sentence=_SENTENCES[reason])


def _stored(task: _Task, row: LeftOut) -> dict[str, Any]:
    return {
        "import_id": task.import_id,
        "partner_id": task.partner_id,
        "number": row.number,
        "reason": row.reason,
        "sentence": files.storable(row.sentence),
        "row_text": files.storable(row.text),
    }


def _finish(session: Session, task: _Task) -> None:
    found = locked(session, task.partner_id, task.import_id)
    found.finish(clock.now(session))
    counts = {"ready": found.ready_count, "skipped": found.skipped_count, "user_id": found.imported_by_id}
    trail.record(session, None, "contacts.imported", found, counts, organisation_id=task.partner_id)
