"""Two vendors and their partners, to be attacked."""

import shutil
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.cli.world import World, a_market


@pytest.fixture(scope="session")
def untouched(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("market")
    shutil.copyfile(sqlite_template, folder / "tcma.db")
    return a_market(Shell(folder), tmp_path_factory.mktemp("files"))


@pytest.fixture
def market(untouched: World, home: Path) -> World:
    return untouched.at(untouched.shell.copied(home / "var"))
