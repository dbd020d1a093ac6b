"""Taking a mail in: kept before anybody is told that it was taken."""

import secrets

from sqlalchemy.orm import Session

from tcma import clock, storage
from tcma.jobs.queue import Job, enqueue
from tcma.replies.models import InboundMail

_FILES = "replies"  # storage class
_NOBODY = 0  # whose mail it is, is known once it was read


def store(files: storage.Storage, raw: bytes) -> str:
    """Keep the bytes, before the transaction of `keep`; what they are kept as.

    Each mail is a file of its own under a random name: one that is dropped never takes the bytes of another along.
    """
    kept_as = secrets.token_hex(32)
    files.put(_name(kept_as), raw)
    return kept_as


def fetch(files: storage.Storage, kept_as: str) -> bytes:
    return files.get(_name(kept_as))


def drop(files: storage.Storage, kept_as: str) -> None:
    files.remove(_name(kept_as))


def keep(session: Session, kept_as: str, recipient: str, envelope_sender: str | None) -> None:
    """Keep a mail that was stored for a worker; it is safe once the transaction is."""
    mail = InboundMail(
        recipient=recipient[:320],
        envelope_sender=None if envelope_sender is None else envelope_sender[:320],
        kept_as=kept_as,
        received_at=clock.real(),
    )
    session.add(mail)
    session.flush()
    # A random key: SQLite gives the number of a row that is gone to the next one.
    enqueue(session, Job.REPLIES_TAKE, secrets.token_hex(12), {"mail_id": mail.id})


def _name(kept_as: str) -> str:
    return storage.name_of(_FILES, _NOBODY, kept_as)
