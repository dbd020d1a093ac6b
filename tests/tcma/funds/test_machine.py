"""Thousands of random operations: every posting balances, every balance is the sum of its entries."""

import pytest

from tcma.bench import faults_ledger
from tests.installation import Installation


@pytest.mark.timeout(300)  # seconds on a free machine, more beside other work
@pytest.mark.slow
def test_three_thousand_random_operations_leave_an_exact_ledger(databases: Installation) -> None:
    """1,000 on PostgreSQL and 2,000 beside SQLite; `tcma faults ledger` does 100,000 on each."""
    thousands = 1 if databases.worker.engine.dialect.name == "postgresql" else 2
    told: list[str] = []

    result = faults_ledger.run(databases.worker, operations=thousands * 1_000, seed=2026, report=told.append)

    assert result.problems == []
    assert result.recounts == thousands == len(told)
    assert result.postings > thousands * 300
    assert result.refused > thousands * 15
    assert len(result.done) == 16  # every kind of operation


@pytest.mark.quick
def test_two_hundred_random_operations_leave_an_exact_ledger(database: Installation) -> None:
    """The short form for every commit."""
    result = faults_ledger.run(database.worker, operations=200, seed=7, report=lambda line: None)

    assert result.problems == []
    assert result.postings > 50
