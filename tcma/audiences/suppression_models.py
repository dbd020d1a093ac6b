"""Large files of addresses that get no mail, while they are read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import Key, PublicId, UtcDateTime, new_public_id
from tcma.db import Base
from tcma.tenancy import Tenancy


class SuppressionImport(Base):
    """One file, read by a job: how far it is, what came of it. The file itself goes when it was read."""

    __tablename__ = "suppression_imports"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (Index("ix_suppression_imports_partner", "partner_id", "id"),)

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    row_estimate: Mapped[int] = mapped_column(Integer)  # of the whole file, by its size
    row_count: Mapped[int] = mapped_column(Integer, default=0)  # read so far: where a killed import goes on
    added_count: Mapped[int] = mapped_column(Integer, default=0)
    known_count: Mapped[int] = mapped_column(Integer, default=0)
    unusable_count: Mapped[int] = mapped_column(Integer, default=0)
    problem: Mapped[str] = mapped_column(Text, default="")  # why it could not be read to its end
    imported_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_under_way(self) -> bool:
        return self.finished_at is None
