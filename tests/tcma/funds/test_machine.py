"""Thousands of random operations: every posting balances, every balance is the sum of its entries."""

import pytest

from tcma.bench import faults_ledger
from tests.installation import Installation


@pytest.mark.timeout(300)  # seconds on a free machine, more beside other work
@pytest.mark.slow
def test_three_thousand_random_operations_leave_an_exact_ledger(databases: Installation) -> None:
    told: list[str] = []

    result = faults_ledger.run(databases.worker, operations=3_000, seed=2026, report=told.append)

    assert result.problems == []
    assert result.recounts == 3 == len(told)
    assert result.postings > 1_000
    assert result.refused > 50
    assert len(result.done) == 16  # every kind of operation


@pytest.mark.quick
def test_two_hundred_random_operations_leave_an_exact_ledger(database: Installation) -> None:
    """The short form for every commit."""
    result = faults_ledger.run(database.worker, operations=200, seed=7, report=lambda line: None)

    assert result.problems == []
    assert result.postings > 50
