"""From the cells of a row to a person."""

from collections.abc import Callable, Mapping

from campaigns.people import meanings, phones
from campaigns.people.layout import Layout
from campaigns.people.model import SEVERAL, Field, Person, Relation

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


class PersonReader:
    """Knows at which column each field is. A field the file does not have reads the empty cell at the end."""

    def __init__(self, layout: Layout, mapping: Mapping[int, Field], home: str) -> None:
        self._at: dict[Field, int] = {field: at for at, field in mapping.items() if field not in SEVERAL}
        self._home = home.upper()
        self._extra = [
            (column.name or f"Column {column.index + 1}", column.index)
            for column in layout.columns
            if mapping.get(column.index) is Field.EXTRA
        ]
        self.used = sorted(mapping)
        self.read = self._reader()

    def _reader(self) -> Callable[[list[str], str, str, str], Person]:
        """`read(cells, address, address_typed, name_beside_the_address)`, with all it needs in local names:
        it runs once per row of files of a million rows."""
        at = {field: self._at.get(field, -1) for field in Field}
        first_at, last_at, full_at = at[Field.FIRST_NAME], at[Field.LAST_NAME], at[Field.FULL_NAME]
        salutation_at, title_at, company_at = at[Field.SALUTATION], at[Field.TITLE], at[Field.COMPANY]
        industry_at, employees_at, country_at = at[Field.INDUSTRY], at[Field.EMPLOYEES], at[Field.COUNTRY]
        language_at, phone_at, relation_at = at[Field.LANGUAGE], at[Field.PHONE], at[Field.RELATION]
        basis_at, extra, home = at[Field.BASIS], self._extra, self._home
        nothing: Mapping[str, str] = {}
        employees, countries, languages = (
            meanings.employees,
            meanings.country,
            meanings.language,
        )
        phone_number, relations, bases = phones.normalise, meanings.relation, meanings.basis

        def read(cells: list[str], address: str, typed: str, beside: str) -> Person:
            cells.append("")
            first, last = tidy(cells[first_at]), tidy(cells[last_at])
            if not first and not last:
                full = tidy(cells[full_at]) or tidy(beside)
                first, last = meanings.split_name(full) if full else ("", "")
            elif not last and "," in first:
                first, last = meanings.split_name(first)
            size = cells[employees_at].strip()
            band = employees(size) if size else meanings.NO_BAND
            country = countries(cells[country_at]) if cells[country_at] else ""
            phone = cells[phone_at].strip()
            return Person(
                address,
                typed,
                first,
                last,
                tidy(cells[salutation_at]),
                tidy(cells[title_at]),
                tidy(cells[company_at]),
                size,
                band.lowest,
                band.highest,
                tidy(cells[industry_at]),
                country,
                languages(cells[language_at]) if cells[language_at] else "",
                phone_number(phone, country or home) if phone else "",
                relations(cells[relation_at]) if cells[relation_at] else Relation.UNKNOWN,
                bases(cells[basis_at]) if cells[basis_at] else None,
                {name: tidy(cells[i]) for name, i in extra} if extra else nothing,
            )

        return read


def tidy(cell: str) -> str:
    """Without spaces around it, line breaks, runs of spaces and the invisible characters of copied text."""
    if not cell or cell.isalnum():  # most cells
        return cell
    text = " ".join(cell.split())
    return text if text.isascii() else text.strip(_INVISIBLE)
