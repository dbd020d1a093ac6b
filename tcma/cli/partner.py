"""`tcma partner`: partnerships and the partner's brand."""

from datetime import datetime
from pathlib import Path

import click

from tcma.cli.frame import Desk, acting
from tcma.organisations.firms import Firm
from tcma.partners import brands, queries, service
from tcma.viewer import OrganisationKind, Role

VENDOR, PARTNER = OrganisationKind.VENDOR, OrganisationKind.PARTNER


@click.group("partner")
def command() -> None:
    """Partnerships: invited by a vendor, accepted by the partner."""


@command.command()
@click.argument("name")
@click.option("--email", required=True, help="Whom the invitation goes to.")
@click.option("--tier", default="")
@click.option("--domain", help="Web domain; a firm that is here already is joined, not made twice.")
@click.option("--legal-name", default="")
@click.option("--street", default="")
@click.option("--postal-code", default="")
@click.option("--city", default="")
@click.option("--country", required=True)
@click.option("--currency", required=True)
@click.option("--timezone", default="UTC", show_default=True)
@click.option("--locale", default="en", show_default=True)
@acting(VENDOR, roles=[Role.CHANNEL_MANAGER])
def invite(desk: Desk, name: str, email: str, tier: str, **facts: str) -> None:
    """Invite the firm NAME to your programme."""
    with desk.deed() as session:
        given = {key: value for key, value in facts.items() if value}
        made = service.invite(session, desk.viewer, Firm(name=name, **given), email, tier=tier)
    join = f" Accept with: tcma user accept {made.token}" if made.token else ""
    desk.say(
        f"{made.partner.name} is invited as '{made.partner.slug}'.{join}",
        slug=made.partner.slug,
        partnership=made.partnership.public_id,
        token=made.token,
    )


@command.command()
@click.argument("vendor")
@acting(PARTNER, roles=[Role.OWNER])
def accept(desk: Desk, vendor: str) -> None:
    """Accept the invitation of VENDOR; its kits open to you."""
    with desk.deed() as session:
        partnership = service.accept(
            session, desk.viewer, queries.find_partnership_at(session, desk.viewer, vendor).public_id
        )
    desk.say(f"You work with {vendor} now.", status=partnership.status)


@command.command()
@click.argument("partner")
@click.option("--tier", default=None)
@click.option("--ready-until", type=click.DateTime(["%Y-%m-%d"]), help="Trained to market until this day.")
@acting(VENDOR, roles=[Role.CHANNEL_MANAGER])
def terms(desk: Desk, partner: str, tier: str | None, ready_until: datetime | None) -> None:
    """Set a partner's tier and until when it is ready to market; rules that grant funding read both."""
    with desk.deed() as session:
        found = queries.find_partnership_at(session, desk.viewer, partner)
        service.set_terms(
            session,
            desk.viewer,
            found.public_id,
            tier=found.tier if tier is None else tier,
            marketing_ready_until_on=ready_until.date() if ready_until else found.marketing_ready_until_on,
            external_id=found.external_id,
        )
    desk.say("Saved.", tier=found.tier, ready_until=found.marketing_ready_until_on)


@command.command()
@click.argument("partner")
@acting(VENDOR, roles=[Role.CHANNEL_MANAGER])
def suspend(desk: Desk, partner: str) -> None:
    """Suspend a partnership: nothing new starts, running messages finish, leads stay."""
    with desk.deed() as session:
        service.suspend(
            session, desk.viewer, queries.find_partnership_at(session, desk.viewer, partner).public_id
        )
    desk.say(f"{partner} is suspended. Nothing new starts; what runs finishes.")


@command.command()
@click.argument("partner")
@acting(VENDOR, roles=[Role.CHANNEL_MANAGER])
def resume(desk: Desk, partner: str) -> None:
    """Take a suspended partner back."""
    with desk.deed() as session:
        service.resume(
            session, desk.viewer, queries.find_partnership_at(session, desk.viewer, partner).public_id
        )
    desk.say(f"{partner} is active again.")


@command.command()
@click.argument("other")
@acting(VENDOR, PARTNER, roles=[Role.CHANNEL_MANAGER])
def end(desk: Desk, other: str) -> None:
    """End the partnership with OTHER; leads and contacts stay with the partner."""
    with desk.deed() as session:
        service.end(session, desk.viewer, queries.find_partnership_at(session, desk.viewer, other).public_id)
    desk.say(f"The partnership with {other} has ended. Leads and contacts stay with the partner.")


@command.command("list")
@acting(VENDOR, PARTNER)
def index(desk: Desk) -> None:
    """Your partnerships."""
    with desk.look() as session:
        rows = [
            {
                "vendor": found.vendor.slug,
                "partner": found.partner.slug,
                "name": found.partner.name if desk.viewer.is_vendor else found.vendor.name,
                "status": found.status.value,
                "tier": found.tier,
            }
            for found in queries.partnerships_for(session, desk.viewer)
        ]
    desk.table(rows, "No partnerships yet.")


@command.command()
@click.option(
    "--logo", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PNG, JPEG or SVG."
)
@click.option("--colour", help="#rrggbb; taken from the logo when not given.")
@click.option(
    "--picture",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The contact person, PNG or JPEG; the middle of it is shown.",
)
@click.option("--no-picture", is_flag=True, help="Show the contact person without a picture.")
@click.option("--website", default=None)
@click.option("--phone", default=None)
@click.option("--imprint-url", default=None)
@click.option("--privacy-url", default=None)
@click.option("--contact-name", default=None)
@click.option("--contact-title", default=None)
@click.option("--contact-email", default=None)
@click.option("--contact-phone", default=None)
@click.option("--sender-name", default=None)
@acting(VENDOR, PARTNER, roles=[Role.MARKETER, Role.KIT_AUTHOR, Role.CHANNEL_MANAGER])
def brand(desk: Desk, logo: Path | None, picture: Path | None, no_picture: bool, **given: str | None) -> None:
    """Set logo, colour, contact and sender of your organisation; what you leave out stays."""
    if picture is not None and no_picture:
        raise click.UsageError("Give --picture or --no-picture, not both.")
    with desk.deed() as session:
        row = brands.profile_of(session, desk.viewer.organisation_id)
        fields = brands.Profile.__dataclass_fields__
        before = {name: getattr(row, name) for name in fields} if row else {}
        changed = {name: text for name, text in given.items() if text is not None}
        row = brands.set_profile(session, desk.viewer, brands.Profile(**{**before, **changed}))
        if no_picture:
            row = brands.remove_picture(session, desk.viewer)
    if logo is not None:
        row = brands.set_logo(
            desk.installation.web,
            desk.viewer,
            desk.installation.storage,
            logo.read_bytes(),
            keep_colour=given["colour"] is not None,
        )
    if picture is not None:
        row = brands.set_picture(
            desk.installation.web, desk.viewer, desk.installation.storage, picture.read_bytes()
        )
    desk.say(
        f"Saved. The brand colour is {row.colour}.",
        colour=row.colour,
        has_logo=row.logo is not None,
        has_picture=row.contact_picture is not None,
    )
