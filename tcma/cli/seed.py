"""`tcma seed`: the example world."""

import click
from sqlalchemy import func, select

from tcma import seed
from tcma.cli.frame import Desk, answering
from tcma.errors import Conflict
from tcma.organisations.models import Organisation


@click.command("seed")
@answering
def command(desk: Desk) -> None:
    """Fill an empty database with an example world and print its sign-ins."""
    if desk.settings.production:
        raise Conflict("The example world is not for production.")
    with desk.installation.owner.reading() as session:
        if session.scalar(select(func.count()).select_from(Organisation)):
            raise Conflict("This database is not empty. Set TCMA_VAR to an empty folder for a fresh one.")
    seed.make_world(desk.installation, report=lambda line: click.echo(line, err=True))
    people = seed.sign_ins(desk.installation)
    desk.say(
        "\n".join([*seed.listed(people), f"Everybody's password is: {seed.PASSWORD}"]),
        password=seed.PASSWORD,
        sign_ins=[{"email": one.email, "as": one.acting} for one in people],
    )
