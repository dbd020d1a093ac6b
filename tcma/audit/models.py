"""The audit trail and its seals."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import BigInt, Json, Key, UtcDateTime
from tcma.db import Base
from tcma.tenancy import Tenancy


class AuditEntry(Base):
    """One deed: who, as which organisation, on what. Ids only, never names or addresses."""

    __tablename__ = "audit_entries"
    __tenancy__ = Tenancy.ORGANISATION
    __append_only__ = True
    __table_args__ = (Index("ix_audit_entries_subject", "subject_kind", "subject_id"),)

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(String(60))  # campaign.paused
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInt)
    rule: Mapped[str | None] = mapped_column(String(80))  # acting for another by this rule
    detail: Mapped[dict[str, Any] | None] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditSeal(Base):
    """A keyed hash over an organisation's entries up to one id, chained to the seal before."""

    __tablename__ = "audit_seals"
    __tenancy__ = Tenancy.ORGANISATION
    __append_only__ = True
    __table_args__ = (UniqueConstraint("organisation_id", "last_entry_id"),)

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    first_entry_id: Mapped[int] = mapped_column(BigInt)
    last_entry_id: Mapped[int] = mapped_column(BigInt)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
