"""`tcma kit`: new, check, import, export, publish."""

import sys
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import click
import orjson
from sqlalchemy.orm import Session

from campaigns import kit as kits
from campaigns.errors import Severity
from campaigns.kit import foreign
from campaigns.kit.foreign.folder import beside_file
from tcma.cli.frame import Desk, Exit, acting, answering
from tcma.config import ROOT
from tcma.errors import Conflict, Invalid, NotFound
from tcma.kits import queries, service
from tcma.kits.models import KitVersion
from tcma.viewer import OrganisationKind, Role

VENDOR, PARTNER = OrganisationKind.VENDOR, OrganisationKind.PARTNER
_SOURCE = click.Path(exists=True, path_type=Path)
_TARGET = click.Path(path_type=Path)
LONGEST_NAME = 80
BLANK = ROOT / "templates" / "kits" / "blank"


@click.group("kit")
def command() -> None:
    """Kits: made and checked as a folder, imported, exported, published to partners."""


@command.command()
@click.argument("folder", type=_TARGET)
@click.option("--name", default="", help="The kit's name, at most 80 characters.")
@click.option(
    "--from",
    "mail",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A mail in MJML 4 or 5 to make it of, with what it includes beside it.",
)
@answering
def new(desk: Desk, folder: Path, name: str, mail: Path | None) -> None:
    """Lay out a small kit in FOLDER that passes the check, to be rewritten; needs no sign-in."""
    if mail is not None:
        _from_mail(desk, folder, mail, " ".join(name.split()))
        return
    called = " ".join(name.split()) or folder.name.replace("-", " ").replace("_", " ").strip().capitalize()
    if not called or len(called) > LONGEST_NAME:
        raise Invalid(f"Name the kit in 1 to {LONGEST_NAME} characters.")
    source = kits.read_folder(BLANK)
    source["kit.yml"] = source["kit.yml"].replace(
        b"name: New kit\n", f"name: {_quoted(called)}\n".encode(), 1
    )
    _write_folder(folder, source)
    desk.say(f"A kit is laid out in {folder}. Check it at any time with: tcma kit check {folder}")


def _from_mail(desk: Desk, folder: Path, mail: Path, name: str) -> None:
    if len(name) > LONGEST_NAME:
        raise Invalid(f"Name the kit in 1 to {LONGEST_NAME} characters.")
    made = foreign.from_mail(mail.name, beside_file(mail), called=name)
    _write_folder(folder, made.files)
    notes = [{"file": note.path, "line": note.line, "sentence": note.sentence} for note in made.notes]
    if not desk.as_json:
        for note in made.notes:
            click.echo(f"{note.severity}: {note}")
    regions = sum(line.startswith(b"    label:") for line in made.files["kit.yml"].splitlines())
    desk.say(
        f"A kit is laid out in {folder}: {len(made.files)} files, {regions} regions proposed, {len(notes)} notes."
        f" Look over kit.yml, then check it with: tcma kit check {folder}",
        notes=notes,
    )


@command.command()
@click.argument("source", type=_SOURCE)
@answering
def check(desk: Desk, source: Path) -> None:
    """Name every problem of the kit in SOURCE, a folder or a zip file, with file and line; needs no sign-in."""
    found = kits.check(kits.read_source(source))
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
@click.argument("source", type=_SOURCE)
@click.option("--note", default="", help="What changed, in a line.")
@acting(VENDOR, roles=[Role.KIT_AUTHOR])
def import_source(desk: Desk, source: Path, note: str) -> None:
    """Import the kit in SOURCE, a folder or a zip file, as a draft version."""
    slug = source.resolve().name.removesuffix(".zip")
    made = service.import_files(
        desk.installation.web,
        desk.viewer,
        desk.installation.storage,
        kits.read_source(source),
        note=note,
        slug=slug,
    )
    if not made.changed:
        desk.say(f"Nothing changed since version {made.version.number}.", version=made.version.public_id)
        return
    desk.say(
        f"Draft version {made.version.number} of '{made.kit.slug}'."
        f" Publish it with: tcma kit publish {made.kit.slug}",
        version=made.version.public_id,
        number=made.version.number,
        languages=made.version.languages,
    )


@command.command()
@click.argument("slug")
@click.option(
    "--to", "target", type=_TARGET, help="A folder, or a file that ends in .zip; <SLUG>.zip by default."
)
@click.option("--version", "number", type=click.IntRange(1), help="The newest without it.")
@click.option("--replace", is_flag=True, help="Write over a zip file of that name.")
@acting(VENDOR, roles=[Role.KIT_AUTHOR, Role.CHANNEL_MANAGER])
def export(desk: Desk, slug: str, target: Path | None, number: int | None, replace: bool) -> None:
    """Write the files of the kit SLUG, byte for byte as they were imported."""
    version, files = service.export(
        desk.installation.web, desk.viewer, desk.installation.storage, slug, number
    )
    target = target or Path(f"{slug}.zip")
    if target.suffix.lower() == ".zip":
        _write_file(target, kits.write_archive(files), replace)
    else:
        _write_folder(target, files)
    desk.say(
        f"Version {version.number} of '{slug}' is in {target}: {len(files)} files.",
        version=version.public_id,
        number=version.number,
        target=str(target),
        files=len(files),
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


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Refused where something stands already, so that nothing is lost or mixed."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(f"There is something in {folder} already. Name a folder that is new or empty.")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _write_file(path: Path, content: bytes, replace: bool) -> None:
    try:
        with path.open("wb" if replace else "xb") as file:
            file.write(content)
    except FileExistsError:
        raise Conflict(
            f"There is a file {path} already. Name another one with --to, or say --replace."
        ) from None


def _quoted(text: str) -> str:
    """A text in YAML's double quotes, which are JSON's."""
    return orjson.dumps(text).decode()


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
