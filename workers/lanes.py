"""A lane's task: send for at most `lane_time`, then make room and ask for itself again."""

import time

from tcma.jobs.queue import Job
from tcma.launches import sending
from tcma.launches.ways_out import open_provider
from workers.polling import Hint
from workers.runtime import Runtime


def run_lane(current: Runtime, hint: Hint) -> None:
    """Nothing when this process has all its lanes running already, is stopping, or is told to hold."""
    if current.settings.hold or current.stopping.is_set() or not current.lanes.acquire(blocking=False):
        return
    try:
        provider = open_provider(current.settings, current.storage)
        ends_at = time.monotonic() + current.settings.lane_time
        try:
            report = sending.run_lane(
                current.database,
                current.composer,
                provider,
                current.lease,
                current.settings,
                lambda: current.stopping.is_set() or time.monotonic() >= ends_at,
            )
        finally:
            provider.close()
    finally:
        current.lanes.release()
    if report.has_more and not current.stopping.is_set():
        hint(Job.LAUNCHES_RUN_LANE.value, 0)
