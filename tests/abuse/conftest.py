"""Two vendors and their partners, to be attacked."""

from pathlib import Path

import pytest

from tests.cli.world import World


@pytest.fixture(scope="session")
def untouched(command_market: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    return command_market.at(command_market.shell.copied(tmp_path_factory.mktemp("untouched")))


@pytest.fixture
def market(untouched: World, home: Path) -> World:
    return untouched.at(untouched.shell.copied(home / "var"))
