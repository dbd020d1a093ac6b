"""What time it is. Outside production one row moves the time of web and worker together."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tcma.columns import BigInt
from tcma.db import Base
from tcma.errors import Refused
from tcma.tenancy import Tenancy

ROW = 1
UNDO = timedelta(seconds=10)  # what a deed tells the outside leaves after it
ON_THE_WAY = timedelta(seconds=5)  # a press in the last second still counts


class ClockOffset(Base):
    """One row at most: seconds the product's time is ahead of the real one."""

    __tablename__ = "clock_offset"
    __tenancy__ = Tenancy.GLOBAL
    __web_rights__ = "SELECT"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    seconds: Mapped[int] = mapped_column(BigInt, default=0)


def now(session: Session) -> datetime:
    """The product's time, aware, in UTC; the same offset throughout one transaction."""
    return real() + timedelta(seconds=_offset(session))


def real() -> datetime:
    """The machine's time: leases, heartbeats and rate limits go by it, never by the offset."""
    return datetime.now(UTC)


def advance(session: Session, by: timedelta) -> datetime:
    """Move the product's time forward (or back); refused in production."""
    if not session.info.get("movable_clock"):
        raise Refused("The clock of a production installation cannot be moved.")
    row = session.get(ClockOffset, ROW)
    if row is None:
        row = ClockOffset(id=ROW, seconds=0)
        session.add(row)
    row.seconds += int(by.total_seconds())
    session.flush()
    session.info["clock_offset"] = row.seconds
    return now(session)


def _offset(session: Session) -> int:
    if not session.info.get("movable_clock"):
        return 0
    if "clock_offset" not in session.info:
        found = session.scalar(select(ClockOffset.seconds).where(ClockOffset.id == ROW))
        session.info["clock_offset"] = found or 0
    return int(session.info["clock_offset"])
