"""A worker reads a mail that came in: whose it is, what it says, and what follows from it at once.

A person's reply ends the sequence for that person, is told to the contact person of the campaign, and, when it only
asks for no more mail, is an unsubscription. What a machine answered is kept, and nothing follows. A mail whose
address is not one of ours leaves nothing.
"""

import hashlib
from dataclasses import dataclass

import structlog
from sqlalchemy import delete, or_, select, update
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
    """Read one mail; running it twice, or twice at once, changes nothing."""
    with database.reading() as session:
        mail = session.get(InboundMail, mail_id)
    if mail is None:
        return
    raw = intake.fetch(files, mail.kept_as)
    token = reader.signer.verify(replies.token_in(mail.recipient, reader.domain), Purpose.REPLY)
    read = _read(raw, mail) if token is not None else None
    with database.transaction() as session:
        if session.get(InboundMail, mail_id, with_for_update=True) is None:
            return  # another worker was faster
        is_kept = False
        if token is not None and read is not None and read.kind is not Kind.REPORT:
            is_kept = _take(session, reader, token, read, mail, raw)
        session.execute(delete(InboundMail).where(InboundMail.id == mail_id))
    if not is_kept:
        intake.drop(files, mail.kept_as)
        said = read.kind.value if read else "unread"
        _log.info("inbound_mail_dropped", is_ours=token is not None, kind=said)


def _read(raw: bytes, mail: InboundMail) -> replies.Reply | None:
    try:
        return replies.read(raw, envelope_sender=mail.envelope_sender)
    except UnreadableMail as error:
        _log.warning("inbound_mail_unreadable", problem=str(error))
        return None


def _take(
    session: Session, reader: Reader, token: Token, read: replies.Reply, mail: InboundMail, raw: bytes
) -> bool:
    """False where the mail it answers is gone, or the reply is known already."""
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
        "natural_key": _natural_key(artefact, read, raw),
        "kind": read.kind,
        "address": read.sender[:320],
        "name": read.sender_name,
        "subject": read.subject,
        "text": read.text,
        "attachment_count": read.attachment_count,
        "kept_as": mail.kept_as,
        "at": now,
    }
    made = insert_into(session, Reply).values(values).on_conflict_do_nothing(index_elements=["natural_key"])
    reply_id = session.execute(made.returning(Reply.__table__.c.id)).scalar()
    if reply_id is None:
        return False
    if read.kind is not Kind.PERSON:
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


def _natural_key(artefact: Artefact, read: replies.Reply, raw: bytes) -> bytes:
    """A mail that is handed over twice is one: by its Message-ID, by its bytes where it has none."""
    own = read.message_id or hashlib.sha256(raw).hexdigest()
    text = f"{artefact.id}:{read.sender}:{own}"
    return hashlib.blake2b(text.encode(), digest_size=16, person=b"reply").digest()
