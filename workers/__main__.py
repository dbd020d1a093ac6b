"""The worker process: `python -m workers`, the same on a laptop and in production.

With a broker it consumes from it and `beat` runs apart; without one the transport and the beat live in here.
SIGTERM drains: lanes finish the group in their hands, jobs end, the worker signs off.
"""

import gc
import logging
import signal
import sys
import threading

import structlog
from celery.beat import Scheduler, Service

from tcma import logs
from tcma import models as _models  # noqa: F401  (the metadata is complete before the first session)
from tcma.config import ConfigError, load
from tcma.installation import Installation
from tcma.jobs.queue import install_publisher
from workers.app import Hints, app
from workers.runtime import Runtime, install

SPARE_THREADS = 3  # beside the lanes: polling and jobs never wait for them
LOOK = 0.5  # seconds between two looks at lease and threads

_log = structlog.get_logger(__name__)


def main() -> int:
    try:
        settings = load()
    except ConfigError as error:
        logging.error("%s", error)
        return 2
    logs.configure(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    runtime = Runtime.start(Installation.at(settings))
    install(runtime)
    install_publisher(Hints(app))
    gc.freeze()  # what is loaded stays, and need not be looked through for garbage
    consumer = _Consumer(settings.lanes + SPARE_THREADS)
    beat = _Beat() if settings.embedded else None
    _log.info("worker_started", worker_id=runtime.lease.worker_id, embedded=settings.embedded)
    while not stop.wait(LOOK):
        if not consumer.is_alive() or (beat is not None and not beat.is_alive()):
            _log.error("worker_thread_ended")
            break
        runtime.renew_lost_lease()
    runtime.stopping.set()
    if beat is not None:
        beat.stop()
    consumer.stop()
    runtime.lease.sign_off()
    runtime.installation.dispose()
    _log.info("worker_ended", ordered=stop.is_set())
    return 0 if stop.is_set() else 1


class _Consumer(threading.Thread):
    """Celery's consumer with a pool of threads."""

    def __init__(self, concurrency: int) -> None:
        super().__init__(name="consumer", daemon=True)
        app.finalize()
        self._controller = app.WorkController(
            pool="threads",
            concurrency=concurrency,
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
            quiet=True,
            optimization=None,
        )
        self.start()

    def run(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()  # waits for the tasks under way
        self.join(30)


class _Beat(threading.Thread):
    """Celery's beat, in this process."""

    def __init__(self) -> None:
        super().__init__(name="beat", daemon=True)
        self._service = Service(app, max_interval=1, scheduler_cls=Scheduler)
        self.start()

    def run(self) -> None:
        self._service.start()

    def stop(self) -> None:
        self._service.stop(wait=False)
        self.join(5)


if __name__ == "__main__":
    sys.exit(main())
