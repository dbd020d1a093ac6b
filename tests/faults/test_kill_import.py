"""Kill -9 of the worker while it reads a file; the long form is `tcma faults import`."""

import pytest

from tcma.bench import faults_import
from tests.installation import Installation


@pytest.mark.slow
def test_a_killed_import_has_each_valid_row_once(database: Installation) -> None:
    result = faults_import.run(database, rows=24_000, kills=2, seed=20261121, report=print)

    print("\n".join(result.lines()))
    assert result.problems == []
    assert result.kills == 2
    assert result.ready > 20_000
