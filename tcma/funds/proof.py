"""Proof that the ledger holds together, for the nightly job and for tests."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from tcma.funds.accounts import CONTRA, AccountKind, LedgerAccount, LedgerEntry, LedgerPosting
from tcma.funds.chart import CERTIFICATE_KINDS
from tcma.funds.models import Certificate, CostLine, LineStatus

STAGES = (AccountKind.FREE, AccountKind.LAPSED, *sorted(CERTIFICATE_KINDS))
_DUES = (AccountKind.VENDOR_DUE, AccountKind.SHARE_DUE, AccountKind.PLATFORM_INCOME)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Two figures that ought to be equal (minor units)."""

    where: str  # an account's key, "posting 7", "fund 3", "dues in CHF"
    rule: str
    expected: int
    found: int

    def __str__(self) -> str:
        return f"{self.where}: {self.rule} (expected {self.expected}, found {self.found})"


def prove(session: Session, fund_id: int | None = None) -> list[Discrepancy]:
    """Everything that does not add up, in one fund or in the whole ledger; empty when all is well.

    Needs a session that sees every row (the worker's): a tenant sees only its side of a posting.
    """
    if session.info.get("guarded"):
        raise ValueError("The ledger is proved by a worker; a tenant sees only its side of a posting.")
    found = [*_balances(session, fund_id), *_signs(session, fund_id), *_postings(session, fund_id)]
    found += [*_stages(session, fund_id), *_lines(session, fund_id)]
    if fund_id is None:
        found += _dues(session)
    return found


def _of(fund_id: int | None) -> list[ColumnElement[bool]]:
    return [] if fund_id is None else [LedgerAccount.fund_id == fund_id]


def _balances(session: Session, fund_id: int | None) -> Iterator[Discrepancy]:
    sums = select(LedgerEntry.account_id, func.sum(LedgerEntry.amount).label("total"))
    if fund_id is not None:
        sums = sums.where(
            LedgerEntry.account_id.in_(select(LedgerAccount.id).where(LedgerAccount.fund_id == fund_id))
        )
    summed = sums.group_by(LedgerEntry.account_id).subquery()
    total = func.coalesce(summed.c.total, 0)
    rows = session.execute(
        select(LedgerAccount.key, total, LedgerAccount.balance)
        .outerjoin(summed, summed.c.account_id == LedgerAccount.id)
        .where(LedgerAccount.balance != total, *_of(fund_id))
    )
    for key, expected, balance in rows:
        yield Discrepancy(key, "the balance is the sum of its entries", int(expected), balance)


def _signs(session: Session, fund_id: int | None) -> Iterator[Discrepancy]:
    contra = LedgerAccount.kind.in_(CONTRA)
    wrong = or_(contra & (LedgerAccount.balance > 0), ~contra & (LedgerAccount.balance < 0))
    query = select(LedgerAccount.key, LedgerAccount.balance).where(wrong, *_of(fund_id))
    for key, balance in session.execute(query):
        yield Discrepancy(key, "the balance is on its side of zero", 0, balance)


def _postings(session: Session, fund_id: int | None) -> Iterator[Discrepancy]:
    total = func.sum(LedgerEntry.amount)
    sums = select(LedgerEntry.posting_id, total).group_by(LedgerEntry.posting_id).having(total != 0)
    if fund_id is not None:
        sums = sums.where(
            LedgerEntry.posting_id.in_(select(LedgerPosting.id).where(LedgerPosting.fund_id == fund_id))
        )
    for posting_id, found in session.execute(sums):
        yield Discrepancy(f"posting {posting_id}", "its entries sum to zero", 0, int(found))
    empty = select(LedgerPosting.id).where(~LedgerPosting.id.in_(select(LedgerEntry.posting_id)))
    if fund_id is not None:
        empty = empty.where(LedgerPosting.fund_id == fund_id)
    for posting_id in session.scalars(empty):
        yield Discrepancy(f"posting {posting_id}", "it has entries", 1, 0)


def _stages(session: Session, fund_id: int | None) -> Iterator[Discrepancy]:
    query = (
        select(LedgerAccount.fund_id, func.sum(LedgerAccount.balance))
        .where(LedgerAccount.kind.in_((AccountKind.ALLOCATED, *STAGES)), *_of(fund_id))
        .group_by(LedgerAccount.fund_id)
    )
    for fund, total in session.execute(query):
        if total:
            yield Discrepancy(f"fund {fund}", "its stages sum to what was allocated", 0, int(total))


def _lines(session: Session, fund_id: int | None) -> Iterator[Discrepancy]:
    """What a certificate has reserved and captured is what its cost lines hold."""
    reserving = CostLine.status == LineStatus.RESERVED
    held = case((reserving, CostLine.reserved_amount - CostLine.vendor_amount), else_=0)
    captured = case((CostLine.status != LineStatus.SETTLED, CostLine.vendor_amount), else_=0)
    lines = (
        select(
            CostLine.certificate_id, func.sum(held).label("reserved"), func.sum(captured).label("captured")
        )
        .where(CostLine.certificate_id.is_not(None))
        .group_by(CostLine.certificate_id)
        .subquery()
    )
    for kind, total in ((AccountKind.RESERVED, lines.c.reserved), (AccountKind.CAPTURED, lines.c.captured)):
        expected, found = func.coalesce(total, 0), func.coalesce(LedgerAccount.balance, 0)
        account = (LedgerAccount.certificate_id == Certificate.id) & (LedgerAccount.kind == kind)
        query = (
            select(Certificate.id, expected, found)
            .outerjoin(lines, lines.c.certificate_id == Certificate.id)
            .outerjoin(LedgerAccount, account)
            .where(expected != found)
        )
        if fund_id is not None:
            query = query.where(Certificate.fund_id == fund_id)
        for certificate_id, wanted, balance in session.execute(query):
            where = f"certificate:{certificate_id}:{kind}"
            yield Discrepancy(where, "the balance is what its lines hold", int(wanted), int(balance))


def _dues(session: Session) -> Iterator[Discrepancy]:
    query = (
        select(LedgerAccount.currency, func.sum(LedgerAccount.balance))
        .where(LedgerAccount.kind.in_(_DUES))
        .group_by(LedgerAccount.currency)
    )
    for currency, total in session.execute(query):
        if total:
            yield Discrepancy(f"dues in {currency}", "income equals what is due", 0, int(total))
