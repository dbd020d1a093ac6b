"""What a list is made of: sizes, countries, bases, growth, who left."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import marks, queries, tallies, vendor_view
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
from tcma.audiences.tallies import Alike
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
    """All lists by name, with figures: two statements, and one more for each list where people changed."""
    partner_id = viewer.organisation_id
    lists = session.scalars(
        select(ContactList)
        .where(ContactList.partner_id == partner_id, ContactList.deleted_at.is_(None))
        .order_by(ContactList.name, ContactList.id)
    ).all()
    counted = ((found, tallies.of_list(session, partner_id, found.id)) for found in lists)
    return [
        ListFigures(
            list=found,
            people_count=tally.count(),
            reachable_count=tally.count(_is_reachable),
            bases=tally.by(_basis),
            reachable=tally.by(_band, _is_reachable),
        )
        for found, tally in counted
    ]


def portrait(session: Session, found: ContactList) -> Portrait:
    """One statement, and three that go once through the list where its people changed."""
    partner_id, since = found.partner_id, clock.now(session) - RECENT
    tally = tallies.of_list(session, partner_id, found.id)
    return Portrait(
        list=found,
        people_count=tally.count(),
        reachable_count=tally.count(_is_reachable),
        bands=_in_order(tally.by(_band)),
        reachable=tally.by(_band, _is_reachable),
        bases=tally.by(_basis),
        sources=tally.by(_source),
        added_count=tallies.additions(session, partner_id, found.id).since(since),
        left_count=tallies.departures(session, partner_id, found.id).since(since),
    )


def brought_by(session: Session, found: ContactImport) -> Brought:
    """One statement, and one more over the people the file brought where people changed."""
    return marks.kept(session, found.partner_id, ("brought", found.id), lambda: _brought(session, found))


def _brought(session: Session, found: ContactImport) -> Brought:
    countries: Counter[str] = Counter()
    bands: Counter[str] = Counter()
    nameless = 0
    for country, band, is_nameless, count in tallies.alike(
        session,
        tallies.members(
            found.partner_id, Contact.country, vendor_view.band(), Contact.first_name == ""
        ).where(ListMember.list_id == found.list_id, ListMember.import_id == found.id),
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
    wanted = tallies.leavers(viewer.organisation_id, found.id, *columns)
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


def _in_order(bands: Mapping[str, int]) -> dict[str, int]:
    return {name: bands[name] for name in vendor_view.ORDER if name in bands}


def _is_reachable(found: Alike) -> bool:
    return found.is_reachable


def _basis(found: Alike) -> Basis:
    return found.basis


def _band(found: Alike) -> str:
    return found.band


def _source(found: Alike) -> str:
    return found.source
