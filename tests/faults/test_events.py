"""Reports of a mail provider, many times and in any order; the long form is `tcma faults events`."""

from tcma.bench import faults_events
from tests.installation import Installation


def test_reports_end_the_same_however_often_in_whatever_order_and_however_early(
    databases: Installation,
) -> None:
    result = faults_events.run(databases, events=500, copies=4, forged=25, seed=20261121, report=print)

    assert result.problems == []
    assert result.ok
    assert result.early > 50
    assert result.doubtful > 0
    assert (result.forged, result.refused) == (25, 25)
