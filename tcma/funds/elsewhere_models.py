"""Money from elsewhere: what a partner notes of funds that are not on this installation."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import BigInt, Key, PublicId, UtcDateTime, new_public_id, word
from tcma.db import Base
from tcma.lifecycle import moved
from tcma.tenancy import Tenancy


class ElsewhereStatus(StrEnum):
    OPEN = "open"
    USED = "used"
    CLAIMED = "claimed"
    PAID = "paid"
    LAPSED = "lapsed"


_E = ElsewhereStatus

# The partner's own book: what was put down by mistake goes back one step.
ELSEWHERE_NEXT = {
    _E.OPEN: {_E.USED, _E.LAPSED},
    _E.USED: {_E.OPEN, _E.CLAIMED, _E.LAPSED},
    _E.CLAIMED: {_E.USED, _E.PAID, _E.LAPSED},
    _E.PAID: {_E.CLAIMED},
    _E.LAPSED: {_E.OPEN},
}


class ElsewhereMoney(Base):
    """One sum that another vendor promised a partner; nobody but the partner ever sees it."""

    __tablename__ = "elsewhere_money"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("share_bp IS NULL OR share_bp BETWEEN 1 AND 10000", name="share"),
        Index("ix_elsewhere_money_use_by", "partner_id", "use_by_on"),
        Index("ix_elsewhere_money_claim_by", "partner_id", "claim_by_on"),
    )

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    vendor_name: Mapped[str] = mapped_column(String(120))
    amount: Mapped[int] = mapped_column(BigInt)  # minor units
    currency: Mapped[str] = mapped_column(String(3))
    share_bp: Mapped[int | None] = mapped_column(Integer)  # hundredths of a percent the vendor pays, if known
    use_by_on: Mapped[date | None] = mapped_column(Date)
    claim_by_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[ElsewhereStatus] = mapped_column(word(ElsewhereStatus))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def move_to(self, status: ElsewhereStatus, at: datetime) -> None:
        self.status = moved("sum", self.status, status, ELSEWHERE_NEXT)
        self.updated_at = at


class ElsewhereFile(Base):
    """A paper that belongs to a sum; its bytes stand in storage under their hash."""

    __tablename__ = "elsewhere_files"
    __tenancy__ = Tenancy.PARTNER_PRIVATE

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    money_id: Mapped[int] = mapped_column(ForeignKey("elsewhere_money.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))  # as the person knows it, cleaned
    content_type: Mapped[str] = mapped_column(String(40))  # by content, never by name
    size: Mapped[int] = mapped_column(BigInt)
    sha256: Mapped[str] = mapped_column(String(64))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
