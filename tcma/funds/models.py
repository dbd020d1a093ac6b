"""A vendor's money for a period, who asked for it and what was granted."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import BigInt, Json, Key, PublicId, UtcDateTime, new_public_id, word
from tcma.db import Base
from tcma.errors import Conflict
from tcma.lifecycle import moved
from tcma.tenancy import Tenancy


class FundKind(StrEnum):
    MDF = "mdf"
    COOP = "coop"


class RequestStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    INFO_REQUESTED = "info_requested"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class CertificateStatus(StrEnum):
    OFFERED = "offered"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DECLINED = "declined"
    REVOKED = "revoked"
    EXPIRED = "expired"
    CLOSED = "closed"


class LineStatus(StrEnum):
    """A platform line's course: reserved at launch, counted while sending, released, settled."""

    RESERVED = "reserved"
    RELEASED = "released"
    SETTLED = "settled"


_R, _C, _L = RequestStatus, CertificateStatus, LineStatus

REQUEST_NEXT = {
    _R.DRAFT: {_R.SUBMITTED, _R.WITHDRAWN, _R.EXPIRED},
    _R.SUBMITTED: {
        _R.INFO_REQUESTED,
        _R.APPROVED,
        _R.DECLINED,
        _R.WITHDRAWN,
        _R.EXPIRED,
    },
    _R.INFO_REQUESTED: {_R.SUBMITTED, _R.WITHDRAWN, _R.EXPIRED},
    _R.APPROVED: set[RequestStatus](),
    _R.DECLINED: set[RequestStatus](),
    _R.WITHDRAWN: set[RequestStatus](),
    _R.EXPIRED: set[RequestStatus](),
}

CERTIFICATE_NEXT = {
    _C.OFFERED: {_C.ACTIVE, _C.DECLINED, _C.EXPIRED, _C.REVOKED},
    _C.ACTIVE: {_C.CLOSED, _C.EXPIRED, _C.REVOKED, _C.SUSPENDED},
    _C.SUSPENDED: {_C.ACTIVE, _C.REVOKED, _C.EXPIRED},
    _C.EXPIRED: {_C.CLOSED},
    _C.REVOKED: set[CertificateStatus](),
    _C.DECLINED: set[CertificateStatus](),
    _C.CLOSED: set[CertificateStatus](),
}

LINE_NEXT = {
    _L.RESERVED: {_L.RELEASED},
    _L.RELEASED: {_L.RESERVED, _L.SETTLED},
    _L.SETTLED: set[LineStatus](),
}


class Fund(Base):
    """MDF or co-op money of one vendor for one period in one currency, with its terms."""

    __tablename__ = "funds"
    __tenancy__ = Tenancy.ORGANISATION

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)  # the vendor
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[FundKind] = mapped_column(word(FundKind))
    currency: Mapped[str] = mapped_column(String(3))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    share_bp: Mapped[int] = mapped_column(Integer)  # vendor's share in hundredths of a percent
    cap_amount: Mapped[int] = mapped_column(BigInt)  # most one certificate may hold
    settle_days: Mapped[int] = mapped_column(Integer, default=90)
    terms_version: Mapped[str] = mapped_column(String(20))
    terms_text: Mapped[str] = mapped_column(Text)
    # Grants at once, read by rules.Rule: {"on": bool, "max_amount": int, "max_share_bp": int,
    # "tiers": [...], "activities": [...], "ready": bool, "notice_days": int}; a key left out asks nothing
    rule: Mapped[dict[str, object]] = mapped_column(Json)
    external_id: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("share_bp BETWEEN 0 AND 10000", name="share"),)


class FundingRequest(Base):
    """A partner asks for money; by rule or by a person it is approved or declined."""

    __tablename__ = "funding_requests"
    __tenancy__ = Tenancy.PARTNERSHIP
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    kit_id: Mapped[int | None] = mapped_column(ForeignKey("kits.id"))
    activity: Mapped[str] = mapped_column(String(40), default="campaign")
    amount: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    why: Mapped[str] = mapped_column(Text, default="")
    expected_leads: Mapped[int | None] = mapped_column(Integer)
    starts_on: Mapped[date | None] = mapped_column(Date)  # planned start, for the notice asked by the rule
    why_not: Mapped[list[str]] = mapped_column(Json, default=list)  # why the rule left it to a person
    question: Mapped[str] = mapped_column(Text, default="")  # the approver's, while information is asked
    answer: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[RequestStatus] = mapped_column(word(RequestStatus))
    terms_version: Mapped[str] = mapped_column(String(20))
    terms_text: Mapped[str] = mapped_column(Text)  # accepted by asking
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # first; the answer's clock runs from it
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_by_rule: Mapped[str | None] = mapped_column(Text)  # the rule's sentence, when no person decided
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decline_reason: Mapped[str] = mapped_column(Text, default="")
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    external_id: Mapped[str | None] = mapped_column(String(80))

    def submit(self, at: datetime) -> None:
        self._move_to(RequestStatus.SUBMITTED)
        self.submitted_at = at

    def ask_for_information(self, question: str) -> None:
        self._move_to(RequestStatus.INFO_REQUESTED)
        self.question = question

    def answer_question(self, answer: str) -> None:
        self._move_to(RequestStatus.SUBMITTED)
        self.answer = answer

    def approve(self, at: datetime, *, user_id: int | None, rule: str | None) -> None:
        self._move_to(RequestStatus.APPROVED)
        self.decided_at, self.decided_by_id, self.decided_by_rule = at, user_id, rule

    def decline(self, at: datetime, user_id: int, reason: str) -> None:
        self._move_to(RequestStatus.DECLINED)
        self.decided_at, self.decided_by_id, self.decline_reason = at, user_id, reason

    def withdraw(self) -> None:
        self._move_to(RequestStatus.WITHDRAWN)

    def expire(self) -> None:
        self._move_to(RequestStatus.EXPIRED)

    def _move_to(self, status: RequestStatus) -> None:
        self.status = moved("funding request", self.status, status, REQUEST_NEXT)


# What a certificate is worth is said once; afterwards people only move it.
_CHANGES = "status, ended_reason, terms_version, terms_text, accepted_by_id, accepted_at"


class Certificate(Base):
    """A funding certificate: the vendor pays a share of the partner's budget up to its amount."""

    __tablename__ = "certificates"
    __tenancy__ = Tenancy.PARTNERSHIP
    __inserted_by__ = ("vendor_id",)
    __web_rights__ = f"SELECT, INSERT, UPDATE ({_CHANGES})"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    code: Mapped[str] = mapped_column(String(20), unique=True)  # NW-7F4K-22QD
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    kit_id: Mapped[int | None] = mapped_column(ForeignKey("kits.id"))  # None: any kit of the vendor
    status: Mapped[CertificateStatus] = mapped_column(word(CertificateStatus))
    amount: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    share_bp: Mapped[int] = mapped_column(Integer)
    valid_until_on: Mapped[date] = mapped_column(Date)
    settle_by_on: Mapped[date] = mapped_column(Date)
    terms_version: Mapped[str] = mapped_column(String(20))
    terms_text: Mapped[str] = mapped_column(Text)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_reason: Mapped[str] = mapped_column(Text, default="")
    external_id: Mapped[str | None] = mapped_column(String(80))

    def usable_on(self, day: date) -> bool:
        """Whether something new may be reserved."""
        return self.status is CertificateStatus.ACTIVE and day <= self.valid_until_on

    def keeps_money_on(self, day: date) -> bool:
        """Whether released money stays on it: it is usable, or would be once resumed."""
        live = self.status in {CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED}
        return live and day <= self.valid_until_on

    def accept(self, user_id: int, at: datetime) -> None:
        self._move_to(CertificateStatus.ACTIVE)
        self.accepted_by_id, self.accepted_at = user_id, at

    def decline(self) -> None:
        self._move_to(CertificateStatus.DECLINED)

    def suspend(self, reason: str) -> None:
        self._move_to(CertificateStatus.SUSPENDED)
        self.ended_reason = reason

    def resume(self) -> None:
        self._move_to(CertificateStatus.ACTIVE)
        self.ended_reason = ""

    def revoke(self, reason: str) -> None:
        self._move_to(CertificateStatus.REVOKED)
        self.ended_reason = reason

    def expire(self) -> None:
        self._move_to(CertificateStatus.EXPIRED)

    def close(self) -> None:
        self._move_to(CertificateStatus.CLOSED)

    def _move_to(self, status: CertificateStatus) -> None:
        self.status = moved("certificate", self.status, status, CERTIFICATE_NEXT)


class UnitPrice(Base):
    """The operator's price of a platform unit from a day on: millionths of a minor unit per 1,000."""

    __tablename__ = "unit_prices"
    __tenancy__ = Tenancy.GLOBAL
    __append_only__ = True

    id: Mapped[Key]
    unit: Mapped[str] = mapped_column(String(20))  # message
    currency: Mapped[str] = mapped_column(String(3))
    price: Mapped[int] = mapped_column(BigInt)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)


class CostLine(Base):
    """One campaign's platform line: units counted so far and what each side bears of them."""

    __tablename__ = "cost_lines"
    __tenancy__ = Tenancy.PARTNERSHIP
    __inserted_by__ = __updated_by__ = ("partner_id",)
    __table_args__ = (Index("ix_cost_lines_campaign", "campaign_id", unique=True),)

    id: Mapped[Key]
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    currency: Mapped[str] = mapped_column(String(3))
    price: Mapped[int] = mapped_column(BigInt)  # as UnitPrice.price, frozen at launch
    share_bp: Mapped[int] = mapped_column(Integer)  # 0 without a certificate
    status: Mapped[LineStatus] = mapped_column(word(LineStatus))
    planned_units: Mapped[int] = mapped_column(BigInt)
    reserved_amount: Mapped[int] = mapped_column(BigInt)  # the vendor's part set aside: the cap
    units: Mapped[int] = mapped_column(BigInt, default=0)
    cost_amount: Mapped[int] = mapped_column(BigInt, default=0)
    vendor_amount: Mapped[int] = mapped_column(BigInt, default=0)
    settle_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(Integer, default=1)

    # Every write names the revision it read: two workers never post the same difference.
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012

    def release(self, settle_at: datetime | None) -> None:
        """Without a day to settle on, it waits for another launch."""
        self._move_to(LineStatus.RELEASED)
        self.settle_at = settle_at

    def reopen(self) -> None:
        """For another launch of its campaign; Conflict once something was counted."""
        if self.units or self.cost_amount or self.vendor_amount:
            raise Conflict("Messages of this campaign were counted already, so it cannot be launched again.")
        self._move_to(LineStatus.RESERVED)
        self.settle_at = None

    def settle(self) -> None:
        self._move_to(LineStatus.SETTLED)

    def _move_to(self, status: LineStatus) -> None:
        self.status = moved("cost line", self.status, status, LINE_NEXT)
