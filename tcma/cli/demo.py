"""`tcma demo`: the whole loop on real servers."""

import sys
from pathlib import Path

import click

from tcma.bench import demo
from tcma.cli.frame import Exit


@click.command("demo")
@click.option(
    "--rows",
    default=5_000,
    show_default=True,
    type=click.IntRange(demo.LEAST_ROWS, 200_000),
    help="Rows of the file; below 400 fewer people react.",
)
@click.option("--seed", default=20261121, show_default=True, help="Of the contact file.")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep everything in this folder."
)
@click.pass_context
def command(context: click.Context, rows: int, seed: int, keep: Path | None) -> None:
    """Run the loop through a real web server, worker and mail server, and check every figure.

    Works in a scratch folder and touches nothing else. Exit status 1 when a figure is wrong.
    """
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    if not demo.run(context.find_root().command, click.echo, rows=rows, seed=seed, folder=keep):
        sys.exit(Exit.REFUSED)
