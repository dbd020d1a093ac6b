"""Taking a mail in: kept before anybody is told that it was taken."""

import secrets

from sqlalchemy.orm import Session

from tcma import clock, storage
from tcma.jobs.queue import Job, enqueue
from tcma.replies.models import InboundMail

FILES = "replies"  # storage class
NOBODY = 0  # whose mail it is, is known once it was read


def store(files: storage.Storage, raw: bytes) -> str:
    """Keep the bytes; their hash. Before the transaction of `keep`."""
    return storage.keep(files, FILES, NOBODY, raw)


def keep(session: Session, sha256: str, recipient: str, envelope_sender: str | None) -> None:
    """Keep a mail that was stored for a worker; it is safe once the transaction is."""
    mail = InboundMail(
        recipient=recipient[:320],
        envelope_sender=None if envelope_sender is None else envelope_sender[:320],
        sha256=sha256,
        received_at=clock.real(),
    )
    session.add(mail)
    session.flush()
    # A random key: SQLite gives the number of a row that is gone to the next one.
    enqueue(session, Job.REPLIES_TAKE, secrets.token_hex(12), {"mail_id": mail.id})
