"""One history for SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from tcma.tenancy import WEB_ROLE, WORKER_ROLE

FOLDER = Path(__file__).parent

# Run once by a database administrator before the first migration; docs/operations.md explains it.
ROLES = (
    f"CREATE ROLE {WEB_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
    f"CREATE ROLE {WORKER_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS",
)


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest revision, all of it or nothing."""
    with _connection(engine) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    if engine.dialect.name == "sqlite":
        gather_statistics(engine)


def gather_statistics(engine: Engine) -> None:
    """Tell the planner what the tables hold. PostgreSQL does so by itself; SQLite has to be asked, and joins in the
    wrong order without. There a thousand rows of each index are looked at: milliseconds, however much there is."""
    with engine.connect().execution_options(tcma_write=True) as connection, connection.begin():
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA analysis_limit=1000")
        connection.exec_driver_sql("ANALYZE")


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


@contextmanager
def _connection(engine: Engine) -> Iterator[Connection]:
    """One transaction; on SQLite a table rebuild may break foreign keys for a while: checked last."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with engine.connect() as raw:
        connection = raw.execution_options(tcma_write=True)
        _foreign_keys(connection, False)
        try:
            with connection.begin():
                yield connection
                broken = connection.execute(text("PRAGMA foreign_key_check")).all()
                if broken:
                    raise RuntimeError(f"The migration would leave {len(broken)} rows without their parent.")
        finally:
            _foreign_keys(connection, True)


def _foreign_keys(connection: Connection, on: bool) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
