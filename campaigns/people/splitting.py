"""From bytes to records, in constant memory. Nothing in a file can make one record swallow the rest of it.

A quote that is opened and not closed would make a CSV reader read on to the end of the file. Here a record
that goes over several lines has to close within `MAX_LINES` lines, to have the right number of columns, and
none of its lines may be a record on its own; otherwise its first line alone is bad and reading goes on with
the second.
"""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import BinaryIO, NamedTuple

from campaigns.people.model import MAX_ROW, SkipReason

CHUNK = 131_072  # bytes read at a time
MAX_LINES = 30  # lines a quoted cell may go over

# Control characters, line and paragraph separators and direction overrides; lone surrogates stand for bytes
# that are not UTF-8; the replacement character for letters that were lost before the file came here.
_UNUSUAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffd]"
).search
UNUSUAL_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]").search
_SURROGATE = re.compile("[\ud800-\udfff]").search


class Record(NamedTuple):
    """One record: its row number, its cells or why it has none, and its text."""

    number: int
    cells: list[str] | None
    problem: SkipReason | None
    text: str
    is_unusual: bool  # its characters need a look


# Text without its end; whether its characters need a look; whether it was longer than MAX_ROW and the rest
# thrown away. Plain tuples: a million of them are made, and a named one takes ten times as long.
Line = tuple[str, bool, bool]


def lines(stream: BinaryIO, encoding: str) -> Iterator[Line]:
    """Lines without their ends (LF, CR LF or CR). Bytes that are not UTF-8 are read as Windows-1252, by the
    line."""
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding)(
            "surrogateescape" if encoding.startswith("utf-8") else "replace"
        ),
        translate=True,
    )
    rest, is_cut = "", False
    while True:
        chunk = stream.read(CHUNK)
        text = rest + decoder.decode(chunk, final=not chunk)
        is_unusual = not text.isascii() or not text.replace("\n", "").replace("\t", "").isprintable()
        is_unusual = is_unusual and _UNUSUAL(text) is not None
        found = text.split("\n")
        rest = found.pop()
        for line in found:
            if is_cut or len(line) > MAX_ROW:
                yield line[:MAX_ROW], False, True
                is_cut = False
            elif is_unusual:
                yield _looked_at(line)
            else:
                yield line, False, False
        if len(rest) > MAX_ROW:
            rest, is_cut = rest[:MAX_ROW], True
        if not chunk:
            break
    if rest:
        yield (rest, False, True) if is_cut else _looked_at(rest)


def records(
    source: Iterable[Line], separator: str, columns: int | None, stands_alone: Callable[[list[str]], bool]
) -> Iterator[Record]:
    """Records of `columns` columns (None: any number), numbered from 1; `stands_alone(cells)` says that a
    line is surely a record of its own, and so not the middle of a quoted cell."""
    upcoming = iter(source)
    replay: deque[Line] = deque()
    number = 0
    while True:
        line = replay.popleft() if replay else next(upcoming, None)
        if line is None:
            return
        number += 1
        text, is_unusual, is_cut = line
        if is_cut:
            yield Record(number, None, SkipReason.ROW_TOO_LONG, text, False)
        elif '"' not in text:
            yield Record(number, text.split(separator), None, text, is_unusual)
        else:
            cells = split(text, separator)
            if cells is None:
                cells, text, is_unusual = _joined(line, replay, upcoming, separator, columns, stands_alone)
            yield Record(number, cells, None if cells else SkipReason.BROKEN_QUOTES, text, is_unusual)


def split(text: str, separator: str) -> list[str] | None:
    """The cells of one record; None if its quotes do not close or close in the middle of a cell."""
    try:
        return next(csv.reader([text], _dialect(separator)), [])
    except csv.Error:
        return None


def _joined(
    first: Line,
    replay: deque[Line],
    upcoming: Iterator[Line],
    separator: str,
    columns: int | None,
    stands_alone: Callable[[list[str]], bool],
) -> tuple[list[str] | None, str, bool]:
    """The record that begins with `first` and goes over several lines; what was read in vain is put back."""
    taken: list[Line] = []
    cells: list[str] | None = None
    size = len(first[0])
    while len(taken) < MAX_LINES - 1:
        line = replay.popleft() if replay else next(upcoming, None)
        if line is None:
            break
        taken.append(line)
        text, _, is_cut = line
        size += len(text)
        alone = split(text, separator)
        if is_cut or size > MAX_ROW or (alone is not None and stands_alone(alone)):
            break
        if '"' in text:
            cells, is_open = _split_lines([first, *taken], separator)
            if not is_open:
                break
    if cells is None or (columns is not None and len(cells) != columns):
        replay.extendleft(reversed(taken))
        return None, first[0], False
    together = [first, *taken]
    return cells, "\n".join(text for text, _, _ in together), any(is_unusual for _, is_unusual, _ in together)


def _split_lines(together: list[Line], separator: str) -> tuple[list[str] | None, bool]:
    """The cells of lines taken as one record, if they are one; and whether more lines could still make them
    one."""
    try:
        found = list(csv.reader([text + "\n" for text, _, _ in together], _dialect(separator)))
    except csv.Error as error:
        return None, "unexpected end" in str(error)
    return (found[0] if len(found) == 1 else None), False


@cache
def _dialect(separator: str) -> csv.Dialect:
    """One dialect object for all rows: making it costs more than splitting a row with it."""
    return csv.reader([], delimiter=separator, strict=True, skipinitialspace=True).dialect  # type: ignore[return-value]


def _looked_at(line: str) -> Line:
    if _SURROGATE(line):
        line = line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return line, _UNUSUAL(line) is not None, False
