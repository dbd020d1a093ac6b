"""The demo's house: a scratch installation with a real web server, a real worker and somebody who takes its mails.

Web server, worker and the server for replies are processes of their own; the commands a person would type run
through click in this process, each with an installation of its own, opened and closed again.
"""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner

from tcma import clock
from tcma.bench.demo import post
from tcma.bench.demo.post import By, Post
from tcma.bench.ports import free_port
from tcma.config import ROOT, Settings, load, scratch_changes, scratch_environment
from tcma.errors import DomainError
from tcma.installation import Installation
from tcma.jobs import queue
from tcma.jobs.queue import Job

START_LIMIT = 60.0
STOP_LIMIT = 20.0
LOOK = 0.2  # seconds between two looks at what is waited for
_BY_THE_MINUTE = (Job.LAUNCHES_START_DUE, Job.SEATS_REMIND, Job.LAUNCHES_FINISH)


@dataclass
class House:
    commands: click.Command  # all of `tcma`
    folder: Path
    base_url: str
    environment: dict[str, str]
    settings: Settings
    installation: Installation
    post: Post
    moves: int = field(default=0)

    def tcma(self, *arguments: str, acting: str = "") -> Any:
        """One command, as a person would type it; its JSON answer. DomainError when it refuses."""
        typed = [*arguments, "--json", *(("--as", acting) if acting else ())]
        done = CliRunner(env=scratch_changes(self.environment)).invoke(self.commands, typed)
        if done.exit_code:
            said = done.stderr.strip() or repr(done.exception)
            raise DomainError(f"tcma {' '.join(arguments[:3])}: {said[-500:]}") from done.exception
        return json.loads(done.stdout)

    def wait(self, what: str, reached: Any, limit: float) -> None:
        """Until `reached()` is true; DomainError names what did not happen."""
        end = time.monotonic() + limit
        while not reached():
            if time.monotonic() > end:
                raise DomainError(f"It took more than {limit:.0f} seconds until {what}.")
            time.sleep(LOOK)

    def now(self) -> datetime:
        """By the product's clock."""
        with self.installation.worker.reading() as session:
            return clock.now(session)

    def move_to(self, moment: datetime) -> None:
        """Move web server and worker to a moment ahead, and have the worker look at once at what it looks at every
        minute: the demo has not that many of them."""
        seconds = round((moment - self.now()).total_seconds())
        for span in (f"{seconds // 3600}h", f"{seconds % 3600}s") if seconds > 0 else ():
            self.tcma("clock", "move", span)
        self.moves += 1
        with self.installation.owner.transaction() as session:
            for job in _BY_THE_MINUTE:
                queue.enqueue(session, job, f"demo:{self.moves}")


@contextmanager
def open_house(
    commands: click.Command, folder: Path, database_url: str = "", *, by: By = By.SMTP, replies: bool = False
) -> Iterator[House]:
    """Everything starts, waits until /health says it works, and stops at the end."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        taken = stack.enter_context(post.opened(by, folder, replies=replies))
        given = {
            "TCMA_VAR": str(folder),
            "TCMA_BASE_URL": base_url,
            "TCMA_PORT": str(port),
            "TCMA_SOFT_START_WAIT": "2",
            "TCMA_FORM_MIN_TIME": "0",
            "TCMA_FORM_RATE": "100000",
            **taken.environment,
            **({"TCMA_DATABASE_URL": database_url} if database_url else {}),
        }
        settings = load(given)
        installation = Installation.at(settings)
        stack.callback(installation.dispose)
        house = House(commands, folder, base_url, given, settings, installation, taken)
        house.tcma("migrate")
        for server in (("tcma.wsgi",), ("workers",), *taken.servers):
            stack.enter_context(_process(server, scratch_environment(given), folder))
        house.wait("web and worker answered", lambda: _healthy(base_url), START_LIMIT)
        yield house


@contextmanager
def _process(server: tuple[str, ...], environment: dict[str, str], folder: Path) -> Iterator[None]:
    log = (folder / f"{server[-1]}.log").open("ab")
    child = subprocess.Popen(
        [sys.executable, "-m", *server], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        log.close()


def _healthy(base_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base_url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
