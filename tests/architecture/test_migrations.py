"""One history, one head, and on both databases exactly the models."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tcma.migrations import configuration
from tcma.migrations.draft import all_policies
from tcma.models import metadata
from tests.installation import Installation


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


def test_a_migrated_database_is_what_the_models_say(databases: Installation) -> None:
    with databases.owner.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_policies_in_the_migration_are_those_of_the_models() -> None:
    head = ScriptDirectory.from_config(configuration()).get_revision("head")
    assert head is not None
    assert list(head.module.POLICIES) == all_policies()


@pytest.mark.postgresql
def test_the_policies_in_the_database_are_those_of_the_models(postgresql: Installation) -> None:
    with postgresql.owner.engine.connect() as connection:
        found = set(connection.scalars(text("SELECT policyname FROM pg_policies")))
        forced = set(
            connection.scalars(
                text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
            )
        )
    wanted = {line.split()[2] for line in all_policies() if line.startswith("CREATE POLICY")}
    assert found == wanted
    assert forced == {line.split()[2] for line in all_policies() if "FORCE ROW LEVEL" in line}
