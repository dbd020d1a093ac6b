"""Sixty contact files as people have them: what comes out of each, row by row.

The exports carry the columns that the usual programs write; the people are our own.
"""

# ruff: noqa: E501 (a file in one line is easier to see)

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from openpyxl import Workbook

from campaigns.people import SkipReason

Seen = tuple[int, str, str, str, str]  # row, address, first name, last name, company


@dataclass(frozen=True)
class ContactFile:
    """A file and what it holds; `refused` is part of the sentence where it is no contact file at all."""

    name: str
    data: bytes
    people: Sequence[Seen] = ()
    skipped: Sequence[tuple[int, SkipReason]] = ()
    refused: str = ""
    more: dict[str, object] = field(default_factory=dict)  # further attributes of the first person


def text(*lines: str, encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    return (end.join(lines) + end).encode(encoding)


def workbook(*rows: Sequence[object], before: Sequence[Sequence[object]] = (), hidden: bool = False) -> bytes:
    """An .xlsx whose last sheet holds `rows`; `before` stands on a sheet of its own in front."""
    book = Workbook()
    sheet = book.active
    if before or hidden:
        for row in before or [["old"], ["gone@x.example"]]:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if hidden else "visible"
        sheet = book.create_sheet("People")
        book.active = 1
    for row in rows:
        sheet.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def archive(**parts: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return kept.getvalue()


def workbook_of_excel(*rows: Sequence[str], strings_begin: str = "") -> bytes:
    """An .xlsx as Excel itself writes it: texts stand once, in a part of their own."""
    texts = list(dict.fromkeys(cell for row in rows for cell in row))
    office = "http://schemas.openxmlformats.org"
    sheets, kinds = (
        f'xmlns="{office}/spreadsheetml/2006/main"',
        "application/vnd.openxmlformats-officedocument.spreadsheetml",
    )
    relations = f"{office}/officeDocument/2006/relationships"
    cells = "".join(
        f'<row r="{r}">'
        + "".join(
            f'<c r="{chr(65 + c)}{r}" t="s"><v>{texts.index(cell)}</v></c>' for c, cell in enumerate(row)
        )
        + "</row>"
        for r, row in enumerate(rows, 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="{kinds}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {sheets} xmlns:r="{relations}"><sheets><sheet name="Kunden" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f"{strings_begin}<sst {sheets}>" + "".join(f"<si><t>{cell}</t></si>" for cell in texts) + "</sst>",
        "xl/worksheets/sheet1.xml": f'<worksheet {sheets}><dimension ref="A1"/><sheetData>{cells}</sheetData></worksheet>',
    }  # fmt: skip
    return archive(**{name: content.encode() for name, content in parts.items()})


ANNA = (2, "anna@x.example", "Anna", "Meier", "Alpen AG")
BOB = (3, "bob@y.example", "Bob", "Keller", "Bern GmbH")
BOTH = [ANNA, BOB]
DE = (
    "Vorname;Nachname;Firma;E-Mail",
    "Anna;Meier;Alpen AG;anna@x.example",
    "Bob;Keller;Bern GmbH;bob@y.example",
)
JP = (
    "姓,名,会社名,メールアドレス,従業員数",
    "山田,太郎,山田商事,taro@x.example,50-99",
    "佐藤,花子,佐藤工業,hanako@y.example,10",
)
TARO = [
    (2, "taro@x.example", "太郎", "山田", "山田商事"),
    (3, "hanako@y.example", "花子", "佐藤", "佐藤工業"),
]
SHEET = (
    ["First name", "Last name", "Company", "E-mail"],
    ["Anna", "Meier", "Alpen AG", "anna@x.example"],
    ["Bob", "Keller", "Bern GmbH", "bob@y.example"],
)

SEPARATORS_AND_ENCODINGS = [
    ContactFile("semicolons", text(*DE), BOTH),
    ContactFile("commas", text(*DE).replace(b";", b","), BOTH),
    ContactFile("tabs", text(*DE).replace(b";", b"\t"), BOTH),
    ContactFile("pipes", text(*DE).replace(b";", b"|"), BOTH),
    ContactFile("UTF-8 with byte order mark", text(*DE, encoding="utf-8-sig"), BOTH),
    ContactFile(
        "UTF-16, as Excel's Unicode text", text(*DE, encoding="utf-16").replace(b";\x00", b"\t\x00"), BOTH
    ),
    ContactFile("UTF-16 big endian without a mark", text(*DE, encoding="utf-16-be"), BOTH),
    ContactFile(
        "Windows-1252",
        text(DE[0], "Jörg;Müller;Zürich – AG;j@x.example", encoding="cp1252"),
        [(2, "j@x.example", "Jörg", "Müller", "Zürich – AG")],
    ),
    ContactFile(
        "Latin-1",
        text(DE[0], "René;Gößl;Café SA;r@x.example", encoding="latin-1"),
        [(2, "r@x.example", "René", "Gößl", "Café SA")],
    ),
    ContactFile(
        "Latin-1, every letter an accent",
        text("Prénom;Nom;Société;E-mail", "Éèê;Öäü;Çà;e@x.example", encoding="latin-1"),
        [(2, "e@x.example", "Éèê", "Öäü", "Çà")],
    ),
    ContactFile(
        "Shift_JIS", text(*JP, encoding="cp932"), TARO, more={"employees_min": 50, "employees_max": 99}
    ),
    ContactFile("Japanese in UTF-8", text(*JP), TARO),
    ContactFile(
        "Shift_JIS, one column of whole names",
        text("氏名,メールアドレス", "山田 太郎,taro@x.example", encoding="cp932"),
        [(2, "taro@x.example", "太郎", "山田", "")],
    ),
    ContactFile(
        "UTF-8 with one row of Windows-1252",
        text(DE[0], "Zoë;B;;a@x.example", "Ünal;C;;b@x.example") + "Jörg;D;;c@x.example\r\n".encode("cp1252"),
        [
            (2, "a@x.example", "Zoë", "B", ""),
            (3, "b@x.example", "Ünal", "C", ""),
            (4, "c@x.example", "Jörg", "D", ""),
        ],
    ),
    ContactFile("line ends of an old Mac", text(*DE, end="\r"), BOTH),
    ContactFile("Excel's hint of a separator", b"sep=;\r\n" + text(*DE), BOTH),
]
HEADINGS = [
    ContactFile(
        "French",
        text(
            "Prénom;Nom;Société;Adresse e-mail;Effectif;Pays",
            "Anna;Meier;Alpen AG;anna@x.example;de 10 à 49;Suisse",
        ),
        [ANNA],
        more={"employees_min": 10, "employees_max": 49, "country": "CH"},
    ),
    ContactFile(
        "Spanish",
        text(
            "Nombre;Apellidos;Empresa;Correo electrónico;Nº de empleados;País",
            "Anna;Meier;Alpen AG;anna@x.example;más de 250;Alemania",
        ),
        [ANNA],
        more={"employees_min": 251, "country": "DE"},
    ),
    ContactFile(
        "Italian",
        text(
            "Nome;Cognome;Azienda;Indirizzo e-mail;Dipendenti;Paese",
            "Anna;Meier;Alpen AG;anna@x.example;meno di 50;Svizzera",
        ),
        [ANNA],
        more={"employees_max": 49, "country": "CH"},
    ),
    ContactFile(
        "Dutch",
        text(
            "Voornaam;Achternaam;Bedrijf;E-mailadres;Aantal medewerkers;Land",
            "Anna;Meier;Alpen AG;anna@x.example;10 t/m 49;Duitsland",
        ),
        [ANNA],
        more={"employees_min": 10, "country": "DE"},
    ),
    ContactFile(
        "German, names of an older program",
        text(
            "Anrede;Name;Vorname;Firmenbezeichnung;Mailadresse;Anz. MA",
            "Frau;Meier;Anna;Alpen AG;anna@x.example;1'200",
        ),
        [ANNA],
        more={"employees_min": 1200},
    ),
    ContactFile(
        "capitals, underscores and blanks",
        text(" FIRST_NAME ,LAST_NAME,COMPANY_NAME,E_MAIL", "Anna,Meier,Alpen AG,anna@x.example"),
        [ANNA],
    ),
    ContactFile(
        "French, the whole name under Nom",
        text("Nom;Courriel", "Anna Meier;anna@x.example", "Bob Keller;bob@y.example"),
        [(2, "anna@x.example", "Anna", "Meier", ""), (3, "bob@y.example", "Bob", "Keller", "")],
    ),
    ContactFile(
        "names that say nothing",
        text("A;B;C", "Anna;x1;anna@x.example", "Bob;x2;bob@y.example"),
        [(2, "anna@x.example", "", "", ""), (3, "bob@y.example", "", "", "")],
    ),
    ContactFile(
        "no headings",
        text("anna@x.example", "bob@y.example"),
        [(1, "anna@x.example", "", "", ""), (2, "bob@y.example", "", "", "")],
    ),
    ContactFile(
        "a title and a date above",
        text("Kundenliste;;;", "Stand: 3. März 2026;;;", ";;;", *DE),
        [(5, *ANNA[1:]), (6, *BOB[1:])],
    ),
    ContactFile(
        "a title above without separators",
        text("Customers, exported by Marc", "", "", *(line.replace(";", ",") for line in DE)),
        [(5, *ANNA[1:]), (6, *BOB[1:])],
    ),
    ContactFile(
        "ten lines of explanation above",
        text(*[f"Note {n}: please read" for n in range(10)], *(line.replace(";", "\t") for line in DE)),
        [(12, *ANNA[1:]), (13, *BOB[1:])],
    ),
    ContactFile("a sum below", text(*DE, "Total;2;;"), BOTH, [(4, SkipReason.NO_ADDRESS)]),
    ContactFile(
        "headings twice in a file put together",
        text(*DE, DE[0], "Cleo;Frei;;cleo@z.example"),
        [*BOTH, (5, "cleo@z.example", "Cleo", "Frei", "")],
        [(4, SkipReason.INCOMPLETE_ADDRESS)],
    ),
]
PROGRAMS = [
    ContactFile(
        "Outlook, English",
        text(
            '"First Name","Middle Name","Last Name","Title","Suffix","Company","Department","Job Title","Business Country/Region","Mobile Phone","E-mail Address","E-mail Type","E-mail Display Name","E-mail 2 Address"',
            '"Anna","","Meier","Ms","","Alpen AG","IT","CIO","Switzerland","+41 79 555 01 23","anna@x.example","SMTP","Anna Meier (anna@x.example)",""',
        ),
        [ANNA],
        more={"country": "CH", "title": "CIO", "salutation": "Ms"},
    ),
    ContactFile(
        "Outlook, German",
        text(
            '"Anrede","Vorname","Nachname","Firma","Position","Land/Region geschäftlich","E-Mail-Adresse","E-Mail-Typ","E-Mail 2: Adresse"',
            '"Frau","Anna","Meier","Alpen AG","Leiterin IT","Schweiz","anna@x.example","SMTP","a@privat.example"',
            encoding="cp1252",
        ),
        [ANNA],
        more={"country": "CH", "title": "Leiterin IT"},
    ),
    ContactFile(
        "Google Contacts",
        text(
            "First Name,Last Name,Organization Name,Organization Title,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Value",
            "Anna,Meier,Alpen AG,CIO,* myContacts,Work,anna@x.example,Home,a@h.example,+41 44 555 01 23",
        ),
        [ANNA],
        more={"title": "CIO"},
    ),
    ContactFile(
        "Thunderbird",
        text(
            "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Work Phone,Organization,Job Title",
            "Anna,Meier,Anna Meier,,anna@x.example,a@h.example,,Alpen AG,CIO",
        ),
        [ANNA],
    ),
    ContactFile(
        "HubSpot",
        text(
            '"Record ID","First Name","Last Name","Email","Phone Number","Lifecycle Stage","Associated Company","Number of Employees","Lead Status"',
            '"101","Anna","Meier","anna@x.example","","Customer","Alpen AG","35","Open"',
        ),
        [ANNA],
        more={"relation": "customer", "employees_min": 35},
    ),
    ContactFile(
        "Salesforce report",
        text(
            '"Salutation","First Name","Last Name","Title","Account Name","Mailing Country","Phone","Email","Account Owner"',
            '"Mrs.","Anna","Meier","CIO","Alpen AG","Switzerland","","anna@x.example","Marc Keller"',
            '"","","","","","","","",""',
            '"Grand Totals (1 records)","","","","","","","",""',
            encoding="latin-1",
        ),
        [ANNA],
        [(4, SkipReason.NO_ADDRESS)],
        more={"country": "CH", "title": "CIO"},
    ),
    ContactFile(
        "Pipedrive",
        text(
            "Person - Name,Person - First name,Person - Last name,Person - Organization,Person - Email - Work,Person - Phone,Contact - Email - Home",
            "Anna Meier,Anna,Meier,Alpen AG,anna@x.example,,",
        ),
        [ANNA],
    ),
    ContactFile(
        "Dynamics",
        text(
            "Full Name,Email,Company Name,Business Phone,Status", "Anna Meier,anna@x.example,Alpen AG,,Active"
        ),
        [ANNA],
    ),
    ContactFile(
        "Mailchimp",
        text(
            '"Email Address","First Name","Last Name","Company","MEMBER_RATING","OPTIN_TIME","TAGS"',
            'anna@x.example,Anna,Meier,"Alpen AG",2,"2023-05-01 10:00:00","""kunden"",""zürich"""',
        ),
        [ANNA],
    ),
    ContactFile(
        "Brevo",
        text("EMAIL;FNAME;LNAME;COMPANY;DOUBLE_OPT-IN", "anna@x.example;Anna;Meier;Alpen AG;Yes"),
        [ANNA],
    ),
    ContactFile(
        "a business network's connections, with notes above",
        text(
            "Notes:",
            '"When exporting your connection data, you may notice that some of the email addresses are missing."',
            "",
            "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
            "Anna,Meier,https://x.example/in/anna,anna@x.example,Alpen AG,CIO,03 Mar 2024",
            "Bob,Keller,https://x.example/in/bob,,Bern GmbH,CEO,04 Mar 2024",
        ),
        [(5, *ANNA[1:])],
        [(6, SkipReason.NO_ADDRESS)],
        more={"title": "CIO"},
    ),
    ContactFile(
        "Zoho",
        text(
            "Record Id,Account Name,First Name,Last Name,Email,Secondary Email,Phone,Mobile",
            "zcrm_1,Alpen AG,Anna,Meier,anna@x.example,,,",
        ),
        [ANNA],
    ),
    ContactFile(
        "Outlook, French",
        text(
            '"Titre","Prénom","Nom","Société","Service","Pays/Région (bureau)","Adresse de messagerie","Type de messagerie"',
            '"Mme","Anna","Meier","Alpen AG","","Suisse","anna@x.example","SMTP"',
            encoding="cp1252",
        ),
        [ANNA],
    ),
    ContactFile(
        "Outlook, Spanish",
        text(
            '"Nombre","Apellidos","Organización","Puesto","Dirección de correo electrónico"',
            '"Anna","Meier","Alpen AG","Directora","anna@x.example"',
            encoding="cp1252",
        ),
        [ANNA],
    ),
    ContactFile(
        "Outlook, Italian",
        text(
            '"Nome","Cognome","Società","Posizione","Indirizzo posta elettronica"',
            '"Anna","Meier","Alpen AG","Direttrice","anna@x.example"',
            encoding="cp1252",
        ),
        [ANNA],
    ),
    ContactFile(
        "Outlook, Dutch",
        text(
            '"Voornaam","Achternaam","Bedrijf","Functie","E-mailadres"',
            '"Anna","Meier","Alpen AG","Directeur","anna@x.example"',
        ),
        [ANNA],
    ),
    ContactFile(
        "Outlook, Japanese",
        text(
            "姓,名,会社名,役職,電子メール アドレス",
            "山田,太郎,山田商事,部長,taro@x.example",
            encoding="cp932",
        ),
        TARO[:1],
    ),
    ContactFile(
        "a mailing tool, German",
        text(
            "E-Mail-Adresse;Vorname;Nachname;Firma;Anmeldedatum",
            "anna@x.example;Anna;Meier;Alpen AG;01.05.2023",
        ),
        [ANNA],
    ),
    ContactFile(
        "a business network's connections, German",
        text(
            "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Vernetzt am",
            "Anna,Meier,https://x.example/in/anna,anna@x.example,Alpen AG,CIO,03 Mar 2024",
        ),
        [ANNA],
    ),
    ContactFile(
        "HubSpot, French",
        text(
            '"Identifiant","Prénom","Nom de famille","Adresse e-mail","Nom de l\'entreprise","Nombre d\'employés"',
            '"101","Anna","Meier","anna@x.example","Alpen AG","35"',
        ),
        [ANNA],
    ),
]
ADDRESSES = [
    ContactFile(
        "display names",
        text("Kontakt", "Anna Meier <anna@x.example>", '"""Keller, Bob"" <bob@y.example>"', "<c@z.example>"),
        [
            (2, "anna@x.example", "Anna", "Meier", ""),
            (3, "bob@y.example", "Bob", "Keller", ""),
            (4, "c@z.example", "", "", ""),
        ],
    ),
    ContactFile(
        "the second address where the first is missing",
        text("Name,E-mail 1,E-mail 2", "Anna Meier,,anna@x.example", "Bob Keller,bob@y.example,b@h.example"),
        [(2, "anna@x.example", "Anna", "Meier", ""), (3, "bob@y.example", "Bob", "Keller", "")],
    ),
    ContactFile(
        "the second address where the first is wrong",
        text(
            "Name,Email,Secondary Email", "Anna Meier,anna at x,anna@x.example", "Bob Keller,bob@y.example,"
        ),
        [(2, "anna@x.example", "Anna", "Meier", ""), (3, "bob@y.example", "Bob", "Keller", "")],
    ),
    ContactFile(
        "two columns of one name",
        text("Email,Email,Name", ",anna@x.example,Anna Meier", "bob@y.example,,Bob Keller"),
        [(2, "anna@x.example", "Anna", "Meier", ""), (3, "bob@y.example", "Bob", "Keller", "")],
    ),
    ContactFile(
        "the address of whoever looks after them is not theirs",
        text(
            "Name,Owner email,Email",
            "Anna Meier,marc@own.example,anna@x.example",
            "Bob Keller,marc@own.example,",
        ),
        [(2, "anna@x.example", "Anna", "Meier", "")],
        [(3, SkipReason.NO_ADDRESS)],
    ),
    ContactFile(
        "two addresses in a cell",
        text("Name;E-Mail", "Anna Meier;anna@x.example, a@y.example"),
        [],
        [(2, SkipReason.SEVERAL_ADDRESSES)],
    ),
    ContactFile(
        "international domains",
        text("Vorname;E-Mail", "Jörg;joerg@müller.example", "Taro;taro@例え.example"),
        [(2, "joerg@xn--mller-kva.example", "Jörg", "", ""), (3, "taro@xn--r8jz45g.example", "Taro", "", "")],
    ),
    ContactFile(
        "mailto, brackets and blanks around",
        text("E-Mail", "mailto:anna@x.example", " bob@y.example ", "<c@z.example>;"),
        [(2, "anna@x.example", "", "", ""), (3, "bob@y.example", "", "", ""), (4, "c@z.example", "", "", "")],
    ),
    ContactFile(
        "one person twice, spelled differently",
        text("E-Mail", "Anna@X.example", "anna@x.example"),
        [(2, "anna@x.example", "", "", "")],
        [(3, SkipReason.TWICE)],
    ),
]
WORKBOOKS = [
    ContactFile("a workbook of another program", workbook(*SHEET), BOTH),
    ContactFile("a workbook of Excel, its size given wrongly", workbook_of_excel(*SHEET), BOTH),
    ContactFile(
        "Excel, title and blank rows above",
        workbook(["Customers 2026"], [], [], *SHEET),
        [(5, *ANNA[1:]), (6, *BOB[1:])],
    ),
    ContactFile(
        "Excel, people on the second sheet",
        workbook(*SHEET, before=[["Read me"], ["This file holds our customers."]]),
        BOTH,
    ),
    ContactFile("Excel, a hidden sheet of old people in front", workbook(*SHEET, hidden=True), BOTH),
    ContactFile(
        "Excel, numbers, dates and formulas as cells",
        workbook([*SHEET[0], "Employees", "Since", "Score"], [*SHEET[1], 1200.0, date(2024, 5, 1), "=1+1"]),
        [ANNA],
        more={"employees_min": 1200},
    ),
    ContactFile(
        "Excel, line breaks and commas in cells",
        workbook(SHEET[0], ["Anna", "Meier", "Alpen AG,\nZürich", "anna@x.example"]),
        [(2, "anna@x.example", "Anna", "Meier", "Alpen AG, Zürich")],
    ),
    ContactFile(
        "Excel, a row without an address between",
        workbook(*SHEET[:2], ["Cleo", "Frei"], SHEET[2]),
        [ANNA, (4, *BOB[1:])],
        [(3, SkipReason.NO_ADDRESS)],
    ),
]
NONE_AT_ALL = [
    ContactFile("a PDF renamed", b"%PDF-1.7\n1 0 obj", refused="This is a PDF."),
    ContactFile("a picture renamed", b"\x89PNG\r\n\x1a\n" + bytes(100), refused="This is a picture."),
    ContactFile("a photograph renamed", b"\xff\xd8\xff\xe0" + bytes(100), refused="This is a picture."),
    ContactFile(
        "a text document in a zip",
        archive(**{"word/document.xml": b"<w/>"}),
        refused="a zip file or a document",
    ),
    ContactFile(
        "a workbook of the old kind",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        refused="Excel file of the old kind",
    ),
    ContactFile("a workbook cut off", workbook(*SHEET)[:-400], refused="damaged"),
    ContactFile("an empty workbook", workbook(), refused="empty"),
]
CONTACT_FILES = [*SEPARATORS_AND_ENCODINGS, *HEADINGS, *PROGRAMS, *ADDRESSES, *WORKBOOKS, *NONE_AT_ALL]
