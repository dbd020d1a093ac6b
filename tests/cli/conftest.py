"""The world of the command line, built once; tests that change it copy its folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tcma.bench import postgresql
from tests.cli.shell import Shell
from tests.cli.webinar_world import with_a_webinar
from tests.cli.world import World, a_world


@pytest.fixture(scope="session")
def world(canary_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """On SQLite, to read only: what changes it takes `fresh`."""
    folder = tmp_path_factory.mktemp("with-a-webinar")
    return with_a_webinar(canary_world.at(canary_world.shell.copied(folder)))


@pytest.fixture
def fresh(world: World, home: Path) -> World:
    """A copy of the world, to change."""
    return world.at(world.shell.copied(home / "var"))


@pytest.fixture(scope="session")
def world_on_postgresql(postgresql_server: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    urls = postgresql.create_database(postgresql_server, "commands", template="template_tcma")
    made = a_world(Shell(tmp_path_factory.mktemp("pg"), urls), tmp_path_factory.mktemp("pg-files"))
    yield with_a_webinar(made)
