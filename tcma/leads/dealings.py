"""What is done with a lead: its clocks, notes, the four answers, amounts, and links that do it from a mail."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import BigInt, Json, Key, PublicId, UtcDateTime, word
from tcma.db import Base
from tcma.tenancy import Tenancy


class Deed(StrEnum):
    """What was done; the word stands in the history, the toast and the audit trail."""

    BEGAN = "began"
    ANSWERED_AGAIN = "answered_again"
    ACCEPTED = "accepted"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    REPORTED = "reported"  # "still working on it": an update without a move
    NURTURED = "nurtured"
    CAME_BACK = "came_back"
    PUSHED_BACK = "pushed_back"
    DISQUALIFIED = "disqualified"
    WON = "won"
    LOST = "lost"
    HANDED = "handed"
    EXPIRED = "expired"
    UNDONE = "undone"


class ClockKind(StrEnum):
    ACCEPT = "accept"
    CONTACT = "contact"
    UPDATE = "update"
    NURTURE = "nurture"  # when it comes back, or is looked at again


class NoteKind(StrEnum):
    NOTE = "note"
    CALL = "call"  # an attempt
    MAIL = "mail"  # an attempt
    SPOKE = "spoke"  # what a contact brought


class Question(StrEnum):
    """The four of BANT, in the order they are asked."""

    BUDGET = "budget"
    AUTHORITY = "authority"
    NEED = "need"
    TIMING = "timing"


class Finding(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Horizon(StrEnum):
    """The answers to "When?"; the last counts as a no for now."""

    THIS_QUARTER = "this_quarter"
    THIS_YEAR = "this_year"
    LATER = "later"


class AmountKind(StrEnum):
    EXPECTED = "expected"
    WON = "won"


class LeadClock(Base):
    """One stretch in which something is due, in the working hours of who holds the lead.

    At most one of a lead is neither met nor dropped; the lead repeats its two times. The vendor reads it:
    reporting on time is what it gets for its money.
    """

    __tablename__ = "lead_clocks"
    __tenancy__ = Tenancy.LEAD
    __inserted_by__ = __updated_by__ = ("owner_id",)
    __table_args__ = (
        Index("ix_lead_clocks_lead", "lead_id"),
        Index("ix_lead_clocks_due", "owner_id", "kind", "due_at"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[ClockKind] = mapped_column(word(ClockKind))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None once its holder was warned
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # nothing was due any more


class LeadNote(Base):
    """A line somebody at the owner wrote, or an attempt to reach the person."""

    __tablename__ = "lead_notes"
    __tenancy__ = Tenancy.DISCLOSED
    __table_args__ = (Index("ix_lead_notes_lead", "lead_id"),)

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[NoteKind] = mapped_column(word(NoteKind))
    text: Mapped[str] = mapped_column(Text, default="")
    deed_key: Mapped[UUID | None] = mapped_column(PublicId)  # goes when its deed is taken back
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    disclosed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LeadFinding(Base):
    """One answer to one of the four questions, with its evidence; the latest of a question counts."""

    __tablename__ = "lead_findings"
    __tenancy__ = Tenancy.DISCLOSED
    __table_args__ = (Index("ix_lead_findings_lead", "lead_id"),)

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    question: Mapped[Question] = mapped_column(word(Question))
    finding: Mapped[Finding] = mapped_column(word(Finding))
    horizon: Mapped[Horizon | None] = mapped_column(word(Horizon))  # of TIMING
    evidence: Mapped[str] = mapped_column(Text, default="")
    found_on: Mapped[date] = mapped_column(Date)
    deed_key: Mapped[UUID] = mapped_column(PublicId)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    disclosed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LeadAmount(Base):
    """What this vendor's products in a lead are worth; shared with the vendor."""

    __tablename__ = "lead_amounts"
    __tenancy__ = Tenancy.LEAD
    __inserted_by__ = __updated_by__ = ("owner_id",)
    __table_args__ = (Index("ix_lead_amounts_lead", "lead_id"),)

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[AmountKind] = mapped_column(word(AmountKind))
    product: Mapped[str] = mapped_column(String(80))
    amount: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    deed_key: Mapped[UUID] = mapped_column(PublicId)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LeadDeal(Base):
    """What the whole deal is worth to the partner: its own figure, which no vendor sees."""

    __tablename__ = "lead_deals"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (Index("ix_lead_deals_lead", "lead_id"),)

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    amount: Mapped[int] = mapped_column(BigInt)
    currency: Mapped[str] = mapped_column(String(3))
    deed_key: Mapped[UUID] = mapped_column(PublicId)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LeadLink(Base):
    """What a mail lets its reader do without signing in: with these leads, until then. The token that names the
    row is signed for one person, in whose name it is done."""

    __tablename__ = "lead_links"
    __tenancy__ = Tenancy.ORGANISATION

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    lead_ids: Mapped[list[int]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
