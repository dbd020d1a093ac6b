"""What is not kept: uploaded files after 30 days, imports that brought nothing, lists that were deleted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import column, delete, exists, or_, select, table, update
from sqlalchemy.orm import Session

from tcma import clock, storage
from tcma.audiences import marks, preferences, service, taking_back
from tcma.audiences.models import (
    Contact,
    ContactBefore,
    ContactImport,
    ContactList,
    ImportStatus,
    ListMember,
    SkippedRow,
)
from tcma.db import Database
from tcma.jobs import rows

KIND = "uploads"
KEPT = timedelta(days=30)
ABANDONED = timedelta(days=1)  # a new list without anybody on it
SLICE = 1_000

_LEAD_PEOPLE = table("lead_people", column("contact_id"))
_BEFORE: Any = ContactBefore.__table__


def name_of(partner_id: int, sha256: str) -> str:
    """The stored name of an uploaded file."""
    return storage.name_of(KIND, partner_id, sha256)


def drop_file(kept: storage.Storage, partner_id: int, sha256: str) -> None:
    """The uploaded file goes; no other import of the same file may need it."""
    kept.remove(name_of(partner_id, sha256))


def forget_import(session: Session, found: ContactImport) -> None:
    """An import that brought nothing goes, and the list that was made for it and holds nobody."""
    marks.people_changed(session, found.partner_id)
    session.execute(
        update(_BEFORE)
        .where(_BEFORE.c.partner_id == found.partner_id, _BEFORE.c.member_import_id == found.id)
        .values(member_import_id=None)
    )
    session.execute(
        update(ListMember)
        .where(ListMember.list_id == found.list_id, ListMember.import_id == found.id)
        .values(import_id=None)
        .execution_options(synchronize_session=False)
    )
    target = session.get_one(ContactList, found.list_id)
    session.delete(found)
    session.flush()
    has_people = session.scalar(select(exists().where(ListMember.list_id == target.id)))
    has_files = session.scalar(select(exists().where(ContactImport.list_id == target.id)))
    if found.made_list and not has_people and not has_files and target.deleted_at is None:
        target.delete(clock.now(session))
        service.let_go(session, target)


def forget_uploads(database: Database, kept: storage.Storage) -> None:
    """Every day: files and rows left out whose time is over, new lists that stayed empty, pauses that are past.

    `database` is the worker's: it sees every partner's.
    """
    rows.in_turn(
        lambda: rows.each(database, _old_rows, _forget_rows),
        lambda: _forget_files(database, kept),
        lambda: rows.each(database, _abandoned, _forget_abandoned),
        lambda: preferences.forget_past(database),
    )


def forget_list(
    database: Database, kept: storage.Storage, list_id: int, *, is_time_up: Callable[[], bool] | None = None
) -> bool:
    """The people of a deleted list, slice by slice; False when the time was up before the end.

    Who is on another list or part of a lead stays a contact. Of others who got mail a tombstone stays.
    """
    while True:
        with database.transaction() as session:
            gone = session.get_one(ContactList, list_id)
            count = _forget_members(session, gone)
        if count < SLICE:
            break
        if is_time_up and is_time_up():
            return False
    with database.transaction() as session:
        imports = session.scalars(select(ContactImport).where(ContactImport.list_id == list_id)).all()
        for found in imports:
            found.file_kept_until = clock.now(session) if found.file_kept_until else None
            _forget_traces(session, found)
        taking_back.forget_skipped(session, gone.partner_id, [found.id for found in imports])
    _forget_files(database, kept)
    return True


def _old_rows(session: Session) -> list[int]:
    return list(
        session.scalars(
            select(ContactImport.id)
            .join(SkippedRow, SkippedRow.import_id == ContactImport.id)
            .where(ContactImport.created_at < clock.now(session) - KEPT)
            .distinct()
        )
    )


def _forget_rows(session: Session, import_id: int) -> None:
    found = session.get_one(ContactImport, import_id)
    taking_back.forget_skipped(session, found.partner_id, [import_id])


def _forget_files(database: Database, kept: storage.Storage) -> None:
    """What names people first, then the file, then the note that there is one: killed anywhere, it goes on."""
    for import_id in rows.each(database, _with_old_files, _forget_traces_of):
        with database.reading() as session:
            found = session.get_one(ContactImport, import_id)
            others = select(ContactImport.id).where(
                ContactImport.partner_id == found.partner_id,
                ContactImport.file_sha256 == found.file_sha256,
                ContactImport.file_kept_until > clock.now(session),
            )
            is_needed = session.scalar(others.limit(1)) is not None
        if not is_needed:
            drop_file(kept, found.partner_id, found.file_sha256)
        with database.transaction() as session:
            session.get_one(ContactImport, import_id).file_kept_until = None


def _with_old_files(session: Session) -> list[int]:
    wanted = select(ContactImport.id).where(ContactImport.file_kept_until <= clock.now(session))
    return list(session.scalars(wanted.order_by(ContactImport.id)))


def _forget_traces_of(session: Session, import_id: int) -> int:
    _forget_traces(session, session.get_one(ContactImport, import_id))
    return import_id


def _forget_traces(session: Session, found: ContactImport) -> None:
    found.layout = {**found.layout, "first_rows": []}
    session.execute(delete(_BEFORE).where(_BEFORE.c.import_id == found.id))


def _abandoned(session: Session) -> list[int]:
    """Imports that are over, whose new list nobody is on."""
    return list(
        session.scalars(
            select(ContactImport.id)
            .join(ContactList, ContactList.id == ContactImport.list_id)
            .where(
                ContactImport.made_list.is_(True),
                ContactImport.status.in_((ImportStatus.DONE, ImportStatus.FAILED)),
                ContactImport.created_at < clock.now(session) - ABANDONED,
                ContactImport.ready_count == 0,
                ContactList.deleted_at.is_(None),
                ~exists().where(ListMember.list_id == ContactImport.list_id),
            )
        )
    )


def _forget_abandoned(session: Session, import_id: int) -> None:
    found = session.get_one(ContactImport, import_id)
    _forget_traces(session, found)
    taking_back.forget_skipped(session, found.partner_id, [import_id])
    forget_import(session, found)


def _forget_members(session: Session, gone: ContactList) -> int:
    members = select(ListMember.id, ListMember.contact_id).where(ListMember.list_id == gone.id)
    found = session.execute(members.limit(SLICE)).all()
    if not found:
        return 0
    people = [row.contact_id for row in found]
    marks.people_changed(session, gone.partner_id)
    here = select(ContactImport.id).where(ContactImport.list_id == gone.id)
    session.execute(delete(_BEFORE).where(_BEFORE.c.import_id.in_(here), _BEFORE.c.contact_id.in_(people)))
    session.execute(
        delete(ListMember)
        .where(ListMember.id.in_([row.id for row in found]))
        .execution_options(synchronize_session=False)
    )
    taking_back.remove_contacts(session, gone.partner_id, people)
    for contact in session.scalars(
        select(Contact).where(
            Contact.partner_id == gone.partner_id,
            Contact.id.in_(people),
            Contact.deleted_at.is_(None),
            ~or_(
                exists().where(ListMember.contact_id == Contact.id),
                exists().where(_LEAD_PEOPLE.c.contact_id == Contact.id),
            ),
        )
    ):
        service.blank(session, contact)
    return len(found)
