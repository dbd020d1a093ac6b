"""What the tasks of this process work with: built once when the process starts."""

from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event

import structlog
from sqlalchemy.exc import SQLAlchemyError

from tcma.config import Settings
from tcma.db import Database
from tcma.installation import Installation
from tcma.jobs.leases import Lease
from tcma.launches.sending import Composer
from tcma.launches.ways_out import MailComposer
from tcma.storage import Storage

_log = structlog.get_logger(__name__)


@dataclass
class Runtime:
    """`lease` is replaced when it is lost (a machine that slept): running lanes end with the old one."""

    installation: Installation
    composer: Composer
    lease: Lease
    lanes: BoundedSemaphore
    stopping: Event = field(default_factory=Event)

    @classmethod
    def start(cls, installation: Installation) -> "Runtime":
        settings, database = installation.settings, installation.worker
        composer = MailComposer(database, installation.storage, installation.signer, settings)
        return cls(
            installation=installation,
            composer=composer,
            lease=Lease(database, settings.lease),
            lanes=BoundedSemaphore(settings.lanes),
        )

    @property
    def settings(self) -> Settings:
        return self.installation.settings

    @property
    def database(self) -> Database:
        return self.installation.worker

    @property
    def storage(self) -> Storage:
        return self.installation.storage

    def renew_lost_lease(self) -> None:
        """While the database is away nothing can be renewed; the next look tries again."""
        if self.lease.held():
            return
        try:
            self.lease = Lease(self.database, self.settings.lease)
        except SQLAlchemyError as error:
            _log.warning("lease_not_renewed", error=type(error).__name__)


_current: list[Runtime] = []


def install(runtime: Runtime) -> None:
    _current[:] = [runtime]


def runtime() -> Runtime:
    """Raises RuntimeError outside a worker process."""
    if not _current:
        raise RuntimeError("Tasks run in a worker process: python -m workers.")
    return _current[0]
