"""Rows that were left out of a file, corrected one by one without giving the file again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import people
from campaigns.people import Field, Row, SkipReason
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences import contacts, files, queries, reading, suppression
from tcma.audiences.contact_rows import Newcomer
from tcma.audiences.models import Contact, ContactImport, ListMember, SkippedRow
from tcma.audit import trail
from tcma.errors import Conflict, Invalid, NotFound, phrase
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role, Viewer

LONGEST_CELL = people.MAX_CELL


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row as it is mended: its column's index and name, what the column means, its text."""

    index: int
    name: str
    field: Field
    text: str


def cells_of(found: ContactImport, row: SkippedRow) -> list[Cell]:
    """The cells of a row that are read, the address first; empty where nothing of the row is kept."""
    if not row.row_text:
        return []
    names = found.layout["columns"]
    texts = people.cells_of(row.row_text, found.layout["separator"], len(names))
    cells = [Cell(at, names[at], field, texts[at]) for at, field in reading.mapping_of(found).items()]
    return sorted(cells, key=lambda cell: (cell.field is not Field.ADDRESS, cell.index))


def header_of(found: ContactImport) -> list[str]:
    """The columns of "rows-to-fix": which row, why, and the file's own."""
    named = [name or f"Column {at + 1}" for at, name in enumerate(found.layout["columns"])]
    return ["Row", "Reason", *named]


def rows_of(found: ContactImport, rows: Sequence[SkippedRow]) -> Iterator[list[str]]:
    width = len(found.layout["columns"])
    for row in rows:
        texts = people.cells_of(row.row_text, found.layout["separator"], width)
        yield [str(row.number), row.sentence, *texts]


def mend(
    session: Session, viewer: Viewer, import_id: UUID, number: int, cells: dict[int, str], *, hash_key: bytes
) -> ContactImport:
    """Put the person of a corrected row on the list; `cells` replaces cells of the row by column index.

    The row is then ready and no longer left out. Raises Invalid naming the cell that is still wrong, NotFound
    when the row was mended already.
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    found = _find_import(session, viewer, import_id)
    row = _find_row(session, found, number)
    read = _judged(session, found, row, cells)
    address_hash = person_key(hash_key, read.person.address)
    reason = suppression.earlier(session, found.partner_id, [address_hash]).get(address_hash)
    if reason:
        raise _still_wrong(reading.left_out_sentence(number, reason))
    if _is_there(session, found, read.person.address):
        raise _still_wrong(
            phrase(
                "Row %(number)s: “%(address)s” is on this list already.",
                number=str(number),
                address=read.person.address_typed,
            )
        )
    contacts.keep(
        session,
        found.partner_id,
        found.list_id,
        [Newcomer(read.person, address_hash, reading.basis_of(found, read))],
        source=contacts.MENDED,
        at=clock.now(session),
        import_id=found.id,
        keeps_basis=found.basis_stated_at is None,
    )
    session.delete(row)
    found.ready_count += 1
    found.skipped_count -= 1
    found.skipped_by_reason = dict(Counter(found.skipped_by_reason) - Counter([row.reason]))
    trail.record(session, viewer, "contacts.row_mended", found, {"row": number})
    return found


def leave_out(session: Session, viewer: Viewer, import_id: UUID, number: int) -> ContactImport:
    """Nobody corrects this row: it is forgotten, and stays counted as left out. NotFound when it is not there."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    found = _find_import(session, viewer, import_id)
    session.delete(_kept_row(session, found, number))
    trail.record(session, viewer, "contacts.row_left_out", found, {"row": number})
    return found


def _find_import(session: Session, viewer: Viewer, import_id: UUID) -> ContactImport:
    """Locked; Conflict as long as its rows may change."""
    found = queries.find_import(session, viewer, import_id, lock=True)
    if found.is_under_way:
        raise Conflict("The file is still being read. Correct its rows once it is done.")
    return found


def _find_row(session: Session, found: ContactImport, number: int) -> SkippedRow:
    row = _kept_row(session, found, number)
    if not row.row_text:
        raise Conflict(
            phrase(
                "Nothing of row %(number)s is kept. Add the person by hand, or upload a new file.",
                number=number,
            )
        )
    return row


def _kept_row(session: Session, found: ContactImport, number: int) -> SkippedRow:
    row = session.scalar(
        select(SkippedRow).where(
            SkippedRow.partner_id == found.partner_id,
            SkippedRow.import_id == found.id,
            SkippedRow.number == number,
        )
    )
    if row is None:
        raise NotFound(phrase("Row %(number)s is not left out any more.", number=number))
    return row


def _judged(session: Session, found: ContactImport, row: SkippedRow, cells: dict[int, str]) -> Row:
    layout, mapping = files.stored_layout(found.layout), reading.mapping_of(found)
    texts = people.cells_of(row.row_text, layout.separator, len(layout.columns))
    for at, text in cells.items():
        if at not in mapping:
            raise Invalid("This column is not read.")
        texts[at] = text
    country = session.get_one(Organisation, found.partner_id).country
    # What is not read cannot be wrong; the row may be left out for a cell nobody needs.
    texts = [files.storable(text) if at in mapping else "" for at, text in enumerate(texts)]
    read = people.read_one(row.number, texts, layout, mapping, country=country)
    if isinstance(read, Row):
        return read
    cell = _address_cell(found) if read.reason in _OF_ADDRESS else ""
    raise _still_wrong(read.sentence, cell)


_OF_ADDRESS = {
    SkipReason.NO_ADDRESS,
    SkipReason.INCOMPLETE_ADDRESS,
    SkipReason.INVALID_ADDRESS,
    SkipReason.SEVERAL_ADDRESSES,
    SkipReason.LETTERS_BEFORE_AT,
    SkipReason.MISTYPED_PROVIDER,
}


def _address_cell(found: ContactImport) -> str:
    return next(f"cell-{at}" for at, field in reading.mapping_of(found).items() if field is Field.ADDRESS)


def _still_wrong(sentence: str, cell: str = "") -> Invalid:
    return Invalid(sentence, {cell: sentence} if cell else {})


def _is_there(session: Session, found: ContactImport, address: str) -> bool:
    member = (
        select(ListMember.id)
        .join(Contact, Contact.id == ListMember.contact_id)
        .where(
            ListMember.list_id == found.list_id,
            ListMember.partner_id == found.partner_id,
            ListMember.import_id == found.id,
            Contact.partner_id == found.partner_id,
            Contact.address == address,
        )
    )
    return session.scalar(member) is not None
