"""Worker processes of a scratch installation, to be killed without warning."""

import subprocess
import sys
import time
from collections.abc import Callable

from tcma.config import ROOT, Settings, child_environment


def start(settings: Settings, **changed: str) -> subprocess.Popen[bytes]:
    """A worker on the installation's database and files; `changed` are settings of its own. Whoever starts it
    ends it."""
    given = environment(settings, lanes=str(settings.lanes), poll="0.2", **changed)
    return subprocess.Popen([sys.executable, "-m", "workers"], cwd=ROOT, env=given)


def environment(settings: Settings, **changed: str) -> dict[str, str]:
    """For a program on the installation's database and files."""
    return child_environment(
        settings,
        environment=settings.environment,
        database_url=settings.database_url,
        database_url_web=settings.database_url_web,
        database_url_worker=settings.database_url_worker,
        storage=settings.storage,
        **changed,
    )


def wait(reached: Callable[[], object], limit: float, worker: subprocess.Popen[bytes]) -> None:
    """Until `reached()`. Raises RuntimeError when the worker ends by itself or `limit` seconds pass."""
    end = time.monotonic() + limit
    while not reached():
        if worker.poll() is not None:
            raise RuntimeError(f"The worker ended by itself with status {worker.returncode}.")
        if time.monotonic() > end:
            raise RuntimeError(f"Nothing moved for {limit:.0f} seconds.")
        time.sleep(0.02)
