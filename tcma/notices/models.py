"""Events told to people, the mails made of them, and what people do not want to hear about."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import Json, Key, UtcDateTime, word
from tcma.db import Base
from tcma.lifecycle import moved
from tcma.notices.kinds import NoticeKind
from tcma.tenancy import Tenancy


class MessageStatus(StrEnum):
    WAITING = "waiting"  # also between two tries
    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"
    DROPPED = "dropped"


MESSAGE_NEXT = {
    MessageStatus.WAITING: {
        MessageStatus.SENT,
        MessageStatus.REFUSED,
        MessageStatus.FAILED,
        MessageStatus.DROPPED,
    },
    MessageStatus.SENT: set[MessageStatus](),
    MessageStatus.REFUSED: set[MessageStatus](),
    MessageStatus.FAILED: set[MessageStatus](),
    MessageStatus.DROPPED: set[MessageStatus](),
}


class Notice(Base):
    """One event told to one person. Told again, it is the same row; what it said goes when its mail is through.

    Global, and only ever written by the role that serves people: nobody reads it back on a page, and
    whoever tells a person may be of another organisation than the person.
    """

    __tablename__ = "notices"
    __tenancy__ = Tenancy.GLOBAL
    __web_rights__ = "INSERT"
    __table_args__ = (
        UniqueConstraint("reader", "kind", "subject_key"),
        Index("ix_notices_due", "message_id", "due_at"),
    )

    id: Mapped[Key]
    kind: Mapped[NoticeKind] = mapped_column(word(NoticeKind))
    reader: Mapped[str] = mapped_column(
        String(260)
    )  # user id and organisation id, or an address without user
    subject_key: Mapped[str] = mapped_column(String(120))  # "lead:17", "certificate:5:45"
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(12))
    timezone: Mapped[str] = mapped_column(String(40))
    organisation_name: Mapped[str] = mapped_column(String(120))
    said: Mapped[dict[str, Any]] = mapped_column(
        Json
    )  # the values, as `values.kept` writes them; {} once sent
    path: Mapped[str] = mapped_column(String(300))
    token: Mapped[list[int] | None] = mapped_column(
        Json
    )  # [purpose, subject id] of the link made for the reader
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)  # as if nothing had been mailed before
    message_id: Mapped[int | None] = mapped_column(ForeignKey("platform_messages.id"))


class PlatformMessage(Base):
    """One mail to one person, made of the notices that name it. Sent again after a crash, never shared."""

    __tablename__ = "platform_messages"
    __tenancy__ = Tenancy.GLOBAL
    __web_rights__ = "INSERT"
    __table_args__ = (Index("ix_platform_messages_due", "status", "retry_at"),)

    id: Mapped[Key]
    kind: Mapped[NoticeKind] = mapped_column(word(NoticeKind))
    reader: Mapped[str] = mapped_column(String(260), index=True)
    status: Mapped[MessageStatus] = mapped_column(word(MessageStatus))
    reason: Mapped[str] = mapped_column(
        String(200), default=""
    )  # of a refusal, a failure, a drop; no address
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # real clock
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # real clock
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def end(self, status: MessageStatus, at: datetime, reason: str = "") -> None:
        self.status = moved("message", self.status, status, MESSAGE_NEXT)
        self.ended_at, self.reason, self.lease_until = at, reason[:200], None


class NoticeChoice(Base):
    """What one person switched off, or on again; without a row a kind is on."""

    __tablename__ = "notice_choices"
    __tenancy__ = Tenancy.GLOBAL  # belongs to a person, whatever organisations they are in
    __web_rights__ = "SELECT, INSERT, UPDATE"
    __table_args__ = (UniqueConstraint("user_id", "kind"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[NoticeKind] = mapped_column(word(NoticeKind))
    is_on: Mapped[bool] = mapped_column(Boolean)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
