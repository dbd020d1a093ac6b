"""`tcma migrate`."""

import click

from tcma.cli.frame import Desk, answering
from tcma.migrations import upgrade


@click.command("migrate")
@answering
def command(desk: Desk) -> None:
    """Bring the database to the newest state; safe to run again."""
    if desk.settings.url_for("owner").startswith("sqlite"):
        desk.settings.var.mkdir(parents=True, exist_ok=True)
    upgrade(desk.installation.owner.engine)
    desk.say("The database is up to date.")
