"""What kind of file this is: encoding, separator, heading and columns, judged from its beginning."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.errors import ContentError, Problem
from campaigns.people import addresses, headings, splitting
from campaigns.people.headings import Column
from campaigns.people.model import MAX_COLUMNS, MAX_ROW, Field
from campaigns.phrases import phrase

SAMPLE = 262_144  # bytes; more of a sample is not looked at
MAX_FILE = 1_073_741_824  # bytes

_SEPARATORS = (";", "\t", ",", "|")
_ROWS_JUDGED = 200
_PREAMBLE = 30  # rows that may stand above the names of the columns
_OFFICE = phrase(
    "This is an Excel file of the old kind, or one with a password. In Excel choose “Save as”, then"
    " “Excel workbook” without a password, and upload that file."
)
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", phrase("This is a PDF.")),
    (b"\x89PNG", phrase("This is a picture.")),
    (b"\xff\xd8\xff", phrase("This is a picture.")),
    (b"GIF8", phrase("This is a picture.")),
    (b"BM", phrase("This is a picture.")),
    (b"II*\x00", phrase("This is a picture.")),
    (b"MM\x00*", phrase("This is a picture.")),
    (b"{\\rtf", phrase("This is a text document.")),
    (b"\x1f\x8b", phrase("This is a compressed file.")),
    (b"7z\xbc\xaf", phrase("This is a compressed file.")),
    (b"Rar!", phrase("This is a compressed file.")),
    (b"SQLite format 3", phrase("This is a database.")),
    (b"BEGIN:VCARD", phrase("This is a vCard file.")),
    (b"BEGIN:VCALENDAR", phrase("This is a calendar file.")),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|table|\?xml|svg|!--|[a-z]+[ >])", re.IGNORECASE)
_JAPANESE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff60]{2,}")
_JSON = re.compile(rb"\s*[\[{]\s*[\[{\"\]}]")


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a file. `heading_rows` are the rows before the first person (0 or 1, or more with a title
    above the names or blank rows); `problem` is a sentence when no column holds e-mail addresses, and a
    mapping has to name one."""

    encoding: str
    separator: str
    columns: tuple[Column, ...]
    heading_rows: int
    has_excel_hint: bool  # the first line is "sep=;", which a spreadsheet does not show
    problem: str | None = None

    @property
    def mapping(self) -> dict[int, Field]:
        return {column.index: column.field for column in self.columns if column.field}


def sniff(sample: bytes, size: int) -> Layout:
    """The layout of a contact file of `size` bytes that begins with `sample` (64 kB or more judge well).

    Raises ContentError with one sentence when this is no contact file.
    """
    if size > MAX_FILE:
        raise _refusal(phrase("The file is larger than 1 GB. Split it and upload the parts."))
    if not sample.strip(b"\x00\t\r\n ,;|"):
        raise _no_people(phrase("The file is empty."))
    encoding = _encoding(sample[:SAMPLE])
    _refuse_other_kinds(sample, encoding)
    lines = _lines(sample[:SAMPLE], encoding, is_whole=len(sample) >= size and len(sample) <= SAMPLE)
    hint = re.fullmatch(r'"?sep=(.)"?', lines[0][0]) if lines else None
    if hint:
        lines = lines[1:]
    separator = hint[1] if hint and hint[1] in _SEPARATORS else _separator(lines)
    records = [record for record in _records(lines, separator) if any(map(str.strip, record.cells or ()))]
    if not records:
        raise _no_people(phrase("No row of this file can be read."))
    rows = [record.cells or [] for record in records]
    top = _heading_at(rows)
    heading = rows[top] if top is not None else []
    people = rows[top + 1 :] if top is not None else rows
    count = _width(heading, people)
    if count > MAX_COLUMNS:
        raise _refusal(
            phrase(
                "The file has %(count)s columns; at most %(most)s can be read. Leave out some columns.",
                count=count,
                most=MAX_COLUMNS,
            )
        )
    columns = headings.recognise(heading, people, count)
    problem = None
    if all(column.field is not Field.ADDRESS for column in columns):
        problem = phrase(
            "No column holds e-mail addresses. Choose the e-mail column, or upload a file that has one."
        )
    before = records[top].number if top is not None else records[0].number - 1
    return Layout(encoding, separator, columns, before, hint is not None, problem)


def _encoding(sample: bytes) -> str:
    if sample.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = sample[0:4096:2], sample[1:4096:2]
    if odd.count(0) > len(odd) * 0.4 and even.count(0) < len(even) * 0.1:
        return "utf-16-le"
    if even.count(0) > len(even) * 0.4 and odd.count(0) < len(odd) * 0.1:
        return "utf-16-be"
    if _is_mostly_utf8(sample):
        return "utf-8"
    return "cp932" if _is_shift_jis(sample) else "cp1252"


def _is_mostly_utf8(sample: bytes) -> bool:
    """UTF-8 with a few foreign bytes is UTF-8 (its bad lines are read as Windows-1252 one by one)."""
    text = sample.decode("utf-8", "surrogateescape")
    foreign = sum(1 for letter in text[:-4] if "\udc80" <= letter <= "\udcff") if not text.isascii() else 0
    return foreign == 0 or foreign * 2 < sum(1 for letter in text if letter > "\x7f")


def _is_shift_jis(sample: bytes) -> bool:
    """Japanese stands in words: most of its letters have another beside them, which accented ones have not."""
    text = sample.decode("cp932", "replace")
    foreign = [letter for letter in text if letter > "\x7f"]
    together = sum(len(word) for word in _JAPANESE.findall(text))
    return together * 10 >= len(foreign) * 8 and text.count("\ufffd") * 100 <= len(foreign)


def _refuse_other_kinds(sample: bytes, encoding: str) -> None:
    for start, sentence in _KINDS:
        if sample.startswith(start) and not (start == b"BM" and sample[:64].isascii()):
            raise _no_people(sentence)
    if sample.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refusal(_OFFICE)
    if sample.startswith(b"PK\x03\x04"):
        raise _no_people(phrase("This is a zip file or a document."))
    if sample.startswith(b"RIFF") and sample[8:12] == b"WEBP":
        raise _no_people(phrase("This is a picture."))
    text = sample[:2048].removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.match(text):
        raise _no_people(phrase("This is a web page or an XML file, whatever its name says."))
    if _JSON.match(text):
        raise _no_people(phrase("This is a JSON file."))
    beginning = sample[:4096].decode(encoding, "replace")
    if sum(letter < " " and letter not in "\t\n\r" for letter in beginning) > len(beginning) // 10:
        raise _no_people(phrase("This is not a text file."))


def _lines(sample: bytes, encoding: str, *, is_whole: bool) -> list[splitting.Line]:
    if not is_whole and encoding.startswith("utf-16"):
        sample = sample[: len(sample) // 2 * 2]
    lines = list(splitting.lines(io.BytesIO(sample), encoding))
    if not is_whole and len(lines) > 1:
        lines.pop()  # it may be cut in the middle
    return lines[: _ROWS_JUDGED * 2]


def _records(lines: Sequence[splitting.Line], separator: str) -> list[splitting.Record]:
    found = list(splitting.records(lines, separator, None, _holds_an_address))
    return [record for record in found if record.cells is not None and len(record.text) < MAX_ROW][
        :_ROWS_JUDGED
    ]


def _separator(lines: Sequence[splitting.Line]) -> str:
    """The separator under which most rows have the same number of columns, and more than one."""
    best, best_score = ",", (0.0, 0)
    for separator in _SEPARATORS:
        widths = Counter(
            len(record.cells or ())
            for record in _records(lines, separator)
            if record.text.strip(separator + " ")
        )
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        score = (rows / widths.total(), width) if width > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = separator, score
    return best


def _heading_at(rows: Sequence[Sequence[str]]) -> int | None:
    """Which row names the columns: the one with the most known names before the first person, so that a
    title and a date above it do not count. Without known names it is the first row as wide as the people."""
    first = next((i for i, cells in enumerate(rows) if _holds_an_address(cells)), None)
    above = rows[: first if first is not None else 1][:_PREAMBLE]
    known = [sum(headings.field_named(cell) is not None for cell in cells) for cells in above]
    if any(known):
        return known.index(max(known))
    if first is None or not above:
        return None
    wide = max(sum(map(bool, map(str.strip, cells))) for cells in above)
    return next(i for i, cells in enumerate(above) if sum(map(bool, map(str.strip, cells))) == wide)


def _holds_an_address(cells: Sequence[str]) -> bool:
    return any(
        "@" in cell and addresses.normalise(addresses.split_display(cell)[1]) is not None for cell in cells
    )


def _width(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Columns that have a heading, or that most rows use."""
    named = max((i + 1 for i, cell in enumerate(heading) if cell.strip()), default=0)
    widths = Counter(
        max((i + 1 for i, cell in enumerate(cells) if cell.strip()), default=0) for cells in rows
    )
    del widths[0]
    if heading:
        return named
    return max((width for width, rows in widths.items() if rows * 10 >= widths.total()), default=named)


def _no_people(what: str) -> ContentError:
    return _refusal(phrase("%(sentence)s Upload a CSV with one person per row.", sentence=what))


def _refusal(sentence: str) -> ContentError:
    return ContentError(Problem("", None, sentence))
