"""What a list is made of: sizes, countries, bases, growth, who left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import queries, vendor_view
from tcma.audiences.bases import BUSINESS_CONTACT_ALLOWED
from tcma.audiences.models import (
    Basis,
    Contact,
    ContactImport,
    ListMember,
    PartnerSuppression,
    SuppressionReason,
)
from tcma.viewer import Viewer

RECENT = timedelta(days=30)
PAGE = 50


@dataclass(frozen=True, slots=True)
class Portrait:
    """The people of a list: `bands` (by employees of their company), `bases` and `sources` sum to `people_count`;
    `added_count` and `left_count` are of the last 30 days."""

    people_count: int
    bands: Mapping[str, int]
    bases: Mapping[Basis, int]
    sources: Mapping[str, int]
    nameless_count: int
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
class Leaver:
    """A person on a list who gets no more mail: why, and since when. `number` is where the next page goes on."""

    contact: Contact
    reason: SuppressionReason
    at: datetime
    number: int


def portrait(session: Session, viewer: Viewer, list_id: UUID) -> Portrait:
    """Seven statements."""
    found = queries.find_list(session, viewer, list_id)
    partner_id, since = viewer.organisation_id, clock.now(session) - RECENT
    here = ListMember.list_id == found.id
    bands = _by(session, partner_id, vendor_view.band(), here)
    return Portrait(
        people_count=sum(bands.values()),
        bands={name: bands[name] for name in vendor_view.ORDER if name in bands},
        bases=_by(session, partner_id, ListMember.basis, here),
        sources=_by(session, partner_id, ListMember.source, here),
        nameless_count=_count(session, partner_id, here, Contact.first_name == ""),
        added_count=_count(session, partner_id, here, ListMember.added_at >= since),
        left_count=session.scalar(
            _leavers(partner_id, found.id, func.count(Contact.id.distinct())).where(
                PartnerSuppression.at >= since
            )
        )
        or 0,
    )


def offer(session: Session, found: ContactImport) -> Offer:
    """One statement over the people a file brought."""
    countries = _by(session, found.partner_id, Contact.country, *_of_file(found))
    allowed = {code: count for code, count in countries.items() if code in BUSINESS_CONTACT_ALLOWED}
    return Offer(
        people_count=sum(countries.values()),
        business_count=sum(allowed.values()),
        business_countries=tuple(sorted(allowed)),
        other_countries=tuple(sorted(code for code in countries if code not in allowed)),
    )


def bands_of(session: Session, found: ContactImport) -> dict[str, int]:
    """People of a file by employees of their company."""
    bands = _by(session, found.partner_id, vendor_view.band(), *_of_file(found))
    return {name: bands[name] for name in vendor_view.ORDER if name in bands}


def nameless_of(session: Session, found: ContactImport) -> int:
    """People of a file without a first name."""
    return _count(session, found.partner_id, *_of_file(found), Contact.first_name == "")


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


def bases_by_list(session: Session, viewer: Viewer) -> dict[int, dict[Basis, int]]:
    """People by list and basis: one statement."""
    rows = session.execute(
        select(ListMember.list_id, ListMember.basis, func.count())
        .where(ListMember.partner_id == viewer.organisation_id)
        .group_by(ListMember.list_id, ListMember.basis)
    )
    found: dict[int, dict[Basis, int]] = {}
    for list_id, basis, count in rows:
        found.setdefault(list_id, {})[basis] = count
    return found


def _of_file(found: ContactImport) -> tuple[ColumnElement[bool], ...]:
    return ListMember.list_id == found.list_id, ListMember.import_id == found.id


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


def _by(session: Session, partner_id: int, what: Any, *conditions: ColumnElement[bool]) -> dict[Any, int]:
    wanted = _members(partner_id, what, func.count()).where(*conditions).group_by(what)
    return {key: count for key, count in session.execute(wanted)}


def _count(session: Session, partner_id: int, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(_members(partner_id, func.count()).where(*conditions)) or 0
