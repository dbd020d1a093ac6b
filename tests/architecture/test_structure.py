"""The house rules that a machine can check."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint

from tcma.cli.root import PLACES
from tcma.db import Base
from tcma.jobs.queue import Job
from tcma.models import MODULES
from tcma.tenancy import COLUMNS, Tenancy

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for package in ("campaigns", "tcma", "workers")
    for path in (ROOT / package).rglob("*.py")
    if "migrations/versions" not in path.as_posix()
)
TOP = {"tcma", "campaigns", "templates", "assets", "workers", "tests", "bin", "docs"}
INNER = re.compile(r"^(?!import |from ).*\bimport\b", re.MULTILINE)  # the word anywhere but at the margin
MODELS = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda model: model.__name__)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_longer_than_400_lines() -> None:
    long = {_name(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_only_two_files_commit() -> None:
    committing = {_name(path) for path in SOURCES if re.search(r"\.commit\(\)", path.read_text())}
    assert committing <= {"tcma/db.py", "tcma/web/unit.py"}


def test_only_one_file_reads_the_environment() -> None:
    reading = {_name(path) for path in SOURCES if re.search(r"os\.(environ|getenv)", path.read_text())}
    assert reading <= {"tcma/config.py"}


def test_no_import_inside_a_function() -> None:
    found = [f"{_name(path)}:{node.lineno}" for path in SOURCES for node in _inner_imports(path)]
    assert found == []


def _inner_imports(path: Path) -> Iterator[ast.stmt]:
    text = path.read_text()
    if not INNER.search(text):  # to read all files as Python takes two seconds
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield inner


def test_only_what_few_installations_use_is_loaded_by_name() -> None:
    loading = {_name(path) for path in SOURCES if "import_module" in path.read_text()}
    assert loading <= {"campaigns/providers/__init__.py", "tcma/cli/root.py", "tcma/storage/__init__.py"}


def test_every_module_of_commands_is_in_the_list() -> None:
    declaring = {
        path.stem for path in (ROOT / "tcma" / "cli").glob("*.py") if "@click.group" in path.read_text()
    }
    listed = {place.partition(":")[0] for place in PLACES.values()}
    assert declaring - {"root"} <= listed


def test_no_drawer_is_called_utils_helpers_manager_or_common() -> None:
    drawers = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
    assert [_name(path) for path in SOURCES if path.stem in drawers or path.parent.name in drawers] == []


def test_the_top_level_is_the_prescribed_one() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert (
        folders - {"var", "shots", "build"} - {path for path in folders if path.endswith(".egg-info")} == TOP
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_declares_its_tenancy_and_carries_its_columns(model: type[Base]) -> None:
    assert isinstance(model.__tenancy__, Tenancy)
    for name in COLUMNS[model.__tenancy__]:
        assert not model.__table__.columns[name].nullable, f"{model.__name__}.{name} may be NULL"
        keys = {key.target_fullname for key in model.__table__.columns[name].foreign_keys}
        assert keys == {"organisations.id"}


def test_every_models_module_is_in_the_list() -> None:
    listed = {module.__name__ for module in MODULES if hasattr(module, "__file__")} | {"tcma.clock"}
    assert {model.__module__ for model in MODELS} == listed


def test_no_foreign_key_deletes_anything_by_itself() -> None:
    cascades = [
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.ondelete or key.onupdate
    ]
    assert cascades == []


def test_unique_keys_are_not_switched_off_by_an_empty_column() -> None:
    loose = [
        f"{table.name}: {', '.join(column.name for column in constraint.columns)}"
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint) and len(constraint.columns) > 1
        for column in constraint.columns
        if column.nullable
    ]
    assert loose == []


def test_every_job_has_exactly_one_task_of_its_name() -> None:
    tasks: dict[str, int] = {}
    for path in (ROOT / "workers" / "tasks").glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                tasks[f"{path.stem}.{node.name}"] = tasks.get(f"{path.stem}.{node.name}", 0) + 1
    assert tasks == {job.value: 1 for job in Job}


def test_tenants_are_switched_only_by_the_viewer() -> None:
    switching = {_name(path) for path in SOURCES if "switch_tenant" in path.read_text()}
    assert switching == {"tcma/db.py", "tcma/viewer.py"}
