"""`tcma contacts`: one address that gets no more mail, and the lists themselves."""

import click

from tcma.audiences import queries, service, suppression
from tcma.audiences.models import Basis
from tcma.cli.frame import Desk, acting
from tcma.viewer import OrganisationKind, Role

PARTNER = OrganisationKind.PARTNER
MARKETER = [Role.MARKETER]
DESK = [Role.MARKETER, Role.SALES]


@click.command()
@click.argument("address")
@acting(PARTNER, roles=DESK)
def stop(desk: Desk, address: str) -> None:
    """ADDRESS gets no more mail from you; it need not be on any list."""
    with desk.deed() as session:
        is_new = suppression.suppress_by_hand(session, desk.viewer, address, hash_key=desk.settings.hash_key)
    desk.say("Gets no more mail from you." if is_new else "Got no mail before.", new=is_new)


@click.command("look-up")
@click.argument("address")
@acting(PARTNER, roles=DESK)
def look_up(desk: Desk, address: str) -> None:
    """Why and since when ADDRESS gets no mail from you."""
    with desk.look() as session:
        found = suppression.look_up(session, desk.viewer, address, hash_key=desk.settings.hash_key)
    desk.table([{"reason": reason.value, "since": at} for reason, at in found], "Nothing stands against it.")


@click.command("rename-list")
@click.argument("list_name", metavar="LIST")
@click.argument("name")
@acting(PARTNER, roles=MARKETER)
def rename_list(desk: Desk, list_name: str, name: str) -> None:
    """Give the list LIST another NAME."""
    with desk.deed() as session:
        found = queries.find_list_named(session, desk.viewer, list_name)
        renamed = service.rename_list(session, desk.viewer, found.public_id, name)
    desk.say(f"Renamed: {renamed.name}.", list=renamed.name)


@click.command("basis")
@click.argument("list_name", metavar="LIST")
@click.argument("basis", type=click.Choice([basis.value for basis in Basis]))
@acting(PARTNER, roles=MARKETER)
def change_basis(desk: Desk, list_name: str, basis: str) -> None:
    """State anew why you may write to everybody on LIST."""
    with desk.deed() as session:
        found = queries.find_list_named(session, desk.viewer, list_name)
        count = service.change_basis(session, desk.viewer, found.public_id, Basis(basis))
    desk.say(f"Stated for {count:,} people.", count=count)


@click.command("delete-list")
@click.argument("list_name", metavar="LIST")
@acting(PARTNER, roles=MARKETER)
def delete_list(desk: Desk, list_name: str) -> None:
    """Delete LIST, and the people who are on no other. This cannot be undone."""
    with desk.deed() as session:
        found = queries.find_list_named(session, desk.viewer, list_name)
        service.delete_list(session, desk.viewer, found.public_id)
    desk.say("Deleted.")


COMMANDS = (stop, look_up, rename_list, change_basis, delete_list)
