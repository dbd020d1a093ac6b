"""The suppression list of another tool, given over the web: a small file is read at once, a large one by a job.

The job may be killed at any row: it goes on where the last slice was kept, and no row counts twice.
"""

from collections.abc import Callable
from itertools import islice
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock, storage
from tcma.audiences import files, suppression, terms
from tcma.audiences.suppression import SuppressionReceipt
from tcma.audiences.suppression_models import SuppressionImport
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Invalid
from tcma.jobs import queue
from tcma.jobs.queue import Job
from tcma.viewer import OrganisationKind, Role, Viewer

KIND = "suppression-files"
LARGEST = 25 * 1024 * 1024  # bytes: some 800,000 addresses
SLICE = 1_000  # rows written in one transaction
SMALL = 512 * 1024  # bytes read while the person waits; more is a job's work


def receive(
    database: Database,
    viewer: Viewer,
    kept: storage.Storage,
    file: BinaryIO,
    *,
    file_name: str,
    hash_key: bytes,
) -> SuppressionReceipt | UUID:
    """What a small file (seekable) brought, or the import that reads a larger one.

    Raises Invalid with one sentence when no column holds addresses; Refused without accepted processing terms.
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    if viewer.user_id is None:
        raise Invalid("A contact file is read for a person who is signed in.")
    with database.reading(viewer.organisation_id) as session:
        terms.require_accepted(session, viewer)
    with files.as_text(file) as text:
        opened = files.look_into(text, file_name)
        if opened.size <= SMALL or opened.layout.problem:
            return suppression.import_suppressions(database, viewer, text, hash_key=hash_key)
        kept.put_file(_name(viewer.organisation_id, opened.sha256), text)
    with database.transaction(viewer.organisation_id) as session:
        made = SuppressionImport(
            partner_id=viewer.organisation_id,
            file_name=opened.name,
            file_sha256=opened.sha256,
            row_estimate=opened.row_estimate,
            imported_by_id=viewer.user_id,
            created_at=clock.now(session),
        )
        session.add(made)
        session.flush()
        trail.record(session, viewer, "suppressions.import_begun", made)
        ask(session, made.id)
        return made.public_id


def newest(session: Session, viewer: Viewer) -> SuppressionImport | None:
    """The file that was given last, under way or read."""
    viewer.require(OrganisationKind.PARTNER, *Role)
    return session.scalar(
        select(SuppressionImport)
        .where(SuppressionImport.partner_id == viewer.organisation_id)
        .order_by(SuppressionImport.id.desc())
        .limit(1)
    )


def go_on(
    database: Database,
    kept: storage.Storage,
    partner_id: int,
    import_id: int,
    *,
    hash_key: bytes,
    is_time_up: Callable[[], bool] | None = None,
) -> bool:
    """Bring an import to its end from wherever it stands; False when the time was up before."""
    with database.reading(partner_id) as session:
        found = session.get_one(SuppressionImport, import_id)
    if not found.is_under_way:
        return True
    problem = ""
    try:
        with kept.open(_name(partner_id, found.file_sha256)) as file:
            if not _read_on(database, file, found, hash_key, is_time_up):
                return False
    except Invalid as error:
        problem = str(error)
    with database.transaction(partner_id) as session:
        _locked(session, import_id).finished_at = clock.now(session)
        _locked(session, import_id).problem = problem
        is_needed = session.scalar(
            select(SuppressionImport.id)
            .where(
                SuppressionImport.partner_id == partner_id,
                SuppressionImport.file_sha256 == found.file_sha256,
                SuppressionImport.id != import_id,
                SuppressionImport.finished_at.is_(None),
            )
            .limit(1)
        )
    if is_needed is None:
        kept.remove(_name(partner_id, found.file_sha256))
    return True


def ask(session: Session, import_id: int) -> None:
    """A job that brings the import to its end; each question is one of its own."""
    key = f"{import_id}:{clock.real().timestamp():.6f}"
    queue.enqueue(session, Job.AUDIENCES_READ_SUPPRESSIONS, key, {"import_id": import_id})


def _read_on(
    database: Database,
    file: BinaryIO,
    found: SuppressionImport,
    hash_key: bytes,
    is_time_up: Callable[[], bool] | None,
) -> bool:
    layout = files.layout_of(file)
    done = found.row_count
    for piece in files.slices(islice(files.rows_of(file, layout, layout.mapping, ""), done, None), SLICE):
        if is_time_up is not None and is_time_up():
            return False
        with database.transaction(found.partner_id) as session:
            row = _locked(session, found.id)
            if row.row_count != done:
                return False  # somebody else is at work on it
            receipt = suppression.take_in(session, found.partner_id, piece, hash_key)
            done += len(piece)
            row.row_count = done
            row.added_count += receipt.added
            row.known_count += receipt.known
            row.unusable_count += receipt.unusable
    return True


def _locked(session: Session, import_id: int) -> SuppressionImport:
    return session.scalars(
        select(SuppressionImport).where(SuppressionImport.id == import_id).with_for_update()
    ).one()


def _name(partner_id: int, sha256: str) -> str:
    return storage.name_of(KIND, partner_id, sha256)
