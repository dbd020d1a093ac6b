"""Money from elsewhere: what a partner notes of other vendors' funds, with its dates and papers.

Partner-private throughout: no vendor and no operator reads it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from babel.numbers import list_currencies
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.errors import Conflict, Invalid, NotFound, phrase
from tcma.funds.elsewhere_models import ElsewhereFile, ElsewhereMoney, ElsewhereStatus
from tcma.funds.papers import Paper
from tcma.funds.service import LARGEST_AMOUNT, user_of
from tcma.viewer import OrganisationKind, Role, Viewer

LONGEST_VENDOR = 120
LONGEST_NOTE = 2_000
MOST_FILES = 10
MOST_LISTED = 200
WATCHED = {ElsewhereStatus.OPEN: "use", ElsewhereStatus.USED: "claim"}  # which date matters in a state
_READERS = (Role.MARKETER, Role.FINANCE, Role.SALES, Role.READER)
_WRITERS = (Role.MARKETER, Role.FINANCE)


@dataclass(frozen=True, slots=True)
class Noted:
    """What the partner says of a sum. Amount in minor units, share in hundredths of a percent."""

    vendor_name: str
    amount: int
    currency: str
    share_bp: int | None = None
    use_by_on: date | None = None
    claim_by_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day on which something has to be done; `what` is "use" or "claim"."""

    on: date
    what: str
    money: ElsewhereMoney


def note(session: Session, viewer: Viewer, said: Noted) -> ElsewhereMoney:
    """Put a sum down. Invalid names every field that cannot be used."""
    viewer.require(OrganisationKind.PARTNER, *_WRITERS)
    _check(said)
    now = clock.now(session)
    made = ElsewhereMoney(
        partner_id=viewer.organisation_id,
        status=ElsewhereStatus.OPEN,
        created_by_id=user_of(viewer),
        created_at=now,
        updated_at=now,
    )
    _write(made, said)
    session.add(made)
    trail.record(session, viewer, "elsewhere.noted", made)
    return made


def change(session: Session, viewer: Viewer, public_id: UUID, said: Noted) -> ElsewhereMoney:
    viewer.require(OrganisationKind.PARTNER, *_WRITERS)
    _check(said)
    found = find_money(session, viewer, public_id, lock=True)
    _write(found, said)
    found.updated_at = clock.now(session)
    trail.record(session, viewer, "elsewhere.changed", found)
    return found


def move(session: Session, viewer: Viewer, public_id: UUID, status: ElsewhereStatus) -> ElsewhereMoney:
    """Say how it stands now; Conflict says what can follow."""
    viewer.require(OrganisationKind.PARTNER, *_WRITERS)
    found = find_money(session, viewer, public_id, lock=True)
    found.move_to(status, clock.now(session))
    trail.record(session, viewer, f"elsewhere.{status.value}", found)
    return found


def forget(session: Session, viewer: Viewer, public_id: UUID) -> None:
    """Delete a sum with its papers: it was only ever a note."""
    viewer.require(OrganisationKind.PARTNER, *_WRITERS)
    found = find_money(session, viewer, public_id, lock=True)
    for file in files_of(session, found):
        session.delete(file)
    session.flush()
    trail.record(session, viewer, "elsewhere.forgotten", found)
    session.delete(found)


def add_file(session: Session, viewer: Viewer, public_id: UUID, paper: Paper) -> ElsewhereFile:
    """Lay a kept paper to a sum; the same one twice is one."""
    viewer.require(OrganisationKind.PARTNER, *_WRITERS)
    found = find_money(session, viewer, public_id, lock=True)
    there = files_of(session, found)
    same = next((file for file in there if file.sha256 == paper.sha256), None)
    if same is not None:
        return same
    if len(there) >= MOST_FILES:
        raise Conflict(phrase("There are %(most)s files here already. Remove one first.", most=MOST_FILES))
    made = ElsewhereFile(
        partner_id=viewer.organisation_id,
        money_id=found.id,
        name=paper.name,
        content_type=paper.content_type,
        size=paper.size,
        sha256=paper.sha256,
        added_by_id=user_of(viewer),
        created_at=clock.now(session),
    )
    session.add(made)
    session.flush()
    return made


def remove_file(session: Session, viewer: Viewer, public_id: UUID, file_id: UUID) -> None:
    viewer.require(OrganisationKind.PARTNER, *_WRITERS)
    session.delete(find_file(session, viewer, public_id, file_id))


def money_for(session: Session, viewer: Viewer) -> list[ElsewhereMoney]:
    """What still has a date to keep first, the soonest first, then the rest, the latest first. One statement."""
    viewer.require(OrganisationKind.PARTNER, *_READERS)
    query = (
        select(ElsewhereMoney)
        .where(ElsewhereMoney.partner_id == viewer.organisation_id)
        .order_by(ElsewhereMoney.id.desc())
        .limit(MOST_LISTED)
    )
    return sorted(session.scalars(query), key=_order)


def find_money(session: Session, viewer: Viewer, public_id: UUID, *, lock: bool = False) -> ElsewhereMoney:
    viewer.require(OrganisationKind.PARTNER, *_READERS)
    query = select(ElsewhereMoney).where(
        ElsewhereMoney.public_id == public_id, ElsewhereMoney.partner_id == viewer.organisation_id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound("There is no such money from elsewhere.")
    return found


def files_of(session: Session, found: ElsewhereMoney) -> Sequence[ElsewhereFile]:
    query = select(ElsewhereFile).where(
        ElsewhereFile.money_id == found.id, ElsewhereFile.partner_id == found.partner_id
    )
    return session.scalars(query.order_by(ElsewhereFile.id)).all()


def find_file(session: Session, viewer: Viewer, public_id: UUID, file_id: UUID) -> ElsewhereFile:
    money = find_money(session, viewer, public_id)
    found = next((file for file in files_of(session, money) if file.public_id == file_id), None)
    if found is None:
        raise NotFound("There is no such file.")
    return found


def deadline_of(found: ElsewhereMoney) -> Deadline | None:
    """The date that matters now: to use while it is open, to claim once it is used."""
    what = WATCHED.get(found.status)
    on = found.use_by_on if what == "use" else found.claim_by_on if what == "claim" else None
    if what == "use" and on is None and found.claim_by_on is not None:
        return Deadline(found.claim_by_on, "claim", found)
    return Deadline(on, what, found) if what and on else None


def dates_between(session: Session, viewer: Viewer, first: date, last: date) -> list[Deadline]:
    """Use-by and claim-by dates from `first` to `last` (both included) of sums whose date is still to be kept, in
    their order. One statement."""
    viewer.require(OrganisationKind.PARTNER, *_READERS)
    use, claim = ElsewhereMoney.use_by_on, ElsewhereMoney.claim_by_on
    query = select(ElsewhereMoney).where(
        ElsewhereMoney.partner_id == viewer.organisation_id,
        ElsewhereMoney.status.in_(WATCHED),
        or_(use.between(first, last), claim.between(first, last)),
    )
    found = []
    for money in session.scalars(query):
        if money.status is ElsewhereStatus.OPEN and money.use_by_on is not None:
            found.append(Deadline(money.use_by_on, "use", money))
        if money.claim_by_on is not None:
            found.append(Deadline(money.claim_by_on, "claim", money))
    return sorted(
        (deadline for deadline in found if first <= deadline.on <= last),
        key=lambda deadline: (deadline.on, deadline.money.id, deadline.what),
    )


def _write(row: ElsewhereMoney, said: Noted) -> None:
    row.vendor_name = " ".join(said.vendor_name.split())
    row.amount, row.currency, row.share_bp = said.amount, said.currency, said.share_bp
    row.use_by_on, row.claim_by_on, row.note = said.use_by_on, said.claim_by_on, said.note.strip()


def _order(found: ElsewhereMoney) -> tuple[int, date, int]:
    deadline = deadline_of(found)
    if deadline is not None:
        return 0, deadline.on, found.id
    return (1 if found.status in WATCHED else 2), date.max, -found.id


def _check(said: Noted) -> None:
    days = [day for day in (said.use_by_on, said.claim_by_on) if day is not None]
    checks = (
        (
            "vendor_name",
            0 < len(said.vendor_name.strip()) <= LONGEST_VENDOR and said.vendor_name.strip().isprintable(),
            phrase("Name the vendor in 1 to %(most)s characters.", most=LONGEST_VENDOR),
        ),
        ("currency", said.currency in list_currencies(), phrase("Choose a currency such as CHF or EUR.")),
        ("amount", 0 < said.amount <= LARGEST_AMOUNT, "The amount is above zero."),
        (
            "share",
            said.share_bp is None or 0 < said.share_bp <= 10_000,
            phrase("The share is above 0 and at most 100 %%. Leave it empty if you do not know it."),
        ),
        (
            "claim_by_on",
            len(days) < 2 or days[0] <= days[1],
            phrase("Money is used before it is claimed: this date cannot be before the use-by date."),
        ),
        (
            "note",
            len(said.note) <= LONGEST_NOTE,
            phrase("A note has at most %(most)s characters.", most=LONGEST_NOTE),
        ),
    )
    wrong = {field: sentence for field, good, sentence in checks if not good}
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)
