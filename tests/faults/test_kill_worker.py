"""Kill -9 of the worker in mid-send; the long form is `tcma faults send`."""

import pytest

from tcma.bench import faults_send
from tests.installation import Installation


@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_doubles_nothing(databases: Installation) -> None:
    result = faults_send.run(databases, recipients=200, kills=2, seed=20261121, report=print)

    print("\n".join(result.lines()))
    assert result.problems == []
    assert result.kills == 2
    assert result.received >= 200 - result.unknown
    assert result.samples > 10
