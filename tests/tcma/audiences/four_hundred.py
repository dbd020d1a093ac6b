"""The file of 421 rows that the launch is tried with: 412 people ready, 9 rows left out, as its owner gets it.

Written as spreadsheets write it: columns in any order, any separator, any encoding.
"""

import io
from collections.abc import Sequence
from random import Random

from openpyxl import Workbook

READY, SKIPPED = 412, 9
WITHOUT_FIRST_NAME = 38
# row as a spreadsheet shows it -> why it is left out
BAD_ADDRESSES = {14: "anna@lindt", 97: "", 203: "no address", 355: "a@x.example.com, b@x.example.com"}
UNSUBSCRIBED = {
    60: "gone.one@left.example.com",
    188: "gone.two@left.example.com",
    301: "gone.three@left.example.com",
}
TWICE = {120: 20, 400: 21}  # row -> the row with the same address
HEADING = ("E-Mail-Adresse", "Vorname", "Name", "Firma", "Mitarbeiter", "Branche", "Land", "Notiz")


def content(
    *, separator: str = ";", encoding: str = "cp1252", shuffle: int | None = 7, mark: bool = False
) -> bytes:
    """The file; `shuffle` (a seed, or None) orders the columns, `mark` puts a byte order mark before UTF-8."""
    order = list(range(len(HEADING)))
    if shuffle is not None:
        Random(shuffle).shuffle(order)
    lines = _lines()
    text = "".join(separator.join(_quoted(line[at], separator) for at in order) + "\r\n" for line in lines)
    return text.encode("utf-8-sig" if mark else encoding)


def workbook() -> bytes:
    """The same 421 rows as an Excel workbook, numbers as numbers, blank cells left out."""
    book = Workbook()
    sheet = book.active
    for line in _lines():
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in line])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _lines() -> list[Sequence[str]]:
    return [HEADING, *(_row(number) for number in range(2, READY + SKIPPED + 2))]


def address(number: int) -> str:
    """The address of a row that can be used."""
    return f"person{number}@firma{number % 60}.example.com"


def _row(number: int) -> Sequence[str]:
    typed = BAD_ADDRESSES.get(number, UNSUBSCRIBED.get(number))
    if typed is None:
        typed = address(TWICE.get(number, number))
    skipped = number in BAD_ADDRESSES or number in UNSUBSCRIBED or number in TWICE
    first = "" if number % 10 == 0 and not skipped and _nameless(number) else f"Jürg{number}"
    size = ("12", "50-249", "800", "3000", "")[number % 5]
    note = 'nennt sich "Chef"; ruft zurück' if number % 50 == 3 else ""
    return (
        typed,
        first,
        f"Müller-{number}",
        f"Firma {number % 60} für Bäder AG",
        size,
        "Bau",
        "Schweiz",
        note,
    )


def _nameless(number: int) -> bool:
    """The first 38 of every tenth row that can be used."""
    usable = [
        row
        for row in range(2, READY + SKIPPED + 2)
        if row % 10 == 0 and row not in {**BAD_ADDRESSES, **UNSUBSCRIBED, **TWICE}
    ]
    return number in usable[:WITHOUT_FIRST_NAME]


def _quoted(cell: str, separator: str) -> str:
    if separator in cell or '"' in cell or "," in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
