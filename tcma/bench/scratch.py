"""A scratch installation for fault runs: migrated, empty, gone afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from tcma.bench import postgresql
from tcma.config import load
from tcma.installation import Installation
from tcma.migrations import upgrade


class Kind(StrEnum):
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@contextmanager
def installation(kind: Kind) -> Iterator[Installation]:
    """On SQLite in a temporary folder, or on a PostgreSQL server started for this alone."""
    with tempfile.TemporaryDirectory(prefix="tcma-scratch-") as folder:
        if kind is Kind.SQLITE:
            with _open(Path(folder), {}) as made:
                yield made
            return
        with postgresql.serve() as server:
            urls = postgresql.create_database(server, "scratch")
            given = {
                "TCMA_DATABASE_URL": urls["owner"],
                "TCMA_DATABASE_URL_WEB": urls["web"],
                "TCMA_DATABASE_URL_WORKER": urls["worker"],
            }
            with _open(Path(folder), given) as made:
                yield made


@contextmanager
def _open(folder: Path, given: dict[str, str]) -> Iterator[Installation]:
    settings = load(
        {"TCMA_ENVIRONMENT": "test", "TCMA_VAR": str(folder), "TCMA_SOFT_START_WAIT": "0", **given}
    )
    made = Installation.at(settings)
    try:
        upgrade(made.owner.engine)
        yield made
    finally:
        made.dispose()
