"""Taking back what a file brought: people who were there before stay, as they were.

Killed in the middle it goes on: every slice does its part and forgets in one transaction what it needed for it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import column, delete, exists, select, table, update
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import contact_rows, contacts, files, marks, reading
from tcma.audiences.models import Contact, ContactBefore, ContactImport, ListMember, SkippedRow
from tcma.db import Database

_Never = Callable[[], bool]
_PERSON_STAYS = (table("deliveries", column("contact_id")), table("lead_people", column("contact_id")))
_CONTACTS: Any = Contact.__table__
_BEFORE: Any = ContactBefore.__table__
_MEMBERS: Any = ListMember.__table__
_RESTORED = contact_rows.BEFORE


def take_back(
    database: Database, partner_id: int, import_id: int, *, is_time_up: _Never | None = None
) -> bool:
    """Undo all of an import that is not being read; False when the time was up before the end.

    Contacts it changed get back what was known before, unless they were changed since; members get back their
    basis; new members leave, and who was a contact through this file only is gone. Rows mended by hand stay.
    """
    for step in (_restore_known, _remove_new):
        while True:
            with database.transaction(partner_id) as session:
                found = reading.locked(session, partner_id, import_id)
                marks.people_changed(session, partner_id)
                count = step(session, found)
            if count < files.SLICE:
                break
            if is_time_up and is_time_up():
                return False
    with database.transaction(partner_id) as session:
        forget_skipped(session, partner_id, [import_id])
        reading.locked(session, partner_id, import_id).begin_anew()
    return True


def forget_skipped(session: Session, partner_id: int, import_ids: Sequence[int]) -> None:
    """The rows left out of these files go; their counts stay."""
    session.execute(
        delete(SkippedRow)
        .where(SkippedRow.partner_id == partner_id, SkippedRow.import_id.in_(import_ids))
        .execution_options(synchronize_session=False)
    )


def remove_contacts(session: Session, partner_id: int, contact_ids: Sequence[int]) -> None:
    """Those of these people who are on no list, got no mail and are part of no lead: gone without a trace."""
    session.execute(
        delete(_CONTACTS).where(
            _CONTACTS.c.partner_id == partner_id,
            _CONTACTS.c.id.in_(contact_ids),
            ~exists().where(_MEMBERS.c.contact_id == _CONTACTS.c.id),
            ~exists().where(_BEFORE.c.contact_id == _CONTACTS.c.id),
            *(~exists().where(kept.c.contact_id == _CONTACTS.c.id) for kept in _PERSON_STAYS),
        )
    )


def _restore_known(session: Session, found: ContactImport) -> int:
    """One slice of the people who were contacts before."""
    slice_of = (
        select(ContactBefore.id, ContactBefore.contact_id)
        .where(ContactBefore.import_id == found.id, ContactBefore.partner_id == found.partner_id)
        .order_by(ContactBefore.id)
        .limit(files.SLICE)
    )
    rows = session.execute(slice_of).all()
    if not rows:
        return 0
    these = (_BEFORE.c.import_id == found.id, _BEFORE.c.id.between(rows[0].id, rows[-1].id))
    session.execute(_earlier_texts(found, these, found.finished_at or clock.now(session)))
    here = (
        _MEMBERS.c.partner_id == found.partner_id,
        _MEMBERS.c.list_id == found.list_id,
        _MEMBERS.c.import_id == found.id,
        _MEMBERS.c.source != contacts.MENDED,
    )
    new_here = select(_BEFORE.c.contact_id).where(*these, _BEFORE.c.member_basis.is_(None))
    session.execute(delete(_MEMBERS).where(*here, _MEMBERS.c.contact_id.in_(new_here)))
    session.execute(
        update(_MEMBERS)
        .where(*here, _MEMBERS.c.contact_id == _BEFORE.c.contact_id, *these)
        .values(
            basis=_BEFORE.c.member_basis,
            import_id=_BEFORE.c.member_import_id,
            source=_BEFORE.c.member_source,
        )
    )
    session.execute(delete(_BEFORE).where(*these))
    return len(rows)


def _earlier_texts(found: ContactImport, these: tuple[Any, ...], untouched_since: datetime) -> Any:
    return (
        update(_CONTACTS)
        .where(
            _CONTACTS.c.partner_id == found.partner_id,
            _CONTACTS.c.id == _BEFORE.c.contact_id,
            _CONTACTS.c.updated_at <= untouched_since,
            _CONTACTS.c.deleted_at.is_(None),
            *these,
        )
        .values({name: _BEFORE.c[name] for name in _RESTORED})
    )


def _remove_new(session: Session, found: ContactImport) -> int:
    """One slice of the people this file made contacts."""
    here = (
        ListMember.partner_id == found.partner_id,
        ListMember.list_id == found.list_id,
        ListMember.import_id == found.id,
        ListMember.source != contacts.MENDED,
    )
    chosen = select(ListMember.id, ListMember.contact_id).where(*here).limit(files.SLICE)
    rows = session.execute(chosen).all()
    if not rows:
        return 0
    session.execute(delete(_MEMBERS).where(*here, _MEMBERS.c.id.in_([row.id for row in rows])))
    remove_contacts(session, found.partner_id, [row.contact_id for row in rows])
    return len(rows)
