"""Every row of a contact file, each judged by itself."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import BinaryIO

from campaigns.errors import ContentError, Problem
from campaigns.people import addresses, splitting
from campaigns.people.layout import Layout
from campaigns.people.model import (
    MAX_CELL,
    MAX_ROW,
    SEVERAL,
    Field,
    Row,
    Skipped,
    SkipReason,
)
from campaigns.people.reader import PersonReader
from campaigns.people.seen import Seen
from campaigns.people.splitting import UNUSUAL_CONTROL, Record
from campaigns.phrases import phrase

_SENTENCES = {
    SkipReason.BROKEN_QUOTES: phrase(
        "a quotation mark is not closed or stands in the middle of a cell. Correct it."
    ),
    SkipReason.ROW_TOO_LONG: phrase("the row is longer than %(most)s characters. Shorten it.", most=MAX_ROW),
    SkipReason.CELL_TOO_LONG: phrase("a cell is longer than %(most)s characters. Shorten it.", most=MAX_CELL),
    SkipReason.CONTROL_CHARACTERS: phrase("a cell holds control characters. Type it anew."),
    SkipReason.DAMAGED_LETTERS: phrase("some letters were lost when the file was saved (�). Type them anew."),
}


def read(
    stream: BinaryIO,
    layout: Layout,
    *,
    mapping: Mapping[int, Field] | None = None,
    country: str = "",
    asks_about_doubt: bool = False,
) -> Iterator[Row | Skipped]:
    """Every row of a file, in its order, from a stream at its beginning.

    `mapping` (column index -> field) replaces the one found by `sniff`, whole. `country` (ISO code, the
    partner's) is assumed for national telephone numbers of rows that name no country. Addresses to be written
    to are asked about when in doubt; those that get no mail are taken as they stand. Raises ContentError if
    the mapping has no e-mail column, names a column that is not there or gives a field to two columns.
    """
    chosen = dict(layout.mapping if mapping is None else mapping)
    _check_mapping(layout, chosen)
    return _read(stream, layout, chosen, country, asks_about_doubt)


def read_one(
    number: int, cells: Sequence[str], layout: Layout, mapping: Mapping[int, Field], *, country: str = ""
) -> Row | Skipped:
    """One row that was typed anew, judged as `read` judges rows to be written to; `number` is its row there."""
    _check_mapping(layout, mapping)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    plain = replace(layout, encoding="utf-8", separator=",", heading_rows=0, has_excel_hint=False)
    typed = io.BytesIO(text.getvalue().encode("utf-8", "replace"))
    found = next(_read(typed, plain, mapping, country, asks_about_doubt=True), None)
    if isinstance(found, Row):
        return found._replace(number=number)
    if found is None:
        reason, sentence = addresses.complaint("")
        return Skipped(number, reason, _of_row(number, sentence), "")
    return found._replace(number=number, sentence=_of_row(number, found.sentence.removeprefix("Row 1: ")))


def beginning(stream: BinaryIO, layout: Layout, count: int) -> list[list[str]]:
    """The cells of the first `count` rows behind the heading, from a stream at its beginning."""
    lines = splitting.lines(stream, layout.encoding)
    if layout.has_excel_hint:
        next(lines, None)
    width = len(layout.columns)
    records = splitting.records(lines, layout.separator, width, lambda cells: len(cells) == width)
    rows = (record for record in records if record.number > layout.heading_rows)
    return [_fitted(record.cells or [record.text], width) for record in islice(rows, count)]


def cells_of(text: str, separator: str, width: int) -> list[str]:
    """The cells of a row that was left out, as well as they can be told apart."""
    return _fitted(splitting.split(text, separator) or text.split(separator), width)


def _fitted(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * width][:width]


def _read(
    stream: BinaryIO, layout: Layout, mapping: Mapping[int, Field], home: str, asks_about_doubt: bool
) -> Iterator[Row | Skipped]:
    address_at = next(at for at, field in mapping.items() if field is Field.ADDRESS)
    others = [at for at, field in sorted(mapping.items()) if field is Field.OTHER_ADDRESS]
    columns = len(layout.columns)
    reader = PersonReader(layout, mapping, home)
    person, used = reader.read, reader.used
    seen = Seen()
    is_plain = addresses.is_plain

    def stands_alone(cells: list[str]) -> bool:
        return len(cells) == columns and is_plain(cells[address_at].strip())

    lines = splitting.lines(stream, layout.encoding)
    if layout.has_excel_hint:
        next(lines, None)
    for record in splitting.records(lines, layout.separator, columns, stands_alone):
        number, cells, problem, text, is_unusual = record
        if number <= layout.heading_rows:
            continue
        if cells is None:
            yield _skipped(record, problem or SkipReason.BROKEN_QUOTES)
            continue
        if len(cells) != columns:
            if not any(map(str.strip, cells)):
                continue
            if len(cells) < columns or any(map(str.strip, cells[columns:])):
                yield _wrong_columns(record, len(cells), columns)
                continue
            del cells[columns:]
        if is_unusual or len(text) > MAX_CELL:
            problem = _problem_of_cells([cells[at] for at in used])
            if problem:
                yield _skipped(record, problem)
                continue
        beside, typed = "", cells[address_at].strip()
        address: str | None
        if is_plain(typed):
            address = typed.lower()
        else:
            if not typed and not any(map(str.strip, cells)):
                continue
            beside, typed = addresses.split_display(typed)
            address = addresses.normalise(typed)
            for other in others if address is None else ():
                name, instead = addresses.split_display(cells[other])
                if address := addresses.normalise(instead):
                    beside, typed = name, instead
                    break
        if address is None:
            reason, sentence = addresses.complaint(typed)
            yield Skipped(number, reason, _of_row(number, sentence), text[:1000])
            continue
        if asks_about_doubt and (doubted := addresses.doubt(address)):
            reason, sentence = doubted
            yield Skipped(number, reason, _of_row(number, sentence), text[:1000])
            continue
        if not seen.add(address):
            sentence = phrase("“%(typed)s” is in the file twice. The first row with it is used.", typed=typed)
            yield Skipped(number, SkipReason.TWICE, _of_row(number, sentence), text[:1000])
            continue
        yield Row(number, person(cells, address, typed, beside))


def _check_mapping(layout: Layout, mapping: Mapping[int, Field]) -> None:
    fields = [field for field in mapping.values() if field not in SEVERAL]
    if Field.ADDRESS not in fields:
        raise ContentError(Problem("", None, phrase("No column is chosen as the e-mail column. Choose one.")))
    if len(set(fields)) < len(fields):
        raise ContentError(
            Problem("", None, phrase("Two columns are chosen for the same thing. Choose one of them."))
        )
    if any(not 0 <= at < len(layout.columns) for at in mapping):
        raise ContentError(
            Problem(
                "",
                None,
                phrase("The file has %(count)s columns. Choose among these.", count=len(layout.columns)),
            )
        )


def _problem_of_cells(cells: list[str]) -> SkipReason | None:
    if any(len(cell) > MAX_CELL for cell in cells):
        return SkipReason.CELL_TOO_LONG
    if any(map(UNUSUAL_CONTROL, cells)):
        return SkipReason.CONTROL_CHARACTERS
    return SkipReason.DAMAGED_LETTERS if any("\ufffd" in cell for cell in cells) else None


def _wrong_columns(record: Record, found: int, expected: int) -> Skipped:
    sentence = phrase(
        "it has %(found)s columns, the file has %(expected)s. Add or remove separators.",
        found=found,
        expected=expected,
    )
    if found == 1:
        sentence = phrase(
            "it has 1 column, the file has %(expected)s. Add or remove separators.", expected=expected
        )
    return Skipped(
        record.number, SkipReason.WRONG_COLUMNS, _of_row(record.number, sentence), record.text[:1000]
    )


def _skipped(record: Record, reason: SkipReason) -> Skipped:
    return Skipped(record.number, reason, _of_row(record.number, _SENTENCES[reason]), record.text[:1000])


def _of_row(number: int, sentence: str) -> str:
    """The number is written as a spreadsheet shows it."""
    return phrase("Row %(number)s: %(sentence)s", number=str(number), sentence=sentence)
