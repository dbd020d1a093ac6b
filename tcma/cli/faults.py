"""`tcma faults`: long runs that try to break a promise, on a scratch database of their own."""

import sys
from collections.abc import Callable
from dataclasses import replace

import click

from tcma.bench import faults_events, faults_import, faults_ledger, faults_send
from tcma.bench.provenance import stamp
from tcma.bench.scratch import Kind, installation
from tcma.cli.frame import Desk, Exit, answering
from tcma.installation import Installation

_DATABASE = click.option(
    "--database",
    type=click.Choice([*(kind.value for kind in Kind), "both"]),
    default="both",
    show_default=True,
    help="Where it runs; made for it and thrown away.",
)
_SEED = click.option("--seed", default=20261121, show_default=True, help="Of every random choice.")


@click.group("faults")
def command() -> None:
    """Kill, race and recount: exit status 1 when a promise did not hold."""


@command.command()
@click.option(
    "--recipients", default=2_000, show_default=True, type=click.IntRange(50, 1_000_000), help="Of the mail."
)
@click.option(
    "--kills", default=20, show_default=True, type=click.IntRange(0, 500), help="At random moments."
)
@click.option(
    "--lanes", default=2, show_default=True, type=click.IntRange(1, 16), help="That send at once in a worker."
)
@_SEED
@_DATABASE
@answering
def send(desk: Desk, recipients: int, kills: int, lanes: int, seed: int, database: str) -> None:
    """Kill -9 of the worker in mid-send: nothing lost, nothing doubled, every doubt listed."""
    del desk

    def once(made: Installation, report: Callable[[str], None]) -> bool:
        made = replace(made, settings=replace(made.settings, lanes=lanes))
        result = faults_send.run(made, recipients, kills, seed, report)
        for line in result.lines():
            click.echo(line)
        return result.ok

    _run(f"send: {recipients:,} recipients, {kills} kills, lanes {lanes}, seed {seed}", database, once)


@command.command("import")
@click.option(
    "--rows", default=400_000, show_default=True, type=click.IntRange(1_000, 1_000_000), help="Of the file."
)
@click.option(
    "--kills", default=50, show_default=True, type=click.IntRange(0, 500), help="At random moments."
)
@_SEED
@_DATABASE
@answering
def read(desk: Desk, rows: int, kills: int, seed: int, database: str) -> None:
    """Kill -9 of the worker while it reads a contact file: each valid row once, who left stays out."""
    del desk

    def once(made: Installation, report: Callable[[str], None]) -> bool:
        result = faults_import.run(made, rows, kills, seed, report)
        for line in result.lines():
            click.echo(line)
        return result.ok

    _run(f"import: {rows:,} rows, {kills} kills, seed {seed}", database, once)


@command.command()
@click.option(
    "--events", default=10_000, show_default=True, type=click.IntRange(10, 1_000_000), help="At least."
)
@click.option("--copies", default=20, show_default=True, type=click.IntRange(1, 100), help="Of each event.")
@click.option(
    "--forged", default=1_000, show_default=True, type=click.IntRange(0, 1_500), help="Reports among them."
)
@_SEED
@_DATABASE
@answering
def events(desk: Desk, events: int, copies: int, forged: int, seed: int, database: str) -> None:
    """A mail provider's reports: many times, in any order, too early and forged; the end is the same."""
    del desk

    def once(made: Installation, report: Callable[[str], None]) -> bool:
        result = faults_events.run(made, events, copies, forged, seed, report)
        for line in result.lines():
            click.echo(line)
        return result.ok

    _run(f"events: {events:,} events, {copies} copies, {forged:,} forged, seed {seed}", database, once)


@command.command()
@click.option(
    "--operations", default=100_000, show_default=True, type=click.IntRange(1, 10_000_000), help="How many."
)
@_SEED
@_DATABASE
@answering
def ledger(desk: Desk, operations: int, seed: int, database: str) -> None:
    """Random money operations: each posting checked, every balance recounted every 1,000."""
    del desk

    def once(made: Installation, report: Callable[[str], None]) -> bool:
        result = faults_ledger.run(made.worker, operations, seed, report)
        click.echo(f"operations  {sum(result.done.values()):>10,}   in {result.seconds:.0f} s")
        click.echo(f"postings    {result.postings:>10,}")
        click.echo(f"refused     {result.refused:>10,}   with a sentence, nothing posted")
        click.echo(f"recounts    {result.recounts:>10,}")
        for name, count in sorted(result.done.items()):
            click.echo(f"  {name:<22}{count:>10,}")
        for problem in result.problems:
            click.echo(f"PROBLEM: {problem}")
        return result.ok

    _run(f"ledger: {operations:,} operations, seed {seed}", database, once)


def _run(title: str, database: str, once: Callable[[Installation, Callable[[str], None]], bool]) -> None:
    click.echo(f"{title}\n{stamp()}")
    kinds = list(Kind) if database == "both" else [Kind(database)]
    held = True
    for kind in kinds:
        click.echo(f"\n== {kind.value}")
        with installation(kind) as made:
            held = once(made, lambda line: click.echo(line, err=True)) and held
    click.echo("\nEvery promise held." if held else "\nA PROMISE DID NOT HOLD.")
    if not held:
        sys.exit(Exit.REFUSED)
