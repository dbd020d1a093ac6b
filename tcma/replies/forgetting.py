"""A person who is deleted is deleted from what they wrote back, too."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import storage
from tcma.db import Database
from tcma.replies import intake
from tcma.replies.models import Reply


def forget_person(database: Database, files: storage.Storage, contact_id: int) -> None:
    """That somebody answered stays, without name, address, words and mail. Running it again changes nothing."""
    with database.reading() as session:
        kept = [(reply.partner_id, reply.kept_as) for reply in _of(session, contact_id) if reply.kept_as]
    for partner_id, kept_as in kept:
        intake.drop(files, partner_id, kept_as)
    with database.transaction() as session:
        for reply in _of(session, contact_id):
            reply.address = reply.name = reply.subject = reply.text = reply.kept_as = ""
            reply.attachment_count = 0


def _of(session: Session, contact_id: int) -> list[Reply]:
    return list(session.scalars(select(Reply).where(Reply.contact_id == contact_id).order_by(Reply.id)))
