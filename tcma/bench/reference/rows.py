"""Many rows at once, and copies of rows, for the reference data: statements without the unit of work."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from tcma.columns import new_public_id

SLICE = 2_000


@dataclass(frozen=True, slots=True)
class Rows:
    """One connection's writer and reader of rows as plain values."""

    connection: Connection

    def add(self, model: type[Any], **values: Any) -> int:
        return int(self.connection.execute(insert(model).values(values).returning(model.id)).scalar_one())

    def add_all(self, model: type[Any], rows: list[dict[str, Any]]) -> list[int]:
        """Rows in slices; their ids in the order of the rows."""
        statement = insert(model).returning(model.id, sort_by_parameter_order=True)
        made: list[int] = []
        for start in range(0, len(rows), SLICE):
            made.extend(self.connection.scalars(statement, rows[start : start + SLICE]))
        return made

    def pour(self, model: type[Any], rows: Iterable[dict[str, Any]]) -> None:
        """Rows whose ids nobody asks for."""
        for part in _slices(iter(rows)):
            self.connection.execute(insert(model), part)

    def find(self, model: type[Any], *where: Any) -> dict[str, Any]:
        """The first row that fits."""
        return self.find_all(model, *where)[0]

    def find_all(self, model: type[Any], *where: Any) -> list[dict[str, Any]]:
        table = table_of(model)
        found = self.connection.execute(select(table).where(*where).order_by(table.c.id)).mappings()
        return [dict(row) for row in found]

    def count(self, model: type[Any], *where: Any) -> int:
        return int(
            self.connection.scalar(select(func.count()).select_from(table_of(model)).where(*where)) or 0
        )

    def copy(self, model: type[Any], row: dict[str, Any], **changed: Any) -> int:
        """A row like `row` but for what is changed; its id."""
        values = {name: value for name, value in row.items() if name != "id"} | changed
        if "public_id" in values:
            values["public_id"] = new_public_id()
        return self.add(model, **values)


def table_of(model: type[Any]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _slices(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == SLICE:
            yield part
            part = []
    if part:
        yield part
