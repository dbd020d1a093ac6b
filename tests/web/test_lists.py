"""Lists by their address, pages by key, files that no spreadsheet runs; figures and times as people write them."""

import csv
import io
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tcma import money
from tcma.config import ROOT
from tcma.errors import Invalid
from tcma.language import speaking
from tcma.web import formats, lists
from tests.node import NODE

APP = Flask(__name__)
SORTS, FILTERS = ("name", "leads"), ("state", "vendor")


def listing(query: str) -> lists.Listing:
    with APP.test_request_context(f"/p/x/things?{query}"):
        return lists.listing(SORTS, FILTERS, default="-leads")


def test_a_list_is_what_its_address_says() -> None:
    found = listing("sort=name&state=running&vendor=%20North%20&other=1&after=abc")

    assert (found.sort, found.descending, found.after) == ("name", False, "abc")
    assert found.choices == {"state": "running", "vendor": "North"}
    assert found.address(state=None) == "/p/x/things?vendor=North&sort=name"
    assert found.next_page("k 1") == "/p/x/things?state=running&vendor=North&sort=name&after=k+1"
    assert found.sorted_by("name").endswith("sort=-name") and found.sorted_by("leads").endswith("sort=leads")
    assert found.aria_sort("name") == "ascending" and found.aria_sort("leads") == "none"


@given(st.text(max_size=60))
def test_a_sort_that_is_not_declared_is_ignored(word: str) -> None:
    with APP.test_request_context("/p/x/things", query_string={"sort": word, "state": word}):
        found = lists.listing(SORTS, FILTERS, default="-leads")

    assert found.sort in SORTS
    if word.removeprefix("-") not in SORTS:
        assert found.sort_choice == "-leads"
    assert len(found.choices.get("state", "")) <= lists.LONGEST_CHOICE


@given(st.integers(0, 130), st.integers(1, 60))
def test_pages_by_key_show_every_row_once(number: int, size: int) -> None:
    rows, seen, after = list(range(number)), list[int](), -1
    while True:
        page = lists.cut([row for row in rows if row > after][: size + 1], str, size)
        seen += page.rows
        if not page.cursor:
            break
        after = int(page.cursor)
    assert seen == rows


cells = st.text(max_size=20) | st.integers() | st.none()


@given(st.lists(st.lists(cells, min_size=1, max_size=4), max_size=5))
def test_no_cell_of_a_file_is_run_by_a_spreadsheet(rows: list[list[str | int | None]]) -> None:
    with APP.test_request_context("/"):
        answer = lists.csv_answer("Leads of 2026", ["a"], rows)
        text = answer.get_data(as_text=True)

    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert read[0] == ["a"] and len(read) == len(rows) + 1
    for given_row, row in zip(rows, read[1:], strict=True):
        for before, after in zip(given_row, row or [""], strict=True):
            if isinstance(before, int):
                assert after == str(before)
            else:
                assert not after.startswith(("=", "+", "-", "@", "\t", "\r"))
                assert after.removeprefix("'") == (before or "").removeprefix("'") or after == (before or "")


def test_a_file_leaves_while_it_is_read() -> None:
    taken: list[int] = []

    def rows() -> Iterator[list[int]]:
        for number in range(3):
            taken.append(number)
            yield [number]

    with APP.test_request_context("/"):
        answer = lists.csv_answer('Leads "=1" Ä/..', ["n"], rows())
        assert taken == [] and next(iter(answer.response)) and len(taken) <= 1
        assert answer.headers["Content-Disposition"] == 'attachment; filename="leads-1.csv"'
        assert answer.headers["Cache-Control"] == "no-store"


def test_counts_beyond_ten_thousand_are_not_counted_out() -> None:
    assert lists.counted(10_000) == "10,000" and lists.counted(10_001) == "10,000+"


NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def test_money_is_short_where_it_is_whole_and_exact_in_tables() -> None:
    assert formats.money(100_000, "CHF") == "CHF\u00a01,000"
    assert formats.money(1_250, "CHF") == "CHF\u00a012.50"
    assert formats.money(100_000, "CHF", exact=True) == "CHF\u00a01,000.00"
    assert formats.money(1_000, "JPY") == "JPY\u00a01,000"
    assert formats.money(1_000, "KWD") == "KWD\u00a01" and formats.money(-40_000, "CHF") == "-CHF\u00a0400"
    with speaking("de"):
        assert formats.money(123_450, "EUR") == "EUR\u00a01.234,50"


def test_days_and_times_are_said_with_their_place() -> None:
    assert formats.time_with_place(NOW, "Europe/Zurich") == "Tue 24 Nov, 09:30 Zurich time"
    assert formats.date(date(2026, 11, 24)) == "24 Nov 2026" and formats.month(NOW) == "November 2026"
    with speaking("de"):
        assert formats.time_with_place(NOW, "Europe/Zurich") == "Di., 24. Nov., 09:30 Uhr (Zürich)"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 minutes ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=60), "25 Sept 2026"),
    ],
)
def test_how_long_ago_something_was(passed: timedelta, words: str) -> None:
    assert formats.ago(NOW - passed, NOW) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=5, minutes=40), "5 h 40 min"),
        (timedelta(minutes=7), "7 min"),
        (timedelta(hours=6), "6 h"),
        (timedelta(days=9), "9 days"),
        (timedelta(minutes=-3), "0 min"),
    ],
)
def test_how_long_is_left(left: timedelta, words: str) -> None:
    assert formats.duration(left) == words


def test_a_share_of_nothing_is_a_dash() -> None:
    assert formats.percent(1, 0) == "–" and formats.percent(2, 3) == "67\u00a0%"


TYPED = [
    "1000",
    "1'000",
    "1.000,00",
    "1,000.00",
    "1’234’567.8",
    "12,5",
    "12,345",
    "1.2.3",
    "1,23,456",
    "",
    "-5",
]
TYPED += [
    "1 000",
    "1\u00a0000,5",
    "0.05",
    "abc",
    "1e3",
    "١٢",
    "1,000,00",
    "999999999999999",
    "1.000",
    "1.0000",
]


@pytest.mark.parametrize("currency", ["CHF", "JPY", "KWD"])
def test_a_money_field_understands_what_the_server_understands(currency: str) -> None:
    places = money.exponent(currency)
    script = (ROOT / "assets/js/money.js").read_text() + (
        f"\nconsole.log(JSON.stringify({json.dumps(TYPED)}.map((text) => readAmount(text, {places}))))"
    )
    said = subprocess.run([NODE, "-e", script], capture_output=True, text=True, check=True, timeout=30)

    for typed, shown in zip(TYPED, json.loads(said.stdout), strict=True):
        try:
            kept: float | None = money.parse(typed, currency) / 10**places
        except Invalid:
            kept = None
        assert shown == kept, typed
