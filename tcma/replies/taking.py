"""A worker reads a mail that came in: whose it is, what it says, and what follows from it at once.

A person's reply ends the sequence for that person, proves that the mail arrived, is told to the contact person of the
brand, and, when it only asks for no more mail, is an unsubscription. What a machine answered is kept, and nothing
follows. A report of a mail server, or a copy of what is known, leaves nothing.
"""

import hashlib

import structlog
from sqlalchemy import Delete, and_, delete, func, select, update
from sqlalchemy.orm import Session

from campaigns import replies
from campaigns.people import addresses
from campaigns.replies import Kind
from tcma import clock, storage
from tcma.addresses import person_key
from tcma.audiences import suppression
from tcma.audiences.models import Contact, SuppressionReason
from tcma.db import Database, insert_into
from tcma.errors import NotFound
from tcma.launches import event_rows, events, figures, unsubscribe
from tcma.launches.deliveries import Artefact, Delivery, DeliveryStatus, TouchEventKind
from tcma.launches.event_rows import EventRow
from tcma.launches.events import Report
from tcma.replies import intake, telling
from tcma.replies.models import InboundMail, Reply

MOST_TOLD = 10
"""Replies to one mail that are passed on; further ones stand on the page of the campaign, and fill no mailbox."""

_log = structlog.get_logger(__name__)


def take(database: Database, files: storage.Storage, hash_key: bytes, mail_id: int) -> None:
    """Read one mail; running it twice, twice at once, or again after a kill at any point changes nothing."""
    with database.reading() as session:
        mail = session.get(InboundMail, mail_id)
    if mail is None:
        return
    try:
        raw = intake.fetch(files, mail.partner_id, mail.kept_as)
    except NotFound:  # a worker that dropped it was killed before it forgot the row
        _forget(database, mail)
        return
    read = replies.read_apart(raw, envelope_sender=mail.envelope_sender)
    with database.transaction() as session:
        if not _is_waiting(session, mail):
            return  # another worker was faster
        is_kept = (read is None or read.kind is not Kind.REPORT) and _take(session, hash_key, mail, read, raw)
        if is_kept:
            session.execute(_row_of(mail))
    if not is_kept:  # the bytes first: a row without them is forgotten, bytes without a row never would be
        intake.drop(files, mail.partner_id, mail.kept_as)
        _forget(database, mail)
        _log.info("inbound_mail_dropped", kind=read.kind.value if read else Kind.UNREAD.value)


def _is_waiting(session: Session, mail: InboundMail) -> bool:
    """Locked. SQLite gives the number of a row that is gone to the next one, so the name decides."""
    found = session.get(InboundMail, mail.id, with_for_update=True, populate_existing=True)
    return found is not None and found.kept_as == mail.kept_as


def _forget(database: Database, mail: InboundMail) -> None:
    with database.transaction() as session:
        session.execute(_row_of(mail))


def _row_of(mail: InboundMail) -> Delete:
    return delete(InboundMail).where(InboundMail.id == mail.id, InboundMail.kept_as == mail.kept_as)


def _take(
    session: Session, hash_key: bytes, mail: InboundMail, read: replies.Reply | None, raw: bytes
) -> bool:
    """False where the mail it answers is gone, or the reply is known already."""
    artefact = session.get(Artefact, mail.artefact_id)
    if artefact is None or artefact.partner_id != mail.partner_id:
        return False
    sender = addresses.normalise(read.sender) if read else None
    sender_hash = person_key(hash_key, sender) if sender else None
    delivery = _delivery(session, mail, sender_hash)
    values = {
        "partner_id": artefact.partner_id,
        "campaign_id": artefact.campaign_id,
        "touch_id": artefact.touch_id,
        "delivery_id": delivery.id if delivery else None,
        "contact_id": delivery.contact_id if delivery else None,
        "natural_key": _natural_key(artefact, read, raw),
        "kind": read.kind if read else Kind.UNREAD,
        "address": (read.sender if read else mail.envelope_sender or "")[:320],
        "name": read.sender_name if read else "",
        "subject": read.subject if read else "",
        "text": read.text if read else "",
        "attachment_count": read.attachment_count if read else 0,
        "kept_as": mail.kept_as,
        "at": clock.now(session),
    }
    made = insert_into(session, Reply).values(values).on_conflict_do_nothing(index_elements=["natural_key"])
    reply_id = session.execute(made.returning(Reply.__table__.c.id)).scalar()
    if reply_id is None:
        return False
    reply = session.get_one(Reply, reply_id)
    wants_out = read is not None and read.wants_out
    if reply.kind is Kind.PERSON and delivery is not None:
        _follow(session, delivery, reply)
        if wants_out:
            unsubscribe.stop(session, delivery.id, unsubscribe.How.REPLY, reply.at)
    if wants_out and sender_hash is not None:
        # Written from another address than the mail went to, or to an address that serves many: both stop.
        suppression.suppress(session, reply.partner_id, sender_hash, SuppressionReason.UNSUBSCRIBED, reply.at)
    if reply.kind in (Kind.PERSON, Kind.UNREAD) and _told_count(session, reply) <= MOST_TOLD:
        telling.tell(session, reply, has_left=wants_out)
    return True


def _told_count(session: Session, reply: Reply) -> int:
    """How many replies came to the same mail, this one too; of an address that serves many, from the same sender."""
    same = (
        Reply.delivery_id == reply.delivery_id
        if reply.delivery_id is not None
        else and_(
            Reply.campaign_id == reply.campaign_id,
            Reply.delivery_id.is_(None),
            Reply.address == reply.address,
        )
    )
    wanted = select(func.count()).select_from(Reply).where(same, Reply.kind.in_((Kind.PERSON, Kind.UNREAD)))
    return session.scalar(wanted) or 0


def _follow(session: Session, delivery: Delivery, reply: Reply) -> None:
    """The event, the end of the sequence for this person, and the proof that the mail arrived."""
    figures.lock_touches(session, [delivery.touch_id])
    if delivery.status is DeliveryStatus.UNKNOWN:
        events.apply(session, [{"delivery_id": delivery.id, "kind": Report.READ.value, "at": reply.at}])
    event = EventRow(
        delivery.partner_id,
        delivery.campaign_id,
        delivery.id,
        TouchEventKind.REPLIED,
        reply.at,
        identity=reply.natural_key.hex(),
    )
    event_rows.append(session, [event])
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.replied_at.is_(None))
        .values(replied_at=reply.at)
        .execution_options(synchronize_session=False)
    )


def _delivery(session: Session, mail: InboundMail, sender_hash: bytes | None) -> Delivery | None:
    """The message of the address; where it serves all messages of an artefact, the one to who wrote."""
    if mail.delivery_id:
        found = session.get(Delivery, mail.delivery_id)
        return found if found is not None and found.partner_id == mail.partner_id else None
    if sender_hash is None:
        return None
    wanted = (
        select(Delivery)
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(
            Contact.partner_id == mail.partner_id,
            Contact.address_hash == sender_hash,
            Delivery.artefact_id == mail.artefact_id,
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    return session.scalars(wanted).first()


def _natural_key(artefact: Artefact, read: replies.Reply | None, raw: bytes) -> bytes:
    """A mail that is handed over twice is one: by its Message-ID, by its bytes where it has none."""
    own = (read.message_id if read else "") or hashlib.sha256(raw).hexdigest()
    text = f"{artefact.id}:{read.sender if read else ''}:{own}"
    return hashlib.blake2b(text.encode(), digest_size=16, person=b"reply").digest()
