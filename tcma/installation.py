"""One running installation: settings and what they open. Built once by each root."""

from dataclasses import dataclass
from functools import cached_property

from campaigns.links import Signer
from tcma.config import Settings
from tcma.db import Database
from tcma.storage import Storage, open_storage


@dataclass(frozen=True)
class Installation:
    settings: Settings
    owner: Database  # migrations' role, sees everything
    web: Database  # guarded: sees what the tenant of a transaction sees
    worker: Database  # unguarded, its own role on PostgreSQL

    @classmethod
    def at(cls, settings: Settings) -> "Installation":
        def database(role: str, guarded: bool) -> Database:
            return Database(settings.url_for(role), guarded=guarded, movable_clock=not settings.production)

        return cls(
            settings=settings,
            owner=database("owner", False),
            web=database("web", True),
            worker=database("worker", False),
        )

    @cached_property
    def storage(self) -> Storage:
        return open_storage(self.settings.storage)

    @cached_property
    def signer(self) -> Signer:
        ring = dict(self.settings.token_keys)
        return Signer(ring, max(ring))

    @property
    def is_postgresql(self) -> bool:
        return self.owner.engine.dialect.name == "postgresql"

    def dispose(self) -> None:
        for database in (self.owner, self.web, self.worker):
            database.dispose()
