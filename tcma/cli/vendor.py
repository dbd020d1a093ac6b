"""`tcma vendor`: vendors of this installation, made by its operator."""

import click

from tcma.cli.frame import Desk, acting
from tcma.organisations import queries, service
from tcma.organisations.firms import Firm
from tcma.viewer import OrganisationKind, Role


@click.group("vendor")
def command() -> None:
    """Vendors: made by the operator, with their first owner."""


@command.command()
@click.argument("name")
@click.option("--owner", "email", required=True, help="E-mail address of the vendor's first owner.")
@click.option("--owner-name", default="", help="That person's name.")
@click.option("--domain", help="Web domain; a firm exists once per domain.")
@click.option("--legal-name", default="")
@click.option("--street", default="")
@click.option("--postal-code", default="")
@click.option("--city", default="")
@click.option("--country", required=True, help="Two letters, such as CH.")
@click.option("--currency", required=True, help="Three letters, such as CHF.")
@click.option("--timezone", default="UTC", show_default=True)
@acting(OrganisationKind.OPERATOR)
def add(desk: Desk, name: str, email: str, owner_name: str, **facts: str) -> None:
    """Make the vendor NAME."""
    with desk.deed() as session:
        given = {key: value for key, value in facts.items() if value}
        made = service.create_organisation(session, OrganisationKind.VENDOR, Firm(name=name, **given))
        user = service.ensure_user(session, email, owner_name)
        service.add_member(session, made, user, Role.OWNER)
    desk.say(f"{made.name} is here as '{made.slug}'; {user.email} owns it.", slug=made.slug)


@command.command("list")
@acting(OrganisationKind.OPERATOR)
def index(desk: Desk) -> None:
    """All vendors."""
    with desk.look() as session:
        found = queries.organisations(session, OrganisationKind.VENDOR)
    desk.table(
        [{"slug": vendor.slug, "name": vendor.name, "country": vendor.country} for vendor in found],
        "No vendors yet.",
    )
