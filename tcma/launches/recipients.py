"""Who got what of a campaign: one row per person, each mail's state beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from tcma.audiences.models import Contact
from tcma.db import Database
from tcma.launches import queries
from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass, TouchEvent, TouchEventKind
from tcma.launches.models import Campaign, CampaignTouch
from tcma.launches.schedule import EMAIL
from tcma.viewer import Viewer

FILE_SLICE = 1_000
MOST_COUNTED = 10_000
ANSWERS = (TouchEventKind.SUBMITTED, TouchEventKind.REGISTERED)


class Did(StrEnum):
    CLICKED = "clicked"
    NOT_CLICKED = "not_clicked"
    ANSWERED = "answered"


class Where(StrEnum):
    """The five parts of a message's people, as the figures say them."""

    WAITING = "waiting"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


_D = DeliveryStatus
PARTS: dict[Where, tuple[DeliveryStatus, ...]] = {
    Where.WAITING: (_D.QUEUED, _D.SENDING),
    Where.SENT: (_D.SENT, _D.DELIVERED, _D.BOUNCED),
    Where.SKIPPED: (_D.SKIPPED,),
    Where.FAILED: (_D.FAILED,),
    Where.UNKNOWN: (_D.UNKNOWN,),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which people: `part` and `touch_key` together name the people of one figure."""

    touch_key: str = ""
    part: Where | None = None
    did: Did | None = None
    words: str = ""
    after: int = 0
    limit: int = 51


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person."""

    status: DeliveryStatus
    reason: str
    sent_at: datetime | None
    clicked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person of the campaign. `mails` by the touch's key; one that was deleted since has no name."""

    contact: Contact
    mails: dict[str, Mail]
    answered: bool

    @property
    def clicked_at(self) -> datetime | None:
        return min((mail.clicked_at for mail in self.mails.values() if mail.clicked_at), default=None)


def recipients_for(session: Session, viewer: Viewer, campaign: Campaign, asked: Asked) -> list[Recipient]:
    """A page of people in the order they were taken onto the lists: three statements."""
    touches = [touch for touch in queries.touches_of(session, campaign.id) if touch.kind == EMAIL]
    if not touches:
        return []
    contacts = session.scalars(_wanted(viewer, campaign, touches, asked)).all()
    return _with_mails(session, campaign, touches, contacts)


def count_of(session: Session, viewer: Viewer, campaign: Campaign, asked: Asked) -> int:
    """How many people that are in all, counted up to MOST_COUNTED + 1. Two statements."""
    touches = [touch for touch in queries.touches_of(session, campaign.id) if touch.kind == EMAIL]
    if not touches:
        return 0
    everybody = replace(asked, after=0, limit=MOST_COUNTED + 1)
    people = _wanted(viewer, campaign, touches, everybody).with_only_columns(Contact.id).subquery()
    return int(session.scalar(select(func.count()).select_from(people)) or 0)


def all_recipients(
    database: Database, viewer: Viewer, campaign: Campaign, asked: Asked
) -> Iterator[Recipient]:
    """Everybody, in slices with a short transaction each: for a file that leaves while it is read."""
    after = 0
    while True:
        with database.reading(viewer.organisation_id) as session:
            part = Asked(asked.touch_key, asked.part, asked.did, asked.words, after, FILE_SLICE)
            found = recipients_for(session, viewer, campaign, part)
        yield from found
        if len(found) < FILE_SLICE:
            return
        after = found[-1].contact.id


def _wanted(
    viewer: Viewer, campaign: Campaign, touches: Sequence[CampaignTouch], asked: Asked
) -> Select[Contact]:
    named = [touch for touch in touches if touch.key == asked.touch_key]
    statement = (
        select(Contact)
        .join(Delivery, Delivery.contact_id == Contact.id)
        .where(
            Contact.partner_id == viewer.organisation_id,
            Contact.id > asked.after,
            Delivery.touch_id == (named or touches)[0].id,
            Delivery.occasion == 0,
        )
        .order_by(Contact.id)
        .limit(asked.limit)
    )
    if asked.part is not None:
        statement = statement.where(_stands(asked.part, touches, is_named=bool(named)))
    if asked.did is not None:
        statement = statement.where(_did(asked.did, campaign, [touch.id for touch in named or touches]))
    if words := asked.words.strip():
        statement = statement.where(_contains(words))
    return statement


def _stands(part: Where, touches: Sequence[CampaignTouch], *, is_named: bool) -> ColumnElement[bool]:
    if is_named:
        return Delivery.status.in_(PARTS[part])
    mail = aliased(Delivery)
    return exists().where(
        mail.touch_id.in_([touch.id for touch in touches]),
        mail.contact_id == Contact.id,
        mail.occasion == 0,
        mail.status.in_(PARTS[part]),
    )


def _did(did: Did, campaign: Campaign, touch_ids: Sequence[int]) -> ColumnElement[bool]:
    mail = aliased(Delivery)
    own = exists().where(mail.touch_id.in_(touch_ids), mail.contact_id == Contact.id, mail.occasion == 0)
    if did is Did.ANSWERED:
        event, of_event = aliased(TouchEvent), aliased(Delivery)
        return exists().where(
            event.campaign_id == campaign.id,
            event.kind.in_(ANSWERS),
            of_event.id == event.delivery_id,
            of_event.contact_id == Contact.id,
        )
    clicked = own.where(mail.clicked_at.is_not(None))
    return clicked if did is Did.CLICKED else ~clicked


def _contains(words: str) -> ColumnElement[bool]:
    return or_(
        *(
            column.icontains(words, autoescape=True)
            for column in (Contact.first_name, Contact.last_name, Contact.company, Contact.address)
        )
    )


def _with_mails(
    session: Session, campaign: Campaign, touches: Sequence[CampaignTouch], contacts: Sequence[Contact]
) -> list[Recipient]:
    keys = {touch.id: touch.key for touch in touches}
    ids = [contact.id for contact in contacts]
    mails: dict[int, dict[str, Mail]] = {}
    rows = session.scalars(
        select(Delivery).where(
            Delivery.touch_id.in_(list(keys)),
            Delivery.contact_id.in_(ids),
            Delivery.message_class == MessageClass.MARKETING,
        )
    )
    for row in rows:
        mail = Mail(row.status, row.reason, row.sent_at, row.clicked_at)
        mails.setdefault(row.contact_id, {})[keys[row.touch_id]] = mail
    answered = set(
        session.scalars(
            select(Delivery.contact_id)
            .join(TouchEvent, TouchEvent.delivery_id == Delivery.id)
            .where(
                TouchEvent.campaign_id == campaign.id,
                TouchEvent.kind.in_(ANSWERS),
                Delivery.contact_id.in_(ids),
            )
        )
    )
    return [Recipient(contact, mails.get(contact.id, {}), contact.id in answered) for contact in contacts]
