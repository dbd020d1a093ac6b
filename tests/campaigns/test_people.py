"""Contact files as people have them, by a table of small ones: what is read, what is skipped and why."""

# ruff: noqa: E501 (a file in one line is easier to see)

import io
from pathlib import Path

import pytest

from campaigns import people
from campaigns.errors import ContentError
from campaigns.people import Basis, Field, Relation, Row, Skipped, SkipReason


def read(data: bytes, **options: object) -> list[Row | Skipped]:
    layout = people.sniff(data, len(data))
    return list(people.read(io.BytesIO(data), layout, **options))  # type: ignore[arg-type]


def rows(data: bytes) -> list[tuple[int, str, str, str]]:
    return [
        (row.number, row.person.address, row.person.first_name, row.person.last_name)
        for row in read(data)
        if isinstance(row, Row)
    ]


def skipped(data: bytes) -> list[tuple[int, SkipReason]]:
    return [(row.number, row.reason) for row in read(data) if isinstance(row, Skipped)]


ANNA = (2, "anna@x.example", "Anna", "Meier")
BOB = (3, "bob@y.example", "Bob", "Keller")
GERMAN = "Nachname;E-Mail-Adresse;Vorname\r\nMeier;anna@x.example;Anna\r\nKeller;bob@y.example;Bob\r\n"
JOERG = "Vorname;E-Mail\nJörg;anna@x.example\nBéat;bob@y.example\n"

FILES: list[tuple[str, bytes, list[tuple[int, str, str, str]], list[tuple[int, SkipReason]]]] = [
    ("commas", b"email,first name,last name\nanna@x.example,Anna,Meier\nbob@y.example,Bob,Keller\n", [ANNA, BOB], []),
    ("semicolons, German, shuffled", GERMAN.encode(), [ANNA, BOB], []),
    ("tabs", GERMAN.replace(";", "\t").encode(), [ANNA, BOB], []),
    ("pipes", GERMAN.replace(";", "|").encode(), [ANNA, BOB], []),
    ("old Mac line ends", GERMAN.replace("\r\n", "\r").encode(), [ANNA, BOB], []),
    ("no line end at the end", GERMAN.strip().encode(), [ANNA, BOB], []),
    ("UTF-8 with byte order mark", GERMAN.encode("utf-8-sig"), [ANNA, BOB], []),
    ("UTF-16 with byte order mark", GERMAN.encode("utf-16"), [ANNA, BOB], []),
    ("UTF-16 little endian, bare", GERMAN.encode("utf-16-le"), [ANNA, BOB], []),
    ("UTF-16 big endian, bare", GERMAN.encode("utf-16-be"), [ANNA, BOB], []),
    (
        "Windows-1252",
        JOERG.encode("cp1252"),
        [(2, "anna@x.example", "Jörg", ""), (3, "bob@y.example", "Béat", "")],
        [],
    ),
    (
        "UTF-8 with one line of Windows-1252",
        ("Vorname;E-Mail\n" + "Zoë;a@x.example\nChloé;b@x.example\n").encode() + "Jörg;c@x.example".encode("cp1252"),
        [(2, "a@x.example", "Zoë", ""), (3, "b@x.example", "Chloé", ""), (4, "c@x.example", "Jörg", "")],
        [],
    ),
    ("addresses alone, no heading", b"anna@x.example\nbob@y.example\n", [(1, "anna@x.example", "", ""), (2, "bob@y.example", "", "")], []),
    ("display names", b'kontakt\n"Anna Meier <anna@x.example>"\nBob Keller <bob@y.example>\n', [ANNA, BOB], []),
    ("last, first", b'name,mail\n"Meier, Anna",anna@x.example\n"Keller, Bob",bob@y.example\n', [ANNA, BOB], []),
    ("name beside Vorname", b"Name;Vorname;Mail\nMeier;Anna;anna@x.example\n", [ANNA], []),
    ("sep= line, as Excel hides it", b"sep=;\r\nemail;first name;last name\r\nanna@x.example;Anna;Meier\r\n", [ANNA], []),
    ("everything quoted", b'"email","first name","last name"\n"anna@x.example","Anna","Meier"\n', [ANNA], []),
    (
        "line break and doubled quotes in a cell",
        b'email,company,first name,last name\nanna@x.example,"Acme ""Best""\nHouse 2",Anna,Meier\nbob@y.example,,Bob,Keller\n',
        [ANNA, BOB],
        [],
    ),
    (
        "blank rows count as rows",
        b"email;first name\n\n;\nanna@x.example;Anna\n\n",
        [(4, "anna@x.example", "Anna", "")],
        [],
    ),
    (
        "twice by case and spaces",
        b"email\nAnna@X.example\nanna@x.EXAMPLE\n  anna@x.example  \n",
        [(2, "anna@x.example", "", "")],
        [(3, SkipReason.TWICE), (4, SkipReason.TWICE)],
    ),
    (
        "twice by IDNA",
        "email\nanna@bücher.example\nanna@xn--bcher-kva.example\n".encode(),
        [(2, "anna@xn--bcher-kva.example", "", "")],
        [(3, SkipReason.TWICE)],
    ),
    (
        "no dot or plus folding, and role addresses are people too",
        b"email\na.b@x.example\nab@x.example\nab+1@x.example\ninfo@x.example\n",
        [(n, a, "", "") for n, a in enumerate(("a.b@x.example", "ab@x.example", "ab+1@x.example", "info@x.example"), 2)],
        [],
    ),
    (
        "bad addresses",
        b"email;company\nanna@lindt;A\n;B\nnot an address;C\na@b@c.example;D\na@x.example, b@x.example;E\na@x..example;F\nok@x.example;G\n",
        [(8, "ok@x.example", "", "")],
        [
            (2, SkipReason.INCOMPLETE_ADDRESS),
            (3, SkipReason.NO_ADDRESS),
            (4, SkipReason.INCOMPLETE_ADDRESS),
            (5, SkipReason.INVALID_ADDRESS),
            (6, SkipReason.SEVERAL_ADDRESSES),
            (7, SkipReason.INVALID_ADDRESS),
        ],
    ),
    (
        "wrong number of columns",
        b"email;company;city\na@x.example;A\nb@x.example;B;C;\nc@x.example;B;C;D\nd@x.example;;\n",
        [(3, "b@x.example", "", ""), (5, "d@x.example", "", "")],
        [(2, SkipReason.WRONG_COLUMNS), (4, SkipReason.WRONG_COLUMNS)],
    ),
    (
        "an unclosed quote costs one row",
        b'company,email\n"Acme,a@x.example\nBell,b@x.example\n"Corp, Inc",c@x.example\n',
        [(3, "b@x.example", "", ""), (4, "c@x.example", "", "")],
        [(2, SkipReason.BROKEN_QUOTES)],
    ),
    (
        "two unclosed quotes that would meet",
        b'name,company,email\nAnna Meier,"Acme,anna@x.example\nBob Keller,Bell,bob@y.example\nEva Kunz,Corp",eva@x.example\n',
        [BOB, (4, "eva@x.example", "Eva", "Kunz")],
        [(2, SkipReason.BROKEN_QUOTES)],
    ),
    (
        "a cell over two lines that makes the wrong number of columns is no cell",
        b'name,company,email\nAnna,"Acme,x\nno row,foo"\nBob Keller,Bell,bob@y.example\n',
        [(4, "bob@y.example", "Bob", "Keller")],
        [(2, SkipReason.BROKEN_QUOTES), (3, SkipReason.WRONG_COLUMNS)],
    ),
    (
        "an unclosed quote in the last row",
        b'company,email\nBell,b@x.example\n"Acme,a@x.example\n',
        [(2, "b@x.example", "", "")],
        [(3, SkipReason.BROKEN_QUOTES)],
    ),
    (
        "control characters, also of direction",
        "name,email\nA\x00B,a@x.example\nA\u202eB,b@x.example\nC,c@x.example\n".encode(),
        [(4, "c@x.example", "C", "")],
        [(2, SkipReason.CONTROL_CHARACTERS), (3, SkipReason.CONTROL_CHARACTERS)],
    ),
    (
        "letters lost before",
        "first name,email\nM\ufffdller,a@x.example\nC,c@x.example\n".encode(),
        [(3, "c@x.example", "C", "")],
        [(2, SkipReason.DAMAGED_LETTERS)],
    ),
    (
        "a row and a cell without end",
        b"company,email\n" + b"x" * 200_000 + b",a@x.example\n" + b"y" * 600 + b",b@x.example\nC,c@x.example\n",
        [(4, "c@x.example", "", "")],
        [(2, SkipReason.ROW_TOO_LONG), (3, SkipReason.CELL_TOO_LONG)],
    ),
    ("copied with invisible characters", "email\n\u200banna@x.example\u00a0\n".encode(), [(2, "anna@x.example", "", "")], []),
    ("mailto links", b"email\nmailto:anna@x.example\n", [(2, "anna@x.example", "", "")], []),
    ("unknown headings", b"Kontaktdaten;Bemerkung\nanna@x.example;gut\n", [(2, "anna@x.example", "", "")], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "good", "bad"), [case[1:] for case in FILES], ids=[case[0] for case in FILES]
)
def test_a_contact_file_is_read_as_its_owner_meant_it(
    data: bytes, good: list[tuple[int, str, str, str]], bad: list[tuple[int, SkipReason]]
) -> None:
    assert rows(data) == good
    assert skipped(data) == bad


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7 \x00\x01", "This is a PDF. Upload a CSV with one person per row."),
        (b"\x89PNG\r\n\x1a\n\x00", "This is a picture. Upload a CSV with one person per row."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an Excel file of the old kind"),
        (b"PK\x03\x04..word/document.xml", "This is a zip file or a document."),
        (b"<!DOCTYPE html><table><tr><td>a@x.example", "This is a web page"),
        (b'[{"email": "a@x.example"}]', "This is a JSON file."),
        (b"BEGIN:VCARD\nEMAIL:a@x.example", "This is a vCard file."),
        (b"\x00\x01\x02\x03" * 100, "This is not a text file."),
        (b"", "The file is empty."),
        (b" \r\n;;\r\n", "The file is empty."),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_name(data: bytes, sentence: str) -> None:
    with pytest.raises(ContentError) as refusal:
        people.sniff(data, len(data))

    assert str(refusal.value).startswith(sentence)


def test_a_row_keeps_all_that_is_known_of_the_person() -> None:
    data = (
        b"Firma;Anrede;Vorname;Nachname;Funktion;E-Mail;Tel.;Mitarbeiterzahl;Branche;Land;Sprache;Kunde?;Einwilligung\n"
        b"=Acme+1;Frau Dr.;Anna;Meier;CEO;Anna.Meier@X.example;044 668 18 00;1'200;Bau;Schweiz;Deutsch;ja;opt-in\n"
        b"Bell;;Bob;Keller;;bob@y.example;+44 20 7946 0958;50 to 249;;UK;en-GB;Interessent;\n"
        b"Cern;;Eva;Kunz;;eva@y.example;0815;viele;;Atlantis;;vielleicht;ja\n"
    )

    anna, bob, eva = (row.person for row in read(data, country="CH") if isinstance(row, Row))

    assert (anna.address, anna.address_typed) == ("anna.meier@x.example", "Anna.Meier@X.example")
    assert (anna.company, anna.salutation, anna.title, anna.industry) == ("=Acme+1", "Frau Dr.", "CEO", "Bau")
    assert (anna.employees, anna.employees_min, anna.employees_max) == ("1'200", 1200, 1200)
    assert (anna.country, anna.language, anna.phone) == ("CH", "de", "+41446681800")
    assert (anna.relation, anna.basis) == (Relation.CUSTOMER, Basis.AGREED)
    assert (bob.employees_min, bob.employees_max, bob.country, bob.language) == (50, 249, "GB", "en")
    assert (bob.phone, bob.relation, bob.basis) == ("+442079460958", Relation.PROSPECT, None)
    assert (eva.employees, eva.employees_min, eva.country, eva.phone) == ("viele", None, "", "0815")
    assert (eva.relation, eva.basis) == (Relation.UNKNOWN, None)


def test_columns_are_recognised_by_what_they_hold_when_their_names_say_nothing() -> None:
    data = b"a;b;c;d\n+41 44 668 18 00;anna@x.example;50-249;Switzerland\n044 668 18 01;bob@y.example;< 10;Deutschland\n"

    layout = people.sniff(data, len(data))

    assert layout.mapping == {0: Field.PHONE, 1: Field.ADDRESS, 2: Field.EMPLOYEES, 3: Field.COUNTRY}
    assert layout.columns[1].because == "it holds e-mail addresses"


def test_a_column_named_email_that_holds_none_gives_way() -> None:
    data = b"E-Mail;Privat\nja;anna@x.example\nnein;bob@y.example\n"

    assert people.sniff(data, len(data)).mapping == {1: Field.ADDRESS}


def test_a_file_without_addresses_says_so_and_can_be_mapped_by_hand() -> None:
    data = b"wer;was\nanna;x\n"
    layout = people.sniff(data, len(data))

    assert layout.problem is not None and "No column holds e-mail addresses" in layout.problem
    with pytest.raises(ContentError, match="No column is chosen"):
        people.read(io.BytesIO(data), layout)
    with pytest.raises(ContentError, match="2 columns"):
        people.read(io.BytesIO(data), layout, mapping={7: Field.ADDRESS})
    with pytest.raises(ContentError, match="same thing"):
        people.read(io.BytesIO(data), layout, mapping={0: Field.ADDRESS, 1: Field.ADDRESS})


def test_a_mapping_by_hand_replaces_the_one_found_and_can_keep_extra_columns() -> None:
    data = b"email;first name;shoe size\nanna@x.example;Anna;38\n"

    (row,) = read(data, mapping={0: Field.ADDRESS, 1: Field.COMPANY, 2: Field.EXTRA})

    assert isinstance(row, Row)
    assert (row.person.company, row.person.first_name, row.person.extra) == ("Anna", "", {"shoe size": "38"})


def test_a_skipped_row_says_its_number_what_is_wrong_and_what_to_do() -> None:
    (row,) = read(b"email\nanna@lindt\n")

    assert isinstance(row, Skipped)
    assert row.sentence == "Row 2: “anna@lindt” is not a complete address. Write it as name@company.com."
    assert row.text == "anna@lindt"


def test_the_layout_is_judged_from_a_sample_cut_anywhere(tmp_path: Path) -> None:
    data = ("E-Mail;Vorname\n" + "".join(f"jörg{i}@x.example;Jörg\n" for i in range(40))).encode()

    for size in range(60, 200):
        layout = people.sniff(data[:size], len(data))
        assert (layout.encoding, layout.separator, layout.mapping[0]) == ("utf-8", ";", Field.ADDRESS)


def test_addresses_to_be_written_to_are_asked_about_when_in_doubt_and_others_taken_as_they_stand() -> None:
    data = "E-mail\nmüller@firm.example.com\nanna@gmail.con\nbob@bäder.example.com\nbea@gmial.com\n".encode()
    asked = read(data, asks_about_doubt=True)
    first, second = (row for row in asked if isinstance(row, Skipped))
    assert (first.number, first.reason) == (2, SkipReason.LETTERS_BEFORE_AT)
    assert (second.number, second.reason) == (3, SkipReason.MISTYPED_PROVIDER)
    assert "letters such as ü before the @" in first.sentence and "mean gmail.com?" in second.sentence
    # A domain may have any letters, and somebody may own one that is spelt much like another.
    assert [row.number for row in asked if isinstance(row, Row)] == [4, 5]
    assert not skipped(data)
