"""Counts of people are kept until one of the people changes.

Every deed that changes a partner's contacts, members, suppressions or consents says `people_changed`; its
transaction then draws a new mark for the partner. `kept` counts once for a mark. See docs/decisions/0021.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tcma.audiences.models import PlatformSuppression
from tcma.columns import BigInt, Key, new_mark
from tcma.db import Base, before_commit, insert_into
from tcma.tenancy import Tenancy

MOST = 256  # values a process keeps of one database; the one not asked for the longest goes first

T = TypeVar("T")


class PeopleMark(Base):
    """A number drawn anew by every transaction that changes whom a partner's lists reach."""

    __tablename__ = "people_marks"
    __tenancy__ = Tenancy.PARTNER_PRIVATE

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), unique=True)
    mark: Mapped[int] = mapped_column(BigInt)


# The partner's mark and how many addresses nobody may write to: those are only ever added.
_State = tuple[int, int]


def people_changed(session: Session, partner_id: int) -> None:
    """To be said by whoever writes contacts, members, suppressions or consents of a partner, in the transaction
    that writes them."""
    before_commit(session, ("people", partner_id), lambda: _draw(session, partner_id))


def kept(session: Session, partner_id: int, what: tuple[Any, ...], count: Callable[[], T]) -> T:
    """What `count` finds, asked only where the partner's people changed since it was asked last; one statement.

    `what` names the figure with everything it is made of beside the people, and the value must not depend on the
    moment it was counted. A transaction that writes counts anew each time: its own changes have no mark yet.
    """
    before = _state(session, partner_id) if session.info.get("read_only") else None
    if before is None:
        return count()
    memory: _Memory = session.info["memory"].setdefault("people", _Memory())
    known = memory.get((partner_id, *what))
    if known is not None and known[0] == before:
        value: T = known[1]
        return value
    value = count()
    # Somebody may have changed the people between the two statements.
    if _read_state(session, partner_id) == before:
        memory.put((partner_id, *what), (before, value))
    return value


class _Memory:
    """The values asked for last, for the threads of a process."""

    def __init__(self) -> None:
        self._values: OrderedDict[tuple[Any, ...], tuple[_State, Any]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[Any, ...]) -> tuple[_State, Any] | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: tuple[Any, ...], value: tuple[_State, Any]) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > MOST:
                self._values.popitem(last=False)


def _state(session: Session, partner_id: int) -> _State | None:
    """As this session saw it first: what was counted for it fits all that is read later, or is a little newer."""
    seen: dict[int, _State | None] = session.info.setdefault("people_states", {})
    if partner_id not in seen:
        seen[partner_id] = _read_state(session, partner_id)
    return seen[partner_id]


def _read_state(session: Session, partner_id: int) -> _State | None:
    everywhere = select(func.count()).select_from(PlatformSuppression).scalar_subquery()
    row = session.execute(
        select(PeopleMark.mark, everywhere).where(PeopleMark.partner_id == partner_id)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _draw(session: Session, partner_id: int) -> None:
    drawn = insert_into(session, PeopleMark).values(partner_id=partner_id, mark=new_mark())
    session.execute(
        drawn.on_conflict_do_update(index_elements=["partner_id"], set_={"mark": drawn.excluded.mark})
    )
