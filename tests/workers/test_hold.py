"""After a restore nothing goes out until a person has looked."""

from dataclasses import replace

from sqlalchemy import select

from tcma.launches.deliveries import Delivery, DeliveryStatus
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign
from workers import lanes
from workers.runtime import Runtime


def test_a_worker_that_is_told_to_hold_sends_nothing(database: Installation) -> None:
    a_running_campaign(database, people=3)
    held = Runtime.start(replace(database, settings=replace(database.settings, hold=True)))
    held.lease.stop_beating()

    lanes.run_lane(held, lambda name, job_id: None)

    with database.worker.reading() as session:
        assert set(session.scalars(select(Delivery.status))) == {DeliveryStatus.QUEUED}
