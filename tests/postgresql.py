"""The PostgreSQL database that every test finds empty.

To copy it from its template for each test costs more than most of these tests. So the rows of the test before
are deleted instead, and it is copied anew only when a test changed the schema.
"""

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
