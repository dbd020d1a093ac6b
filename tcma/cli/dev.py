"""`tcma dev`: web and worker as children of one foreground process, and the server for replies where it is set up."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, replace
from types import FrameType

import click
from sqlalchemy import func, select

from tcma import seed
from tcma.cli import running
from tcma.cli.frame import Desk, Exit, answering
from tcma.config import ROOT, Settings, child_environment
from tcma.errors import DomainError
from tcma.migrations import upgrade
from tcma.organisations.models import Organisation

START_LIMIT = 60.0
STOP_LIMIT = 20.0
HOST = "127.0.0.1"


@click.command("dev")
@click.option("--check", is_flag=True, help="Probe the running pages once, stop again and say how it went.")
@click.option("--empty", is_flag=True, help="Do not fill an empty database with the example world.")
@answering
def command(desk: Desk, check: bool, empty: bool) -> None:
    """Migrate, fill an empty database, start web and worker, and stay until Ctrl-C.

    Prints a READY line with the address once both answer.
    """
    desk.settings.var.mkdir(parents=True, exist_ok=True)
    upgrade(desk.installation.owner.engine)
    port = _free_port(desk.settings.port)
    base = f"http://{HOST}:{port}"
    if not empty:
        _seed_once(desk, base)
    house = House.start(desk, port, base)
    try:
        house.wait_until_ready(base)
        running.keep(desk.settings, base)
        people = seed.sign_ins(desk.installation)
        click.echo(f"READY {base}")
        for path in seed.pages(desk.installation)[:3]:
            click.echo(f"  {base}{path}")
        if people:
            click.echo(
                f"Sign in at {base}/sign-in; in the example world everybody's password is: {seed.PASSWORD}"
            )
            for line in seed.listed(people):
                click.echo(line)
        if check:
            house.probe(base, seed.pages(desk.installation))
            return
        click.echo("Stop with Ctrl-C.")
        house.watch()
    finally:
        running.forget(desk.settings)
        house.stop()


def _seed_once(desk: Desk, base: str) -> None:
    """The mails of the example world carry the address under which its pages will answer."""
    with desk.installation.owner.reading() as session:
        if session.scalar(select(func.count()).select_from(Organisation)):
            return
    click.echo("Making the example world (half a minute)")
    settings = replace(desk.settings, base_url=base)
    seed.make_world(replace(desk.installation, settings=settings), report=click.echo)


def programs(settings: Settings) -> dict[str, list[str]]:
    """The children by name; replies are taken in where they come to a server of our own."""
    found = {"web": ["tcma.wsgi"], "worker": ["workers"]}
    if settings.replies and settings.inbound_listen:
        found["inbound"] = ["tcma", "inbound"]
    return found


@dataclass
class House:
    """The children. When one ends by itself the other is stopped too."""

    children: dict[str, subprocess.Popen[bytes]]

    @classmethod
    def start(cls, desk: Desk, port: int, base: str) -> "House":
        environment = child_environment(desk.settings, port=str(port), base_url=base)
        return cls(
            {
                name: subprocess.Popen([sys.executable, "-m", *program], cwd=ROOT, env=environment)
                for name, program in programs(desk.settings).items()
            }
        )

    def wait_until_ready(self, base: str) -> None:
        """Until /health answers that database and worker are alive; DomainError when that takes too long."""
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            self._fail_if_one_ended()
            if _status(f"{base}/health") == 200:
                return
            time.sleep(0.2)
        raise DomainError(
            f"The product did not answer within {START_LIMIT:.0f} seconds; its output is above."
        )

    def probe(self, base: str, paths: list[str]) -> None:
        """Every address once; DomainError names the one that fails."""
        for path in ["/", "/health", "/sign-in", *paths]:
            status = _status(base + path)
            click.echo(f"{status} {base}{path}")
            if status != 200:
                raise DomainError(f"{path} answered {status} instead of 200.")

    def watch(self) -> None:
        def leave(number: int, frame: FrameType | None) -> None:
            raise KeyboardInterrupt

        signal.signal(signal.SIGTERM, leave)
        try:
            while True:
                self._fail_if_one_ended()
                time.sleep(0.5)
        except KeyboardInterrupt:
            click.echo("\nStopping; messages under way are finished first.")

    def stop(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + STOP_LIMIT
        for child in self.children.values():
            try:
                child.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _fail_if_one_ended(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                click.echo(f"The {name} process ended with status {child.returncode}; see above.", err=True)
                sys.exit(Exit.BROKEN)


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            if address.endswith("/health"):
                json.loads(answer.read())
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError):
        return 0


def _free_port(wanted: int) -> int:
    """`wanted`, or the next free port when something else listens there."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise DomainError(f"No port from {wanted} to {wanted + 49} is free. Set TCMA_PORT.")
