"""`tcma outbox`: what the outbox holds, for the operator."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import click

from tcma.cli.frame import Desk, acting
from tcma.errors import NotFound, Refused
from tcma.launches.ways_out import OUTBOX
from tcma.storage.folder import FolderStorage
from tcma.viewer import OrganisationKind


@click.group("outbox")
def command() -> None:
    """Mails written to files instead of being sent, outside production."""


@command.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@acting(OrganisationKind.OPERATOR)
def index(desk: Desk, limit: int) -> None:
    """The newest mails."""
    rows = []
    for path in _files(desk)[:limit]:
        mail = _read(path)
        rows.append({"mail": path.stem, "to": str(mail["To"]), "subject": str(mail["Subject"])})
    desk.table(rows, "The outbox is empty.")


@command.command()
@click.argument("mail")
@click.option("--html", is_flag=True, help="The HTML part instead of the text.")
@acting(OrganisationKind.OPERATOR)
def show(desk: Desk, mail: str, html: bool) -> None:
    """One mail, as text."""
    path = next((found for found in _files(desk) if found.stem == mail), None)
    if path is None:
        raise NotFound(f"The outbox has no mail '{mail[:60]}'.")
    read = _read(path)
    body = read.get_body(("html",) if html else ("plain", "html"))
    content = body.get_content() if body else ""
    heads = {
        name: str(read[name]) for name in ("From", "To", "Subject", "Date", "List-Unsubscribe") if read[name]
    }
    desk.say(
        "\n".join(f"{name}: {value}" for name, value in heads.items()) + f"\n\n{content}",
        **heads,
        body=content,
    )


def _files(desk: Desk) -> list[Path]:
    if desk.settings.production:
        raise Refused("In production mails are sent, not kept; the outbox is for trying things out.")
    files = desk.installation.storage
    if not isinstance(files, FolderStorage):
        raise Refused("The outbox can be read where files are kept in a folder.")
    return sorted((files.root / OUTBOX).glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)
