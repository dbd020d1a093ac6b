"""One vendor × one partner, and how an organisation presents itself."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tcma.columns import Json, Key, PublicId, UtcDateTime, new_public_id, word
from tcma.db import Base
from tcma.lifecycle import moved
from tcma.organisations.models import Organisation
from tcma.tenancy import Tenancy


class PartnershipStatus(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


NEXT = {
    PartnershipStatus.INVITED: {PartnershipStatus.ACTIVE},
    PartnershipStatus.ACTIVE: {PartnershipStatus.SUSPENDED, PartnershipStatus.ENDED},
    PartnershipStatus.SUSPENDED: {PartnershipStatus.ACTIVE, PartnershipStatus.ENDED},
    PartnershipStatus.ENDED: set[PartnershipStatus](),
}


class Partnership(Base):
    """What one vendor and one partner have with each other."""

    __tablename__ = "partnerships"
    __tenancy__ = Tenancy.PARTNERSHIP
    __inserted_by__ = ("vendor_id",)
    __table_args__ = (UniqueConstraint("vendor_id", "partner_id"),)

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    status: Mapped[PartnershipStatus] = mapped_column(word(PartnershipStatus))
    tier: Mapped[str] = mapped_column(String(40), default="")
    marketing_ready_until_on: Mapped[date | None] = mapped_column(Date)
    account_manager_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    external_id: Mapped[str | None] = mapped_column(String(80))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    vendor: Mapped[Organisation] = relationship(foreign_keys=[vendor_id])
    partner: Mapped[Organisation] = relationship(foreign_keys=[partner_id])

    @property
    def is_active(self) -> bool:
        return self.status is PartnershipStatus.ACTIVE

    def activate(self, at: datetime) -> None:
        self._move_to(PartnershipStatus.ACTIVE)
        self.activated_at = self.activated_at or at

    def suspend(self) -> None:
        self._move_to(PartnershipStatus.SUSPENDED)

    def end(self) -> None:
        self._move_to(PartnershipStatus.ENDED)

    def _move_to(self, status: PartnershipStatus) -> None:
        self.status = moved("partnership", self.status, status, NEXT)


class BrandProfile(Base):
    """Logo, colour, contact and sender of an organisation: its public face, so it is nobody's secret."""

    __tablename__ = "brand_profiles"
    __tenancy__ = Tenancy.GLOBAL

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), unique=True)
    colour: Mapped[str] = mapped_column(String(7))
    logo: Mapped[dict[str, Any] | None] = mapped_column(
        Json
    )  # campaigns.brand.LogoSet as JSON, see partners.brands
    website: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    imprint_url: Mapped[str] = mapped_column(String(300), default="")
    privacy_url: Mapped[str] = mapped_column(String(300), default="")
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_title: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_picture: Mapped[dict[str, Any] | None] = mapped_column(Json)  # campaigns.brand.Portrait as JSON
    sender_name: Mapped[str] = mapped_column(String(120), default="")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SenderStatus(StrEnum):
    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    LOST = "lost"


SENDER_NEXT = {
    SenderStatus.UNVERIFIED: {SenderStatus.VERIFIED},
    SenderStatus.VERIFIED: {SenderStatus.LOST},
    SenderStatus.LOST: {SenderStatus.VERIFIED},
}


class SenderDomain(Base):
    """The address of its own that an organisation's mail leaves from while its domain is verified."""

    __tablename__ = "sender_domains"
    __tenancy__ = Tenancy.ORGANISATION

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), unique=True)
    address: Mapped[str] = mapped_column(String(254))  # normalised
    domain: Mapped[str] = mapped_column(String(253), index=True)
    token: Mapped[str] = mapped_column(String(32))  # proves that whoever entered it looks after the domain
    status: Mapped[SenderStatus] = mapped_column(word(SenderStatus), default=SenderStatus.UNVERIFIED)
    looks: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # record's key: {found, seen}
    is_taken: Mapped[bool] = mapped_column(default=False)  # another organisation here sends from it
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # last asked to be looked up
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lost_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_verified(self) -> bool:
        return self.status is SenderStatus.VERIFIED

    def verify(self, at: datetime) -> None:
        self._move_to(SenderStatus.VERIFIED)
        self.verified_at, self.lost_at = at, None

    def lose(self, at: datetime) -> None:
        self._move_to(SenderStatus.LOST)
        self.lost_at = at

    def _move_to(self, status: SenderStatus) -> None:
        self.status = moved("sending domain", self.status, status, SENDER_NEXT)
