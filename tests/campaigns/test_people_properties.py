"""What holds for every contact file, good or hostile."""

import csv
import io
import subprocess
import sys
import time
from pathlib import Path

import email_validator
import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campaigns import people
from campaigns.errors import ContentError
from campaigns.people import Row, Skipped, addresses, meanings, phones

NAME = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn")), max_size=20
)
ALMOST_ADDRESS = st.text(st.sampled_from("aZ09.-_+@'\"é x\u200bn"), max_size=30)
LABEL = st.text(st.sampled_from("aZ09-b"), min_size=1, max_size=8)
ENDING = st.sampled_from(["com", "CH", "test", "local", "invalid", "x1", "a-b", "example", "9", "xn--p1ai"])
REAL_ADDRESS = st.builds(
    lambda local, labels, ending: f"{local}@{'.'.join([*labels, ending])}",
    st.text(st.sampled_from("aZ09.+_-'"), min_size=1, max_size=12),
    st.lists(LABEL, max_size=3),
    ENDING,
)


@given(ALMOST_ADDRESS | REAL_ADDRESS)
@example("a@b.ab--cd.com")
@example("a@xn--a.com")
@example("a@localhost.test")
@settings(max_examples=200)
def test_the_short_way_lets_pass_only_what_email_validator_lets_pass(address: str) -> None:
    try:
        found = email_validator.validate_email(address, check_deliverability=False)
        expected = f"{found.local_part.lower()}@{found.ascii_domain}"
    except email_validator.EmailNotValidError:
        expected = None

    assert addresses.normalise(address) == expected
    if addresses.is_plain(address):
        assert expected == address.lower()


COUNTRIES = [
    "CH",
    "DE",
    "AT",
    "FR",
    "GB",
    "US",
    "CA",
    "NL",
    "PL",
    "SE",
    "RU",
    "KZ",
    "LI",
    "IT",
    "AU",
    "BR",
    "JP",
    "LT",
]


@given(st.sampled_from(COUNTRIES), st.integers(0, 9), st.text("0123456789", max_size=4), st.data())
@settings(max_examples=300)
def test_the_short_way_for_phones_agrees_with_the_library(
    country: str, kind: int, noise: str, data: st.DataObject
) -> None:
    sample = phonenumbers.example_number_for_type(country, kind) or phonenumbers.example_number(country)
    assert sample is not None
    national = phonenumbers.national_significant_number(sample)
    national = national[: len(national) - len(noise)] + noise
    code = phonenumbers.country_code_for_region(country)
    written = [
        f"+{code} {national}",
        f"0{national}",
        national,
        f"00{code}{national}",
        f"+{code} (0){national}",
        f"+{national}",
    ]
    typed = data.draw(st.sampled_from(written))

    assert phones.normalise(typed, country) == phones._by_library(typed, country)


@given(
    st.lists(st.tuples(NAME, NAME), min_size=1, max_size=30),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(max_examples=60)
def test_what_a_csv_writer_writes_is_read_back(
    names: list[tuple[str, str]], separator: str, encoding: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(["E-Mail", "First name", "Company"])
    for number, (first, company) in enumerate(names):
        writer.writerow([f"p{number}@x.example", first, company])
    data = out.getvalue().encode(encoding)

    read = list(people.read(io.BytesIO(data), people.sniff(data, len(data))))

    assert [row.number for row in read] == list(range(2, len(names) + 2))
    assert all(isinstance(row, Row) for row in read)
    assert [row.person.company for row in read if isinstance(row, Row)] == [
        " ".join(c.split()) for _, c in names
    ]


@given(st.binary(max_size=600) | st.text("a@.x,;\"\n\r\t <>é'", max_size=300).map(str.encode))
@settings(max_examples=300)
def test_no_bytes_whatever_make_reading_fail_other_than_by_a_sentence(data: bytes) -> None:
    try:
        layout = people.sniff(data, len(data))
        read = list(people.read(io.BytesIO(data), layout))
    except ContentError as refusal:
        assert str(refusal).endswith(".")
        return
    assert [row.number for row in read] == sorted({row.number for row in read})
    addresses = [row.person.address for row in read if isinstance(row, Row)]
    assert len(addresses) == len(set(addresses))


@given(
    st.lists(st.sampled_from(['"', '""', 'a"b', '"a', 'x;"', ";;;", "\x00", "q"]), max_size=6),
    st.integers(0, 5),
)
def test_a_broken_row_never_costs_a_good_row(broken: list[str], at: int) -> None:
    good = [f'p{i}@x.example;"Acme; {i}";Zürich' for i in range(6)]
    data = "\n".join(["email;company;city", *good[:at], ";".join(broken) or "?", *good[at:]]).encode()

    read = list(people.read(io.BytesIO(data), people.sniff(data, len(data))))

    assert {row.person.address for row in read if isinstance(row, Row)} == {
        f"p{i}@x.example" for i in range(6)
    }


@given(st.integers(1, 99_999), st.integers(0, 99_999))
def test_a_band_means_the_same_however_it_is_written(low: int, more: int) -> None:
    high = low + more
    swiss = f"{low:,}-{high:,}".replace(",", "'")

    for written in (
        f"{low}-{high}",
        f"{low} to {high}",
        f"{low:,} – {high:,}",
        swiss,
        f"von {low} bis {high} Mitarbeiter",
    ):
        assert meanings.employees(written) == (low, high)
    assert meanings.employees(f"{low}+") == (low, None)
    assert meanings.employees(f"> {low}") == (low + 1, None)
    assert meanings.employees(f"up to {high}") == (1, high)


@pytest.mark.parametrize(
    ("full", "expected"),
    [
        ("Meier, Anna", ("Anna", "Meier")),
        ("Anna Maria Meier", ("Anna Maria", "Meier")),
        ("Ludwig van Beethoven", ("Ludwig", "van Beethoven")),
        ("Anna", ("Anna", "")),
    ],
)
def test_a_full_name_is_split_as_a_reader_would(full: str, expected: tuple[str, str]) -> None:
    assert meanings.split_name(full) == expected


READER = """
import sys, time
from campaigns import people
path, size = sys.argv[1], int(sys.argv[2])
with open(path, "rb") as file:
    layout = people.sniff(file.read(people.SAMPLE), size)
    file.seek(0)
    start = time.perf_counter()
    kinds = [0, 0]
    for row in people.read(file, layout, country="CH"):
        kinds[type(row) is people.Row] += 1
    taken = time.perf_counter() - start
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(kinds[1], kinds[0], int(sum(kinds) / taken), int(peak.split()[1]) // 1024)
"""


@pytest.mark.slow
def test_two_hundred_thousand_rows_are_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("Firma;E-Mail;Vorname;Nachname;Telefon;Mitarbeiter;Land;Kunde\n")
        for i in range(200_000):
            address = f"anna{i}@firma{i % 5000}.example" if i % 50 else "anna@lindt"
            file.write(
                f'"Müller & Söhne {i}";{address};Anna;Bon;044 {500 + i % 400} {i % 90:02} 11;{i % 9};CH;ja\n'
            )

    done = subprocess.run(
        [sys.executable, "-c", READER, str(path), str(path.stat().st_size)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    ready, skipped, per_second, megabytes = map(int, done.stdout.split())

    print(f"{per_second:,} rows a second, {megabytes} MB")
    assert (ready, skipped) == (196_000, 4_000)
    assert megabytes < 200


def test_rows_come_while_the_file_is_still_being_read() -> None:
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.asked = 0

        def read(self, size: int = -1) -> bytes:
            self.asked += 1
            return "".join(f"p{self.asked}x{i}@x.example;A\n" for i in range(5000)).encode()

    head = b"email;company\na@x.example;A\n"
    layout = people.sniff(head, 10_000)
    stream = Endless()

    found = people.read(stream, layout)  # type: ignore[arg-type]
    first = [next(found) for _ in range(7000)]

    assert all(isinstance(row, Row | Skipped) for row in first)
    assert stream.asked == 2


@pytest.mark.parametrize(
    "cell",
    [
        " " * 499 + "x",
        "<" * 499,
        "@ " * 249,
        "a@" + "a-" * 240,
        "(" * 400,
        "1 " * 240,
        "a" * 64 + "@",
        "\u200b" * 400,
    ],
)
def test_no_cell_takes_long_to_judge(cell: str) -> None:
    row = f"p@x.example;{cell};{cell};{cell};{cell}\n{cell};;;;\n"
    data = ("email;phone;employees;name;country\n" + row * 100).encode()
    started = time.process_time()

    list(people.read(io.BytesIO(data), people.sniff(data, len(data)), country="CH"))

    assert time.process_time() - started < 2


def test_a_file_of_broken_quotes_alone_is_read_in_time_that_grows_with_its_size() -> None:
    for line in ('"x', '"x""', 'a;"', '"";"x'):
        data = ("email;company\na@x.example;A\n" + f"{line}\n" * 5_000).encode()
        started = time.process_time()

        read = list(people.read(io.BytesIO(data), people.sniff(data, len(data))))

        assert time.process_time() - started < 4
        assert isinstance(read[0], Row)
        assert len(read) > 1
