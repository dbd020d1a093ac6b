"""The PostgreSQL database that every test finds empty.

To copy it from its template for each test costs more than most of these tests. So the rows of the test before
are deleted instead, and it is copied anew only when a test changed the schema.
"""

from dataclasses import dataclass
from pathlib import Path

import psycopg

from tcma.bench import postgresql as scratch

TEMPLATE, NAME = "template_tcma", "test"
EMPTY = """
DO $$
DECLARE one record;
BEGIN
  SET LOCAL session_replication_role = replica;  -- neither foreign keys nor what keeps rows for ever
  FOR one IN SELECT oid::regclass AS name FROM pg_class
             WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
  LOOP EXECUTE 'DELETE FROM ' || one.name; END LOOP;
  PERFORM setval(oid::regclass, 1, false) FROM pg_class
    WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
END $$
"""
# What a test may have changed besides rows. (A schema is made by the owner; nobody else may.)
SCHEMA = """
SELECT (SELECT array_agg((relname, relkind, relrowsecurity, relforcerowsecurity, relhastriggers, relnatts, relacl::text)
                         ORDER BY oid)::text FROM pg_class WHERE relnamespace = 'public'::regnamespace),
       (SELECT array_agg(oid ORDER BY oid)::text FROM pg_constraint),
       (SELECT array_agg(oid ORDER BY oid)::text FROM pg_policy)
"""
OTHERS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
TABLES = """
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""
SEQUENCES = (
    "SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
)
_as_made: dict[Path, object] = {}


def empty_database(server: Path) -> dict[str, str]:
    """Its addresses by role."""
    if server in _as_made:
        with psycopg.connect(f"host={server} user={scratch.BOOTSTRAP} dbname={NAME}", autocommit=True) as own:
            own.execute(OTHERS, [NAME])  # what a killed process left may hold locks
            if own.execute(SCHEMA).fetchone() == _as_made[server]:
                own.execute(EMPTY)
                return scratch.addresses(server, NAME)
    made = scratch.create_database(server, NAME, template=TEMPLATE)
    with psycopg.connect(f"host={server} user={scratch.BOOTSTRAP} dbname={NAME}", autocommit=True) as own:
        _as_made[server] = own.execute(SCHEMA).fetchone()
    return made


@dataclass(frozen=True)
class Rows:
    """All that stands in the test's database, to be put into the empty one of a later test."""

    tables: dict[str, bytes]  # by name, as PostgreSQL copies them
    sequences: dict[str, int]


def rows_of(server: Path) -> Rows:
    with psycopg.connect(f"host={server} user={scratch.BOOTSTRAP} dbname={NAME}") as own:
        tables = {}
        for (name,) in own.execute(TABLES).fetchall():
            if own.execute(f"SELECT FROM {name} LIMIT 1").fetchone() is not None:
                with own.cursor().copy(f"COPY {name} TO STDOUT (FORMAT BINARY)") as copied:
                    tables[name] = b"".join(copied)
        return Rows(tables, dict(own.execute(SEQUENCES).fetchall()))


def put_back(server: Path, rows: Rows) -> None:
    with psycopg.connect(f"host={server} user={scratch.BOOTSTRAP} dbname={NAME}") as own:
        own.execute("SET LOCAL session_replication_role = replica")  # foreign keys hold as they did
        for name, content in rows.tables.items():
            with own.cursor().copy(f"COPY {name} FROM STDIN (FORMAT BINARY)") as copied:
                copied.write(content)
        for name, last in rows.sequences.items():
            own.execute("SELECT setval(%s, %s)", (name, last))
