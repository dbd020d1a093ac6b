"""Saying anew what a file means: its columns, and why its people may be written to.

As long as the file is kept its columns can be chosen anew: what it brought is taken back, then it is read again.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns import people
from campaigns.errors import ContentError
from campaigns.people import Field
from tcma import clock, storage
from tcma.audiences import bases, eligible, files, marks, queries, reading, uploads
from tcma.audiences.models import Basis, ContactImport, ListMember
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Conflict, Invalid, Refused, phrase
from tcma.viewer import OrganisationKind, Role, Viewer


def change_columns(
    database: Database,
    viewer: Viewer,
    kept: storage.Storage,
    import_id: UUID,
    mapping: Mapping[int, Field],
    *,
    hash_key: bytes,
) -> ContactImport:
    """Choose anew what the columns of a file mean (column index -> field) and read the kept file again."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    with database.transaction(viewer.organisation_id) as session:
        found = _changeable(session, viewer, import_id)
        _check_columns(found, mapping)
        if reading.mapping_of(found) == dict(mapping):
            return found
        found.layout = {**found.layout, "mapping": reading.stored_mapping(mapping)}
        if found.basis_by_column and Field.BASIS not in mapping.values():
            found.layout = {**found.layout, "basis_by_column": False}
            found.basis, found.basis_wording, found.basis_stated_at = Basis.NOT_SURE, "", None
        _read_again(session, viewer, found, "contacts.columns_changed")
    return _now_or_later(database, viewer, kept, found, hash_key)


def state_basis(
    database: Database,
    viewer: Viewer,
    kept: storage.Storage,
    import_id: UUID,
    basis: Basis | None,
    *,
    hash_key: bytes,
) -> ContactImport:
    """Say why the partner may write to the people of a file; None: a column of it says so for each.

    The answer, its wording, the person and the time stay with the import. By a column the file is read again.
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    if viewer.user_id is None:
        raise Refused("A legal basis is stated by a person who is signed in.")
    with database.transaction(viewer.organisation_id) as session:
        found = queries.find_import(session, viewer, import_id, lock=True)
        if found.is_under_way:
            raise Conflict("The file is still being read. State the basis once it is done.")
        by_column = basis is None
        if by_column:
            found = _changeable(session, viewer, import_id)
            if Field.BASIS not in reading.mapping_of(found).values():
                sentence = phrase(
                    "No column is chosen as the legal basis. Choose one, or state it for the whole file."
                )
                raise Invalid(sentence, {"basis": sentence})
        wording = bases.WORDING[basis] if basis else bases.BY_COLUMN
        found.state_basis(basis or Basis.NOT_SURE, wording, viewer.user_id, clock.now(session))
        found.layout = {**found.layout, "basis_by_column": by_column}
        detail = {"basis": basis.value if basis else "by_column"}
        if by_column:
            _read_again(session, viewer, found, "contacts.basis_stated", detail)
        else:
            _basis_of_all(session, found)
            trail.record(session, viewer, "contacts.basis_stated", found, detail)
            return found
    return _now_or_later(database, viewer, kept, found, hash_key)


def _changeable(session: Session, viewer: Viewer, import_id: UUID) -> ContactImport:
    """The import, locked, when its file can be read again."""
    found = queries.find_import(session, viewer, import_id, lock=True)
    if found.is_under_way:
        raise Conflict("The file is still being read. Change its columns once it is done.")
    if found.file_kept_until is None or found.file_kept_until <= clock.now(session):
        raise Conflict("The file itself is not kept any more. Upload it again to read it differently.")
    newest = select(ContactImport.id).where(ContactImport.list_id == found.list_id)
    if session.scalar(newest.order_by(ContactImport.id.desc()).limit(1)) != found.id:
        raise Conflict("Another file was read into this list since. Upload this one again instead.")
    return found


def _check_columns(found: ContactImport, mapping: Mapping[int, Field]) -> None:
    layout = files.stored_layout(found.layout)
    try:
        people.read_one(0, [""] * len(layout.columns), layout, mapping)
    except ContentError as error:
        sentence = " ".join(problem.sentence for problem in error.problems)
        raise Invalid(sentence, {"mapping": sentence}) from error


def _read_again(
    session: Session,
    viewer: Viewer,
    found: ContactImport,
    action: str,
    detail: dict[str, Any] | None = None,
) -> None:
    found.replace()
    trail.record(session, viewer, action, found, detail)
    if found.file_size > uploads.SMALL:
        uploads.ask(session, found.id)


def _now_or_later(
    database: Database, viewer: Viewer, kept: storage.Storage, found: ContactImport, hash_key: bytes
) -> ContactImport:
    if found.file_size <= uploads.SMALL:
        uploads.go_on(database, kept, viewer.organisation_id, found.id, hash_key=hash_key)
    with database.reading(viewer.organisation_id) as session:
        return queries.find_import(session, viewer, found.public_id)


def _basis_of_all(session: Session, found: ContactImport) -> None:
    marks.people_changed(session, found.partner_id)
    session.execute(
        update(ListMember)
        .where(
            ListMember.partner_id == found.partner_id,
            ListMember.list_id == found.list_id,
            ListMember.import_id == found.id,
            ListMember.source != eligible.FORM,
        )
        .values(basis=found.basis)
        .execution_options(synchronize_session=False)
    )
