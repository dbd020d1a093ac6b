"""A list counted in one pass: how many of its people are alike in all that pages and checks ask about them."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import accumulate
from operator import add
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from tcma.audiences import eligible, marks, vendor_view
from tcma.audiences.models import Basis, Contact, ListMember, PartnerSuppression

# What a mail may say of a person, by the name of its merge field.
FIELDS = {
    "contact.first_name": Contact.first_name,
    "contact.last_name": Contact.last_name,
    "contact.company": Contact.company,
    "contact.title": Contact.title,
}

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Alike:
    """`count` people of a list. `band` is one of `vendor_view.ORDER`, `lacks` what is not known: see `is_lacking`."""

    basis: Basis
    source: str
    band: str
    is_reachable: bool
    lacks: int
    count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Everybody on a list."""

    alike: tuple[Alike, ...]

    def count(self, which: Callable[[Alike], bool] = lambda found: True) -> int:
        return sum(found.count for found in self.alike if which(found))

    def by(
        self, trait: Callable[[Alike], T], which: Callable[[Alike], bool] = lambda found: True
    ) -> Counter[T]:
        """How many have which value of a trait."""
        counted: Counter[T] = Counter()
        for found in filter(which, self.alike):
            counted[trait(found)] += found.count
        return counted


class Moments:
    """When each of some people came or left: how many since a moment, without asking again as time goes by."""

    def __init__(self, rows: Iterable[tuple[datetime, int]]) -> None:
        ordered = sorted(rows)
        self._moments = array("d", (moment.timestamp() for moment, _ in ordered))
        self._until = array("q", accumulate((count for _, count in ordered), initial=0))

    def since(self, moment: datetime) -> int:
        """How many at `moment` or later."""
        return self._until[-1] - self._until[bisect_left(self._moments, moment.timestamp())]


def lacks() -> ColumnElement[int]:
    """In SQL: which of FIELDS are empty, as one number; grouping by four columns takes twice as long."""
    numbered = enumerate(FIELDS.values())
    return reduce(add, (case((column == "", 1 << number), else_=0) for number, column in numbered))


def is_lacking(found: int, field: str) -> bool:
    """Whether this field was empty where `lacks` found this."""
    return bool(found >> list(FIELDS).index(field) & 1)


def of_list(session: Session, partner_id: int, list_id: int) -> Tally:
    """One statement, where people changed since it was asked last."""
    return marks.kept(session, partner_id, ("tally", list_id), lambda: _tally(session, partner_id, list_id))


def additions(session: Session, partner_id: int, list_id: int) -> Moments:
    """When the people of a list came onto it. Counted as rarely."""
    rows = (
        select(ListMember.added_at, func.count())
        .where(ListMember.partner_id == partner_id, ListMember.list_id == list_id)
        .group_by(ListMember.added_at)
    )
    return marks.kept(session, partner_id, ("additions", list_id), lambda: Moments(_pairs(session, rows)))


def departures(session: Session, partner_id: int, list_id: int) -> Moments:
    """When people of a list stopped mail, each by the last time. Counted as rarely."""
    last = func.max(PartnerSuppression.at, type_=PartnerSuppression.at.type).label("at")
    each = leavers(partner_id, list_id, last).group_by(Contact.id).subquery()
    rows = select(each.c.at, func.count()).group_by(each.c.at)
    return marks.kept(session, partner_id, ("departures", list_id), lambda: Moments(_pairs(session, rows)))


def alike(session: Session, people: Select[Any]) -> list[tuple[Any, ...]]:
    """What `people` selects, each combination once, with how many are alike in all of it: one pass, however much is
    asked."""
    each = people.with_only_columns(
        *(column.label(f"what_{number}") for number, column in enumerate(people.selected_columns))
    ).subquery()
    rows = session.execute(select(*each.c, func.count()).group_by(*each.c))
    return [tuple(row) for row in rows]


def members(partner_id: int, *columns: Any) -> Select[Any]:
    """Columns of the people on a partner's lists."""
    return (
        select(*columns)
        .select_from(ListMember)
        .join(Contact, Contact.id == ListMember.contact_id)
        .where(
            ListMember.partner_id == partner_id,
            Contact.partner_id == partner_id,
            Contact.deleted_at.is_(None),
        )
    )


def leavers(partner_id: int, list_id: int, *columns: Any) -> Select[Any]:
    """Columns of the people on a list who stopped mail, with their suppressions."""
    return (
        members(partner_id, *columns)
        .join(PartnerSuppression, PartnerSuppression.address_hash == Contact.address_hash)
        .where(PartnerSuppression.partner_id == partner_id, ListMember.list_id == list_id)
    )


def _tally(session: Session, partner_id: int, list_id: int) -> Tally:
    people = members(
        partner_id,
        ListMember.basis,
        ListMember.source,
        vendor_view.band(),
        eligible.allowed(Contact, ListMember, partner_id),
        lacks(),
    )
    return Tally(
        tuple(
            Alike(basis, source, band, bool(is_reachable), lacking, count)
            for basis, source, band, is_reachable, lacking, count in alike(
                session, people.where(ListMember.list_id == list_id)
            )
        )
    )


def _pairs(session: Session, wanted: Any) -> Iterable[tuple[datetime, int]]:
    return ((moment, count) for moment, count in session.execute(wanted))
