"""Contact files as they arrive: their layout, their hash, their rows in slices."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import BinaryIO, TypeVar

from campaigns import people
from campaigns.errors import ContentError
from campaigns.people import Field, Layout, Row, Skipped
from tcma.errors import Invalid

T = TypeVar("T")

SLICE = 5_000  # rows written in one transaction: a third of a second, in which nobody else writes to SQLite


def layout_of(file: BinaryIO) -> Layout:
    """How to read the file, which must be seekable; Invalid with a sentence when it is no contact file."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    try:
        return people.sniff(file.read(people.SAMPLE), size)
    except ContentError as error:
        raise Invalid(_sentence(error), {"file": _sentence(error)}) from error


def rows_of(
    file: BinaryIO, layout: Layout, mapping: Mapping[int, Field], country: str
) -> Iterator[Row | Skipped]:
    """Every row from the beginning; Invalid when the chosen columns do not fit the file."""
    file.seek(0)
    try:
        return people.read(file, layout, mapping=mapping, country=country)
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
