"""The group of all commands. A command's module is imported when somebody asks for it: importing all of them
takes longer than most commands do."""

from collections import UserDict
from collections.abc import Iterator, Mapping
from importlib import import_module

import click

from tcma import models as _models  # noqa: F401  (the metadata is complete before the first session)

# The module of each command, and its name there where it is not `command`.
PLACES = {
    "audit": "audit",
    "axe": "shots:axe",
    "bench": "bench",
    "campaign": "campaign",
    "certificate": "certificate",
    "clock": "clock",
    "contacts": "contacts",
    "demo": "demo",
    "dev": "dev",
    "faults": "faults",
    "fund": "fund",
    "inbound": "inbound",
    "jobs": "jobs",
    "kit": "kit",
    "lead": "lead",
    "ledger": "ledger",
    "migrate": "migrate",
    "outbox": "outbox",
    "partner": "partner",
    "seed": "seed",
    "sender": "sender",
    "shots": "shots:shots",
    "user": "user",
    "vendor": "vendor",
    "webinar": "webinar",
}


class Commands(UserDict[str, click.Command]):
    """Commands by name; a look at one imports its module, a look at all of them (`--help`) every module."""

    def __init__(self, places: Mapping[str, str]) -> None:
        super().__init__()
        self.places = places

    def __missing__(self, name: str) -> click.Command:
        module, _, attribute = self.places[name].partition(":")
        found = getattr(import_module(f"tcma.cli.{module}"), attribute or "command")
        assert isinstance(found, click.Command)
        self[name] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def __contains__(self, name: object) -> bool:
        return name in self.places


@click.group(
    commands=Commands(PLACES),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="tcma", message="tcma %(version)s")
def main() -> None:
    """Through-channel marketing automation: kits, campaigns, money and leads from the command line.

    Commands of a person take --as EMAIL[@ORGANISATION] and see exactly what that person's pages show.
    """
