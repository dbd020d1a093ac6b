"""`tcma audit`: whether the trail is what it was."""

import sys

import click
from sqlalchemy import select

from tcma.audit import trail
from tcma.cli.frame import Desk, Exit, answering
from tcma.organisations.models import Organisation


@click.group("audit")
def command() -> None:
    """The trail of deeds, sealed per organisation in a chain."""


@command.command()
@answering
def verify(desk: Desk) -> None:
    """Recount every seal; needs the database and the sealing key, not a person."""
    with desk.installation.owner.reading() as session:
        broken = [
            {"organisation": organisation.slug, "seal": seal}
            for organisation in session.scalars(select(Organisation).order_by(Organisation.id))
            if (seal := trail.verify(session, organisation.id, desk.settings.seal_key)) is not None
        ]
    desk.table(broken, "Every seal fits its entries.")
    if broken:
        sys.exit(Exit.REFUSED)
