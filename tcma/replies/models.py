"""Mails that came in, and the replies they were."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.replies import Kind
from tcma.columns import Key, PublicId, UtcDateTime, new_public_id, word
from tcma.db import Base
from tcma.tenancy import Tenancy


class InboundMail(Base):
    """Taken in and not read yet; its bytes are in storage. Gone once a worker has read it."""

    __tablename__ = "inbound_mails"
    __tenancy__ = Tenancy.GLOBAL  # whose it is stands in its address, which is not verified yet
    __web_rights__ = "SELECT, INSERT"

    id: Mapped[Key]
    recipient: Mapped[str] = mapped_column(String(320))
    envelope_sender: Mapped[str | None] = mapped_column(String(320))  # "" of reports, None where unknown
    kept_as: Mapped[str] = mapped_column(String(64))  # in storage, see intake
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Reply(Base):
    """A mail that answers one of a campaign's. `delivery_id` and `contact_id` are None where nobody knows which
    person's mail it answers."""

    __tablename__ = "replies"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (Index("ix_replies_campaign", "campaign_id", "id"),)

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    touch_id: Mapped[int] = mapped_column(ForeignKey("campaign_touches.id"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    natural_key: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    kind: Mapped[Kind] = mapped_column(word(Kind))
    address: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(400), default="")
    subject: Mapped[str] = mapped_column(String(400), default="")
    text: Mapped[str] = mapped_column(Text)
    attachment_count: Mapped[int] = mapped_column(Integer, default=0)
    kept_as: Mapped[str] = mapped_column(String(64))  # the whole mail, in storage
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("leads.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
