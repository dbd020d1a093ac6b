"""`tcma user`: the team: roles, goodbyes, open invitations, and people who want in."""

from collections.abc import Sequence
from typing import TypeVar

import click
from sqlalchemy.orm import Session

from tcma.cli.frame import Desk, acting
from tcma.errors import NotFound
from tcma.organisations import invitations, team
from tcma.organisations.models import Invitation, JoinRequest
from tcma.organisations.team import Member
from tcma.viewer import OrganisationKind, Role

VENDOR, PARTNER = OrganisationKind.VENDOR, OrganisationKind.PARTNER
OWNERS = [Role.OWNER]
Waiting = TypeVar("Waiting", Invitation, JoinRequest)
_ROLE = click.Choice([role.value for role in Role])


@click.command()
@click.argument("email")
@click.option(
    "--role", "roles", type=_ROLE, multiple=True, required=True, help="All of them; repeat for more."
)
@acting(VENDOR, PARTNER, roles=OWNERS)
def roles(desk: Desk, email: str, roles: tuple[str, ...]) -> None:
    """Give a colleague exactly these roles."""
    with desk.deed() as session:
        desk.viewer.require(desk.viewer.kind)
        member = _member(session, desk, email)
        team.change_roles(session, desk.viewer, member.user.public_id, [Role(role) for role in roles])
    desk.say(f"{member.user.name} has these roles from now on.", email=member.user.email, roles=roles)


@click.command()
@click.argument("email")
@acting(VENDOR, PARTNER)
def remove(desk: Desk, email: str) -> None:
    """Remove a colleague from the team, or leave it yourself. Owners remove anybody."""
    with desk.deed() as session:
        member = _member(session, desk, email)
        team.remove(session, desk.viewer, member.user.public_id)
    desk.say(f"{member.user.name} does not belong to the team any more.", email=member.user.email)


@click.command("invited")
@acting(VENDOR, PARTNER, roles=OWNERS)
def invited(desk: Desk) -> None:
    """Who was invited and has not come yet, and who waits to be let in."""
    with desk.look() as session:
        desk.viewer.require(desk.viewer.kind)
        rows = [
            {"email": one.email, "what": "invited", "role": one.role.value}
            for one in invitations.open_invitations(session, desk.viewer)
        ] + [
            {"email": one.email, "what": "wants in", "role": None}
            for one in team.newcomers(session, desk.viewer)
        ]
    desk.table(rows, "Nobody.")


@click.command("take-back")
@click.argument("email")
@acting(VENDOR, PARTNER, roles=OWNERS)
def take_back(desk: Desk, email: str) -> None:
    """Take an invitation back; its link opens nothing any more."""
    with desk.deed() as session:
        desk.viewer.require(desk.viewer.kind)
        found = _one(invitations.open_invitations(session, desk.viewer), email)
        invitations.take_back(session, desk.viewer, found.public_id)
    desk.say("Taken back.")


@click.command("let-in")
@click.argument("email")
@click.option("--role", type=_ROLE, required=True)
@acting(PARTNER, roles=OWNERS)
def let_in(desk: Desk, email: str, role: str) -> None:
    """Let in somebody whom another firm meant to invite; the link goes by mail."""
    with desk.deed() as session:
        desk.viewer.require(desk.viewer.kind)
        found = _one(team.newcomers(session, desk.viewer), email)
        made = team.let_in(session, desk.viewer, found.public_id, Role(role))
    desk.say(f"Invited. A link is on its way to {made.email}.", email=made.email)


@click.command("turn-down")
@click.argument("email")
@acting(PARTNER, roles=OWNERS)
def turn_down(desk: Desk, email: str) -> None:
    """Do not let this person in; nobody is told."""
    with desk.deed() as session:
        desk.viewer.require(desk.viewer.kind)
        found = _one(team.newcomers(session, desk.viewer), email)
        team.turn_down(session, desk.viewer, found.public_id)
    desk.say("Not let in.")


COMMANDS = (roles, remove, invited, take_back, let_in, turn_down)


def _member(session: Session, desk: Desk, email: str) -> Member:
    address = email.strip().lower()
    for member in team.team_of(session, desk.viewer):
        if member.user.email.lower() == address:
            return member
    raise NotFound("There is nobody with this address in your team.")


def _one(waiting: Sequence[Waiting], email: str) -> Waiting:
    address = email.strip().lower()
    for one in waiting:
        if one.email.lower() == address:
            return one
    raise NotFound("There is nobody with this address who waits.")
