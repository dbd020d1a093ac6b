"""What a partner is told that vendors see is what the tables let vendors read."""

import pytest
from sqlalchemy import insert, select, text

from tcma.audiences.shared import AREAS, SHARED
from tcma.db import Base
from tcma.models import metadata
from tcma.tenancy import Tenancy
from tests.architecture.rows import filler, organisations
from tests.installation import Installation

BOTH_READ = {Tenancy.PARTNERSHIP, Tenancy.LEAD, Tenancy.DISCLOSED}


def _is_link(name: str) -> bool:
    """Numbers and keys that join rows; they hold nothing anybody said."""
    return name == "id" or name.endswith(("_id", "_key"))


def test_the_list_of_what_is_shared_names_every_column_a_vendor_can_read() -> None:
    readable = {
        f"{model.class_.__tablename__}.{column.name}"
        for model in Base.registry.mappers
        if model.class_.__tenancy__ in BOTH_READ
        for column in model.class_.__table__.columns
        if not _is_link(column.name)
    }
    told = [f"{one.table}.{column}" for one in SHARED for column in one.columns]
    assert len(told) == len(set(told)), "said twice"
    assert set(told) == readable


def test_every_line_of_the_list_has_words_and_a_heading() -> None:
    assert {one.area for one in SHARED} == set(AREAS)
    assert all(one.words and one.columns for one in SHARED)


PRIVATE = sorted(
    table.name
    for table in metadata.tables.values()
    if table.name
    in {
        "contacts",
        "contact_lists",
        "list_members",
        "contact_imports",
        "skipped_rows",
        "contacts_before",
        "consents",
        "partner_suppressions",
        "deliveries",
        "touch_events",
    }
)


@pytest.mark.parametrize("table", PRIVATE)
def test_what_is_not_on_the_list_a_vendor_does_not_read(databases: Installation, table: str) -> None:
    model = next(one.class_ for one in Base.registry.mappers if one.class_.__tablename__ == table)
    assert model.__tenancy__ is Tenancy.PARTNER_PRIVATE
    partner, vendor = 11, 12
    if databases.is_postgresql:
        with databases.owner.transaction() as session:
            for key in metadata.tables[table].foreign_key_constraints:
                session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {key.name}"))
    with databases.owner.engine.connect() as connection:
        if not databases.is_postgresql:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with connection.begin():
            organisations(connection, partner, vendor)
            connection.execute(insert(model).values(filler(model, partner=partner, vendor=vendor)))
    with databases.web.reading(partner) as session:
        assert session.scalar(select(model.id)) == 1
    with databases.web.reading(vendor) as session:
        assert session.scalar(select(model.id)) is None
        if databases.is_postgresql:
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
