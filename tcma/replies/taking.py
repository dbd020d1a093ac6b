"""A worker reads a mail that came in: whose it is, what it says, and what follows from it at once.

A person's reply ends the sequence for that person, is told to the contact person of the campaign, and, when it only
asks for no more mail, is an unsubscription. What a machine answered is kept, and nothing follows. A mail whose
address is not one of ours leaves nothing.
"""

import hashlib
from dataclasses import dataclass

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from campaigns import replies
from campaigns.links import Purpose, Signer, Token
from campaigns.replies import Kind, UnreadableMail
from tcma import clock, storage
from tcma.addresses import person_key
from tcma.audiences.models import Contact
from tcma.db import Database, insert_into
from tcma.launches import event_rows, unsubscribe
from tcma.launches.deliveries import Artefact, Delivery, TouchEventKind
from tcma.launches.event_rows import EventRow
from tcma.replies import intake, telling
from tcma.replies.models import InboundMail, Reply

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """What this process reads replies with: the domain they go to, the keys of tokens and of addresses."""

    domain: str
    signer: Signer
    hash_key: bytes


def take(database: Database, files: storage.Storage, reader: Reader, mail_id: int) -> None:
    """Read one mail; running it twice changes nothing."""
    with database.reading() as session:
        mail = session.get(InboundMail, mail_id)
    if mail is None:
        return
    token = reader.signer.verify(replies.token_in(mail.recipient, reader.domain), Purpose.REPLY)
    read = _read(files, mail) if token is not None else None
    taken = False
    with database.transaction() as session:
        if token is not None and read is not None and read.kind is not Kind.REPORT:
            taken = _take(session, reader, token, read, mail)
        found = session.get(InboundMail, mail_id, with_for_update=True)
        if found is not None:
            session.delete(found)
        is_needed = taken or _is_needed(session, mail)
    if not is_needed:
        files.remove(storage.name_of(intake.FILES, intake.NOBODY, mail.sha256))
        _log.info(
            "inbound_mail_dropped", is_ours=token is not None, kind=read.kind.value if read else "unreadable"
        )


def _read(files: storage.Storage, mail: InboundMail) -> replies.Reply | None:
    raw = storage.fetch(files, intake.FILES, intake.NOBODY, mail.sha256)
    try:
        return replies.read(raw, envelope_sender=mail.envelope_sender)
    except UnreadableMail as error:
        _log.warning("inbound_mail_unreadable", problem=str(error))
        return None


def _is_needed(session: Session, mail: InboundMail) -> bool:
    """Equal bytes are stored once: another row may still name them."""
    by_reply = session.scalar(select(Reply.id).where(Reply.sha256 == mail.sha256).limit(1))
    by_mail = session.scalar(
        select(InboundMail.id).where(InboundMail.sha256 == mail.sha256, InboundMail.id != mail.id).limit(1)
    )
    return by_reply is not None or by_mail is not None


def _take(session: Session, reader: Reader, token: Token, read: replies.Reply, mail: InboundMail) -> bool:
    """False where the mail it answers is gone."""
    artefact = session.get(Artefact, token.artefact_id)
    if artefact is None or artefact.partner_id != token.partner_id:
        return False
    delivery = _delivery(session, reader, token, read)
    now = clock.now(session)
    values = {
        "partner_id": artefact.partner_id,
        "campaign_id": artefact.campaign_id,
        "touch_id": artefact.touch_id,
        "delivery_id": delivery.id if delivery else None,
        "contact_id": delivery.contact_id if delivery else None,
        "natural_key": _natural_key(artefact, read, mail),
        "kind": read.kind,
        "address": read.sender[:320],
        "name": read.sender_name,
        "subject": read.subject,
        "text": read.text,
        "attachment_count": read.attachment_count,
        "sha256": mail.sha256,
        "at": now,
    }
    made = insert_into(session, Reply).values(values).on_conflict_do_nothing(index_elements=["natural_key"])
    reply_id = session.execute(made.returning(Reply.__table__.c.id)).scalar()
    if reply_id is None or read.kind is not Kind.PERSON:
        return True
    reply = session.get_one(Reply, reply_id)
    if delivery is not None:
        _follow(session, delivery, reply, read)
    telling.tell(session, reply)
    return True


def _follow(session: Session, delivery: Delivery, reply: Reply, read: replies.Reply) -> None:
    """The event, the end of the sequence for this person, and the wish for no more mail."""
    identity = reply.natural_key.hex()
    event = EventRow(
        delivery.partner_id,
        delivery.campaign_id,
        delivery.id,
        TouchEventKind.REPLIED,
        reply.at,
        identity=identity,
    )
    event_rows.append(session, [event])
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.replied_at.is_(None))
        .values(replied_at=reply.at)
        .execution_options(synchronize_session=False)
    )
    if read.wants_out:
        unsubscribe.stop(session, delivery.id, unsubscribe.How.REPLY, reply.at)


def _delivery(session: Session, reader: Reader, token: Token, read: replies.Reply) -> Delivery | None:
    """The message of the token; where providers take one address for many messages, the one of this touch that
    went to who wrote."""
    if token.delivery_id:
        found = session.get(Delivery, token.delivery_id)
        return found if found is not None and found.partner_id == token.partner_id else None
    sender = person_key(reader.hash_key, read.sender)
    wanted = (
        select(Delivery)
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(
            Delivery.partner_id == token.partner_id,
            Delivery.artefact_id == token.artefact_id,
            or_(Delivery.address_hash == sender, Contact.address_hash == sender),
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    return session.scalars(wanted).first()


def _natural_key(artefact: Artefact, read: replies.Reply, mail: InboundMail) -> bytes:
    """A mail that is handed over twice is one: by its Message-ID, by its bytes where it has none."""
    text = f"{artefact.id}:{read.sender}:{read.message_id or mail.sha256}"
    return hashlib.blake2b(text.encode(), digest_size=16, person=b"reply").digest()
