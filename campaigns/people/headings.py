"""Which column means what: by its name, then by what it holds."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from campaigns.people import addresses, meanings
from campaigns.people.heading_names import COLUMN_NAMES
from campaigns.people.model import SEVERAL, Field, Relation


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
    """The columns of a file. Every field but a further address is found at most once; the first name that fits
    wins, and a column that is named like an address but holds none gives way to one that does."""
    cells = [[row[i].strip() for row in rows if i < len(row) and row[i].strip()] for i in range(count)]
    names = [headings[i].strip()[:100] if i < len(headings) else "" for i in range(count)]
    found: dict[int, tuple[Field, str]] = {}
    taken: set[Field] = set()
    address = _address_column(names, cells)
    if address is not None:
        named = field_named(names[address]) in _ADDRESSES
        found[address] = (
            Field.ADDRESS,
            f"its name is “{names[address]}”" if named else "it holds e-mail addresses",
        )
        taken.add(Field.ADDRESS)
    for i, name in enumerate(names):
        field = field_named(name)
        if field is Field.TITLE and cells[i] and all(map(meanings.is_honorific, cells[i])):
            field = Field.SALUTATION
        if field in _ADDRESSES and Field.ADDRESS in taken:
            field = Field.OTHER_ADDRESS if _share(cells[i], _is_address) >= 0.5 else None
        if i not in found and field and (field not in taken or field in SEVERAL):
            found[i] = (field, f"its name is “{name}”")
            taken.add(field)
    for i in range(count):
        field = _field_held(cells[i]) if i not in found and not field_named(names[i]) else None
        if field and field not in taken:
            found[i] = (field, _HELD[field])
            taken.add(field)
    _names_as_they_stand(names, cells, found)
    return tuple(
        Column(i, names[i], field, because, tuple(cell[:100] for cell in cells[i][:5]))
        for i in range(count)
        for field, because in [found.get(i, (None, "it is not needed"))]
    )


def _names_as_they_stand(
    names: Sequence[str], cells: Sequence[Sequence[str]], found: dict[int, tuple[Field, str]]
) -> None:
    """Beside "Vorname" or "First name", a column called "Name" is the last name; and a "Nom" or "Nome" that
    stands alone and holds two words a cell is the whole name."""
    fields = {field: i for i, (field, _) in found.items()}
    first, last = fields.get(Field.FIRST_NAME), fields.get(Field.LAST_NAME)
    full = fields.get(Field.FULL_NAME)
    if first is not None and last is None and full is not None and _key(names[full]) in ("name", "naam"):
        found[full] = (Field.LAST_NAME, f"it is called “{names[full]}” beside a first name")
    elif full is None and (first is None) != (last is None):
        alone = first if first is not None else last
        if (
            alone is not None
            and _key(names[alone]) in _EITHER
            and _share(cells[alone], lambda cell: len(cell.split()) > 1) >= 0.5
        ):
            found[alone] = (Field.FULL_NAME, "it holds first and last names")


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
    """Letters and digits of any script, without case and without the accents of Latin letters."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    letters = (_UNACCENTED.get(letter) or _unaccented(letter) for letter in plain)
    return "".join(letter for letter in letters if letter.isalnum() or letter == "#")


def _unaccented(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter  # a Japanese voicing mark makes another letter


_UNACCENTED = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l"}
_EITHER = ("nom", "nome", "nombre")  # the last or first name beside its counterpart, else the whole name
_ADDRESSES = (Field.ADDRESS, Field.OTHER_ADDRESS)
_BY_NAME: dict[str, Field] = {}
for _table in COLUMN_NAMES.values():
    for _field, _names in _table.items():
        for _name in _names:
            _BY_NAME.setdefault(_key(_name), _field)
