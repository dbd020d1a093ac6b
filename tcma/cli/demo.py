"""`tcma demo`: the whole loop on real servers."""

import sys
from pathlib import Path

import click

from tcma.bench import demo
from tcma.bench.demo import By, Kit
from tcma.cli.frame import Exit

MOST_ROWS = 200_000


@click.command("demo")
@click.option(
    "--kit",
    type=click.Choice([kit.value for kit in Kit]),
    default=Kit.SMALL.value,
    show_default=True,
    help="Which starter kit: for small firms, the webinar, or for larger firms.",
)
@click.option(
    "--by",
    type=click.Choice([by.value for by in By]),
    default=By.SMTP.value,
    show_default=True,
    help="How the mails leave; nothing goes farther than this machine.",
)
@click.option(
    "--rows",
    type=click.IntRange(1, MOST_ROWS),
    help="Rows of the file; with few of them fewer people react. By default as many as suit the kit.",
)
@click.option("--seed", default=20261121, show_default=True, help="Of the contact file.")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep everything in this folder."
)
@click.pass_context
def command(
    context: click.Context, kit: str, by: str, rows: int | None, seed: int, keep: Path | None
) -> None:
    """Run the loop of a starter kit through real servers, and check every figure.

    Works in a scratch folder and touches nothing else. Exit status 1 when a figure is wrong.
    """
    chosen = Kit(kit)
    least = demo.PLANS[chosen].least_rows
    if rows is not None and rows < least:
        raise click.BadParameter(f"This kit needs {least} rows or more.", param_hint="--rows")
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    commands = context.find_root().command
    is_right = demo.run(commands, click.echo, kit=chosen, by=By(by), rows=rows or 0, seed=seed, folder=keep)
    if not is_right:
        sys.exit(Exit.REFUSED)
