"""Every tenant table, its guard and its policy: generated from the class each model declares.

A canary row of every class is written by the owner role; then each principal looks for it, through
the ORM without any filter of its own and, on PostgreSQL, through raw SQL that forgot its filter.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError

from tcma.db import Base, Database
from tcma.models import MODULES
from tcma.tenancy import Tenancy, writers
from tests.architecture.rows import filler, organisations
from tests.installation import Installation

TENANT_MODELS = sorted(
    (m.class_ for m in Base.registry.mappers if m.class_.__tenancy__ is not Tenancy.GLOBAL),
    key=lambda model: model.__name__,
)
MINE, VENDOR, STRANGER = 11, 12, 13


@pytest.fixture
def canaries(databases: Installation) -> Iterator[Installation]:
    """One row in every tenant table, all of partner 11 and vendor 12; organisation 13 has none."""
    _plant(databases)
    yield databases


@pytest.fixture
def policed(postgresql: Installation) -> Iterator[Installation]:
    """The same rows on PostgreSQL, for SQL that the ORM's guard never sees."""
    _plant(postgresql)
    yield postgresql


def _plant(installation: Installation) -> None:
    with installation.owner.engine.connect() as connection:
        _without_foreign_keys(connection)
        with connection.begin():
            organisations(connection, MINE, VENDOR, STRANGER)
            for model in TENANT_MODELS:
                row = filler(model, partner=MINE, vendor=VENDOR)
                connection.execute(insert(model.__table__).values(row))


def _without_foreign_keys(connection: Connection) -> None:
    """The canaries' parents do not exist; only the tenancy of a row matters here."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        return
    with connection.begin():
        for table in Base.metadata.tables.values():
            for key in table.foreign_key_constraints:
                connection.execute(text(f"ALTER TABLE {table.name} DROP CONSTRAINT {key.name}"))


def test_every_subject_is_looked_at() -> None:
    assert {model.__module__ for model in TENANT_MODELS} < {
        *(module.__name__ for module in MODULES if hasattr(module, "__file__")),
    }


def _seen(database: Database, model: type[Base], tenant: int | None) -> int:
    with database.reading(tenant) as session:
        return len(session.scalars(select(model)).all())


def _owners(model: type[Base]) -> set[int]:
    row = filler(model, partner=MINE, vendor=VENDOR)
    return {row[name] for name in writers(model.__tenancy__)}


def test_a_stranger_sees_no_row_of_anybody(canaries: Installation) -> None:
    seen = {model.__name__: _seen(canaries.web, model, STRANGER) for model in TENANT_MODELS}
    assert {name for name, count in seen.items() if count} == set()


def test_without_a_tenant_nothing_is_seen(canaries: Installation) -> None:
    seen = {model.__name__: _seen(canaries.web, model, None) for model in TENANT_MODELS}
    assert {name for name, count in seen.items() if count} == set()


def test_the_owner_of_a_row_sees_it(canaries: Installation) -> None:
    unseen = {
        model.__name__
        for model in TENANT_MODELS
        for owner in _owners(model)
        if _seen(canaries.web, model, owner) == 0
    }
    assert unseen == set()


def test_the_worker_role_sees_every_row(canaries: Installation) -> None:
    seen = {model.__name__: _seen(canaries.worker, model, None) for model in TENANT_MODELS}
    assert {name for name, count in seen.items() if count == 0} == set()


@pytest.mark.postgresql
def test_raw_sql_that_forgot_its_filter_shows_a_stranger_nothing(policed: Installation) -> None:
    with policed.web.reading(STRANGER) as session:
        seen = {
            model.__name__: session.scalar(text(f"SELECT count(*) FROM {model.__tablename__}"))
            for model in TENANT_MODELS
        }
    assert {name for name, count in seen.items() if count} == set()


@pytest.mark.postgresql
def test_a_vendor_sees_nothing_private_of_its_partner_by_raw_sql(policed: Installation) -> None:
    private = [model for model in TENANT_MODELS if model.__tenancy__ is Tenancy.PARTNER_PRIVATE]
    with policed.web.reading(VENDOR) as session:
        seen = {m.__name__: session.scalar(text(f"SELECT count(*) FROM {m.__tablename__}")) for m in private}
    assert private and {name for name, count in seen.items() if count} == set()


@pytest.mark.postgresql
def test_the_canary_sings_when_policies_are_off(policed: Installation) -> None:
    """Proof that the tests above can fail: without row-level security the stranger sees everything."""
    with policed.owner.transaction() as session:
        session.execute(text("ALTER TABLE contacts DISABLE ROW LEVEL SECURITY"))
    with policed.web.reading(STRANGER) as session:
        assert session.scalar(text("SELECT count(*) FROM contacts")) == 1


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_a_stranger_cannot_write_a_row_of_another(database: Installation, model: type[Base]) -> None:
    row = model(**filler(model, partner=MINE, vendor=VENDOR))
    with pytest.raises(PermissionError), database.web.transaction(STRANGER) as session:
        session.add(row)
        session.flush()


@pytest.mark.postgresql
def test_postgresql_refuses_the_writes_itself(policed: Installation) -> None:
    accepted = []
    for model in TENANT_MODELS:
        values = filler(model, partner=MINE, vendor=VENDOR, number=2)
        try:
            with policed.web.transaction(STRANGER) as session:
                session.execute(insert(model.__table__).values(values))
            accepted.append(model.__name__)
        except DBAPIError as error:
            assert "row-level security" in str(error), error
    assert accepted == []
