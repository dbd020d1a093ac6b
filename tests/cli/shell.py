"""A person at the command line, in this process: the same commands, a folder of the test's own."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner, Result

from tcma.cli.root import main
from tcma.config import load
from tcma.installation import Installation
from tests import folders

BASE = {"TCMA_ENVIRONMENT": "test", "TCMA_SOFT_START_WAIT": "0", "TCMA_FORM_MIN_TIME": "0"}


@dataclass(frozen=True)
class Shell:
    """Commands against one installation: its folder and, for PostgreSQL, the addresses by role."""

    folder: Path
    addresses: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        names = {
            "owner": "TCMA_DATABASE_URL",
            "web": "TCMA_DATABASE_URL_WEB",
            "worker": "TCMA_DATABASE_URL_WORKER",
        }
        return {
            **BASE,
            "TCMA_VAR": str(self.folder),
            **{names[role]: url for role, url in self.addresses.items()},
        }

    def run(self, *arguments: str, acting: str = "") -> Result:
        """One command; its exit code, stdout and stderr."""
        given = [*arguments, "--as", acting] if acting else list(arguments)
        return CliRunner(env=self.environment).invoke(main, given)

    def ask(self, *arguments: str, acting: str = "") -> Any:
        """The JSON answer of a command that has to work."""
        done = self.run(*arguments, "--json", acting=acting)
        assert done.exit_code == 0, (arguments, done.output, done.exception)
        return json.loads(done.stdout)

    def installation(self) -> Installation:
        """The same installation for deeds that no command does; dispose of it."""
        return Installation.at(load(self.environment))

    def copied(self, folder: Path) -> "Shell":
        """The same world again (SQLite), to change; what was in the folder is gone."""
        shutil.rmtree(folder, ignore_errors=True)
        folders.copy(self.folder, folder)
        return Shell(folder)


def leaves(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, such as `campaign launch`."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield " ".join((*path, name)), command
