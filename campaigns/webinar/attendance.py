"""Attendance lists as Zoom, Teams and GoTo write them: who came, and for how many minutes.

Encodings, separators and the lines above and between the tables differ from tool to tool and from year to year,
so columns are found by their names, wherever the table begins. A person who joined several times has several
rows; their times are summed. A row whose address cannot be found is one sentence with its number and no name.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from campaigns.errors import ContentError, Problem
from campaigns.people import addresses
from campaigns.phrases import phrase
from campaigns.webinar.attendance_cells import seconds_between, seconds_of

MOST_BYTES = 10_000_000
MOST_ROWS = 200_000
MOST_PROBLEMS = 200
_SEPARATORS = ("\t", ",", ";")


class Tool(StrEnum):
    """Whose list it is, told by its columns."""

    ZOOM = "zoom"
    TEAMS = "teams"
    GOTO = "goto"
    OTHER = "other"


class _Column(StrEnum):
    ADDRESS = "address"
    NAME = "name"
    MINUTES = "minutes"
    JOINED = "joined"
    LEFT = "left"
    CAME = "came"  # "Yes" or "No"


@dataclass(frozen=True, slots=True)
class Attendance:
    """`minutes` by normalised address, whole, at least 1 for whoever was there. `problems` are sentences."""

    tool: Tool
    minutes: Mapping[str, int]
    problems: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    seconds: dict[str, float] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    row_count: int = 0


_NAMES: Mapping[_Column, tuple[str, ...]] = {
    _Column.ADDRESS: (
        "email", "e-mail", "user email", "email address", "e-mail-adresse", "e-mail address", "participant email",
        "adresse e-mail", "correo electrónico", "indirizzo e-mail",
    ),
    _Column.NAME: (
        "name", "full name", "user name (original name)", "name (original name)", "name (original)", "attendee",
        "participant", "vollständiger name", "teilnehmer", "nom complet", "nom", "user name",
        "benutzername (originalname)", "name (originalname)",
    ),
    _Column.MINUTES: (
        "time in session (minutes)", "time in session", "duration (minutes)", "total duration (minutes)",
        "in-meeting duration", "meeting duration", "duration", "dauer", "dauer (minuten)",
        "gesamtdauer (minuten)", "dauer in besprechung", "besprechungsdauer", "dauer der teilnahme",
        "zeit in sitzung (minuten)", "time in session (hh:mm:ss)", "durée", "durée (minutes)",
    ),
    _Column.JOINED: ("join time", "first join", "joined", "beitrittszeit", "erste teilnahme", "beitritt"),
    _Column.LEFT: ("leave time", "last leave", "left", "austrittszeit", "letztes verlassen", "verlassen"),
    _Column.CAME: ("attended", "teilgenommen"),
}  # fmt: skip
_BY_NAME = {name: column for column, names in _NAMES.items() for name in names}
_OF_THE_WEBINAR = frozenset(
    {"topic", "thema", "meeting id", "meeting-id", "webinar id", "webinar-id", "webinar name"}
)
_NO = frozenset({"no", "nein", "non", "false"})
_NOTHING = frozenset({"", "-", "--", "n/a", "—", "–"})
_ADDRESS_IN = re.compile(r"[^\s<>()\[\]\",;:]+@[^\s<>()\[\]\",;:]+")
_SECTION = re.compile(r"\d+\.\s")  # "3. In-Meeting Activities" in lists of Teams


def read(content: bytes) -> Attendance:
    """Everybody on the list who was there.

    Raises ContentError with one sentence for a file that is no attendance list.
    """
    if len(content) > MOST_BYTES:
        raise _refusal(phrase("The file is larger than 10 MB. Attendance lists are much smaller."))
    text = _decoded(content)
    rows = list(_rows(text))
    found, tool = _Found(), Tool.OTHER
    columns: dict[_Column, int] | None = None
    is_done = False
    for number, cells in rows:
        named = _columns(cells)
        if named is not None:
            if columns is None:
                tool = _tool(cells)
            columns = named
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len([cell for cell in cells if cell.strip()]) == 1:
            is_done = is_done or (columns is not None and bool(_SECTION.match(cells[0].strip())))
            if columns is not None and not _ADDRESS_IN.search(" ".join(cells)):
                columns = None if not is_done else columns  # a title between two tables
            continue
        if columns is None or is_done:
            continue
        _take(found, columns, number, cells)
    if tool is Tool.OTHER and columns is None and not found.row_count:
        raise _refusal(
            phrase(
                "This is no attendance list of Zoom, Teams or GoTo: no row names the columns for people and"
                " their time. Download the list of attendees as CSV and upload that file as it is."
            )
        )
    minutes = {address: max(1, round(seconds / 60)) for address, seconds in found.seconds.items()}
    return Attendance(tool, minutes, tuple(found.problems[:MOST_PROBLEMS]))


def _take(found: _Found, columns: Mapping[_Column, int], number: int, cells: Sequence[str]) -> None:
    found.row_count += 1

    def cell(column: _Column) -> str:
        at = columns.get(column, len(cells))
        return cells[at].strip() if at < len(cells) else ""

    came = cell(_Column.CAME).casefold()
    if came in _NO:
        return
    seconds = _seconds(cell)
    address = _address(cell(_Column.ADDRESS), cell(_Column.NAME), cells)
    if address is None:
        if not _is_summary(cells):
            found.problems.append(
                phrase("Row %(number)s has no e-mail address, so nobody knows who that was.", number=number)
            )
        return
    if seconds is None:
        if came or any(cell(column) not in _NOTHING for column in (_Column.JOINED, _Column.MINUTES)):
            found.problems.append(
                phrase("Row %(number)s does not say how long: counted as one minute.", number=number)
            )
            seconds = 60.0
        else:
            return  # listed, and never there
    found.seconds[address] = found.seconds.get(address, 0.0) + seconds


def _seconds(cell: Callable[[_Column], str]) -> float | None:
    """Time of one row, from its own column or from when the person came and left."""
    minutes = cell(_Column.MINUTES)
    if minutes not in _NOTHING:
        found = seconds_of(minutes)
        if found is not None:
            return found if found > 0 or cell(_Column.JOINED) not in _NOTHING else None
    return seconds_between(cell(_Column.JOINED), cell(_Column.LEFT))


def _address(typed: str, name: str, cells: Sequence[str]) -> str | None:
    """From its column, from the name ("Anna Meier (anna@x.example)"), else from anywhere in the row."""
    for text in (typed, name, *cells):
        for match in _ADDRESS_IN.findall(text):
            found = addresses.normalise(match.removeprefix("mailto:").rstrip("."))
            if found is not None:
                return found
    return None


def _is_summary(cells: Sequence[str]) -> bool:
    """A line of sums or of the host's settings: less than two cells with anything in them."""
    return len([cell for cell in cells if cell.strip() not in _NOTHING]) < 2


def _columns(cells: Sequence[str]) -> dict[_Column, int] | None:
    """Which column is what, where these cells are names of columns: people, and whether or how long."""
    found: dict[_Column, int] = {}
    for at, cell in enumerate(cells):
        column = _BY_NAME.get(_key(cell))
        if column is not None:
            found.setdefault(column, at)
    if {"first name", "last name"} <= {_key(cell) for cell in cells}:
        found.setdefault(_Column.NAME, [_key(cell) for cell in cells].index("first name"))
    people = found.keys() & {_Column.ADDRESS, _Column.NAME}
    timed = found.keys() & {_Column.MINUTES, _Column.JOINED, _Column.CAME}
    is_about_the_webinar = any(_key(cell) in _OF_THE_WEBINAR for cell in cells)
    return found if people and timed and not is_about_the_webinar else None


def _tool(cells: Sequence[str]) -> Tool:
    names = {_key(cell) for cell in cells}
    if names & {
        "in-meeting duration",
        "meeting duration",
        "participant id (upn)",
        "erste teilnahme",
        "first join",
    }:
        return Tool.TEAMS
    if names & {"interest rating", "time in session"} and "email address" in names:
        return Tool.GOTO
    zoom = ("original name", "originalname", "user email", "time in session (minutes)", "duration (minutes)")
    if any(mark in name for name in names for mark in zoom):
        return Tool.ZOOM
    return Tool.TEAMS if "role" in names else Tool.OTHER


def _key(cell: str) -> str:
    return " ".join(cell.replace("\u00a0", " ").strip().strip('"').casefold().split())


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Row number as an editor shows it, and cells. The separator is the one of the row that names columns."""
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    count = 0
    while True:
        count += 1
        if count > MOST_ROWS:
            raise _refusal(phrase("The file has more than %(most)s rows.", most=MOST_ROWS))
        number = reader.line_num + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue


def _separator(text: str) -> str:
    for line in text.splitlines()[:500]:
        for separator in _SEPARATORS:
            cells = next(csv.reader([line], delimiter=separator), [])
            if _columns(cells) is not None:
                return separator
    return max(_SEPARATORS, key=text[:20_000].count)


def _decoded(content: bytes) -> str:
    """UTF-16 with or without its mark, UTF-8, else Windows-1252."""
    if not content.strip(b"\x00\r\n\t ,;\xef\xbb\xbf\xff\xfe"):
        raise _refusal(phrase("The file is empty."))
    if content.startswith((b"%PDF", b"\x89PNG", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _refusal(
            phrase(
                "This is no CSV file. Download the list of attendees as CSV and upload that file as it is."
            )
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    head = content[:2_000]
    if head[1::2].count(0) > len(head) // 4:
        return content.decode("utf-16-le", "replace")
    if head[0::2].count(0) > len(head) // 4:
        return content.decode("utf-16-be", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _refusal(sentence: str) -> ContentError:
    return ContentError(Problem("", None, sentence))
