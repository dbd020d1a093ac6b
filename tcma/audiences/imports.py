"""Giving a contact file to a list: which file, which columns, on whose word; `reading` reads its rows."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.people import Field
from tcma import clock
from tcma.audiences import bases, files, queries, reading, terms
from tcma.audiences.files import Opened
from tcma.audiences.models import Basis, ContactImport, ContactList, ImportStatus
from tcma.audit import trail
from tcma.db import Database, is_postgresql
from tcma.errors import Conflict, Invalid, Refused, phrase
from tcma.viewer import OrganisationKind, Role, Viewer

LOCK_CLASS = 0x7C3B  # the first half of the advisory lock's key; the second is the partner's id


@dataclass(frozen=True, slots=True)
class ImportReceipt:
    """What became of a file's rows, over all its attempts; `seconds` is this attempt's time."""

    import_id: int
    ready: int
    skipped: int
    by_reason: Mapping[str, int]
    seconds: float


@dataclass(frozen=True, slots=True)
class Stated:
    """Why the partner may write to the people of a file; None: a column says it for each."""

    basis: Basis | None


def run(
    database: Database,
    viewer: Viewer,
    list_id: UUID,
    file: BinaryIO,
    *,
    file_name: str,
    basis: Basis | None,
    hash_key: bytes,
    mapping: Mapping[int, Field] | None = None,
    progress: Callable[[int], None] | None = None,
) -> ImportReceipt:
    """Read `file` (seekable) into the partner's list.

    `basis` holds for every row; None takes it from a column, and rows that say nothing get no mail.
    `mapping` (column index -> field) replaces the columns recognised. `progress` is told the rows done,
    after each slice. Raises Refused without accepted processing terms, Invalid for a file that cannot be read
    or without a basis, Conflict when the list has this file already or somebody else is reading it.
    """
    started = time.monotonic()
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    with database.reading(viewer.organisation_id) as session:
        terms.require_accepted(session, viewer)
        queries.find_list(session, viewer, list_id)
    with files.as_text(file) as text:
        opened = files.look_into(text, file_name)
        with database.transaction(viewer.organisation_id) as session:
            one_at_a_time(session, viewer.organisation_id)
            target = queries.find_list(session, viewer, list_id)
            begun = begin(session, viewer, target, opened, stated=Stated(basis), mapping=mapping)
        reading.carry_on(
            database, viewer.organisation_id, begun.id, text, hash_key=hash_key, progress=progress
        )
    with database.reading(viewer.organisation_id) as session:
        found = session.get_one(ContactImport, begun.id)
    return ImportReceipt(
        import_id=found.id,
        ready=found.ready_count,
        skipped=found.skipped_count,
        by_reason=dict(found.skipped_by_reason),
        seconds=time.monotonic() - started,
    )


def one_at_a_time(session: Session, partner_id: int) -> None:
    """Let no other file of the partner begin before this transaction ends: two uploads of one file at once would not
    see each other, and be two. Not waited for on SQLite, where one transaction writes at a time anyway."""
    if is_postgresql(session):
        session.execute(select(func.pg_advisory_xact_lock(LOCK_CLASS, partner_id % 2**31)))


def begin(
    session: Session,
    viewer: Viewer,
    target: ContactList,
    opened: Opened,
    *,
    stated: Stated | None,
    mapping: Mapping[int, Field] | None = None,
    made_list: bool = False,
) -> ContactImport:
    """The row of an import, new or going on. Without `stated` its people get no mail until somebody states a
    basis."""
    found = session.scalar(
        select(ContactImport)
        .where(ContactImport.list_id == target.id, ContactImport.file_sha256 == opened.sha256)
        .with_for_update()
    )
    if found is not None:
        _go_on(found, target, stated)
        return found
    if viewer.user_id is None:
        raise Refused("A contact file is read for a person who is signed in.")
    chosen = opened.layout.mapping if mapping is None else dict(mapping)
    if mapping is None and opened.layout.problem:
        raise Invalid(opened.layout.problem, {"mapping": opened.layout.problem})
    if stated and stated.basis is None and Field.BASIS not in chosen.values():
        sentence = phrase("Say why you may write to these people: for the whole file, or by a column of it.")
        raise Invalid(sentence, {"basis": sentence})
    now = clock.now(session)
    made = ContactImport(
        partner_id=viewer.organisation_id,
        list_id=target.id,
        made_list=made_list,
        file_name=opened.name,
        file_sha256=opened.sha256,
        file_size=opened.size,
        layout={
            "encoding": opened.layout.encoding,
            "separator": opened.layout.separator,
            "columns": [files.storable(column.name) for column in opened.layout.columns],
            "mapping": reading.stored_mapping(chosen),
            "heading_rows": opened.layout.heading_rows,
            "first_rows": opened.first_rows,
            "basis_by_column": stated is not None and stated.basis is None,
        },
        basis=Basis.NOT_SURE,
        basis_wording="",
        status=ImportStatus.RUNNING,
        row_estimate=opened.row_estimate,
        skipped_by_reason={},
        imported_by_id=viewer.user_id,
        created_at=now,
    )
    if stated:
        wording = bases.WORDING[stated.basis] if stated.basis else bases.BY_COLUMN
        made.state_basis(stated.basis or Basis.NOT_SURE, wording, viewer.user_id, now)
    session.add(made)
    trail.record(session, viewer, "contacts.import_started", made)
    return made


def _go_on(found: ContactImport, target: ContactList, stated: Stated | None) -> None:
    """An import that was killed or failed goes on; one that is done is not done twice."""
    if found.status is ImportStatus.DONE:
        day = f"{found.finished_at or found.created_at:%d %B %Y}".lstrip("0")
        raise Conflict(
            phrase(
                "This file was read into “%(list)s” on %(day)s: %(ready)s people ready, %(skipped)s rows skipped."
                " Nothing was changed.",
                list=target.name,
                day=day,
                ready=found.ready_count,
                skipped=found.skipped_count,
            )
        )
    if found.status in {ImportStatus.REPLACING, ImportStatus.CANCELLED}:
        raise Conflict("What this file brought is being taken back at this moment. Try again in a minute.")
    begun = Stated(None if found.basis_by_column else found.basis) if found.basis_stated_at else None
    if begun != stated:
        raise Conflict(
            phrase(
                "Reading this file was begun as “%(basis)s” Go on with that;"
                " the basis of a list can be changed afterwards.",
                basis=found.basis_wording,
            )
        )
    if found.status is ImportStatus.FAILED:
        found.run()
