"""One message to one contact, the groups it travels in, and what happened afterwards."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import BigInt, Json, Key, UtcDateTime, word
from tcma.db import Base
from tcma.tenancy import Tenancy


class DeliveryStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


class MessageClass(StrEnum):
    MARKETING = "marketing"
    SERVICE = "service"


class TouchEventKind(StrEnum):
    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    VISITED = "visited"
    SUBMITTED = "submitted"
    REGISTERED = "registered"
    JOINED = "joined"
    ATTENDED = "attended"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


_D = DeliveryStatus

# `delivered -> bounced`: a late bounce outranks a delivery, so that shuffled events end the same.
DELIVERY_NEXT = {
    _D.QUEUED: {_D.SENDING, _D.SKIPPED},
    _D.SENDING: {_D.SENT, _D.FAILED, _D.QUEUED, _D.UNKNOWN},
    _D.SENT: {_D.DELIVERED, _D.BOUNCED},
    _D.DELIVERED: {_D.BOUNCED},
    _D.UNKNOWN: {_D.SENT, _D.DELIVERED, _D.BOUNCED, _D.QUEUED},
    _D.BOUNCED: set[DeliveryStatus](),
    _D.SKIPPED: set[DeliveryStatus](),
    _D.FAILED: set[DeliveryStatus](),
}


class Artefact(Base):
    """A message frozen for one touch and language: content by hash in storage, number in every token."""

    __tablename__ = "artefacts"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (UniqueConstraint("touch_id", "locale", "message_class", "key"),)

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    touch_id: Mapped[int] = mapped_column(ForeignKey("campaign_touches.id"))
    locale: Mapped[str] = mapped_column(String(12))
    message_class: Mapped[MessageClass] = mapped_column(word(MessageClass))
    key: Mapped[str] = mapped_column(String(64))  # hash of source, brands, regions, locale, compiler
    content_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Delivery(Base):
    """One message of one touch to one contact; `occasion` 0 in a sequence, the answer's id in service mail.

    Bulk rows queue themselves and are moved by set statements; DELIVERY_NEXT is what those obey.
    """

    __tablename__ = "deliveries"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (
        UniqueConstraint("touch_id", "contact_id", "occasion"),
        Index("ix_deliveries_open", "status", "touch_id", "id"),
        Index("ix_deliveries_contact", "contact_id"),
        Index("ix_deliveries_group", "group_id"),
        Index(
            "ix_deliveries_replied",
            "contact_id",
            "campaign_id",
            sqlite_where=text("replied_at IS NOT NULL"),
            postgresql_where=text("replied_at IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    touch_id: Mapped[int] = mapped_column(ForeignKey("campaign_touches.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    # whom it really went to: the contact's address may be corrected later; NULL until first claimed
    address_hash: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    occasion: Mapped[int] = mapped_column(BigInt, default=0)
    artefact_id: Mapped[int] = mapped_column(ForeignKey("artefacts.id"))
    message_class: Mapped[MessageClass] = mapped_column(word(MessageClass))
    status: Mapped[DeliveryStatus] = mapped_column(word(DeliveryStatus))
    reason: Mapped[str] = mapped_column(String(200), default="")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)  # real clock: backoff
    not_after: Mapped[datetime | None] = mapped_column(UtcDateTime)  # product's clock: too late from then on
    group_id: Mapped[int | None] = mapped_column(ForeignKey("send_groups.id"))
    provider_id: Mapped[str | None] = mapped_column(String(120))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clicked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # first click by a person
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # first reply by a person


class Chunk(Base):
    """A range of a touch's deliveries, leased as one so that partners take turns."""

    __tablename__ = "chunks"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (
        Index("ix_chunks_touch", "touch_id"),
        Index("ix_chunks_open", "done_at", "leased_at"),
    )

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    touch_id: Mapped[int] = mapped_column(ForeignKey("campaign_touches.id"))
    message_class: Mapped[MessageClass] = mapped_column(word(MessageClass), default=MessageClass.MARKETING)
    first_id: Mapped[int] = mapped_column(BigInt)
    last_id: Mapped[int] = mapped_column(BigInt)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    leased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SendGroup(Base):
    """At most 64 messages handed over together; its id is the attempt id the provider sees."""

    __tablename__ = "send_groups"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (Index("ix_send_groups_open", "finished_at", "worker_id"),)

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    touch_id: Mapped[int] = mapped_column(ForeignKey("campaign_touches.id"))
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    size: Mapped[int] = mapped_column(Integer)
    sent_count: Mapped[int] = mapped_column(Integer, default=0)  # accepted by the provider
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)  # real clock
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TouchEvent(Base):
    """Something a touch caused; appended once, by natural key."""

    __tablename__ = "touch_events"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __append_only__ = True
    __table_args__ = (
        Index("ix_touch_events_delivery", "delivery_id"),
        Index("ix_touch_events_campaign", "campaign_id", "kind"),
    )

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    kind: Mapped[TouchEventKind] = mapped_column(word(TouchEventKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    machine: Mapped[bool] = mapped_column(Boolean, default=False)
    natural_key: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    detail: Mapped[dict[str, Any] | None] = mapped_column(Json)  # link number, reason code: no personal data


class Unsubscription(Base):
    """A press of "stop": through which delivery, when; the suppression it caused stands in audiences."""

    __tablename__ = "unsubscriptions"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __append_only__ = True

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), unique=True)
    how: Mapped[str] = mapped_column(String(20))  # one_click, page
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
