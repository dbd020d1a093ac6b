"""The launched campaigns are made once and copied for every test that wants them on SQLite."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import folders
from tests.cli.world import World
from tests.web.market import Market, a_market
from tests.web.site import DORA, FORM, TICKED, Site, a_site, another_site, moved, on_sqlite

Template = tuple[Path, list[Site]]


@pytest.fixture(scope="session")
def site_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(sqlite_template, folder / "tcma.db")
    installation = on_sqlite(folder)
    first = a_site(installation)
    made = [first, another_site(first)]
    installation.dispose()
    return folder, made


@pytest.fixture(scope="session")
def answered_template(site_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    home = tmp_path_factory.mktemp("answered") / "var"
    with copied(site_template, home) as made:
        made[0].visitor().answer(**TICKED)
        made[1].visitor().answer(**{**FORM, **TICKED, "email": DORA, "company": "Alp AG"})
    return home, made


@pytest.fixture(scope="session")
def market(canary_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Firms, people of every role and an object of each kind, to read only."""
    folder = tmp_path_factory.mktemp("market")
    made = a_market(canary_world.at(canary_world.shell.copied(folder / "var")))
    yield made
    made.installation.dispose()


@pytest.fixture
def sites(site_template: Template, home: Path) -> Iterator[list[Site]]:
    """Two partners' campaigns of one kit in one installation."""
    with copied(site_template, home / "var") as made:
        yield made


@pytest.fixture
def answered(answered_template: Template, home: Path) -> Iterator[list[Site]]:
    """The same, each answered by one person who ticked boxes."""
    with copied(answered_template, home / "var") as made:
        yield made


@pytest.fixture
def site(sites: list[Site]) -> Site:
    return sites[0]


@contextmanager
def copied(template: Template, home: Path) -> Iterator[list[Site]]:
    folder, made = template
    folders.copy(folder, home)
    installation = on_sqlite(home)
    yield [moved(site, installation) for site in made]
    installation.dispose()
