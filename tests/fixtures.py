"""Fixtures every test may ask for: real databases, a real broker, settings in a folder of the test's own.

`database` is SQLite (the domain's tests); `databases` runs the test on SQLite and on PostgreSQL
(the data layer's). Both give an `Installation`.
"""

import gc
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from argon2 import profiles

from tcma.bench import postgresql as scratch
from tcma.config import Settings, load
from tcma.db import Database
from tcma.migrations import upgrade
from tcma.organisations import passwords
from tests import servers
from tests.cli.shell import Shell
from tests.cli.world import World, a_market, with_canaries
from tests.installation import Installation
from tests.postgresql import TEMPLATE, empty_database

passwords.take_cost(profiles.CHEAPEST)  # the real one takes longer than most tests of signing in


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who needs a world made by commands comes first, so that one process alone has to build it (the processes
    take neighbouring tests: `--dist worksteal`)."""
    items.sort(key=lambda item: "command_market" not in getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end; to look through it again and again for garbage took an eighth of
    the suite's time, and a third of the time to collect it."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    gc.enable()


def pytest_runtest_setup() -> None:
    """Each test logs plainly, whatever a command of the test before configured. (structlog's own way draws every
    local variable of an exception's frames in colour, which can take ten seconds.)"""
    plain = structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.format_exc_info, plain],
        cache_logger_on_first_use=False,
    )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "tcma.db"
    owner = Database(f"sqlite:///{path}", guarded=False)
    upgrade(owner.engine)
    owner.dispose()
    for extra in path.parent.glob("tcma.db-*"):
        extra.unlink()
    return path


@pytest.fixture(scope="session")
def command_market(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two vendors and three partners before anybody has a list, to copy: see tests/cli/world.py."""
    folder = tmp_path_factory.mktemp("market")
    shutil.copyfile(sqlite_template, folder / "tcma.db")
    return a_market(Shell(folder), tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="session")
def canary_world(command_market: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The same with a hundred canaries, to read and to copy."""
    folder = tmp_path_factory.mktemp("installation")
    return with_canaries(command_market.at(command_market.shell.copied(folder)))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Path]:
    with scratch.serve(short=True) as folder:
        urls = scratch.create_database(folder, TEMPLATE)
        owner = Database(urls["owner"], guarded=False)
        upgrade(owner.engine)
        owner.dispose()
        yield folder


@pytest.fixture(scope="session")
def broker_server() -> Iterator[str]:
    with servers.valkey() as address:
        yield address


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty folder that has the same name in each test of a process: what SQLAlchemy compiled for the
    database of the test before serves this one too. So a test must leave no thread that works on in it."""
    before = set(threading.enumerate())
    folder = tmp_path_factory.getbasetemp() / "home"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    yield folder
    left = []
    for thread in threading.enumerate():
        if thread not in before and not _knows_no_database(thread):
            thread.join(timeout=2.0)  # whoever is at the end of its work gets a moment for it
            left += [thread.name] if thread.is_alive() else []
    assert not left, f"The test leaves threads behind that go on in the next test's database: {left}"


def _knows_no_database(thread: threading.Thread) -> bool:
    """The timers of the limits' memory, and the process's few threads that ask web sites and then wait for more."""
    return isinstance(thread, threading.Timer) or thread.name.startswith("website_")


@pytest.fixture
def database(sqlite_template: Path, home: Path) -> Iterator[Installation]:
    installation = _on_sqlite(sqlite_template, home)
    yield installation
    installation.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def databases(request: pytest.FixtureRequest, home: Path) -> Iterator[Installation]:
    if request.param == "sqlite":
        installation = _on_sqlite(request.getfixturevalue("sqlite_template"), home)
    else:
        installation = _on_postgresql(request.getfixturevalue("postgresql_server"), home)
    yield installation
    installation.dispose()


@pytest.fixture
def postgresql(postgresql_server: Path, home: Path) -> Iterator[Installation]:
    """For what only PostgreSQL has: policies, roles, advisory locks. Mark such tests `postgresql`."""
    installation = _on_postgresql(postgresql_server, home)
    yield installation
    installation.dispose()


def _on_sqlite(template: Path, folder: Path) -> Installation:
    path = folder / "tcma.db"
    shutil.copyfile(template, path)
    url = f"sqlite:///{path}"
    return Installation.at(_settings(folder, {"owner": url, "web": url, "worker": url}))


def _on_postgresql(server: Path, folder: Path) -> Installation:
    return Installation.at(_settings(folder, empty_database(server)))


def _settings(folder: Path, urls: dict[str, str]) -> Settings:
    return load(
        {
            "TCMA_ENVIRONMENT": "test",
            "TCMA_VAR": str(folder),
            "TCMA_DATABASE_URL": urls["owner"],
            "TCMA_DATABASE_URL_WEB": urls["web"],
            "TCMA_DATABASE_URL_WORKER": urls["worker"],
            "TCMA_SOFT_START_WAIT": "0",
            "TCMA_FORM_MIN_TIME": "0",
        }
    )
