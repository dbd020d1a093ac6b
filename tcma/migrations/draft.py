"""Writes the initial migration from the models: `python -m tcma.migrations.draft`.

Until the first release there is one migration, written anew whenever a model changes; afterwards
this module goes and migrations are only added.
"""

import subprocess
import sys
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from sqlalchemy import JSON, Enum, create_engine

from tcma.columns import PublicId, UtcDateTime
from tcma.db import Base
from tcma.migrations import FOLDER
from tcma.models import metadata
from tcma.tenancy import policies, rules_of

TARGET = FOLDER / "versions" / "0001_initial.py"
HEAD = '''"""The tables, their rights and their row-level security."""

import sqlalchemy as sa
from alembic import op

import tcma.columns

revision = "0001"
down_revision = None

POLICIES = (
{policies}
)


def upgrade() -> None:
    {tables}
    if op.get_bind().dialect.name == "postgresql":
        for statement in POLICIES:
            op.execute(statement)
'''


def main() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
        script = produce_migrations(context, metadata)
        assert script.upgrade_ops is not None
        tables = render_python_code(script.upgrade_ops, render_item=_render)
    TARGET.parent.mkdir(exist_ok=True)
    lines = ",\n".join(f'    "{statement}"' for statement in all_policies())
    TARGET.write_text(HEAD.format(policies=lines + ",", tables=tables))
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(TARGET)], check=True)


def all_policies() -> list[str]:
    models = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    return [statement for name in sorted(models) for statement in policies(name, rules_of(models[name]))]


def _render(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    if kind == "type" and isinstance(item, (UtcDateTime, PublicId)):
        return f"tcma.columns.{type(item).__name__}()"
    if kind == "type" and isinstance(item, JSON):
        return "tcma.columns.Json"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String({item.length})"  # words may be added without a migration
    return False


if __name__ == "__main__":
    main()
