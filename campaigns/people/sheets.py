"""Excel workbooks (.xlsx): their first sheet of people, written as CSV for the one reader there is.

Rows keep their numbers: a blank row of the sheet is a blank line, and a line break in a cell a space. A workbook
is a zip of XML from outside: nothing is unpacked beyond the sizes below, and openpyxl reads it through
defusedxml.
"""

import csv
import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import chain, islice
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

import defusedxml
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from campaigns.errors import ContentError, Problem
from campaigns.people.model import MAX_COLUMNS
from campaigns.phrases import phrase

MAX_WORKBOOK = 20 * 1024 * 1024  # bytes of the file
MAX_UNPACKED = 300 * 1024 * 1024  # bytes of all that is in it
MAX_PARTS = 2_000
_ROWS_JUDGED = 60


def is_workbook(sample: bytes) -> bool:
    """Whether a file that begins so is a zip; what is in it is for `as_csv` to see."""
    return sample.startswith(b"PK\x03\x04")


def as_csv(workbook: BinaryIO, out: BinaryIO) -> None:
    """Write the sheet with the people, else the first that holds anything, as UTF-8 CSV with commas.

    Raises ContentError with one sentence when it is no workbook, is damaged or too large.
    """
    _check_parts(workbook)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that are not understood
            book = load_workbook(workbook, read_only=True, data_only=True, keep_links=False)
            try:
                _write(_chosen(book), out)
            finally:
                book.close()
    except ContentError:
        raise
    except _DAMAGED as error:
        raise _save_as_csv(phrase("This Excel file is damaged and cannot be read.")) from error


# What openpyxl lets through when parts of a workbook are missing, cut off or not what they say.
_DAMAGED = (
    InvalidFileException, BadZipFile, ParseError, defusedxml.DefusedXmlException,
    KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, EOFError, OSError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


def _check_parts(workbook: BinaryIO) -> None:
    size = workbook.seek(0, io.SEEK_END)
    workbook.seek(0)
    try:
        with ZipFile(workbook) as parts:
            found = parts.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _refusal(
            phrase("This file is damaged and cannot be opened. Save it again, or upload it as CSV.")
        ) from error
    names = {part.filename for part in found}
    if not any(name.startswith("xl/") for name in names):
        raise _refusal(
            phrase("This is a zip file or a document. Upload a CSV or Excel file with one person per row.")
        )
    if "xl/vbaProject.bin" in names:
        raise _save_as_csv(phrase("This Excel file holds macros, which are not opened here."))
    if any(name.endswith(".bin") and name.startswith("xl/worksheets/sheet") for name in names):
        raise _save_as_csv(phrase("This is a binary Excel file (.xlsb)."))
    if size > MAX_WORKBOOK or len(found) > MAX_PARTS or sum(part.file_size for part in found) > MAX_UNPACKED:
        raise _save_as_csv(phrase("This Excel file is too large to be read as it is."))


def _chosen(book: Any) -> Any:
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
    filled = None
    for sheet in sheets:
        sheet.reset_dimensions()  # what a sheet says of its own size is not believed
        for row in islice(_rows(sheet), _ROWS_JUDGED):
            if any("@" in cell for cell in row):
                return sheet
            filled = filled or (sheet if any(row) else None)
    if filled is None:
        raise _refusal(phrase("This Excel file is empty. Upload a file with one person per row."))
    return filled


def _write(sheet: Any, out: BinaryIO) -> None:
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\n")
    rows = _rows(sheet)
    first = list(islice(rows, _ROWS_JUDGED))
    width = max(map(len, first), default=0)  # a row is as wide as the table, whatever its last cells lack
    for row in chain(first, rows):
        if len(row) > MAX_COLUMNS:
            raise _refusal(
                phrase(
                    "The sheet “%(sheet)s” has %(count)s columns; at most %(most)s can be read."
                    " Leave out some columns.",
                    sheet=sheet.title[:60],
                    count=len(row),
                    most=MAX_COLUMNS,
                )
            )
        if any(row):
            writer.writerow([*row, *[""] * (width - len(row))])
        else:
            text.write("\n")
    text.flush()
    text.detach()


def _rows(sheet: Any) -> Iterator[list[str]]:
    for values in sheet.iter_rows(values_only=True):
        row = [_text(value) for value in values]
        while row and not row[-1]:
            row.pop()
        yield row


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return value.isoformat(" ", "minutes") if value.time() != time() else value.date().isoformat()
        case date() | time():
            return value.isoformat()
    text = " ".join(str(value).split())
    return "" if text in _ERRORS else text.encode("utf-8", "replace").decode()


_ERRORS = frozenset(["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"])


def _save_as_csv(what: str) -> ContentError:
    return _refusal(
        phrase(
            "%(sentence)s In Excel choose “Save as”, then “CSV UTF-8”, and upload that file.", sentence=what
        )
    )


def _refusal(sentence: str) -> ContentError:
    return ContentError(Problem("", None, sentence))
