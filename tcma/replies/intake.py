"""Taking a mail in: kept before anybody is told that it was taken, and asked for until it was read."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.links import Token
from tcma import clock, storage
from tcma.db import Database
from tcma.jobs.queue import Job, enqueue
from tcma.replies.models import InboundMail

FILES = "replies"  # storage class
LATE = timedelta(minutes=10)  # after which a mail that nobody read is asked for anew
MOST_ASKED = 1_000


def take_in(
    web: Database, files: storage.Storage, raw: bytes, tokens: Iterable[Token], sender: str | None
) -> None:
    """Keep a mail for each address of ours that it was written to; it is safe once this returns. `sender` is the
    envelope's, "" for nobody, None where it is not known.

    Each copy is a file of its own under a random name: one that is dropped takes nothing of another along.
    """
    for token in tokens:
        kept_as = secrets.token_hex(32)
        files.put(_name(token.partner_id, kept_as), raw)
        try:
            with web.transaction(token.partner_id) as session:
                _keep(session, token, kept_as, sender)
        except BaseException:
            drop(files, token.partner_id, kept_as)  # whoever brought it comes again
            raise


def plain(sender: str) -> str:
    """Without what is no text: an envelope may hold half letters and NUL, a database and a command may not."""
    return "".join(sign for sign in sender if sign.isprintable())


def fetch(files: storage.Storage, partner_id: int, kept_as: str) -> bytes:
    return files.get(_name(partner_id, kept_as))


def drop(files: storage.Storage, partner_id: int, kept_as: str) -> None:
    files.remove(_name(partner_id, kept_as))


def ask_again(database: Database) -> None:
    """Whatever waits for longer than LATE: its job was given up while storage or database were away."""
    with database.transaction() as session:
        late = select(InboundMail).where(InboundMail.received_at < clock.real() - LATE)
        for mail in session.scalars(late.order_by(InboundMail.id).limit(MOST_ASKED)):
            enqueue(
                session, Job.REPLIES_TAKE, f"{mail.kept_as}:{clock.real():%Y%m%d%H%M}", {"mail_id": mail.id}
            )


def _keep(session: Session, token: Token, kept_as: str, sender: str | None) -> None:
    mail = InboundMail(
        partner_id=token.partner_id,
        artefact_id=token.artefact_id,
        delivery_id=token.delivery_id,
        envelope_sender=None if sender is None else sender[:320],
        kept_as=kept_as,
        received_at=clock.real(),
    )
    session.add(mail)
    session.flush()
    enqueue(session, Job.REPLIES_TAKE, kept_as, {"mail_id": mail.id})


def _name(partner_id: int, kept_as: str) -> str:
    return storage.name_of(FILES, partner_id, kept_as)
