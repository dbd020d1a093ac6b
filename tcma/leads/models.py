"""A lead, the people and answers behind it, and how it came about."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.kit import Sale
from tcma.columns import Json, Key, PublicId, UtcDateTime, new_public_id, word
from tcma.companies.models import Company
from tcma.db import Base
from tcma.launches.models import Campaign
from tcma.lifecycle import moved
from tcma.organisations.models import Organisation, User
from tcma.tenancy import Tenancy


class LeadSource(StrEnum):
    PARTNER_SOURCED = "partner_sourced"
    JOINT = "joint"
    VENDOR_SOURCED = "vendor_sourced"


class Stage(StrEnum):
    IN_POOL = "in_pool"
    ASSIGNED = "assigned"
    NEW = "new"
    ACCEPTED = "accepted"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    OPPORTUNITY = "opportunity"
    WON = "won"
    LOST = "lost"
    PUSHED_BACK = "pushed_back"
    NURTURING = "nurturing"
    DISQUALIFIED = "disqualified"
    EXPIRED = "expired"


class Grade(StrEnum):
    INQUIRY = "inquiry"
    MQL = "mql"
    SQL = "sql"


_S = Stage
_EXITS = {_S.NURTURING, _S.DISQUALIFIED, _S.EXPIRED}

STAGE_NEXT = {
    _S.IN_POOL: {_S.NEW} | _EXITS,
    _S.ASSIGNED: {_S.NEW} | _EXITS,
    _S.NEW: {_S.ACCEPTED, _S.PUSHED_BACK} | _EXITS,
    _S.ACCEPTED: {_S.CONTACTED, _S.PUSHED_BACK} | _EXITS,
    _S.CONTACTED: {_S.QUALIFIED, _S.PUSHED_BACK} | _EXITS,
    _S.QUALIFIED: {_S.OPPORTUNITY} | _EXITS,
    _S.OPPORTUNITY: {_S.WON, _S.LOST} | _EXITS,
    _S.NURTURING: {_S.NEW, _S.DISQUALIFIED, _S.EXPIRED},
    _S.WON: set[Stage](),
    _S.LOST: set[Stage](),
    _S.PUSHED_BACK: set[Stage](),
    _S.DISQUALIFIED: set[Stage](),
    _S.EXPIRED: set[Stage](),
}

CLOSED = frozenset({_S.WON, _S.LOST, _S.PUSHED_BACK, _S.DISQUALIFIED, _S.EXPIRED})


class Lead(Base):
    """An open episode of one company's interest in one vendor, owned by one partner. No personal data."""

    __tablename__ = "leads"
    __tenancy__ = Tenancy.LEAD
    __inserted_by__ = ("owner_id",)
    __table_args__ = (
        Index(
            "ix_leads_open_episode",
            "owner_id",
            "vendor_id",
            "company_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_leads_inbox", "owner_id", "stage", "created_at"),
        Index("ix_leads_due", "stage", "clock_until"),
        Index("ix_leads_shelf_life", "closed_at", "shelf_life_until"),
        Index("ix_leads_of_campaigns", "vendor_id", "campaign_id", "owner_id"),  # counted without their rows
    )

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)  # first touch
    source: Mapped[LeadSource] = mapped_column(word(LeadSource))
    stage: Mapped[Stage] = mapped_column(word(Stage))
    grade: Mapped[Grade] = mapped_column(word(Grade))
    sale: Mapped[Sale] = mapped_column(word(Sale))
    is_returnable: Mapped[bool] = mapped_column(Boolean, default=False)  # the terms before launch said so
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # who answers it
    first_touch_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_touch_kind: Mapped[str] = mapped_column(String(20))
    attribution_rule: Mapped[str] = mapped_column(String(40))  # first_partner_touch_90_days
    shelf_life_until: Mapped[datetime] = mapped_column(UtcDateTime)
    shelf_life_warn_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # None once its holder was warned
    shelf_life_told_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # that it is over, still the owner's
    clock_from: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of the clock that runs: see LeadClock
    clock_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    comes_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of one in nurture, as new
    expected_on: Mapped[date | None] = mapped_column(Date)  # when it may be sold
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    external_id: Mapped[str | None] = mapped_column(String(80))

    company: Mapped[Company] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    vendor: Mapped[Organisation] = relationship(foreign_keys=[vendor_id])
    holder: Mapped[User | None] = relationship()

    @property
    def may_go_back(self) -> bool:
        """A push-back or the end of a clock may take it from its owner; own leads never leave."""
        return self.source is LeadSource.VENDOR_SOURCED or (
            self.source is LeadSource.JOINT and self.is_returnable
        )

    def move_to(self, stage: Stage, at: datetime) -> None:
        """The one mover; deeds record the transition's row beside it."""
        self.stage = moved("lead", self.stage, stage, STAGE_NEXT)
        self.updated_at = at
        self.closed_at = at if stage in CLOSED else None

    def take_back(self, stage: Stage, grade: Grade) -> None:
        """To where it was before its last deed, against the arrows; only an undo calls this."""
        self.stage, self.grade = stage, grade


class LeadPerson(Base):
    """A person of the buying group behind a lead."""

    __tablename__ = "lead_people"
    __tenancy__ = Tenancy.DISCLOSED
    __table_args__ = (
        UniqueConstraint("lead_id", "address"),
        Index("ix_lead_people_address", "owner_id", "address"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    address: Mapped[str] = mapped_column(String(320))  # lower case, IDNA
    name: Mapped[str] = mapped_column(String(160))
    phone: Mapped[str] = mapped_column(String(40), default="")
    disclosed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LeadAnswer(Base):
    """One form as it was answered: what, on which page, with which consent wordings shown and ticked."""

    __tablename__ = "lead_answers"
    __tenancy__ = Tenancy.DISCLOSED
    __table_args__ = (Index("ix_lead_answers_lead", "lead_id"),)

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("lead_people.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    request_key: Mapped[str] = mapped_column(String(64), unique=True)  # hash of the form and what it said
    page: Mapped[str] = mapped_column(String(200))
    fields: Mapped[dict[str, str]] = mapped_column(Json)
    # of the ticked: [{"key","version","purpose","party","text","discloses","asked","confirmed_at"}]
    consents: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    disclosed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LeadStep(Base):
    """One step of the path that led here, frozen when the answer came; machines left out."""

    __tablename__ = "lead_steps"
    __tenancy__ = Tenancy.LEAD
    __append_only__ = True
    __table_args__ = (UniqueConstraint("lead_id", "position"),)

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))  # launches.TouchEventKind
    touch_name: Mapped[str] = mapped_column(String(160))
    count: Mapped[int] = mapped_column(Integer, default=1)  # "Microsite, 2 visits"
    first_of_person: Mapped[bool] = mapped_column(Boolean, default=True)  # another person's path begins
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LeadTransition(Base):
    """Who moved a lead where, when and why. The vendor reads it: `reason` is a code word, never free text.

    Rows of one deed share `deed_key`; a deed taken back stays, and the row that took it back names it.
    """

    __tablename__ = "lead_transitions"
    __tenancy__ = Tenancy.LEAD
    __append_only__ = True

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    from_stage: Mapped[Stage | None] = mapped_column(word(Stage))
    to_stage: Mapped[Stage] = mapped_column(word(Stage))
    deed: Mapped[str] = mapped_column(String(20))  # dealings.Deed
    deed_key: Mapped[UUID] = mapped_column(PublicId)
    undoes_key: Mapped[UUID | None] = mapped_column(PublicId)
    reason: Mapped[str] = mapped_column(String(40), default="")
    before: Mapped[dict[str, Any]] = mapped_column(Json)  # what an undo brings back; times and ids only
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
