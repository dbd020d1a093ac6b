"""One installation under test: its settings and its three databases."""

from dataclasses import dataclass

from tcma.config import Settings
from tcma.db import Database


@dataclass(frozen=True)
class Installation:
    settings: Settings
    owner: Database  # migrations' role, sees everything
    web: Database  # guarded: sees what the tenant of a transaction sees
    worker: Database  # unguarded, its own role on PostgreSQL

    @classmethod
    def at(cls, settings: Settings) -> "Installation":
        def database(role: str, guarded: bool) -> Database:
            return Database(settings.url_for(role), guarded=guarded, movable_clock=True)

        return cls(
            settings=settings,
            owner=database("owner", False),
            web=database("web", True),
            worker=database("worker", False),
        )

    @property
    def is_postgresql(self) -> bool:
        return self.owner.engine.dialect.name == "postgresql"

    def dispose(self) -> None:
        for database in (self.owner, self.web, self.worker):
            database.dispose()
