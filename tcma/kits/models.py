"""Kits and their versions. What a version says stands in its files; the rows say what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tcma.columns import BigInt, Json, Key, PublicId, UtcDateTime, new_public_id, word
from tcma.db import Base
from tcma.lifecycle import moved
from tcma.tenancy import Tenancy


class VersionStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RECALLED = "recalled"


NEXT = {
    VersionStatus.DRAFT: {VersionStatus.IN_REVIEW},
    VersionStatus.IN_REVIEW: {VersionStatus.DRAFT, VersionStatus.PUBLISHED},
    VersionStatus.PUBLISHED: {
        VersionStatus.SUPERSEDED,
        VersionStatus.WITHDRAWN,
        VersionStatus.EXPIRED,
        VersionStatus.RECALLED,
    },
    VersionStatus.SUPERSEDED: {VersionStatus.RECALLED},
    VersionStatus.WITHDRAWN: {VersionStatus.RECALLED},
    VersionStatus.EXPIRED: {VersionStatus.RECALLED},
    VersionStatus.RECALLED: set[VersionStatus](),
}


class Kit(Base):
    """What a vendor publishes, over all its versions."""

    __tablename__ = "kits"
    __tenancy__ = Tenancy.OFFERED
    __table_args__ = (UniqueConstraint("vendor_id", "slug"),)

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(160))
    external_id: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # first publication


class KitVersion(Base):
    """One immutable state of a kit's files; a draft is replaced by the next import, never edited."""

    __tablename__ = "kit_versions"
    __tenancy__ = Tenancy.OFFERED
    __table_args__ = (UniqueConstraint("kit_id", "number"),)

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    kit_id: Mapped[int] = mapped_column(ForeignKey("kits.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int] = mapped_column(Integer)
    status: Mapped[VersionStatus] = mapped_column(word(VersionStatus))
    source_hash: Mapped[str] = mapped_column(String(64))
    languages: Mapped[list[str]] = mapped_column(Json)  # complete ones; the first is the default
    summary: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # kits.summaries.Summary, for lists
    change_note: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # publication of this version
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_reason: Mapped[str] = mapped_column(Text, default="")

    kit: Mapped[Kit] = relationship()

    @property
    def is_launchable(self) -> bool:
        return self.status is VersionStatus.PUBLISHED

    def submit(self) -> None:
        self._move_to(VersionStatus.IN_REVIEW)

    def return_to_draft(self) -> None:
        self._move_to(VersionStatus.DRAFT)

    def publish(self, user_id: int, at: datetime) -> None:
        self._move_to(VersionStatus.PUBLISHED)
        self.published_by_id, self.offered_at = user_id, at
        self.kit.offered_at = self.kit.offered_at or at

    def supersede(self, at: datetime) -> None:
        self._move_to(VersionStatus.SUPERSEDED)
        self.ended_at = at

    def withdraw(self, reason: str, at: datetime) -> None:
        self._move_to(VersionStatus.WITHDRAWN)
        self.ended_at, self.ended_reason = at, reason

    def expire(self, at: datetime) -> None:
        self._move_to(VersionStatus.EXPIRED)
        self.ended_at = at

    def recall(self, reason: str, at: datetime) -> None:
        self._move_to(VersionStatus.RECALLED)
        self.ended_at, self.ended_reason = at, reason

    def _move_to(self, status: VersionStatus) -> None:
        self.status = moved("kit version", self.status, status, NEXT)


class KitFile(Base):
    """One file of a version; its bytes stand in storage under their hash."""

    __tablename__ = "kit_files"
    __tenancy__ = Tenancy.OFFERED
    __table_args__ = (UniqueConstraint("kit_version_id", "path"),)

    id: Mapped[Key]
    kit_version_id: Mapped[int] = mapped_column(ForeignKey("kit_versions.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    path: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInt)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KitRelease(Base):
    """A version released in one language for one country (`""`: every country)."""

    __tablename__ = "kit_releases"
    __tenancy__ = Tenancy.OFFERED
    __table_args__ = (UniqueConstraint("kit_version_id", "locale", "country"),)

    id: Mapped[Key]
    kit_version_id: Mapped[int] = mapped_column(ForeignKey("kit_versions.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    locale: Mapped[str] = mapped_column(String(12))
    country: Mapped[str] = mapped_column(String(2), default="")
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
