"""`tcma sender`: the partner's own sending address, and the DNS records it needs."""

import click

from tcma.cli.frame import Desk, acting
from tcma.partners import senders
from tcma.partners.sender_records import Ways
from tcma.viewer import OrganisationKind, Role

PARTNER = OrganisationKind.PARTNER


@click.group("sender")
def command() -> None:
    """Send from an address of your own, once its domain is verified."""


@command.command("set")
@click.argument("address")
@acting(PARTNER, roles=[Role.OWNER])
def enter(desk: Desk, address: str) -> None:
    """Send from ADDRESS once the records of its domain are set; `tcma sender show` lists them."""
    with desk.deed() as session:
        row = senders.enter(session, desk.viewer, desk.settings, address)
        status = row.status.value
    desk.say(f"{row.address} is {status}. Set the records of: tcma sender show", status=status)


@command.command()
@acting(PARTNER)
def show(desk: Desk) -> None:
    """The records to set, each as it was last looked up."""
    with desk.look() as session:
        row = senders.sender_of(session, desk.viewer.organisation_id)
        found = senders.shown(row, Ways.of(desk.settings)) if row else ()
    rows = [
        {
            "found": one.look.found.value,
            "kind": one.record.kind,
            "name": one.record.name,
            "value": one.record.value,
        }
        for one in found
    ]
    desk.table(rows, "No sending address of your own. Mail leaves from the shared domain.")


@command.command()
@acting(PARTNER, roles=[Role.MARKETER])
def look(desk: Desk) -> None:
    """Have a worker look the records up again."""
    with desk.deed() as session:
        row = senders.look_again(session, desk.viewer)
        status = row.status.value
    desk.say(f"{row.domain} is {status}. A worker looks its records up now.", status=status)


@command.command()
@acting(PARTNER, roles=[Role.OWNER])
def remove(desk: Desk) -> None:
    """Send from the shared domain again."""
    with desk.deed() as session:
        senders.remove(session, desk.viewer)
    desk.say("Mail leaves from the shared domain.")
