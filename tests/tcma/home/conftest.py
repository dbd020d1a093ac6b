import pytest

from tests.installation import Installation
from tests.tcma.funds.scene import Scene, a_scene


@pytest.fixture
def scene(database: Installation) -> Scene:
    return a_scene(database)


@pytest.fixture
def scenes(databases: Installation) -> Scene:
    """The scene on SQLite and on PostgreSQL."""
    return a_scene(databases)
