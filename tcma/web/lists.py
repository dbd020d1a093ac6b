"""Lists of rows as pages: sorting and filtering by the address, pages by key, and files."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Generic, TypeVar
from urllib.parse import urlencode

from flask import Response, request, stream_with_context

from tcma.web import formats

PAGE_SIZE = 50
MOST_COUNTED = 10_000
LONGEST_CHOICE = 200
LONGEST_CURSOR = 400
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Listing:
    """What the address asks of a list: `?sort=-name&state=running&after=…`.

    `sort` is one of the declared keys; a minus turns it round. `choices` holds the filters that were
    given, none of them empty. `after` is the cursor the page before ended with, "" on the first page.
    """

    path: str
    sort: str
    descending: bool
    choices: Mapping[str, str]
    after: str

    def address(self, **changes: str | None) -> str:
        """The same list with other filters or another order, from its first page; None takes a filter away."""
        given: dict[str, str | None] = {**self.choices, "sort": self.sort_choice, **changes}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{self.path}?{query}" if query else self.path

    @property
    def sort_choice(self) -> str:
        return f"-{self.sort}" if self.descending else self.sort

    def sorted_by(self, key: str) -> str:
        """The address of this list by `key`; once more turns it round."""
        turned = key == self.sort and not self.descending
        return self.address(sort=f"-{key}" if turned else key)

    def aria_sort(self, key: str) -> str:
        """What a column's header tells a screen reader."""
        if key != self.sort:
            return "none"
        return "descending" if self.descending else "ascending"

    def next_page(self, cursor: str) -> str:
        return self.address(after=cursor)


def listing(sorts: Sequence[str], filters: Iterable[str] = (), default: str | None = None) -> Listing:
    """Read the request's address. What is not declared is ignored; `default` may begin with a minus."""
    wanted = request.args.get("sort", "") or default or sorts[0]
    if wanted.removeprefix("-") not in sorts:
        wanted = default or sorts[0]
    choices = {name: request.args.get(name, "").strip()[:LONGEST_CHOICE] for name in filters}
    return Listing(
        path=request.path,
        sort=wanted.removeprefix("-"),
        descending=wanted.startswith("-"),
        choices={name: value for name, value in choices.items() if value},
        after=request.args.get("after", "")[:LONGEST_CURSOR],
    )


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """One page of rows; `cursor` leads to the next, "" on the last."""

    rows: list[Row]
    cursor: str = ""


def cut(rows: Sequence[Row], cursor: Callable[[Row], str], size: int = PAGE_SIZE) -> Slice[Row]:
    """A page out of up to `size` + 1 rows: the one too many only says that there is another page."""
    if len(rows) <= size:
        return Slice(list(rows))
    kept = list(rows[:size])
    return Slice(kept, cursor(kept[-1]))


def counted(count: int) -> str:
    """A count as lists show it: what is beyond 10,000 is not counted out."""
    return f"{formats.number(MOST_COUNTED)}+" if count > MOST_COUNTED else formats.number(count)


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file that leaves while it is read; cells that a spreadsheet would run are made harmless.

    UTF-8 with a byte order mark, so that spreadsheets read umlauts. `rows` is consumed while the answer
    is sent: give rows that hold no open session, or a generator that opens its own.
    """

    answer = Response(stream_with_context(csv_lines(header, rows)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(name)}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of such a file, whoever writes it."""
    yield "\ufeff" + _line(header)
    for row in rows:
        yield _line(row)


def harmless(cell: object) -> str:
    """A cell as text; an apostrophe goes before what a spreadsheet would take for a formula."""
    text = "" if cell is None else str(cell)
    is_number = isinstance(cell, int | float)
    return f"'{text}" if text.startswith(_DANGEROUS) and not is_number else text


def _line(cells: Sequence[object]) -> str:
    file = StringIO()
    csv.writer(file).writerow([harmless(cell) for cell in cells])
    return file.getvalue()


def _file_name(name: str) -> str:
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())
    return "-".join(part for part in kept.split("-") if part)[:80] or "list"
