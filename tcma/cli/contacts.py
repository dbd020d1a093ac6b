"""`tcma contacts`: a partner's lists and the people on them."""

from pathlib import Path

import click

from tcma.audiences import figures, imports, queries, service, suppression, terms
from tcma.audiences.details import Details
from tcma.audiences.models import Basis
from tcma.cli import contact_lists
from tcma.cli.frame import Desk, acting, counting
from tcma.errors import NotFound
from tcma.viewer import OrganisationKind, Role

PARTNER = OrganisationKind.PARTNER
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_BASIS = click.Choice([basis.value for basis in Basis])


@click.group("contacts")
def command() -> None:
    """Your lists. Contacts stay with the partner; no vendor sees them."""


@command.command("terms")
@click.option("--accept", is_flag=True, help="Accept the terms shown, for your organisation.")
@acting(PARTNER, roles=[Role.MARKETER])
def show_terms(desk: Desk, accept: bool) -> None:
    """Show or accept the processing terms that come before the first file."""
    if not accept:
        text = terms.TEXTS[terms.CURRENT]
        desk.say(text, version=terms.CURRENT, text=text)
        return
    with desk.deed() as session:
        terms.accept_processing_terms(session, desk.viewer, terms.CURRENT)
    desk.say(f"Accepted, version {terms.CURRENT}.", version=terms.CURRENT)


@command.command("import")
@click.argument("file", type=_FILE)
@click.option("--list", "list_name", required=True, help="Name of the list; made when it is not there.")
@click.option("--basis", type=_BASIS, help="Why you may write to them, for rows whose column does not say.")
@acting(PARTNER, roles=[Role.MARKETER])
def import_file(desk: Desk, file: Path, list_name: str, basis: str | None) -> None:
    """Read a CSV or TSV with one person per row."""
    with desk.deed() as session:
        try:
            found = queries.find_list_named(session, desk.viewer, list_name)
        except NotFound:
            found = service.make_list(session, desk.viewer, list_name)
    with file.open("rb") as content, counting(desk, "rows") as report:
        receipt = imports.run(
            desk.installation.web,
            desk.viewer,
            found.public_id,
            content,
            file_name=file.name,
            basis=Basis(basis) if basis else None,
            hash_key=desk.settings.hash_key,
            progress=report,
        )
    reasons = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in receipt.by_reason.items())
    rows = "1 row was" if receipt.skipped == 1 else f"{receipt.skipped:,} rows were"
    left_out = f"{rows} skipped{f': {reasons}' if reasons else ''}."
    people = "1 person" if receipt.ready == 1 else f"{receipt.ready:,} people"
    desk.say(
        f"{people} ready. {left_out} {receipt.seconds:.1f} s.",
        ready=receipt.ready,
        skipped=receipt.skipped,
        by_reason=dict(receipt.by_reason),
        seconds=round(receipt.seconds, 2),
    )


@command.command()
@click.argument("list_name")
@acting(PARTNER)
def skipped(desk: Desk, list_name: str) -> None:
    """The rows left out of the last file of a list, with number and reason."""
    with desk.look() as session:
        found = queries.find_list_named(session, desk.viewer, list_name)
        rows = [
            {"row": row.number, "reason": row.reason, "sentence": row.sentence}
            for run in queries.imports_of(session, found, limit=1)
            for row in queries.skipped_rows_of(session, desk.viewer, run.public_id, limit=500)
        ]
    desk.table(rows, "No rows were skipped.")


@command.command("lists")
@acting(PARTNER)
def lists(desk: Desk) -> None:
    """Your lists, with how many people they hold and how many can be reached."""
    with desk.look() as session:
        rows = [
            {"list": found.list.name, "people": found.people_count, "reachable": found.reachable_count}
            for found in figures.lists_for(session, desk.viewer)
        ]
    desk.table(rows, "No lists yet. Import a file: tcma contacts import FILE --list NAME --basis customer")


@command.command("list")
@click.argument("list_name")
@click.option("--prefix", default="", help="Only addresses that begin like this.")
@acting(PARTNER)
def index(desk: Desk, list_name: str, prefix: str) -> None:
    """People of a list, by address (the first 500)."""
    with desk.look() as session:
        found = queries.find_list_named(session, desk.viewer, list_name)
        page = queries.contacts_of(session, desk.viewer, found.public_id, prefix=prefix, limit=500)
        rows = [
            {
                "address": line.contact.address_typed,
                "name": f"{line.contact.first_name} {line.contact.last_name}".strip(),
                "company": line.contact.company,
                "basis": line.basis.value,
                "reachable": "yes" if line.is_reachable else "no",
            }
            for line in page.lines
        ]
    desk.table(rows, "Nobody on this list.")


def _fields(function: click.decorators.FC) -> click.decorators.FC:
    """The options of one person."""
    for name in ("employees", "phone", "language", "country", "company", "title", "last-name", "first-name"):
        function = click.option(f"--{name}", default=None)(function)
    return function


@command.command()
@click.argument("address")
@click.option("--list", "list_name", required=True)
@click.option("--basis", type=_BASIS, required=True)
@_fields
@acting(PARTNER, roles=[Role.MARKETER, Role.SALES])
def add(desk: Desk, address: str, list_name: str, basis: str, **given: str | None) -> None:
    """Put one person on a list."""
    with desk.deed() as session:
        found = queries.find_list_named(session, desk.viewer, list_name)
        service.add_contact(
            session,
            desk.viewer,
            found.public_id,
            Details(address=address, **_said(given)),
            basis=Basis(basis),
            hash_key=desk.settings.hash_key,
        )
    desk.say(f"{address} is on '{list_name}'.")


@command.command()
@click.argument("address")
@click.option("--new-address", default=None)
@_fields
@acting(PARTNER, roles=[Role.MARKETER, Role.SALES])
def change(desk: Desk, address: str, new_address: str | None, **given: str | None) -> None:
    """Correct what is known of a person; what you leave out stays."""
    with desk.deed() as session:
        contact = queries.find_contact_by_address(session, desk.viewer, address)
        known = {name: getattr(contact, name) for name in _said(dict.fromkeys(given, ""))}
        details = Details(
            **{
                **known,
                **_said(given),
                "address": new_address or contact.address_typed,
                "relation": contact.relation.value,
            }
        )
        service.change_contact(
            session, desk.viewer, contact.public_id, details, hash_key=desk.settings.hash_key
        )
    desk.say("Changed.")


@command.command()
@click.argument("address")
@acting(PARTNER, roles=[Role.MARKETER])
def delete(desk: Desk, address: str) -> None:
    """Delete a person from every list; what was sent stays in the figures."""
    with desk.deed() as session:
        contact = queries.find_contact_by_address(session, desk.viewer, address)
        service.delete_contact(session, desk.viewer, contact.public_id)
    desk.say("Deleted. Nothing more goes to this person.")


@command.command()
@click.argument("file", type=_FILE)
@acting(PARTNER, roles=[Role.MARKETER])
def suppress(desk: Desk, file: Path) -> None:
    """Import the suppression list of another tool: nobody in FILE gets your mail."""
    with file.open("rb") as content, counting(desk, "rows") as report:
        receipt = suppression.import_suppressions(
            desk.installation.web, desk.viewer, content, hash_key=desk.settings.hash_key, progress=report
        )
    desk.say(
        f"{receipt.added:,} added, {receipt.known:,} known already,"
        f" {receipt.unusable:,} rows without address.",
        added=receipt.added,
        known=receipt.known,
        unusable=receipt.unusable,
    )


def _said(given: dict[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in given.items() if text is not None}


for _made in contact_lists.COMMANDS:
    command.add_command(_made)
