"""Which column means what: by its name in the languages below, then by what it holds."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from campaigns.people import addresses, meanings
from campaigns.people.model import Field, Relation

# To add a language, add a block: names are compared without case, accents, spaces and punctuation.
COLUMN_NAMES: Mapping[str, Mapping[Field, tuple[str, ...]]] = {
    "en": {
        Field.ADDRESS: (
            "email", "e-mail address", "email address", "mail", "e-mail 1", "email 1", "e-mail 1 - value",
            "work email",
            "business email", "primary email", "contact email", "mail address", "email work", "smtp",
        ),
        Field.FULL_NAME: ("name", "full name", "contact", "contact name", "display name", "person",
            "contact person"),
        Field.FIRST_NAME: ("first name", "given name", "forename", "first", "christian name"),
        Field.LAST_NAME: ("last name", "surname", "family name", "last"),
        Field.SALUTATION: ("salutation", "honorific", "prefix", "name prefix", "mr/ms", "form of address"),
        Field.TITLE: ("title", "job title", "position", "role", "function", "job"),
        Field.COMPANY: (
            "company", "company name", "organisation", "organization", "account", "account name", "firm",
            "business",
            "employer", "organisation name", "organization name",
        ),
        Field.EMPLOYEES: (
            "employees", "employee count", "number of employees", "no. of employees", "headcount", "staff",
            "company size",
            "size", "company headcount", "employee band", "employee range", "# employees",
        ),
        Field.INDUSTRY: ("industry", "sector", "branch", "vertical", "line of business"),
        Field.COUNTRY: ("country", "country code", "country/region", "country or region", "nation",
            "business country"),
        Field.LANGUAGE: ("language", "preferred language", "lang", "locale", "language code"),
        Field.PHONE: (
            "phone", "phone number", "telephone", "tel", "mobile", "mobile phone", "cell", "business phone",
            "work phone",
            "direct line", "phone 1 - value", "telephone number",
        ),
        Field.RELATION: ("customer", "relation", "relationship", "customer?", "is customer", "type",
            "contact type", "status",
                         "customer or prospect", "existing customer", "lifecycle stage"),
        Field.BASIS: ("basis", "legal basis", "lawful basis", "consent", "permission", "opt-in"),
    },
    "de": {
        Field.ADDRESS: (
            "e-mail-adresse", "mailadresse", "e-mail geschäftlich", "email geschäftlich",
            "geschäftliche e-mail", "e-post",
            "elektronische adresse", "mail-adresse", "e-mail kontakt", "e-mail (geschäftlich)",
        ),
        Field.FULL_NAME: ("vor- und nachname", "vollständiger name", "ansprechpartner", "ansprechpartnerin",
            "kontaktperson",
                          "kontakt", "name, vorname", "name und vorname", "vorname nachname", "anzeigename"),
        Field.FIRST_NAME: ("vorname", "rufname"),
        Field.LAST_NAME: ("nachname", "familienname", "zuname"),
        Field.SALUTATION: ("anrede", "briefanrede"),
        Field.TITLE: ("titel", "funktion", "position", "stelle", "rolle", "berufsbezeichnung", "stellung"),
        Field.COMPANY: ("firma", "unternehmen", "firmenname", "organisation", "betrieb", "kunde name",
            "arbeitgeber",
                        "gesellschaft", "unternehmensname", "firmenbezeichnung"),
        Field.EMPLOYEES: (
            "mitarbeiter", "mitarbeiterzahl", "anzahl mitarbeiter", "mitarbeitende", "anzahl mitarbeitende",
            "beschäftigte",
            "firmengrösse", "firmengröße", "unternehmensgrösse", "unternehmensgröße", "anz. mitarbeiter",
            "anz. ma", "ma",
            "mitarbeiteranzahl", "betriebsgrösse", "betriebsgröße", "mitarbeiter/innen",
        ),
        Field.INDUSTRY: ("branche", "wirtschaftszweig", "sektor", "industrie"),
        Field.COUNTRY: ("land", "staat", "ländercode", "länderkürzel", "landeskennzeichen", "land/region",
            "nation"),
        Field.LANGUAGE: ("sprache", "korrespondenzsprache", "sprachcode", "bevorzugte sprache"),
        Field.PHONE: ("telefon", "telefonnummer", "tel.", "tel. direkt", "tel. geschäft", "handy", "mobil",
            "mobiltelefon",
                      "rufnummer", "telefon geschäftlich", "mobile", "natel", "telefon direkt"),
        Field.RELATION: ("kunde", "beziehung", "kundenstatus", "kundentyp", "kunde?", "bestandskunde",
            "ist kunde",
                         "kunde oder interessent", "kontaktart", "kundenart"),
        Field.BASIS: ("rechtsgrundlage", "einwilligung", "grundlage", "zustimmung"),
    },
}  # fmt: skip

_ACCENTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e", "à": "a", "ç": "c"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file. `index` counts from 0; `name` is its heading, "" without one; `because` says why
    it is taken for `field` (None: not used); `examples` are its first cells that are not empty, at most
    five."""

    index: int
    name: str
    field: Field | None
    because: str
    examples: tuple[str, ...]


def field_named(heading: str) -> Field | None:
    return _BY_NAME.get(_key(heading))


def recognise(headings: Sequence[str], rows: Sequence[Sequence[str]], count: int) -> tuple[Column, ...]:
    """The columns of a file. Every field but phone is found at most once; the first name that fits wins, and
    a column that is named like an address but holds none gives way to one that does."""
    cells = [[row[i].strip() for row in rows if i < len(row) and row[i].strip()] for i in range(count)]
    names = [headings[i].strip()[:100] if i < len(headings) else "" for i in range(count)]
    found: dict[int, tuple[Field, str]] = {}
    taken: set[Field] = set()
    address = _address_column(names, cells)
    if address is not None:
        named = field_named(names[address]) is Field.ADDRESS
        found[address] = (
            Field.ADDRESS,
            f"its name is “{names[address]}”" if named else "it holds e-mail addresses",
        )
        taken.add(Field.ADDRESS)
    for i, name in enumerate(names):
        field = field_named(name)
        if field is Field.TITLE and cells[i] and all(map(meanings.is_honorific, cells[i])):
            field = Field.SALUTATION
        if i not in found and field and field not in taken:
            found[i] = (field, f"its name is “{name}”")
            taken.add(field)
    for i in range(count):
        field = _field_held(cells[i]) if i not in found and not field_named(names[i]) else None
        if field and field not in taken:
            found[i] = (field, _HELD[field])
            taken.add(field)
    _surname_called_name(names, found)
    return tuple(
        Column(i, names[i], field, because, tuple(cell[:100] for cell in cells[i][:5]))
        for i in range(count)
        for field, because in [found.get(i, (None, "it is not needed"))]
    )


def _surname_called_name(names: Sequence[str], found: dict[int, tuple[Field, str]]) -> None:
    """Beside "Vorname" or "First name", a column called "Name" is the last name."""
    fields = {field for field, _ in found.values()}
    if Field.FIRST_NAME in fields and Field.LAST_NAME not in fields:
        for i, (field, _) in list(found.items()):
            if field is Field.FULL_NAME and _key(names[i]) == "name":
                found[i] = (Field.LAST_NAME, "it is called “Name” beside a first name")


def _address_column(names: Sequence[str], cells: Sequence[Sequence[str]]) -> int | None:
    shares = [_share(column, _is_address) for column in cells]
    named = [i for i, name in enumerate(names) if field_named(name) is Field.ADDRESS]
    for i in named:
        if shares[i] >= 0.5:
            return i
    best = max(range(len(cells)), key=lambda i: (shares[i], len(cells[i])), default=None)
    if best is not None and shares[best] >= 0.5:
        return best
    return named[0] if named else None


def _field_held(cells: Sequence[str]) -> Field | None:
    if len(cells) < 2:
        return None
    return next((field for field, is_one in _RECOGNISERS if _share(cells, is_one) >= 0.8), None)


def _share(cells: Sequence[str], is_one: Callable[[str], bool]) -> float:
    return sum(map(is_one, cells)) / len(cells) if cells else 0.0


def _is_address(cell: str) -> bool:
    return addresses.normalise(addresses.split_display(cell)[1]) is not None


def _is_phone(cell: str) -> bool:
    return re.fullmatch(r"(?:\+|00|0)[\d ()/.\-]{7,20}", cell) is not None


def _is_country_name(cell: str) -> bool:
    return len(cell) > 3 and meanings.country(cell) != ""


def _is_band(cell: str) -> bool:
    return not cell.isdigit() and meanings.employees(cell) != meanings.NO_BAND


def _is_relation(cell: str) -> bool:
    return len(cell) > 5 and meanings.relation(cell) is not Relation.UNKNOWN


_RECOGNISERS: tuple[tuple[Field, Callable[[str], bool]], ...] = (
    (Field.PHONE, _is_phone),
    (Field.EMPLOYEES, _is_band),
    (Field.COUNTRY, _is_country_name),
    (Field.RELATION, _is_relation),
)
_HELD = {
    Field.PHONE: "it holds telephone numbers",
    Field.EMPLOYEES: "it holds employee bands",
    Field.COUNTRY: "it holds countries",
    Field.RELATION: "it holds customers and prospects",
}


def _key(heading: str) -> str:
    return re.sub(r"[^a-z0-9#]+", "", heading.casefold().translate(_ACCENTS))


_BY_NAME = {
    _key(name): field for table in COLUMN_NAMES.values() for field, names in table.items() for name in names
}
