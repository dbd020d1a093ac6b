"""What a list is made of: sizes, countries, bases, growth, who left."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import eligible, marks, queries, vendor_view
from tcma.audiences.bases import BUSINESS_CONTACT_ALLOWED
from tcma.audiences.models import (
    Basis,
    Contact,
    ContactImport,
    ContactList,
    ListMember,
    PartnerSuppression,
    SuppressionReason,
)
from tcma.viewer import Viewer

RECENT = timedelta(days=30)
PAGE = 50


@dataclass(frozen=True, slots=True)
class ListFigures:
    """A list with its people, and those of them whom marketing reaches now, also by employees of their company."""

    list: ContactList
    people_count: int
    reachable_count: int
    bases: Mapping[Basis, int]
    reachable: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Portrait:
    """The people of a list: `bands` (by employees of their company), `bases` and `sources` sum to `people_count`,
    `reachable` (those whom marketing reaches now, by band) to `reachable_count`; `added_count` and `left_count` are
    of the last 30 days."""

    list: ContactList
    people_count: int
    reachable_count: int
    bands: Mapping[str, int]
    reachable: Mapping[str, int]
    bases: Mapping[Basis, int]
    sources: Mapping[str, int]
    added_count: int
    left_count: int


@dataclass(frozen=True, slots=True)
class Offer:
    """How far each legal basis would reach for the people of a file. Business contacts count where the law
    allows: `business_countries`; `other_countries` are the rest, "" for people whose country is not known."""

    people_count: int
    business_count: int
    business_countries: tuple[str, ...]
    other_countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """The people a file brought: how far each basis would reach, by employees of their company, and how many have
    no first name."""

    offer: Offer
    bands: Mapping[str, int]
    nameless_count: int


@dataclass(frozen=True, slots=True)
class Leaver:
    """A person on a list who gets no more mail: why, and since when. `number` is where the next page goes on."""

    contact: Contact
    reason: SuppressionReason
    at: datetime
    number: int


def lists_for(session: Session, viewer: Viewer) -> list[ListFigures]:
    """All lists by name, with figures: two statements, however many lists, and one more that counts their people
    where these changed."""
    partner_id = viewer.organisation_id
    lists = session.scalars(
        select(ContactList)
        .where(ContactList.partner_id == partner_id, ContactList.deleted_at.is_(None))
        .order_by(ContactList.name, ContactList.id)
    ).all()
    ids = tuple(sorted(found.id for found in lists))
    counted = marks.kept(session, partner_id, ("lists", ids), lambda: _counted(session, partner_id, ids))
    return [
        ListFigures(
            list=found,
            people_count=bases.total(),
            reachable_count=reachable.total(),
            bases=bases,
            reachable=reachable,
        )
        for found in lists
        for bases, reachable in (counted[found.id],)
    ]


def portrait(session: Session, found: ContactList) -> Portrait:
    """One statement, and three that go once through the list where its people changed."""
    since = clock.now(session) - RECENT
    seen = marks.kept(session, found.partner_id, ("portrait", found.id), lambda: _seen(session, found))
    return Portrait(
        list=found,
        people_count=seen.bands.total(),
        reachable_count=seen.reachable.total(),
        bands=_in_order(seen.bands),
        reachable=seen.reachable,
        bases=seen.bases,
        sources=seen.sources,
        added_count=seen.added.since(since),
        left_count=seen.left.since(since),
    )


def brought_by(session: Session, found: ContactImport) -> Brought:
    """One statement, and one more over the people the file brought where people changed."""
    return marks.kept(session, found.partner_id, ("brought", found.id), lambda: _brought(session, found))


def _brought(session: Session, found: ContactImport) -> Brought:
    countries: Counter[str] = Counter()
    bands: Counter[str] = Counter()
    nameless = 0
    for country, band, is_nameless, count in _alike(
        session,
        _members(found.partner_id, Contact.country, vendor_view.band(), Contact.first_name == "").where(
            ListMember.list_id == found.list_id, ListMember.import_id == found.id
        ),
    ):
        countries[country] += count
        bands[band] += count
        nameless += count if is_nameless else 0
    return Brought(_offer(countries), _in_order(bands), nameless)


def _offer(countries: Counter[str]) -> Offer:
    allowed = {code: count for code, count in countries.items() if code in BUSINESS_CONTACT_ALLOWED}
    return Offer(
        people_count=countries.total(),
        business_count=sum(allowed.values()),
        business_countries=tuple(sorted(allowed)),
        other_countries=tuple(sorted(code for code in countries if code not in allowed)),
    )


def leavers_of(
    session: Session, viewer: Viewer, list_id: UUID, *, after: int = 0, limit: int = PAGE
) -> list[Leaver]:
    """People of a list who get no more mail, newest first, behind the number `after`."""
    found = queries.find_list(session, viewer, list_id)
    columns = (Contact, PartnerSuppression.reason, PartnerSuppression.at, PartnerSuppression.id)
    wanted = _leavers(viewer.organisation_id, found.id, *columns)
    if after:
        wanted = wanted.where(PartnerSuppression.id < after)
    rows = session.execute(wanted.order_by(PartnerSuppression.id.desc()).limit(limit))
    return [Leaver(*row) for row in rows]


def newest_imports(session: Session, viewer: Viewer) -> dict[int, ContactImport]:
    """The newest file of every list that has one, by the list's number."""
    newest = (
        select(func.max(ContactImport.id))
        .where(ContactImport.partner_id == viewer.organisation_id)
        .group_by(ContactImport.list_id)
    )
    found = session.scalars(select(ContactImport).where(ContactImport.id.in_(newest)))
    return {one.list_id: one for one in found}


class _Moments:
    """When each of some people came or left: how many since a moment, without asking again as time goes by."""

    def __init__(self, rows: Iterable[tuple[datetime, int]]) -> None:
        ordered = sorted(rows)
        self._moments = array("d", (moment.timestamp() for moment, _ in ordered))
        self._until = array("q", accumulate((count for _, count in ordered), initial=0))

    def since(self, moment: datetime) -> int:
        """How many at `moment` or later."""
        return self._until[-1] - self._until[bisect_left(self._moments, moment.timestamp())]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A portrait that does not depend on today's date."""

    bands: Counter[str]
    reachable: Counter[str]
    bases: Counter[Basis]
    sources: Counter[str]
    added: _Moments
    left: _Moments


def _counted(
    session: Session, partner_id: int, list_ids: tuple[int, ...]
) -> dict[int, tuple[Counter[Basis], Counter[str]]]:
    """By list: its people by basis, and those whom marketing reaches by band."""
    counted: dict[int, tuple[Counter[Basis], Counter[str]]] = {
        list_id: (Counter(), Counter()) for list_id in list_ids
    }
    is_reachable = eligible.allowed(Contact, ListMember, partner_id)
    people = _members(partner_id, ListMember.list_id, ListMember.basis, vendor_view.band(), is_reachable)
    for list_id, basis, band, reached, count in _alike(
        session, people.where(ListMember.list_id.in_(counted))
    ):
        bases, reachable = counted[list_id]
        bases[basis] += count
        if reached:
            reachable[band] += count
    return counted


def _seen(session: Session, found: ContactList) -> _Seen:
    partner_id, here = found.partner_id, ListMember.list_id == found.id
    bands: Counter[str] = Counter()
    reachable: Counter[str] = Counter()
    bases: Counter[Basis] = Counter()
    sources: Counter[str] = Counter()
    is_reachable = eligible.allowed(Contact, ListMember, partner_id)
    people = _members(partner_id, vendor_view.band(), ListMember.basis, ListMember.source, is_reachable)
    for band, basis, source, reached, count in _alike(session, people.where(here)):
        bands[band] += count
        bases[basis] += count
        sources[source] += count
        if reached:
            reachable[band] += count
    added = _members(partner_id, ListMember.added_at, func.count()).where(here).group_by(ListMember.added_at)
    last = func.max(PartnerSuppression.at, type_=PartnerSuppression.at.type)
    left = _leavers(partner_id, found.id, last.label("at")).group_by(Contact.id).subquery()
    return _Seen(
        bands=bands,
        reachable=reachable,
        bases=bases,
        sources=sources,
        added=_Moments(_pairs(session, added)),
        left=_Moments(_pairs(session, select(left.c.at, func.count()).group_by(left.c.at))),
    )


def _pairs(session: Session, wanted: Select[Any]) -> Iterable[tuple[datetime, int]]:
    return ((moment, count) for moment, count in session.execute(wanted))


def _members(partner_id: int, *columns: Any) -> Select[Any]:
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


def _leavers(partner_id: int, list_id: int, *columns: Any) -> Select[Any]:
    return (
        _members(partner_id, *columns)
        .join(PartnerSuppression, PartnerSuppression.address_hash == Contact.address_hash)
        .where(PartnerSuppression.partner_id == partner_id, ListMember.list_id == list_id)
    )


def _alike(session: Session, people: Select[Any]) -> list[tuple[Any, ...]]:
    """What `people` selects, each combination once, with how many are alike in all of it: one pass, however much is
    asked."""
    each = people.with_only_columns(
        *(column.label(f"what_{number}") for number, column in enumerate(people.selected_columns))
    ).subquery()
    rows = session.execute(select(*each.c, func.count()).group_by(*each.c))
    return [tuple(row) for row in rows]


def _in_order(bands: Mapping[str, int]) -> dict[str, int]:
    return {name: bands[name] for name in vendor_view.ORDER if name in bands}
