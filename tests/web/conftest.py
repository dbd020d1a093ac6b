"""The launched campaigns are made once and copied for every test that wants them on SQLite."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.site import Site, a_site, another_site, moved, on_sqlite


@pytest.fixture(scope="session")
def site_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Site]]:
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(sqlite_template, folder / "tcma.db")
    installation = on_sqlite(folder)
    first = a_site(installation)
    made = [first, another_site(first)]
    installation.dispose()
    return folder, made


@pytest.fixture
def sites(site_template: tuple[Path, list[Site]], tmp_path: Path) -> Iterator[list[Site]]:
    """Two partners' campaigns of one kit in one installation."""
    folder, made = site_template
    home = tmp_path / "var"
    shutil.copytree(folder, home)
    installation = on_sqlite(home)
    yield [moved(site, installation) for site in made]
    installation.dispose()


@pytest.fixture
def site(sites: list[Site]) -> Site:
    return sites[0]
