"""Rows of people who may not be written to, however many of those there are."""

import pytest

from tcma import clock
from tcma.audiences import suppression
from tcma.audiences.models import SuppressionReason
from tests.installation import Installation
from tests.tcma.audiences.factories import a_file, a_world, hash_of, people_rows, read_in


@pytest.mark.parametrize("others", [0, 3, 40])
def test_the_suppressed_are_left_out_however_many_others_are(databases: Installation, others: int) -> None:
    world = a_world(databases)
    rows = people_rows(range(10))
    with databases.web.transaction(world.partner.id) as session:
        for address in ("anna3.meier@firm3.example.com", *(f"gone{n}@firm.example" for n in range(others))):
            suppression.suppress(
                session, world.partner.id, hash_of(address), SuppressionReason.COMPLAINED, clock.now(session)
            )
    with databases.worker.transaction() as session:
        for address in ("anna7.meier@firm7.example.com", *(f"gone{n}@firm.example" for n in range(others))):
            suppression.suppress_everywhere(
                session, hash_of(address), SuppressionReason.COMPLAINED, clock.now(session)
            )

    receipt = read_in(world, a_file(*rows))

    assert (receipt.ready, receipt.by_reason) == (8, {suppression.UNSUBSCRIBED_EARLIER: 2})
