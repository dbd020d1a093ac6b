"""What ends by the calendar: offers, certificates, reservations past their settle-by date, fund periods.

Called by a worker; every function takes one thing and is harmless when run twice.
"""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.funds import chart, issuing, ledger, lines
from tcma.funds.accounts import AccountKind, Event, LedgerAccount
from tcma.funds.models import (
    Certificate,
    CertificateStatus,
    CostLine,
    Fund,
    FundingRequest,
    LineStatus,
    RequestStatus,
)
from tcma.jobs.queue import Job, enqueue

_RUNNING = (CertificateStatus.OFFERED, CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED)
_OPEN = (RequestStatus.DRAFT, RequestStatus.SUBMITTED, RequestStatus.INFO_REQUESTED)


def due_certificates(session: Session, limit: int = 100) -> list[int]:
    """Ids of certificates past their last day, or expired ones past their settle-by date."""
    today = clock.now(session).date()
    past = Certificate.status.in_(_RUNNING) & (Certificate.valid_until_on < today)
    over = (Certificate.status == CertificateStatus.EXPIRED) & (Certificate.settle_by_on < today)
    return list(
        session.scalars(
            select(Certificate.id).where(past | over).order_by(Certificate.valid_until_on).limit(limit)
        )
    )


def expire_certificate(session: Session, certificate_id: int) -> Certificate:
    """End it when its day is past: what is not reserved returns to the fund, what is stays usable.

    Past its settle-by date it is closed, and reservations return too.
    """
    today = clock.now(session).date()
    certificate = _locked_after_lines(session, certificate_id, today)
    if certificate.status in _RUNNING and certificate.valid_until_on < today:
        certificate.expire()
        issuing.take_back(session, certificate)
        _record(session, certificate, "certificate.expired")
        arguments = {"certificate_id": certificate.id}
        enqueue(session, Job.LAUNCHES_RECHECK_FUNDING, f"certificate:{certificate.id}:expired", arguments)
    if certificate.status is CertificateStatus.EXPIRED and certificate.settle_by_on < today:
        certificate.close()
        _record(session, certificate, "certificate.closed")
    session.flush()
    return certificate


def overdue_lines(session: Session, limit: int = 100) -> list[int]:
    """Ids of lines that still hold a reservation after their certificate's settle-by date."""
    return list(
        session.scalars(
            select(CostLine.id)
            .join(Certificate, Certificate.id == CostLine.certificate_id)
            .where(
                CostLine.status == LineStatus.RESERVED,
                Certificate.settle_by_on < clock.now(session).date(),
            )
            .order_by(CostLine.id)
            .limit(limit)
        )
    )


def due_requests(session: Session, limit: int = 100) -> list[int]:
    """Ids of requests nobody decided before their fund's period ended."""
    return list(
        session.scalars(
            select(FundingRequest.id)
            .join(Fund, Fund.id == FundingRequest.fund_id)
            .where(FundingRequest.status.in_(_OPEN), Fund.ends_on < clock.now(session).date())
            .order_by(FundingRequest.id)
            .limit(limit)
        )
    )


def expire_request(session: Session, request_id: int) -> bool:
    """End a request of a period that is over; False when it was decided meanwhile."""
    request = session.scalars(
        select(FundingRequest)
        .where(FundingRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if request.status not in _OPEN:
        return False
    request.expire()
    trail.record(session, None, "funding_request.expired", request, organisation_id=request.vendor_id)
    enqueue(session, Job.LAUNCHES_RECHECK_FUNDING, f"request:{request.id}", {"request_id": request.id})
    return True


def due_funds(session: Session, limit: int = 100) -> list[int]:
    """Ids of funds past their period and settling time that have something free."""
    today = clock.now(session).date()
    found = session.execute(
        select(Fund.id, Fund.ends_on, Fund.settle_days)
        .join(LedgerAccount, LedgerAccount.fund_id == Fund.id)
        .where(LedgerAccount.kind == AccountKind.FREE, LedgerAccount.balance > 0, Fund.ends_on < today)
        .order_by(Fund.ends_on, Fund.id)
    )
    over = [fund_id for fund_id, ends_on, days in found if ends_on + timedelta(days=days) < today]
    return over[:limit]


def lapse_fund(session: Session, fund_id: int) -> bool:
    """Move what is free in a fund to `lapsed`; False when nothing was."""
    fund = issuing.locked_fund(session, fund_id)
    free = chart.of_fund(AccountKind.FREE, fund)
    left = ledger.balance(session, free)
    lapsed = chart.of_fund(AccountKind.LAPSED, fund)
    key = f"fund:{fund.id}:lapsed:{clock.now(session).isoformat()}"
    return ledger.post(session, Event.LAPSED, [(free, -left), (lapsed, left)], key) is not None


def _locked_after_lines(session: Session, certificate_id: int, today: date) -> Certificate:
    """Lines are locked before their certificate, so reservations past the settle-by date go first."""
    query = select(Certificate).where(Certificate.id == certificate_id)
    seen = session.scalars(query).one()
    if seen.settle_by_on < today:
        held = select(CostLine.id).where(
            CostLine.certificate_id == certificate_id, CostLine.status == LineStatus.RESERVED
        )
        for line_id in session.scalars(held.order_by(CostLine.id)).all():
            lines.release(session, line_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def _record(session: Session, certificate: Certificate, action: str) -> None:
    trail.record(session, None, action, certificate, organisation_id=certificate.vendor_id)
