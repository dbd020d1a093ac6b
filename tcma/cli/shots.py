"""`tcma shots` and `tcma axe`: every page in a real browser, looked at and checked."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import click

from tcma.cli.frame import Desk, answering
from tcma.config import ROOT
from tcma.errors import DomainError


@click.command("shots")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / "var" / "shots",
    help="Where the pictures go.",
)
@click.option("--only", default="", help="Pages whose name contains this: leads, owner/, empty/partner_home.")
@answering
def shots(desk: Desk, folder: Path, only: str) -> None:
    """Write a picture of every page: the example world and an empty firm; light, dark, phone."""
    sys.exit(browser("shots", str(folder), only))


@click.command("axe")
@click.option("--only", default="", help="Pages whose name contains this.")
@answering
def axe(desk: Desk, only: str) -> None:
    """Check every page with axe in both themes at 320, 768 and 1360 px; exit status 1 with findings."""
    sys.exit(browser("axe", only))


def browser(*arguments: str) -> int:
    """In a process of its own: Playwright belongs to the tests' requirements, not to the product's."""
    if importlib.util.find_spec("playwright") is None:
        raise DomainError("This needs what the tests need. Install it with: bin/test --quick")
    return subprocess.run(
        [sys.executable, "-m", "tcma.bench.children", "tcma.bench.browser", *arguments],
        cwd=ROOT,
        check=False,
    ).returncode
