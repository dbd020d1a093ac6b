"""Lists, people and imports as pages and commands show them; always the viewer's own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from campaigns.people import addresses
from tcma.audiences import eligible
from tcma.audiences.models import (
    Basis,
    Contact,
    ContactImport,
    ContactList,
    ImportStatus,
    ListMember,
    SkippedRow,
)
from tcma.errors import NotFound, phrase
from tcma.viewer import Viewer

PAGE = 50
LARGEST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A person on a list: why they may be written to, and whether that is so now."""

    contact: Contact
    basis: Basis
    source: str
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines; `next_after` is given back to get the following ones, None at the end."""

    lines: Sequence[Line]
    next_after: str | None


def find_list(session: Session, viewer: Viewer, public_id: UUID) -> ContactList:
    found = session.scalar(
        select(ContactList).where(
            ContactList.partner_id == viewer.organisation_id,
            ContactList.public_id == public_id,
            ContactList.deleted_at.is_(None),
        )
    )
    if found is None:
        raise NotFound("There is no such list.")
    return found


def find_list_named(session: Session, viewer: Viewer, name: str) -> ContactList:
    found = session.scalar(
        select(ContactList).where(
            ContactList.partner_id == viewer.organisation_id,
            ContactList.name == name,
            ContactList.deleted_at.is_(None),
        )
    )
    if found is None:
        raise NotFound(phrase("You have no list called “%(name)s”.", name=name[:120]))
    return found


def find_contact(session: Session, viewer: Viewer, public_id: UUID, *, lock: bool = False) -> Contact:
    """A person who was not deleted."""
    return _only(session, viewer, Contact.public_id == public_id, lock)


def find_contact_by_address(session: Session, viewer: Viewer, address: str) -> Contact:
    normal = addresses.normalise(address.strip()) or ""
    return _only(session, viewer, Contact.address == normal, False)


def find_import(session: Session, viewer: Viewer, public_id: UUID, *, lock: bool = False) -> ContactImport:
    """An import into a list that is still there; locked, it is read anew."""
    wanted = (
        select(ContactImport)
        .join(ContactList, ContactList.id == ContactImport.list_id)
        .where(
            ContactImport.partner_id == viewer.organisation_id,
            ContactImport.public_id == public_id,
            ContactList.deleted_at.is_(None),
        )
    )
    if lock:
        wanted = wanted.with_for_update(of=ContactImport).execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound("There is no such import.")
    return found


def free_list_name(session: Session, viewer: Viewer, file_name: str) -> str:
    """A name for the list of a new file, taken from the file's: "customers_2026.csv" is "customers 2026"."""
    stem = " ".join(re.sub(r"\.[A-Za-z0-9]{1,5}$", "", file_name).replace("_", " ").split())
    name = "".join(letter for letter in stem if letter.isprintable())[:100].strip() or "People"
    taken = set(
        session.scalars(
            select(ContactList.name).where(
                ContactList.partner_id == viewer.organisation_id,
                ContactList.name.startswith(name, autoescape=True),
            )
        )
    )
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} {number}"
    return free


def is_being_read(session: Session, partner_id: int, list_id: int | None) -> bool:
    """Whether a file is on its way into the list, or what it brought on its way out."""
    under_way = (ImportStatus.RUNNING, ImportStatus.REPLACING, ImportStatus.CANCELLED)
    wanted = select(ContactImport.id).where(
        ContactImport.partner_id == partner_id,
        ContactImport.list_id == list_id,
        ContactImport.status.in_(under_way),
    )
    return list_id is not None and session.scalar(wanted.limit(1)) is not None


def contacts_of(
    session: Session,
    viewer: Viewer,
    list_id: UUID,
    *,
    prefix: str = "",
    after: str | None = None,
    limit: int = PAGE,
) -> Page:
    """People of a list by address, from the one behind `after`; `limit` is cut to 1 to 500.

    `prefix` is how an address, a first or last name or a company begins, in any case.
    """
    found = find_list(session, viewer, list_id)
    limit = min(max(limit, 1), LARGEST_PAGE)
    reachable = _is_reachable(viewer.organisation_id)
    wanted = (
        select(Contact, ListMember.basis, ListMember.source, reachable)
        .join(ListMember, ListMember.contact_id == Contact.id)
        .where(
            ListMember.list_id == found.id,
            ListMember.partner_id == viewer.organisation_id,
            Contact.partner_id == viewer.organisation_id,
            Contact.deleted_at.is_(None),
        )
        .order_by(Contact.address)
        .limit(limit + 1)
    )
    if after is not None:
        wanted = wanted.where(Contact.address > after)
    if prefix.strip():
        wanted = wanted.where(_begins_with(prefix.strip()[:100]))
    lines = [Line(*row) for row in session.execute(wanted)]
    is_last = len(lines) <= limit
    return Page(lines[:limit], None if is_last else lines[limit - 1].contact.address)


def imports_of(session: Session, found: ContactList, *, limit: int = 20) -> list[ContactImport]:
    """The newest imports into a list; one statement."""
    return list(
        session.scalars(
            select(ContactImport)
            .where(ContactImport.partner_id == found.partner_id, ContactImport.list_id == found.id)
            .order_by(ContactImport.id.desc())
            .limit(limit)
        )
    )


def skipped_rows_of(
    session: Session, viewer: Viewer, import_id: UUID, *, after: int = 0, limit: int = PAGE
) -> list[SkippedRow]:
    """Rows left out, by number, behind row `after`; the import's counts know those not kept, too."""
    return rows_left_out(session, find_import(session, viewer, import_id), after=after, limit=limit)


def rows_left_out(
    session: Session, found: ContactImport, *, after: int = 0, limit: int = PAGE
) -> list[SkippedRow]:
    """The same of an import that was read already; one statement."""
    return list(
        session.scalars(
            select(SkippedRow)
            .where(
                SkippedRow.partner_id == found.partner_id,
                SkippedRow.import_id == found.id,
                SkippedRow.number > after,
            )
            .order_by(SkippedRow.number)
            .limit(min(max(limit, 1), LARGEST_PAGE))
        )
    )


def left_out_count(session: Session, found: ContactImport) -> int:
    """Rows of an import that somebody may still correct; one statement."""
    kept = select(func.count()).where(
        SkippedRow.partner_id == found.partner_id, SkippedRow.import_id == found.id
    )
    return session.scalar(kept) or 0


def _only(session: Session, viewer: Viewer, which: ColumnElement[bool], lock: bool) -> Contact:
    wanted = select(Contact).where(
        Contact.partner_id == viewer.organisation_id, which, Contact.deleted_at.is_(None)
    )
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound("There is no such person among your contacts.")
    return found


def _is_reachable(partner_id: int) -> ColumnElement[bool]:
    return eligible.allowed(Contact, ListMember, partner_id)


def _begins_with(prefix: str) -> ColumnElement[bool]:
    return or_(
        Contact.address.startswith(prefix.lower(), autoescape=True),
        *(
            func.lower(column).startswith(prefix.lower(), autoescape=True)
            for column in (Contact.first_name, Contact.last_name, Contact.company)
        ),
    )
