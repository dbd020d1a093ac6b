"""The job rows and the workers' heartbeats."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import Json, Key, UtcDateTime
from tcma.db import Base
from tcma.tenancy import Tenancy


class JobRow(Base):
    """One piece of work to do once; `key` makes asking twice the same as asking once."""

    __tablename__ = "jobs"
    __tenancy__ = Tenancy.GLOBAL  # ids only
    __web_rights__ = "SELECT, INSERT, UPDATE"
    __table_args__ = (Index("ix_jobs_due", "done_at", "failed_at", "due_at"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # real clock
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # real clock
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Worker(Base):
    """A worker process; its leases end when it stops beating (or, on PostgreSQL, loses its lock)."""

    __tablename__ = "workers"
    __tenancy__ = Tenancy.GLOBAL
    __web_rights__ = "SELECT"

    id: Mapped[Key]
    host: Mapped[str] = mapped_column(String(120))
    pid: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    progress_at: Mapped[datetime] = mapped_column(UtcDateTime)  # last poll that came back
    oldest_waiting_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of all rows, as it last looked
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
