"""A prospect's company."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import Key, PublicId, UtcDateTime, new_public_id
from tcma.db import Base
from tcma.tenancy import Tenancy


class Company(Base):
    """A company as one owner knows it; matched across owners only by keyed hashes of domain and name."""

    __tablename__ = "companies"
    __tenancy__ = Tenancy.ORGANISATION
    __table_args__ = (
        Index("ix_companies_domain", "organisation_id", "domain_key", unique=True),
        Index("ix_companies_name", "organisation_id", "name_key"),
        Index("ix_companies_domain_key", "domain_key"),
    )

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(160))
    domain: Mapped[str | None] = mapped_column(String(253))
    domain_key: Mapped[bytes] = mapped_column(LargeBinary(16))  # of the name behind a free-mail address
    name_key: Mapped[bytes] = mapped_column(LargeBinary(16))
    country: Mapped[str | None] = mapped_column(String(2))
    employees: Mapped[str] = mapped_column(String(40), default="")  # as given, number or band
    employees_min: Mapped[int | None] = mapped_column(Integer)
    employees_max: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
