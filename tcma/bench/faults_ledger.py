"""Random operations on the ledger, each checked; every thousand, all balances are recounted."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from math import floor
from random import Random

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.bench import ledger_world
from tcma.bench.ledger_world import VendorWorld, World
from tcma.db import Database
from tcma.errors import DomainError
from tcma.funds import chart, expiry, ledger, lines, prices, proof, requests, service
from tcma.funds.accounts import CONTRA, AccountKind, Event, LedgerAccount, LedgerEntry, LedgerPosting
from tcma.funds.issuing import Terms
from tcma.funds.models import Certificate, CertificateStatus, CostLine, Fund, LineStatus
from tcma.funds.service import NewFund
from tcma.viewer import Viewer

RECOUNT_EVERY = 1_000
SHOWN_PROBLEMS = 20
PRICES = (0, 1_000_000, 333_333_333, 10_000_000_000, 12_345_678_901)
_C = CertificateStatus
_NEW_ENTRIES = (
    select(
        LedgerEntry.posting_id,
        LedgerEntry.amount,
        LedgerAccount.id,
        LedgerAccount.kind,
        LedgerAccount.balance,
        LedgerAccount.currency,
    )
    .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
    .where(LedgerEntry.posting_id > bindparam("last"))
)


@dataclass
class Result:
    """What a run did and what it found wrong (nothing, when the ledger is right)."""

    operations: int
    seed: int
    postings: int = 0
    refused: int = 0
    recounts: int = 0
    seconds: float = 0.0
    done: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


def run(database: Database, operations: int, seed: int, report: Callable[[str], None]) -> Result:
    """Do `operations` random ones in a world of their own, one transaction each.

    `database` is migrated, sees every row (the worker's role) and is used by nobody else meanwhile;
    its clock is moved. Stops early when something is wrong.
    """
    result = Result(operations, seed)
    begun = time.monotonic()
    random = Random(seed)
    with database.transaction() as session:
        machine = _Machine(random, ledger_world.build(session, random), result)
        machine.start(session)
    for number in range(1, operations + 1):
        machine.step(database)
        if number % RECOUNT_EVERY == 0 or number == operations:
            machine.recount(database)
            rate = number / (time.monotonic() - begun)
            report(
                f"{number:,} of {operations:,} operations, {result.postings:,} postings,"
                f" {result.refused:,} refused, {rate:,.0f} a second, {len(result.problems)} problems"
            )
        if len(result.problems) >= SHOWN_PROBLEMS:
            break
    result.seconds = time.monotonic() - begun
    return result


class _Machine:
    def __init__(self, random: Random, world: World, result: Result) -> None:
        self.random, self.world, self.result = random, world, result
        self.balances: dict[int, int] = {}  # by account id, from entries alone
        self.last_posting = 0
        # What to do, how often.
        self.deeds: list[tuple[Callable[[Session, VendorWorld], None], int]] = [
            (self.allocate, 5),
            (self.grant, 8),
            (self.ask, 6),
            (self.answer_offer, 8),
            (self.open_line, 14),
            (self.count_more, 30),
            (self.count_less, 8),
            (self.release, 8),
            (self.take_back, 3),
            (self.reopen, 4),
            (self.settle, 6),
            (self.change_certificate, 4),
            (self.overdraw, 3),
            (self.post_again, 3),
            (self.set_price, 1),
            (self.pass_time, 1),
        ]

    def start(self, session: Session) -> None:
        """Begin after what stands in the ledger already, with prices above zero."""
        for vendor in self.world.vendors:
            prices.set_unit_price(session, self.world.operator, vendor.currency, PRICES[-1])
        self.last_posting = session.scalar(select(func.max(LedgerPosting.id))) or 0
        rows = session.execute(select(LedgerAccount.id, LedgerAccount.balance))
        self.balances = {account_id: balance for account_id, balance in rows}

    def step(self, database: Database) -> None:
        deed = self.random.choices(*zip(*self.deeds, strict=True))[0]
        vendor = self.random.choice(self.world.vendors)
        try:
            with database.transaction() as session:
                deed(session, vendor)
                self._check_postings(session)
            self.result.done[deed.__name__] += 1
        except DomainError:
            self.result.refused += 1
            with database.reading() as session:
                if (session.scalar(select(func.max(LedgerPosting.id))) or 0) > self.last_posting:
                    self.problem(f"{deed.__name__} was refused and posted all the same")

    def recount(self, database: Database) -> None:
        self.result.recounts += 1
        with database.reading() as session:
            for found in proof.prove(session):
                self.problem(str(found))
            rows = session.execute(select(LedgerAccount.id, LedgerAccount.balance))
            if {account_id: balance for account_id, balance in rows} != self.balances:
                self.problem("The balances differ from the sums kept beside the database.")

    def problem(self, sentence: str) -> None:
        self.result.problems.append(sentence)

    # Deeds: each may be refused; a refused one must leave nothing.

    def allocate(self, session: Session, vendor: VendorWorld) -> None:
        fund = self._fund(session, vendor)
        if fund is None or self.random.random() < 0.1:
            today = clock.now(session).date()
            new = NewFund(
                name="Run",
                currency=vendor.currency,
                starts_on=today,
                ends_on=today + timedelta(days=self.random.randrange(5, 60)),
                share_bp=self.random.choice((1, 3_333, 5_000, 6_667, 10_000)),
                cap_amount=self.random.choice((1_000, 40_000, 1_000_000)),
                settle_days=self.random.choice((0, 7, 90)),
                terms_version="1",
                terms_text="Run.",
                rule={"on": True},
            )
            fund = service.create_fund(session, vendor.viewer, new)
        service.allocate(session, vendor.viewer, fund.public_id, self.random.randrange(1, 500_000))

    def grant(self, session: Session, vendor: VendorWorld) -> None:
        if fund := self._fund(session, vendor):
            partner = self.random.choice(vendor.partners)
            terms = Terms(self.random.randrange(1, 60_000))
            service.grant(session, vendor.viewer, fund.public_id, partner.organisation_id, terms)

    def ask(self, session: Session, vendor: VendorWorld) -> None:
        if fund := self._fund(session, vendor):
            amount = self.random.randrange(1, 60_000)
            wanted = requests.Ask(vendor.viewer.organisation_id, fund.public_id, amount, "1")
            requests.ask(session, self.random.choice(vendor.partners), wanted)

    def answer_offer(self, session: Session, vendor: VendorWorld) -> None:
        if certificate := self._certificate(session, vendor, _C.OFFERED):
            partner = self._partner_of(vendor, certificate.partner_id)
            if self.random.random() < 0.8:
                service.accept(session, partner, certificate.public_id, terms_version="1")
            else:
                service.decline(session, partner, certificate.public_id)

    def open_line(self, session: Session, vendor: VendorWorld) -> None:
        partner = self.random.choice(vendor.partners)
        lines.open_line(
            session,
            campaign_id=ledger_world.add_campaign(session, vendor, partner),
            vendor_id=vendor.viewer.organisation_id,
            partner_id=partner.organisation_id,
            units=self.random.randrange(0, 3_000),
            kit_id=vendor.kit_id,
            user_id=partner.user_id,
        )

    def count_more(self, session: Session, vendor: VendorWorld) -> None:
        self._count(session, vendor, self.random.choice((1, 7, 64, 64, 64, 500)))

    def count_less(self, session: Session, vendor: VendorWorld) -> None:
        self._count(session, vendor, -self.random.choice((1, 1, 5)))

    def _count(self, session: Session, vendor: VendorWorld, by: int) -> None:
        line = self._line(session, vendor, *LineStatus)
        if line is None or line.units + by < 0:
            return
        before = (line.units, line.cost_amount, line.vendor_amount)
        after = lines.count(session, line.id, line.units + by)
        if line.status is LineStatus.SETTLED:
            if (after.units, after.cost_amount, after.vendor_amount) != before:
                self.problem(f"Line {line.id} is settled and changed.")
            return
        cost = _half_up(Fraction(after.units * after.price, 10**9))
        share = _half_up(Fraction(after.units * after.price * after.share_bp, 10**13))
        vendor_part = min(share, after.reserved_amount, cost)
        exact = line.status is LineStatus.RESERVED
        if after.cost_amount != cost or after.vendor_amount > vendor_part:
            self.problem(
                f"Line {line.id}: {after.units} units cost {cost}, the vendor at most {vendor_part}."
            )
        if exact and after.vendor_amount != vendor_part:
            self.problem(f"Line {line.id}: the vendor bears {vendor_part}, not {after.vendor_amount}.")

    def release(self, session: Session, vendor: VendorWorld) -> None:
        if line := self._line(session, vendor, LineStatus.RESERVED):
            lines.release(session, line.id)

    def take_back(self, session: Session, vendor: VendorWorld) -> None:
        """A launch is taken back: refused once something was counted."""
        if line := self._line(session, vendor, LineStatus.RESERVED):
            lines.take_back(session, line.id)

    def reopen(self, session: Session, vendor: VendorWorld) -> None:
        """It is launched again, with another number of messages and whatever certificate fits now."""
        if line := self._line(session, vendor, LineStatus.RELEASED):
            units = self.random.randrange(0, 3_000)
            lines.reopen(session, line.id, units=units, kit_id=vendor.kit_id)

    def settle(self, session: Session, vendor: VendorWorld) -> None:
        for line_id in lines.due_lines(session, limit=3):
            lines.settle(session, line_id)

    def change_certificate(self, session: Session, vendor: VendorWorld) -> None:
        certificate = self._certificate(session, vendor, _C.ACTIVE, _C.SUSPENDED, _C.EXPIRED)
        if certificate is None:
            return
        public_id = certificate.public_id
        choice = self.random.randrange(4)
        if choice == 0:
            service.revoke(session, vendor.viewer, public_id, "Run")
        elif choice == 1:
            service.suspend(session, vendor.viewer, public_id, "Run")
        elif choice == 2:
            service.resume(session, vendor.viewer, public_id)
        else:
            service.close(session, vendor.viewer, public_id)

    def overdraw(self, session: Session, vendor: VendorWorld) -> None:
        """One more than there is: refused by the ledger itself."""
        if certificate := self._certificate(session, vendor, *CertificateStatus):
            issued = chart.of_certificate(AccountKind.ISSUED, certificate)
            reserved = chart.of_certificate(AccountKind.RESERVED, certificate)
            amount = ledger.balance(session, issued) + 1
            key = f"overdraw:{certificate.id}:{self.random.random()}"
            ledger.post(session, Event.RESERVED, [(issued, -amount), (reserved, amount)], key)
            self.problem(f"Certificate {certificate.id} gave {amount}, one more than it had.")

    def post_again(self, session: Session, vendor: VendorWorld) -> None:
        """An event that arrives twice posts once."""
        certificate = self._certificate(session, vendor, *CertificateStatus)
        if certificate is None:
            return
        entries = [
            (chart.free(certificate), -certificate.amount),
            (chart.of_certificate(AccountKind.ISSUED, certificate), certificate.amount),
        ]
        if ledger.post(session, Event.OFFERED, entries, f"certificate:{certificate.id}:offered") is not None:
            self.problem(f"Certificate {certificate.id} was offered twice.")

    def set_price(self, session: Session, vendor: VendorWorld) -> None:
        prices.set_unit_price(session, self.world.operator, vendor.currency, self.random.choice(PRICES))

    def pass_time(self, session: Session, vendor: VendorWorld) -> None:
        """A day or several, and what the nightly jobs do then."""
        clock.advance(session, timedelta(days=self.random.choice((1, 1, 2, 8))))
        for line_id in expiry.overdue_lines(session):
            lines.release(session, line_id)
        for certificate_id in expiry.due_certificates(session):
            expiry.expire_certificate(session, certificate_id)
        for fund_id in expiry.due_funds(session):
            expiry.lapse_fund(session, fund_id)

    # Choosing.

    def _fund(self, session: Session, vendor: VendorWorld) -> Fund | None:
        found = session.scalars(
            select(Fund)
            .where(
                Fund.organisation_id == vendor.viewer.organisation_id,
                Fund.ends_on >= clock.now(session).date(),
            )
            .order_by(Fund.id.desc())
            .limit(4)
        ).all()
        return self.random.choice(found) if found else None

    def _certificate(
        self, session: Session, vendor: VendorWorld, *statuses: CertificateStatus
    ) -> Certificate | None:
        found = session.scalars(
            select(Certificate)
            .where(Certificate.vendor_id == vendor.viewer.organisation_id, Certificate.status.in_(statuses))
            .order_by(Certificate.id.desc())
            .limit(12)
        ).all()
        return self.random.choice(found) if found else None

    def _line(self, session: Session, vendor: VendorWorld, *statuses: LineStatus) -> CostLine | None:
        found = session.scalars(
            select(CostLine)
            .where(CostLine.vendor_id == vendor.viewer.organisation_id, CostLine.status.in_(statuses))
            .order_by(CostLine.id.desc())
            .limit(12)
        ).all()
        return self.random.choice(found) if found else None

    @staticmethod
    def _partner_of(vendor: VendorWorld, partner_id: int) -> Viewer:
        return next(partner for partner in vendor.partners if partner.organisation_id == partner_id)

    # Checking.

    def _check_postings(self, session: Session) -> None:
        """Every new posting sums to zero in one currency and changed exactly the balances it names."""
        session.flush()
        rows = session.connection().execute(_NEW_ENTRIES, {"last": self.last_posting}).all()
        if not rows:
            return
        new = sorted({row.posting_id for row in rows})
        for posting_id in new:
            mine = [row for row in rows if row.posting_id == posting_id]
            if sum(row.amount for row in mine) or len({row.currency for row in mine}) > 1:
                self.problem(f"Posting {posting_id} does not balance: {[row.amount for row in mine]}.")
        for row in rows:
            self.balances[row.id] = self.balances.get(row.id, 0) + row.amount
        for row in rows:
            if row.balance != self.balances[row.id]:
                self.problem(f"Account {row.id} holds {row.balance}, its entries {self.balances[row.id]}.")
            if row.balance > 0 if row.kind in CONTRA else row.balance < 0:
                self.problem(f"Account {row.id} ({row.kind}) is at {row.balance}: the wrong side of zero.")
        self.result.postings += len(new)
        self.last_posting = new[-1]


def _half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))
