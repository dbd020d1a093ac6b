"""Addresses not to be written to: a partner's, a vendor programme's, the platform's; kept as keyed hashes.

A suppression stands: no import, new list or new contact takes it back. Only who stopped a person by hand may
undo that, for some seconds.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from campaigns import people
from campaigns.people import addresses
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences import files, marks, terms
from tcma.audiences.models import (
    PartnerSuppression,
    PlatformSuppression,
    ProgrammeSuppression,
    SuppressionReason,
)
from tcma.audit import trail
from tcma.audit.models import AuditEntry
from tcma.db import Database, insert_into, is_postgresql
from tcma.errors import Invalid, NotFound, Refused
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role, Viewer

_OF_PARTNER = "SELECT address_hash, reason FROM partner_suppressions WHERE partner_id = ?"
_OF_PLATFORM = "SELECT address_hash, reason FROM platform_suppressions WHERE ? > 0"

_ADDED_BY_HAND = "suppression.added_by_hand"
_ASKED_AGAIN = "suppression.asked_again"

# What a row of a contact file is told; a hard bounce is not the person's wish.
BOUNCED_EARLIER = "bounced_earlier"
UNSUBSCRIBED_EARLIER = "unsubscribed_earlier"


@dataclass(frozen=True, slots=True)
class SuppressionReceipt:
    """`added` are new, `known` were suppressed for this reason before, `unusable` rows hold no address."""

    added: int
    known: int
    unusable: int


def suppress(
    session: Session, partner_id: int, address_hash: bytes, reason: SuppressionReason, at: datetime
) -> bool:
    """The partner may not write to this person any more; False when that stood already."""
    marks.people_changed(session, partner_id)
    values = {"partner_id": partner_id, "address_hash": address_hash, "reason": reason, "at": at}
    statement = insert_into(session, PartnerSuppression).values(values)
    keys = ["partner_id", "address_hash", "reason"]
    made = statement.on_conflict_do_nothing(index_elements=keys).returning(PartnerSuppression.__table__.c.id)
    return session.execute(made).scalar() is not None


def suppress_all(session: Session, wanted: Mapping[tuple[int, bytes, SuppressionReason], datetime]) -> None:
    """`suppress` for many: partner, address hash and reason, with since when."""
    names = ("partner_id", "address_hash", "reason")
    rows = [dict(zip(names, key, strict=True), at=at) for key, at in sorted(wanted.items())]
    for partner_id in {key[0] for key in wanted}:
        marks.people_changed(session, partner_id)
    if rows:
        statement = insert_into(session, PartnerSuppression).on_conflict_do_nothing(
            index_elements=list(names)
        )
        session.connection().execute(statement, rows)


def suppress_for_programme(
    session: Session, vendor_id: int, address_hash: bytes, reason: SuppressionReason, at: datetime
) -> bool:
    """No mail made from this vendor's kits goes to this person any more; False when that stood already."""
    values = {"organisation_id": vendor_id, "address_hash": address_hash, "reason": reason, "at": at}
    statement = insert_into(session, ProgrammeSuppression).values(values)
    keys = ["organisation_id", "address_hash", "reason"]
    made = statement.on_conflict_do_nothing(index_elements=keys).returning(
        ProgrammeSuppression.__table__.c.id
    )
    return session.execute(made).scalar() is not None


def suppress_everywhere(
    session: Session, address_hash: bytes, reason: SuppressionReason, at: datetime
) -> bool:
    """Nobody on this installation writes to this person any more; False when that stood already."""
    values = {"address_hash": address_hash, "reason": reason, "at": at}
    statement = insert_into(session, PlatformSuppression).values(values)
    keys = ["address_hash", "reason"]
    made = statement.on_conflict_do_nothing(index_elements=keys).returning(PlatformSuppression.__table__.c.id)
    return session.execute(made).scalar() is not None


def suppress_by_hand(session: Session, viewer: Viewer, address: str, *, hash_key: bytes) -> bool:
    """A person asked by telephone or letter; works for addresses that are on no list, too. False when that stood
    already: asked a second time, it cannot be undone any more."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER, Role.SALES)
    address_hash = person_key(hash_key, _normal(address))
    given = (session, viewer.organisation_id, address_hash, SuppressionReason.BY_HAND, clock.now(session))
    is_new = suppress(*given)
    found = _by_hand(session, viewer, address_hash)
    if found is None:  # it stood, and was taken back at this very moment
        is_new, found = suppress(*given), _by_hand(session, viewer, address_hash)
    action = _ADDED_BY_HAND if is_new else _ASKED_AGAIN
    detail = {"suppression": found.id} if found else None
    trail.record(session, viewer, action, _organisation(session, viewer), detail)
    return is_new


def take_back_by_hand(session: Session, viewer: Viewer, address: str, *, hash_key: bytes) -> None:
    """Undo of `suppress_by_hand` within clock.UNDO by the same person: whatever else forbids mail stays.

    NotFound after it, Refused to others and when the person was stopped once more meanwhile.
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER, Role.SALES)
    found = _by_hand(session, viewer, person_key(hash_key, _normal(address)))
    if found is None or clock.now(session) - found.at > clock.UNDO + clock.ON_THE_WAY:
        raise NotFound("This was some time ago and is not taken back any more.")
    entries = session.scalars(
        select(AuditEntry).where(
            AuditEntry.organisation_id == viewer.organisation_id,
            AuditEntry.subject_kind == Organisation.__name__,
            AuditEntry.subject_id == viewer.organisation_id,
            AuditEntry.action.in_((_ADDED_BY_HAND, _ASKED_AGAIN)),
            AuditEntry.at >= found.at,
        )
    )
    by = [entry.user_id for entry in entries if (entry.detail or {}).get("suppression") == found.id]
    if viewer.user_id is None or by != [viewer.user_id]:
        raise Refused("Only the person who did this can take it back.")
    session.delete(found)
    marks.people_changed(session, viewer.organisation_id)
    trail.record(session, viewer, "suppression.taken_back", _organisation(session, viewer))


def import_suppressions(
    database: Database,
    viewer: Viewer,
    file: BinaryIO,
    *,
    hash_key: bytes,
    progress: Callable[[int], None] | None = None,
) -> SuppressionReceipt:
    """The people who left another tool: every address in `file` (seekable) is suppressed for the partner.

    Reading it again, also after a kill, adds nothing twice. `progress` is told the rows read so far.
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    with database.reading(viewer.organisation_id) as session:
        terms.require_accepted(session, viewer)
    with files.as_text(file) as text:
        return _read_in(database, viewer, text, hash_key, progress)


def counts_for(session: Session, viewer: Viewer) -> dict[SuppressionReason, int]:
    """Addresses the partner may not write to, by reason; one address may count for several."""
    viewer.require(OrganisationKind.PARTNER, *Role)
    rows = session.execute(
        select(PartnerSuppression.reason, func.count())
        .where(PartnerSuppression.partner_id == viewer.organisation_id)
        .group_by(PartnerSuppression.reason)
    )
    return {reason: count for reason, count in rows}


def look_up(
    session: Session, viewer: Viewer, address: str, *, hash_key: bytes
) -> list[tuple[SuppressionReason, datetime]]:
    """Why and since when the partner may not write to an address; empty when nothing stands against it."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER, Role.SALES)
    address_hash = person_key(hash_key, _normal(address))
    found: list[tuple[SuppressionReason, datetime]] = []
    for model, own in (
        (PartnerSuppression, PartnerSuppression.partner_id == viewer.organisation_id),
        (PlatformSuppression, true()),
    ):
        rows = session.execute(select(model.reason, model.at).where(own, model.address_hash == address_hash))
        found += [(reason, at) for reason, at in rows]
    return sorted(found, key=lambda one: one[1])


def earlier(session: Session, partner_id: int, hashes: Collection[bytes]) -> dict[bytes, str]:
    """Of these people, those the partner may not write to, with the word an import gives as the reason."""
    found: dict[bytes, str] = {}
    if not hashes:
        return found
    for sql in (_OF_PARTNER, _OF_PLATFORM):
        for address_hash, reason in _among(session, sql, partner_id, hashes):
            if reason != SuppressionReason.BOUNCED.value:
                found[address_hash] = UNSUBSCRIBED_EARLIER
            else:
                found.setdefault(address_hash, BOUNCED_EARLIER)
    return found


def take_in(
    session: Session, partner_id: int, rows: Sequence[people.Row | people.Skipped], hash_key: bytes
) -> SuppressionReceipt:
    """Suppress the people of some rows of a file; taken in again, nothing is added."""
    hashes = sorted({person_key(hash_key, row.person.address) for row in rows if isinstance(row, people.Row)})
    added = _suppress_many(session, partner_id, hashes)
    unusable = sum(
        isinstance(row, people.Skipped) and row.reason is not people.SkipReason.TWICE for row in rows
    )
    return SuppressionReceipt(added, len(hashes) - added, unusable)


def _read_in(
    database: Database,
    viewer: Viewer,
    file: BinaryIO,
    hash_key: bytes,
    progress: Callable[[int], None] | None,
) -> SuppressionReceipt:
    layout = files.layout_of(file)
    if layout.problem:
        raise Invalid(layout.problem, {"file": layout.problem})
    added = known = unusable = 0
    for piece in files.slices(files.rows_of(file, layout, layout.mapping, "")):
        with database.transaction(viewer.organisation_id) as session:
            receipt = take_in(session, viewer.organisation_id, piece, hash_key)
        added, known = added + receipt.added, known + receipt.known
        unusable += receipt.unusable
        if progress:
            progress(added + known + unusable)
    with database.transaction(viewer.organisation_id) as session:
        detail = {"added": added, "known": known, "unusable": unusable}
        trail.record(session, viewer, "suppressions.imported", _organisation(session, viewer), detail)
    return SuppressionReceipt(added, known, unusable)


def _among(session: Session, sql: str, partner_id: int, hashes: Collection[bytes]) -> Sequence[Any]:
    """Asked for every slice of an import, so in the driver's own words: binding thousands of values costs
    SQLAlchemy more than the look-up costs the database. Where fewer are suppressed than asked about, all of
    them are read and compared here."""
    connection = session.connection()
    mark = "%s" if is_postgresql(session) else "?"
    sql = sql.replace("?", mark)
    few = connection.exec_driver_sql(f"{sql} LIMIT {mark}", (partner_id, len(hashes) + 1)).all()
    if len(few) <= len(hashes):
        wanted = set(hashes)
        return [row for row in few if row.address_hash in wanted]
    if is_postgresql(session):
        sql = f"{sql} AND address_hash = ANY(%s)"
        return connection.exec_driver_sql(sql, (partner_id, list(hashes))).all()
    sql = f"{sql} AND address_hash IN ({','.join('?' * len(hashes))})"
    return connection.exec_driver_sql(sql, (partner_id, *hashes)).all()


def _suppress_many(session: Session, partner_id: int, hashes: Sequence[bytes]) -> int:
    """Suppress all of them; how many were not before."""
    if not hashes:
        return 0
    at = clock.now(session)
    marks.people_changed(session, partner_id)
    values = [
        {
            "partner_id": partner_id,
            "address_hash": address_hash,
            "reason": SuppressionReason.IMPORTED,
            "at": at,
        }
        for address_hash in hashes
    ]
    statement = (
        insert_into(session, PartnerSuppression)
        .values(values)
        .on_conflict_do_nothing(index_elements=["partner_id", "address_hash", "reason"])
        .returning(PartnerSuppression.__table__.c.id)
    )
    return len(session.execute(statement).all())


def _by_hand(session: Session, viewer: Viewer, address_hash: bytes) -> PartnerSuppression | None:
    """Locked: one who undoes and one who stops the person again take turns."""
    return session.scalar(
        select(PartnerSuppression)
        .where(
            PartnerSuppression.partner_id == viewer.organisation_id,
            PartnerSuppression.address_hash == address_hash,
            PartnerSuppression.reason == SuppressionReason.BY_HAND,
        )
        .with_for_update()
    )


def _normal(address: str) -> str:
    normal = addresses.normalise(addresses.split_display(address[:400])[1])
    if normal is None:
        _, complaint = addresses.complaint(address[:400].strip())
        sentence = complaint[:1].upper() + complaint[1:]
        raise Invalid(sentence, {"address": sentence})
    return normal


def _organisation(session: Session, viewer: Viewer) -> Organisation:
    return session.get_one(Organisation, viewer.organisation_id)
