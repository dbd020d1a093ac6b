"""What people look up about money; every load starts from the viewer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from tcma.errors import Conflict, NotFound, phrase
from tcma.funds.accounts import AccountKind, Event, LedgerAccount, LedgerEntry, LedgerPosting
from tcma.funds.codes import typed
from tcma.funds.models import Certificate, Fund, FundingRequest, RequestStatus
from tcma.partners.models import Partnership
from tcma.viewer import Viewer

T = TypeVar("T")
PAGE = 50
_K = AccountKind


@dataclass(frozen=True, slots=True)
class CertificateBalance:
    """A certificate and where its money is (minor units)."""

    certificate: Certificate
    left: int
    reserved: int
    used: int  # captured, in claims or paid


@dataclass(frozen=True, slots=True)
class FundBar:
    """A fund at a glance; `asked` is a memo, the others sum to what was allocated."""

    allocated: int
    paid: int
    in_claims: int
    committed: int
    free: int
    lapsed: int
    asked: int


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry as its account's parties read it."""

    entry_id: int  # the key of the next page
    at: datetime
    event: Event
    account: AccountKind
    amount: int
    currency: str
    fund_id: int | None
    certificate_id: int | None
    campaign_id: int | None
    user_id: int | None
    note: str


def find_fund(session: Session, viewer: Viewer, public_id: UUID, *, lock: bool = False) -> Fund:
    query = select(Fund).where(Fund.public_id == public_id, Fund.organisation_id == viewer.organisation_id)
    return _one(session, query, "There is no such fund.", lock=lock)


def find_certificate(session: Session, viewer: Viewer, public_id: UUID, *, lock: bool = False) -> Certificate:
    query = select(Certificate).where(Certificate.public_id == public_id, _mine(Certificate, viewer))
    return _one(session, query, "There is no such certificate.", lock=lock)


def find_certificate_by_code(session: Session, viewer: Viewer, code: str) -> Certificate:
    """As typed by a person: any case, blanks ignored."""
    query = select(Certificate).where(Certificate.code == typed(code), _mine(Certificate, viewer))
    return _one(session, query, "There is no such certificate.")


def certificate_of(session: Session, viewer: Viewer, request: FundingRequest) -> Certificate | None:
    """What a request led to, for either side of it."""
    query = select(Certificate).where(Certificate.id == request.certificate_id, _mine(Certificate, viewer))
    return session.scalar(query)


def find_request(session: Session, viewer: Viewer, public_id: UUID, *, lock: bool = False) -> FundingRequest:
    """A partner's own, or one that was asked of the vendor: drafts are the partner's alone."""
    query = select(FundingRequest).where(FundingRequest.public_id == public_id, _asked(viewer))
    return _one(session, query, phrase("There is no such funding request."), lock=lock)


def find_partnership(session: Session, *, vendor_id: int, partner_id: int) -> Partnership:
    query = select(Partnership).where(
        Partnership.vendor_id == vendor_id, Partnership.partner_id == partner_id
    )
    return _one(session, query, phrase("There is no partnership between these firms."))


def require_active(session: Session, *, vendor_id: int, partner_id: int) -> Partnership:
    """The partnership, when new money may be granted and reserved in it; Conflict otherwise."""
    partnership = find_partnership(session, vendor_id=vendor_id, partner_id=partner_id)
    if not partnership.is_active:
        raise Conflict(
            phrase("This partnership is %(status)s, so no new money moves in it.", status=partnership.status)
        )
    return partnership


def funds_for(session: Session, viewer: Viewer) -> list[Fund]:
    """A vendor's own funds, the newest period first; a partner has none (see offers)."""
    query = select(Fund).where(Fund.organisation_id == viewer.organisation_id)
    return list(session.scalars(query.order_by(Fund.ends_on.desc(), Fund.id.desc())))


def certificates_for(
    session: Session, viewer: Viewer, *, before: int | None = None, limit: int = PAGE
) -> list[CertificateBalance]:
    """Newest first; `before` is the id of the last certificate of the page before."""
    query = select(Certificate).where(_mine(Certificate, viewer))
    if before is not None:
        query = query.where(Certificate.id < before)
    found = session.scalars(query.order_by(Certificate.id.desc()).limit(limit)).all()
    return with_balances(session, found)


def with_balances(session: Session, certificates: Iterable[Certificate]) -> list[CertificateBalance]:
    wanted = list(certificates)
    rows = session.execute(
        select(LedgerAccount.certificate_id, LedgerAccount.kind, LedgerAccount.balance).where(
            LedgerAccount.certificate_id.in_([certificate.id for certificate in wanted])
        )
    )
    held = {(certificate_id, kind): balance for certificate_id, kind, balance in rows}

    def sum_of(certificate: Certificate, *kinds: AccountKind) -> int:
        return sum(held.get((certificate.id, kind), 0) for kind in kinds)

    return [
        CertificateBalance(
            certificate,
            left=sum_of(certificate, _K.ISSUED),
            reserved=sum_of(certificate, _K.RESERVED),
            used=sum_of(certificate, _K.CAPTURED, _K.IN_CLAIM, _K.PAYABLE, _K.PAID),
        )
        for certificate in wanted
    ]


def requests_for(
    session: Session,
    viewer: Viewer,
    *,
    statuses: Iterable[RequestStatus] = (),
    before: int | None = None,
    limit: int = PAGE,
) -> list[FundingRequest]:
    """Newest first, all or of some statuses; `before` is the id of the last one of the page before."""
    query = select(FundingRequest).where(_asked(viewer))
    if wanted := list(statuses):
        query = query.where(FundingRequest.status.in_(wanted))
    if before is not None:
        query = query.where(FundingRequest.id < before)
    return list(session.scalars(query.order_by(FundingRequest.id.desc()).limit(limit)))


def fund_bar(session: Session, viewer: Viewer, public_id: UUID) -> FundBar:
    """Sums over a fund's accounts, for its vendor."""
    fund = find_fund(session, viewer, public_id)
    rows = session.execute(
        select(LedgerAccount.kind, func.sum(LedgerAccount.balance))
        .where(LedgerAccount.fund_id == fund.id)
        .group_by(LedgerAccount.kind)
    )
    sums = {kind: int(total) for kind, total in rows}
    asked = session.scalar(
        select(func.sum(FundingRequest.amount)).where(
            FundingRequest.fund_id == fund.id,
            FundingRequest.vendor_id == viewer.organisation_id,
            FundingRequest.status.in_((RequestStatus.SUBMITTED, RequestStatus.INFO_REQUESTED)),
        )
    )
    return FundBar(
        allocated=-sums.get(_K.ALLOCATED, 0),
        paid=sums.get(_K.PAID, 0),
        in_claims=sums.get(_K.IN_CLAIM, 0) + sums.get(_K.PAYABLE, 0),
        committed=sums.get(_K.ISSUED, 0) + sums.get(_K.RESERVED, 0) + sums.get(_K.CAPTURED, 0),
        free=sums.get(_K.FREE, 0),
        lapsed=sums.get(_K.LAPSED, 0),
        asked=int(asked or 0),
    )


def statement(
    session: Session,
    viewer: Viewer,
    *,
    certificate_id: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[StatementLine]:
    """Entries on accounts the viewer is a party of, newest first; `before` is the last entry_id seen.

    The posting behind an entry may be between others (the operator's due from a campaign): then
    campaign, person and note stay empty.
    """
    me = viewer.organisation_id
    query = (
        select(LedgerEntry, LedgerAccount, LedgerPosting)
        .join(LedgerAccount, LedgerAccount.id == LedgerEntry.account_id)
        .outerjoin(LedgerPosting, LedgerPosting.id == LedgerEntry.posting_id)
        .where(or_(LedgerEntry.holder_id == me, LedgerEntry.other_id == me))
    )
    if certificate_id is not None:
        query = query.where(LedgerAccount.certificate_id == certificate_id)
    if before is not None:
        query = query.where(LedgerEntry.id < before)
    rows = session.execute(query.order_by(LedgerEntry.id.desc()).limit(limit))
    return [_line(entry, account, posting) for entry, account, posting in rows]


def _line(entry: LedgerEntry, account: LedgerAccount, posting: LedgerPosting | None) -> StatementLine:
    return StatementLine(
        entry_id=entry.id,
        at=entry.at,
        event=entry.event,
        account=account.kind,
        amount=entry.amount,
        currency=account.currency,
        fund_id=account.fund_id,
        certificate_id=account.certificate_id,
        campaign_id=posting.campaign_id if posting else None,
        user_id=posting.user_id if posting else None,
        note=posting.note if posting else "",
    )


def _asked(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.is_vendor:
        return _mine(FundingRequest, viewer) & (FundingRequest.status != RequestStatus.DRAFT)
    return _mine(FundingRequest, viewer)


def _mine(model: Any, viewer: Viewer) -> ColumnElement[bool]:
    """Rows of the viewer's own partnerships."""
    mine: ColumnElement[bool] = or_(
        model.vendor_id == viewer.organisation_id, model.partner_id == viewer.organisation_id
    )
    return mine


def _one(session: Session, query: Select[T], absent: str, *, lock: bool = False) -> T:
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(absent)
    return found
