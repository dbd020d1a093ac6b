"""Contact files given over the web: kept for a while, read at once when small, else by a job.

Until somebody states why the partner may write to the people of a file, nobody it brought gets mail. As long as
the file is kept its columns can be chosen anew: what it brought is taken back, then it is read again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from campaigns.people import Field
from tcma import clock, storage
from tcma.audiences import (
    files,
    forgetting,
    imports,
    queries,
    reading,
    service,
    taking_back,
    terms,
)
from tcma.audiences.files import Opened
from tcma.audiences.models import ContactImport, ContactList, ImportStatus
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Invalid, phrase
from tcma.jobs import queue
from tcma.jobs.queue import Job
from tcma.viewer import OrganisationKind, Role, Viewer

LARGEST = 300 * 1024 * 1024  # bytes of a file over the web
SMALL = 512 * 1024  # bytes read while the person waits; more is a job's work
NOT_KEPT = Field.SALUTATION, Field.EXTRA  # columns that are recognised and have no place here


@dataclass(frozen=True, slots=True)
class Received:
    """Where an uploaded file went. `is_known`: it had been read before, and nothing was changed."""

    import_id: UUID
    list_id: UUID
    is_known: bool


def receive(
    database: Database,
    viewer: Viewer,
    kept: storage.Storage,
    file: BinaryIO,
    *,
    file_name: str,
    hash_key: bytes,
    list_id: UUID | None = None,
) -> Received:
    """Take a contact file (seekable) into the list, or into a new one named after the file.

    A small file is read when this returns; a larger one is under way. Raises Invalid with one sentence when it
    is no contact file or nobody in it can be used, and then there is no new list; Refused without accepted
    processing terms; Conflict when this list has the file already.
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    with database.reading(viewer.organisation_id) as session:
        terms.require_accepted(session, viewer)
        if list_id is not None:
            queries.find_list(session, viewer, list_id)
    with files.as_text(file) as text:
        return _received(database, viewer, kept, text, file_name, hash_key, list_id)


def cancel(session: Session, viewer: Viewer, import_id: UUID) -> ContactImport:
    """Stop reading a file; a job takes back what it brought so far."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    found = queries.find_import(session, viewer, import_id, lock=True)
    found.cancel()
    ask(session, found.id)
    trail.record(session, viewer, "contacts.import_cancelled", found)
    return found


def go_on(
    database: Database,
    kept: storage.Storage,
    partner_id: int,
    import_id: int,
    *,
    hash_key: bytes,
    is_time_up: Callable[[], bool] | None = None,
) -> bool:
    """Bring an import to its end, from wherever it stands; False when the time was up before.

    Raises Conflict when somebody else is at work on it.
    """
    with database.reading(partner_id) as session:
        found = session.scalar(
            select(ContactImport).where(ContactImport.id == import_id, ContactImport.partner_id == partner_id)
        )
    if found is None or found.status is ImportStatus.DONE:
        return True
    try:
        return _step(database, kept, partner_id, found, hash_key, is_time_up)
    except NoResultFound:
        return True  # somebody else took it back meanwhile, and it is gone


def _received(
    database: Database,
    viewer: Viewer,
    kept: storage.Storage,
    file: BinaryIO,
    file_name: str,
    hash_key: bytes,
    list_id: UUID | None,
) -> Received:
    opened = files.look_into(file, file_name)
    if opened.layout.problem:
        sentence = phrase("No column of this file holds e-mail addresses. Upload a file that has one.")
        raise Invalid(sentence, {"file": sentence})
    kept.put_file(forgetting.name_of(viewer.organisation_id, opened.sha256), file)
    with database.transaction(viewer.organisation_id) as session:
        imports.one_at_a_time(session, viewer.organisation_id)
        known = None if list_id else _read_before(session, viewer, opened)
        if known is not None and known[0].status is not ImportStatus.FAILED:
            return Received(known[0].public_id, known[1].public_id, True)
        target = known[1] if known else _target(session, viewer, list_id, opened)
        chosen = {at: field for at, field in opened.layout.mapping.items() if field not in NOT_KEPT}
        made = list_id is None
        begun = imports.begin(
            session, viewer, target, opened, stated=_said(known), mapping=chosen, made_list=made
        )
        begun.file_kept_until = clock.now(session) + forgetting.KEPT
        import_id = begun.id
        received = Received(begun.public_id, target.public_id, False)
        if opened.size > SMALL:
            ask(session, import_id)
    if opened.size <= SMALL:
        reading.carry_on(database, viewer.organisation_id, import_id, file, hash_key=hash_key)
        _refuse_nobody(database, viewer, kept, import_id, hash_key)
    return received


def _step(
    database: Database,
    kept: storage.Storage,
    partner_id: int,
    found: ContactImport,
    hash_key: bytes,
    is_time_up: Callable[[], bool] | None,
) -> bool:
    import_id = found.id
    is_to_go = found.status in {ImportStatus.REPLACING, ImportStatus.CANCELLED}
    if is_to_go and not taking_back.take_back(database, partner_id, import_id, is_time_up=is_time_up):
        return False
    with database.transaction(partner_id) as session:
        found = reading.locked(session, partner_id, import_id)
        if found.status is ImportStatus.CANCELLED:
            forgetting.forget_import(session, found)
            return True
        if found.status in {ImportStatus.REPLACING, ImportStatus.FAILED}:
            found.run()
    try:
        with kept.open(forgetting.name_of(partner_id, found.file_sha256)) as file:
            return reading.carry_on(
                database, partner_id, import_id, file, hash_key=hash_key, is_time_up=is_time_up
            )
    except reading.Stopped:
        return False  # cancelled meanwhile: once more, to take it back


def ask(session: Session, import_id: int) -> None:
    """A job that brings the import to its end; each question is one of its own."""
    key = f"{import_id}:{clock.real().timestamp():.6f}"
    queue.enqueue(session, Job.AUDIENCES_READ_FILE, key, {"import_id": import_id})


def _said(known: tuple[ContactImport, ContactList] | None) -> imports.Stated | None:
    """What was said when reading this file began, so that it can go on."""
    if known is None or known[0].basis_stated_at is None:
        return None
    return imports.Stated(None if known[0].basis_by_column else known[0].basis)


def _read_before(
    session: Session, viewer: Viewer, opened: Opened
) -> tuple[ContactImport, ContactList] | None:
    found = session.execute(
        select(ContactImport, ContactList)
        .join(ContactList, ContactList.id == ContactImport.list_id)
        .where(
            ContactImport.partner_id == viewer.organisation_id,
            ContactImport.file_sha256 == opened.sha256,
            ContactImport.status != ImportStatus.CANCELLED,
            ContactList.deleted_at.is_(None),
        )
        .order_by(ContactImport.id.desc())
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


def _target(session: Session, viewer: Viewer, list_id: UUID | None, opened: Opened) -> ContactList:
    if list_id is not None:
        return queries.find_list(session, viewer, list_id)
    return service.make_list(session, viewer, queries.free_list_name(session, viewer, opened.name))


def _refuse_nobody(
    database: Database, viewer: Viewer, kept: storage.Storage, import_id: int, hash_key: bytes
) -> None:
    """A file of which no row can be used leaves nothing behind but a sentence."""
    with database.transaction(viewer.organisation_id) as session:
        found = reading.locked(session, viewer.organisation_id, import_id)
        if found.ready_count or not found.made_list:
            return
        rows = queries.skipped_rows_of(session, viewer, found.public_id, limit=1)
        first = rows[0].sentence if rows else ""
        taking_back.forget_skipped(session, found.partner_id, [found.id])
        sha256 = found.file_sha256
        forgetting.forget_import(session, found)
    forgetting.drop_file(kept, viewer.organisation_id, sha256)
    sentence = phrase("Nobody in this file can be used.")
    if first:
        sentence = phrase("Nobody in this file can be used. %(sentence)s", sentence=first)
    raise Invalid(sentence, {"file": sentence})
