"""Tasks that a person put off."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import Json, Key, UtcDateTime
from tcma.db import Base
from tcma.tenancy import Tenancy


class Snooze(Base):
    """One kind of task, put off by one person in one organisation. It holds back only what was known then."""

    __tablename__ = "task_snoozes"
    __tenancy__ = Tenancy.ORGANISATION
    __table_args__ = (UniqueConstraint("user_id", "organisation_id", "kind"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))  # tasks.Kind
    subjects: Mapped[list[Any]] = mapped_column(Json)  # the findings it was about
    until: Mapped[datetime] = mapped_column(UtcDateTime)
