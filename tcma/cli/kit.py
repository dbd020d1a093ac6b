"""`tcma kit`: check, import, publish."""

import sys
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.orm import Session

from campaigns import kit as kits
from campaigns.errors import Severity
from tcma.cli.frame import Desk, Exit, acting, answering
from tcma.errors import NotFound
from tcma.kits import queries, service
from tcma.kits.models import KitVersion
from tcma.viewer import OrganisationKind, Role

VENDOR, PARTNER = OrganisationKind.VENDOR, OrganisationKind.PARTNER
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group("kit")
def command() -> None:
    """Kits: checked and imported from a folder, published to partners."""


@command.command()
@click.argument("folder", type=_FOLDER)
@answering
def check(desk: Desk, folder: Path) -> None:
    """Name every problem of the kit in FOLDER with its file and line; needs no sign-in."""
    found = kits.check(kits.read_folder(folder))
    problems = [problem for problem in found if problem.severity is Severity.PROBLEM]
    rows = [
        {"severity": p.severity.value, "file": p.path, "line": p.line, "sentence": p.sentence} for p in found
    ]
    if desk.as_json:
        desk.table(rows, "")
        sys.exit(Exit.REFUSED if problems else Exit.OK)
    for problem in found:
        click.echo(f"{problem.severity}: {problem}")
    if problems:
        count = "One problem" if len(problems) == 1 else f"{len(problems)} problems"
        click.echo(f"{count}. The kit cannot be imported yet.", err=True)
        sys.exit(Exit.REFUSED)
    desk.say(f"No problems, {len(found)} notes." if found else "No problems.")


@command.command("import")
@click.argument("folder", type=_FOLDER)
@click.option("--note", default="", help="What changed, in a line.")
@acting(VENDOR, roles=[Role.KIT_AUTHOR])
def import_folder(desk: Desk, folder: Path, note: str) -> None:
    """Import the kit in FOLDER as a draft version."""
    made = service.import_files(
        desk.installation.web,
        desk.viewer,
        desk.installation.storage,
        kits.read_folder(folder),
        note=note,
        slug=folder.resolve().name,
    )
    if not made.changed:
        desk.say(f"Nothing changed since version {made.version.number}.", version=made.version.public_id)
        return
    desk.say(
        f"Draft version {made.version.number} of '{folder.resolve().name}'."
        f" Publish it with: tcma kit publish {folder.resolve().name}",
        version=made.version.public_id,
        number=made.version.number,
        languages=made.version.languages,
    )


@command.command()
@click.argument("slug")
@acting(VENDOR, roles=[Role.KIT_AUTHOR])
def submit(desk: Desk, slug: str) -> None:
    """Hand the newest draft of the kit SLUG to those who publish."""
    with desk.deed() as session:
        done = service.submit(session, desk.viewer, _newest(desk, session, slug).public_id)
    desk.say(f"Version {done.number} waits for its review.", version=done.public_id, number=done.number)


@command.command()
@click.argument("slug")
@acting(VENDOR, roles=[Role.CHANNEL_MANAGER])
def publish(desk: Desk, slug: str) -> None:
    """Publish the newest version of the kit SLUG to your partners; a draft is handed in first."""
    desk.viewer.require(VENDOR, Role.CHANNEL_MANAGER)
    with desk.deed() as session:
        version = _newest(desk, session, slug)
        if version.status == "draft":
            service.submit(session, desk.viewer, version.public_id)
    done = service.publish(desk.installation.web, desk.viewer, desk.installation.storage, version.public_id)
    desk.say(
        f"Version {done.number} is published in {', '.join(done.languages)}.",
        version=done.public_id,
        languages=done.languages,
    )


@command.command()
@click.argument("slug")
@click.option("--reason", required=True, help="Partners read it.")
@acting(VENDOR, roles=[Role.CHANNEL_MANAGER])
def withdraw(desk: Desk, slug: str, reason: str) -> None:
    """Stop new launches; running campaigns go on."""
    with desk.deed() as session:
        service.withdraw(session, desk.viewer, _live(desk, session, slug), reason)
    desk.say("Withdrawn. Running campaigns go on; nobody can launch it any more.")


@command.command()
@click.argument("slug")
@click.option("--reason", required=True, help="Partners read it.")
@acting(VENDOR, roles=[Role.CHANNEL_MANAGER])
def recall(desk: Desk, slug: str, reason: str) -> None:
    """Stop every live use at once; leads stay with their partners."""
    with desk.deed() as session:
        service.recall(session, desk.viewer, _live(desk, session, slug), reason)
    desk.say("Recalled. Every campaign that uses it stops now; its pages answer politely.")


@command.command("list")
@acting(VENDOR, PARTNER)
def index(desk: Desk) -> None:
    """Your kits; as a partner, those you can launch."""
    with desk.look() as session:
        rows = [
            {
                "slug": kit.slug,
                "name": kit.name,
                "version": version.number,
                "status": version.status.value,
                "languages": ", ".join(version.languages),
            }
            for kit in queries.kits_for(session, desk.viewer)
            for version in queries.versions_for(session, desk.viewer, kit.id)[:1]
        ]
    desk.table(rows, "No kit is open to you yet.")


def _newest(desk: Desk, session: Session, slug: str) -> KitVersion:
    kit = queries.find_kit(session, desk.viewer, slug)
    versions = queries.versions_for(session, desk.viewer, kit.id)
    if not versions:
        raise NotFound(f"The kit '{slug}' has no version yet.")
    return versions[0]


def _live(desk: Desk, session: Session, slug: str) -> UUID:
    """The version partners use: the newest that is not a draft."""
    kit = queries.find_kit(session, desk.viewer, slug)
    for version in queries.versions_for(session, desk.viewer, kit.id):
        if version.offered_at is not None:
            return version.public_id
    raise NotFound(f"The kit '{slug}' was never published.")
