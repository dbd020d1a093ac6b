"""What the tasks of replies call."""

from tcma.replies import taking
from workers.runtime import Runtime


def take(current: Runtime, mail_id: int) -> None:
    settings = current.settings
    reader = taking.Reader(settings.replies, current.installation.signer, settings.hash_key)
    taking.take(current.database, current.storage, reader, mail_id)
