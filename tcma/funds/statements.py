"""A partner's statement as a bank writes it: what came onto certificates, what went off them, what is left.

A line is an entry on a certificate's `issued` account, so the lines of a certificate sum to what its card
shows as left. What is counted and paid out of a reservation changes nothing of that and has no line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Subquery, case, func, select
from sqlalchemy import cast as in_sql
from sqlalchemy.orm import Session

from tcma.columns import BigInt
from tcma.db import Database
from tcma.funds.accounts import AccountKind, Event, LedgerAccount, LedgerEntry, LedgerPosting
from tcma.funds.models import Certificate
from tcma.organisations.models import Organisation
from tcma.viewer import Viewer

PAGE = 50
CSV_PAGE = 500


@dataclass(frozen=True, slots=True)
class Quarter:
    year: int
    number: int  # 1 to 4

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Quarter | None":
        """From "2026-Q4"; None for anything else."""
        year, _, number = text.partition("-Q")
        if len(year) == 4 and year.startswith("2") and year.isdecimal() and number in {"1", "2", "3", "4"}:
            return cls(int(year), int(number))
        return None

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    def before(self) -> "Quarter":
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines; None and "" ask nothing. A quarter is meant in `timezone`."""

    vendor: str = ""  # slug
    quarter: Quarter | None = None
    certificate_id: int | None = None
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` (minor units) is above zero for what came in; `balance` is what is left on the certificate after it."""

    entry_id: int  # the key of the next page
    at: datetime
    event: Event
    amount: int
    balance: int
    currency: str
    certificate_id: UUID
    code: str
    vendor_name: str
    campaign_id: int | None
    user_id: int | None

    @property
    def money_in(self) -> int:
        return max(0, self.amount)

    @property
    def money_out(self) -> int:
        return max(0, -self.amount)


@dataclass(frozen=True, slots=True)
class Total:
    """Of all lines that are wanted, in one currency."""

    currency: str
    money_in: int
    money_out: int


def lines_for(
    session: Session, viewer: Viewer, wanted: Wanted, *, before: int | None = None, limit: int = PAGE
) -> list[Line]:
    """Newest first; `before` is the entry_id of the last line of the page before. One statement."""
    entries = _entries(viewer, wanted)
    query = (
        select(
            entries.c.id,
            entries.c.at,
            entries.c.event,
            entries.c.amount,
            entries.c.balance,
            entries.c.currency,
            Certificate.public_id,
            Certificate.code,
            Organisation.name,
            LedgerPosting.campaign_id,
            LedgerPosting.user_id,
        )
        .join(Certificate, Certificate.id == entries.c.certificate_id)
        .join(Organisation, Organisation.id == Certificate.vendor_id)
        .outerjoin(LedgerPosting, LedgerPosting.id == entries.c.posting_id)
        .where(*_within(entries, wanted))
        .order_by(entries.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(entries.c.id < before)
    return [Line(*cast(Any, row)) for row in session.execute(query)]


def totals_for(session: Session, viewer: Viewer, wanted: Wanted) -> list[Total]:
    """In and out of all lines that are wanted, by currency. One statement."""
    entries = _entries(viewer, wanted)
    rows = session.execute(
        select(
            entries.c.currency,
            func.sum(case((entries.c.amount > 0, entries.c.amount), else_=0)),
            func.sum(case((entries.c.amount < 0, -entries.c.amount), else_=0)),
        )
        .where(*_within(entries, wanted))
        .group_by(entries.c.currency)
        .order_by(entries.c.currency)
    )
    return [Total(currency, int(money_in), int(money_out)) for currency, money_in, money_out in rows]


def all_lines(database: Database, viewer: Viewer, wanted: Wanted) -> Iterator[Line]:
    """Every line that is wanted, newest first, read page by page with a session each: for files."""
    before: int | None = None
    while True:
        with database.reading(viewer.organisation_id) as session:
            page = lines_for(session, viewer, wanted, before=before, limit=CSV_PAGE)
        yield from page
        if len(page) < CSV_PAGE:
            return
        before = page[-1].entry_id


def _entries(viewer: Viewer, wanted: Wanted) -> Subquery:
    """The entries with what is left after each: every one of an account is summed, whatever is shown of them."""
    total = func.sum(LedgerEntry.amount).over(partition_by=LedgerEntry.account_id, order_by=LedgerEntry.id)
    left = in_sql(total, BigInt)  # PostgreSQL sums whole numbers to decimals
    query = (
        select(
            LedgerEntry.id,
            LedgerEntry.at,
            LedgerEntry.event,
            LedgerEntry.amount,
            left.label("balance"),
            LedgerEntry.posting_id,
            LedgerAccount.currency,
            LedgerAccount.certificate_id,
        )
        .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
        .where(LedgerAccount.kind == AccountKind.ISSUED, LedgerAccount.other_id == viewer.organisation_id)
    )
    if wanted.certificate_id is not None:
        query = query.where(LedgerAccount.certificate_id == wanted.certificate_id)
    if wanted.vendor:
        vendor = select(Organisation.id).where(Organisation.slug == wanted.vendor)
        query = query.where(LedgerAccount.holder_id.in_(vendor))
    return query.subquery("entries")


def _within(entries: Subquery, wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.quarter is None:
        return []
    zone = ZoneInfo(wanted.timezone)
    first = wanted.quarter.first_day
    after = (first + timedelta(days=100)).replace(day=1)  # the first day of the quarter that follows
    starts = datetime.combine(first, time(), zone)
    ends = datetime.combine(after, time(), zone)
    return [entries.c.at >= starts, entries.c.at < ends]
