"""The chart of accounts and the rows of the ledger. Only `ledger` writes them.

Both parties of a row read it; only its holder writes it. A partner's deeds that move a vendor's money
(setting aside at launch, giving back) do so in blocks that name their rule.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import BigInt, Key, UtcDateTime, word
from tcma.db import Base
from tcma.tenancy import Tenancy


class AccountKind(StrEnum):
    ALLOCATED = "allocated"  # per fund, never above zero: the contra account
    FREE = "free"
    LAPSED = "lapsed"
    ISSUED = "issued"  # per certificate from here
    RESERVED = "reserved"
    CAPTURED = "captured"
    IN_CLAIM = "in_claim"
    PAYABLE = "payable"
    PAID = "paid"
    VENDOR_DUE = "vendor_due"  # what the vendor owes the operator
    SHARE_DUE = "share_due"  # what the partner owes the operator
    PLATFORM_INCOME = "platform_income"  # the operator's, never above zero


class Event(StrEnum):
    ALLOCATED = "allocated"
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"  # unreserved money of a revoked, declined or expired certificate
    RESERVED = "reserved"
    CAPTURED = "captured"
    CORRECTED = "corrected"  # a hard bounce lowered the count
    RELEASED = "released"
    SETTLED = "settled"
    LAPSED = "lapsed"


CONTRA = (AccountKind.ALLOCATED, AccountKind.PLATFORM_INCOME)


class LedgerAccount(Base):
    """A balance in minor units: the sum of its entries, cached."""

    __tablename__ = "ledger_accounts"
    __tenancy__ = Tenancy.PAIR
    __inserted_by__ = __updated_by__ = ("holder_id",)
    __web_rights__ = "SELECT, INSERT, UPDATE (balance)"  # nothing else of an account ever changes
    __table_args__ = (
        CheckConstraint(
            "(kind IN ('allocated', 'platform_income') AND balance <= 0)"
            " OR (kind NOT IN ('allocated', 'platform_income') AND balance >= 0)",
            name="side",
        ),
        Index("ix_ledger_accounts_fund", "fund_id"),
        Index("ix_ledger_accounts_certificate", "certificate_id"),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80), unique=True)  # fund:3:free, certificate:7:issued, …
    kind: Mapped[AccountKind] = mapped_column(word(AccountKind))
    fund_id: Mapped[int | None] = mapped_column(ForeignKey("funds.id"))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    currency: Mapped[str] = mapped_column(String(3))
    balance: Mapped[int] = mapped_column(BigInt, default=0)


class LedgerPosting(Base):
    """One event of money; its entries sum to zero. `key` makes a repeated event post once."""

    __tablename__ = "ledger_postings"
    __tenancy__ = Tenancy.PAIR
    __inserted_by__ = ("holder_id",)
    __append_only__ = True

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    event: Mapped[Event] = mapped_column(word(Event))
    holder_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    fund_id: Mapped[int | None] = mapped_column(ForeignKey("funds.id"), index=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LedgerEntry(Base):
    """An amount on one account; never changed, never deleted."""

    __tablename__ = "ledger_entries"
    __tenancy__ = Tenancy.PAIR
    __inserted_by__ = ("holder_id",)
    __append_only__ = True

    id: Mapped[Key]
    posting_id: Mapped[int] = mapped_column(ForeignKey("ledger_postings.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_accounts.id"), index=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    amount: Mapped[int] = mapped_column(BigInt)
    # As on the posting, which not every party of an entry may read.
    event: Mapped[Event] = mapped_column(word(Event))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
