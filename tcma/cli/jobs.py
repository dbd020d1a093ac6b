"""`tcma jobs`: work that was tried as often as it may be, and waits for a person."""

import click

from tcma.cli.frame import Desk, answering
from tcma.errors import Conflict
from tcma.jobs import queue

SLICE = 100


@click.group("jobs")
def command() -> None:
    """Work in the background that failed for good: see it, and try it again."""


@command.command()
@click.option("--after", default=0, help="Go on behind this number.")
@answering
def failed(desk: Desk, after: int) -> None:
    """What failed, oldest first, a hundred at a time."""
    with desk.installation.owner.reading() as session:
        rows = [
            {
                "number": row.id,
                "job": row.name,
                "arguments": " ".join(f"{name}={value}" for name, value in sorted(row.arguments.items())),
                "failed": row.failed_at,
                "attempts": row.attempts,
                "error": row.last_error,
            }
            for row in queue.failed(session, after=after, limit=SLICE)
        ]
    desk.table(rows, "No job has failed.")


@command.command()
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="Every job that failed.")
@answering
def retry(desk: Desk, numbers: tuple[int, ...], everything: bool) -> None:
    """Try jobs again, by their numbers or all; each gets all its attempts anew."""
    if bool(numbers) == everything:
        raise click.UsageError("Name the jobs by number, or say --all.")
    with desk.installation.owner.transaction() as session:
        chosen = list(numbers) or [row.id for row in queue.failed(session, limit=10_000)]
        unknown = [number for number in chosen if not queue.retry(session, number)]
        if unknown:
            raise Conflict(f"No failed job has the number {unknown[0]}. Nothing was changed.")
    desk.say(f"{len(chosen)} to be tried again.", retried=len(chosen))
