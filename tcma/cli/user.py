"""`tcma user`: people and their roles."""

import click

from tcma import addresses
from tcma.cli import user_team
from tcma.cli.frame import Desk, acting, answering
from tcma.errors import Conflict, Invalid
from tcma.organisations import accounts, invitations, links, passwords, queries, service
from tcma.organisations.firms import Firm
from tcma.viewer import OrganisationKind, Role

_ROLE = click.Choice([role.value for role in Role])


@click.group("user")
def command() -> None:
    """People, and what they may do where."""


@command.command()
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--firm", default="Operator", show_default=True, help="Who runs this installation.")
@click.option("--country", default="CH", show_default=True)
@click.option("--currency", default="CHF", show_default=True)
@answering
def operator(desk: Desk, email: str, name: str, firm: str, country: str, currency: str) -> None:
    """Make the installation's first person; works once, afterwards people are invited."""
    with desk.installation.owner.transaction() as session:
        if queries.organisations(session, OrganisationKind.OPERATOR):
            raise Conflict("This installation has an operator already. Ask that person for an invitation.")
        made = service.create_organisation(
            session, OrganisationKind.OPERATOR, Firm(name=firm, country=country, currency=currency)
        )
        user = service.ensure_user(session, email, name)
        service.add_member(session, made, user, Role.OPERATOR)
    desk.say(f"{user.name} runs this installation.", email=user.email, organisation=made.slug)


@command.command()
@click.argument("email")
@click.option("--role", type=_ROLE, required=True)
@acting(OrganisationKind.VENDOR, OrganisationKind.PARTNER, OrganisationKind.OPERATOR, roles=[Role.OWNER])
def invite(desk: Desk, email: str, role: str) -> None:
    """Invite a person to your organisation and print the link's token."""
    with desk.deed() as session:
        invitation, token = invitations.invite(session, desk.viewer, email, Role(role))
    desk.say(
        f"{invitation.email} is invited. Accept with: tcma user accept {token}",
        email=invitation.email,
        token=token,
        expires_at=invitation.expires_at,
    )


@command.command()
@click.argument("token")
@click.option("--name", default="", help="The person's name.")
@answering
def accept(desk: Desk, token: str, name: str) -> None:
    """Accept an invitation by its token; it works once."""
    with desk.installation.web.transaction() as session:
        viewer = invitations.accept(session, token, name)
    desk.say(f"Welcome to {viewer.organisation_name}.", organisation_id=viewer.organisation_id)


@command.command("password")
@click.argument("email")
@click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when left out."
)
@answering
def set_password(desk: Desk, email: str, password: str) -> None:
    """Set a person's password; whoever is signed in with this address is signed out."""
    with desk.installation.owner.reading() as session:
        user = queries.find_user(session, email)
    passwords.check(password, known=(user.name, user.email))
    made = passwords.hashed(password)
    with desk.installation.owner.transaction() as session:
        accounts.set_password(session, user.id, made, None)
    desk.say(f"{user.name} signs in with the new password.", email=user.email)


@command.command()
@click.argument("email")
@click.option("--to", default="/", show_default=True, help="The page to land on.")
@answering
def link(desk: Desk, email: str, to: str) -> None:
    """Print a link that signs a person in once, for the time before mail works and for development."""
    if not to.startswith("/") or to.startswith("//"):
        raise Invalid("Write the page as a path of this site, such as /account/.")
    with desk.installation.owner.transaction() as session:
        user = queries.find_user(session, email)
        asked = links.make(session, user, to)
    address = desk.base_url + addresses.sign_in_link(asked.token)
    desk.say(address, link=address, expires_at=asked.link.expires_at)


@command.command("list")
@acting(OrganisationKind.VENDOR, OrganisationKind.PARTNER, OrganisationKind.OPERATOR)
def index(desk: Desk) -> None:
    """The people of your organisation."""
    with desk.look() as session:
        rows = [
            {"name": member.user.name, "email": member.user.email, "role": member.role.value}
            for member in queries.members_for(session, desk.viewer)
        ]
    desk.table(rows, "Nobody yet.")


for _made in user_team.COMMANDS:
    command.add_command(_made)
