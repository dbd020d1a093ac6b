import pytest

from tests.installation import Installation
from tests.web.account.house import House, a_house


@pytest.fixture
def house(database: Installation) -> House:
    return a_house(database)
