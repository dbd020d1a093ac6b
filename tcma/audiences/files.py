"""Contact files as they arrive: their layout, their hash, their rows in slices."""

import hashlib
import io
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, TypeVar

from campaigns import people
from campaigns.errors import ContentError
from campaigns.people import Field, Layout, Row, Skipped, sheets
from tcma.errors import Invalid

T = TypeVar("T")

SLICE = 5_000  # rows written in one transaction: a third of a second, in which nobody else writes to SQLite


FIRST_ROWS = 5  # shown above the columns to choose from
_SHOWN = 60  # characters of a cell there


@dataclass(frozen=True, slots=True)
class Opened:
    """A contact file that was looked into, not read: what it is and how to read it."""

    name: str
    sha256: str
    size: int
    layout: Layout
    first_rows: list[list[str]]
    row_estimate: int


@contextmanager
def as_text(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file itself, or an Excel workbook as CSV in a file that is gone afterwards. The same workbook is the
    same text, so that a second upload of it is known. Invalid with a sentence when it cannot be read."""
    file.seek(0)
    is_workbook = sheets.is_workbook(file.read(4))
    file.seek(0)
    if not is_workbook:
        yield file
        return
    with tempfile.TemporaryFile() as text:
        try:
            sheets.as_csv(file, text)
        except ContentError as error:
            raise Invalid(_sentence(error), {"file": _sentence(error)}) from error
        text.seek(0)
        yield text


def look_into(file: BinaryIO, name: str) -> Opened:
    """Look into a seekable file; Invalid with a sentence when it is no contact file."""
    layout = layout_of(file)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    sample = file.read(people.SAMPLE)
    lines = sample.count(b"\n") or sample.count(b"\r")
    file.seek(0)
    first = [[storable(cell[:_SHOWN]) for cell in row] for row in people.beginning(file, layout, FIRST_ROWS)]
    return Opened(
        name=storable(name)[:200],
        sha256=sha256_of(file),
        size=size,
        layout=layout,
        first_rows=first,
        row_estimate=max(1, size * lines // max(1, len(sample))),
    )


def stored_layout(layout: Mapping[str, Any]) -> Layout:
    """What an import keeps of a layout, as a layout again: enough for one row typed anew."""
    columns = tuple(people.Column(index, name, None, "", ()) for index, name in enumerate(layout["columns"]))
    return Layout(layout["encoding"], layout["separator"], columns, 1, False)


def layout_of(file: BinaryIO) -> Layout:
    """How to read the file, which must be seekable; Invalid with a sentence when it is no contact file."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    try:
        return people.sniff(file.read(people.SAMPLE), size)
    except ContentError as error:
        raise Invalid(_sentence(error), {"file": _sentence(error)}) from error


def rows_of(
    file: BinaryIO,
    layout: Layout,
    mapping: Mapping[int, Field],
    country: str,
    *,
    asks_about_doubt: bool = False,
) -> Iterator[Row | Skipped]:
    """Every row from the beginning; Invalid when the chosen columns do not fit the file. Addresses in doubt
    are left out only where they are asked about."""
    file.seek(0)
    try:
        return people.read(file, layout, mapping=mapping, country=country, asks_about_doubt=asks_about_doubt)
    except ContentError as error:
        raise Invalid(_sentence(error), {"mapping": _sentence(error)}) from error


def slices(rows: Iterator[T], size: int = SLICE) -> Iterator[list[T]]:
    while piece := list(islice(rows, size)):
        yield piece


def sha256_of(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def storable(text: str) -> str:
    """Without what no database takes: NUL and halves of characters."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _sentence(error: ContentError) -> str:
    return " ".join(problem.sentence for problem in error.problems)
