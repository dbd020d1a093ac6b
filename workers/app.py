"""The Celery application: JSON, late acknowledgement, one message at a time, nothing planned in the broker.

Broker messages are hints that carry a job row's number; the rows are the truth. Without a broker address the
transport lives in this process's memory.
"""

from collections.abc import Callable

import structlog
from celery import Celery
from kombu.exceptions import OperationalError

from tcma.config import Settings, load
from tcma.jobs.queue import Job
from workers import schedule

HINT_LIFE = 60  # seconds after which a hint nobody took is worth nothing: the row has been hinted at again
CONNECT_TIME = 0.5  # seconds: whoever presses a button waits for the hint
VISIBILITY = 300  # seconds; no task takes more than one minute

Task = Callable[[int], None]

_log = structlog.get_logger(__name__)


def make_app(settings: Settings) -> Celery:
    app = Celery("tcma", include=[f"workers.tasks.{name}" for name in schedule.SUBJECTS])
    app.conf.update(
        broker_url=settings.broker_url or "memory://localhost/",
        broker_transport_options=_transport(settings),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=2,
        task_serializer="json",
        accept_content=["json"],
        result_serializer="json",
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_publish_retry=False,
        worker_prefetch_multiplier=64 if settings.embedded else 1,
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        beat_scheduler="celery.beat:Scheduler",  # in memory: a restart begins anew, nothing is written
        beat_schedule=schedule.beat(settings),
        timezone="UTC",
    )
    return app


class Hints:
    """Celery's send-by-name as the product's `Publisher`: fast to fail, because polling finds the row anyway."""

    def __init__(self, sender: Celery) -> None:
        self._app = sender

    def publish(self, name: str, job_id: int) -> None:
        try:
            self._app.send_task(name, args=[job_id], ignore_result=True, expires=HINT_LIFE, retry=False)
        except (OperationalError, OSError) as error:
            _log.warning("hint_not_sent", job=name, error=type(error).__name__)


def _transport(settings: Settings) -> dict[str, object]:
    if settings.embedded:
        return {"polling_interval": 0.05}
    if settings.broker_url.startswith(("redis:", "rediss:")):
        return {
            "visibility_timeout": VISIBILITY,
            "socket_connect_timeout": CONNECT_TIME,
            "socket_timeout": 10,
            "max_retries": 0,  # of one hint; the consumer tries for ever, by its own setting
        }
    return {}


def task(job: Job) -> Callable[[Task], Task]:
    """The decorator of a job's task: registered under the job's name."""
    registered: Callable[[Task], Task] = app.task(name=job.value)
    return registered


app = make_app(load())
app.set_default()  # without it Celery's own retries would look for an AMQP server
