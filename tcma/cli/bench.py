"""`tcma bench`: how fast, as ratios against a floor measured in the same run."""

import os
import time
from pathlib import Path

import click

from tcma import clock, logs, seed
from tcma.bench import imports, pages, reference, scratch
from tcma.bench.provenance import stamp
from tcma.bench.reference import workplace
from tcma.bench.scratch import Kind
from tcma.bench.visitor import Visitor
from tcma.cli.frame import Desk, Exit, answering
from tcma.cli.shots import browser
from tcma.organisations import queries as organisations

PERSON = "marc.keller@harbour-it.example"
START = "/p/harbour-it/"


@click.group("bench")
def command() -> None:
    """Measure, and print what was measured."""


@command.command("pages")
@click.option(
    "--database",
    type=click.Choice([kind.value for kind in Kind]),
    default="sqlite",
    show_default=True,
    help="Where it is measured.",
)
@click.option(
    "--partners", default=50, show_default=True, type=click.IntRange(1, 1_000), help="Firms in all."
)
@click.option(
    "--leads", default=200_000, show_default=True, type=click.IntRange(0, 10_000_000), help="Leads in all."
)
@click.option(
    "--events",
    default=1_000_000,
    show_default=True,
    type=click.IntRange(0, 100_000_000),
    help="Touch events in all.",
)
@click.option(
    "--largest",
    default=50_000,
    show_default=True,
    type=click.IntRange(1, 10_000_000),
    help="People on the largest list of the firm whose pages are measured.",
)
@click.option(
    "--rounds", default=40, show_default=True, type=click.IntRange(5, 1_000), help="Requests a page."
)
@answering
def measure(
    desk: Desk, database: str, partners: int, leads: int, events: int, largest: int, rounds: int
) -> None:
    """Each page of a partner on a big installation, made for it and thrown away: milliseconds and SQL.

    Exit status 1 when a page's 95th percentile is over 200 ms.
    """
    logs.configure(desk.settings)
    begun = time.monotonic()

    def report(line: str) -> None:
        click.echo(f"{time.monotonic() - begun:6.0f} s  {line}", err=True)

    load_before = os.getloadavg()[0]
    with scratch.installation(Kind(database)) as installation:
        report("Making the example world")
        seed.make_world(installation)
        size = reference.Size(partners=partners, leads=leads, events=events, largest=largest)
        reference.grow(installation, size, report)
        with installation.web.reading() as session:
            viewer = organisations.viewer_for(session, PERSON)
        starts = [START, *(START + path for path in workplace.lay_out(installation, viewer))]
        visitor = Visitor.signed_in(installation, PERSON)
        figures = pages.measure(visitor, installation.web.engine, starts, rounds=rounds, report=report)
        there = reference.counts(installation)
        left_out = pages.not_opened(visitor, figures)
    floor, *shown = figures
    slow = [figure for figure in shown if figure.p95_ms > pages.TARGET_MS]
    if desk.as_json:
        rows = [figure.as_row() for figure in figures]
        desk.say("", rows=rows, counts=there, not_opened=left_out)
    else:
        click.echo(f"tcma bench pages --database {database}: {clock.real():%d %b %Y}, {stamp()}")
        click.echo(f"{rounds} requests of each page, one after the other, by {PERSON}")
        click.echo(f"load of the machine: {load_before:.1f} before, {os.getloadavg()[0]:.1f} after")
        click.echo(", ".join(f"{count:,} {name}" for name, count in there.items()))
        click.echo(f"the draft that is measured goes to the largest list: {largest:,} people")
        click.echo("of a CSV file the time to its first row counts: the others leave while they are read")
        click.echo(f"floor (a page without the firm's data): {floor.p95_ms} ms\n")
        click.echo(f"{'median':>8} {'p95':>8} {'worst':>8} {'x floor':>8} {'SQL':>4} {'KB':>6}  page")
        for figure in sorted(shown, key=lambda figure: -figure.p95_ms):
            click.echo(
                f"{figure.median_ms:8.1f} {figure.p95_ms:8.1f} {figure.worst_ms:8.1f}"
                f" {figure.p95_ms / floor.p95_ms:8.1f} {figure.statements:4} {figure.size / 1024:6.1f}"
                f"  {figure.view}"
            )
        click.echo(f"\n{len(shown)} pages, {len(slow)} over {pages.TARGET_MS:.0f} ms")
        if left_out:
            click.echo(f"not opened: {', '.join(left_out)}")
    if slow:
        raise SystemExit(Exit.REFUSED)


@command.command("import")
@click.option(
    "--rows", default=1_000_000, show_default=True, type=click.IntRange(1_000, 1_000_000), help="Of the file."
)
@click.option(
    "--database",
    type=click.Choice([kind.value for kind in Kind]),
    default="sqlite",
    show_default=True,
    help="Where it is stored.",
)
@answering
def read(desk: Desk, rows: int, database: str) -> None:
    """A contact file: rows per second read, checked and stored, and the memory it takes.

    Exit status 1 when it takes over 200 MB or a row is missing.
    """
    logs.configure(desk.settings)
    with scratch.installation(Kind(database)) as installation:
        result = imports.run(installation, rows, lambda line: click.echo(line, err=True))
    click.echo(f"tcma bench import --rows {rows} --database {database}: {clock.real():%d %b %Y}, {stamp()}")
    click.echo(f"{result.rows:,} rows, {result.size / 1024 / 1024:.0f} MB, load {os.getloadavg()[0]:.1f}")
    click.echo(f"{result.ready:,} people ready, {result.skipped:,} rows left out")
    click.echo(f"{result.peak_mb} MB at most, the whole process of the command\n")
    for step in result.steps:
        click.echo(step.line())
    for problem in result.problems:
        click.echo(f"PROBLEM: {problem}")
    if result.problems:
        raise SystemExit(Exit.REFUSED)


@command.command("mails")
@click.option(
    "--reference",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder in which npm installed mjml.",
)
@click.option(
    "--pictures", type=click.Path(path_type=Path, file_okay=False), help="Where pictures side by side go."
)
@click.option("--keep", is_flag=True, help="Write the reference's HTML anew for the tests.")
@answering
def mails(desk: Desk, reference: Path, pictures: Path | None, keep: bool) -> None:
    """Foreign mails in Chromium: by MJML's own compiler, and as kits by this product."""
    del desk
    arguments = ["mails", str(reference), str(pictures or ""), "keep" if keep else ""]
    raise SystemExit(browser(*arguments))


@command.command("kit-mails")
@click.option(
    "--reference",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder in which npm installed mjml, to read every mail strictly as well.",
)
@answering
def kit_mails(desk: Desk, reference: Path | None) -> None:
    """Every mail of the starter kits in five brands: MJML, size, text, one click, colours by day and by night."""
    del desk
    raise SystemExit(browser("kit-mails", *([str(reference)] if reference else [])))
