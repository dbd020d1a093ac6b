"""Cost lines: what one campaign's messages cost, set aside at launch and counted while it sends.

A line is locked before its certificate, a certificate before accounts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock, money
from tcma.errors import Conflict, NotFound, phrase
from tcma.funds import charges, chart, ledger, queries
from tcma.funds.accounts import AccountKind, Event
from tcma.funds.models import Certificate, CertificateStatus, CostLine, LineStatus
from tcma.funds.prices import unit_price
from tcma.organisations.models import Organisation
from tcma.viewer import acting_for

SETTLE_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Quote:
    """Minor units: the whole cost and who bears what of it."""

    cost: int
    vendor: int
    partner: int


def quote(units: int, price: int, share_bp: int, available: int) -> Quote:
    """What `units` cost at `price` (millionths per 1,000) when a certificate has `available` left."""
    cost = money.cost(units, price)
    vendor = money.vendor_share(units, price, share_bp, available)
    return Quote(cost, vendor, cost - vendor)


def open_line(
    session: Session,
    *,
    campaign_id: int,
    vendor_id: int,
    partner_id: int,
    units: int,
    certificate_id: int | None = None,
    kit_id: int | None = None,
    user_id: int | None = None,
) -> CostLine:
    """Freeze price and share of a campaign and set the vendor's part of its planned units aside.

    Uses the certificate given (Conflict when it is not usable for this), else, of the partner's
    usable ones that cover the kit and have money left, the soonest to expire; without one the
    share is 0. A campaign has one line: a second is a Conflict.
    """
    queries.require_active(session, vendor_id=vendor_id, partner_id=partner_id)
    if session.scalar(select(CostLine.id).where(CostLine.campaign_id == campaign_id)) is not None:
        raise Conflict("The costs of this campaign are set aside already.")
    line = CostLine(
        vendor_id=vendor_id,
        partner_id=partner_id,
        campaign_id=campaign_id,
        status=LineStatus.RESERVED,
        units=0,
        cost_amount=0,
        vendor_amount=0,
    )
    return _set_aside(session, line, units, certificate_id=certificate_id, kit_id=kit_id, user_id=user_id)


def reopen(
    session: Session,
    line_id: int,
    *,
    units: int,
    certificate_id: int | None = None,
    kit_id: int | None = None,
    user_id: int | None = None,
) -> CostLine:
    """Launch a campaign again that was taken back: price, share and reservation are made anew, as by `open_line`.

    Conflict unless the line was released and nothing was counted on it.
    """
    line = _locked(session, line_id)
    queries.require_active(session, vendor_id=line.vendor_id, partner_id=line.partner_id)
    line.reopen()
    return _set_aside(session, line, units, certificate_id=certificate_id, kit_id=kit_id, user_id=user_id)


def usable_certificates(
    session: Session, *, vendor_id: int, partner_id: int, kit_id: int | None
) -> list[Certificate]:
    """Certificates something new may be reserved on, the soonest to expire first; locked until commit."""
    return list(
        session.scalars(
            select(Certificate)
            .where(
                Certificate.vendor_id == vendor_id,
                Certificate.partner_id == partner_id,
                Certificate.status == CertificateStatus.ACTIVE,
                Certificate.valid_until_on >= clock.now(session).date(),
                Certificate.kit_id.is_(None) | (Certificate.kit_id == kit_id),
            )
            .order_by(Certificate.valid_until_on, Certificate.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def count(session: Session, line_id: int, units: int) -> CostLine:
    """Bring a line to `units` accepted messages in all; only the difference to before is posted.

    A worker's deed: it posts for vendor, partner and operator at once. Fewer units than before (a
    hard bounce) post the opposite. On a settled line nothing changes. After release the vendor's
    part moves between `captured` and wherever released money went; what cannot be taken from a
    certificate any more is borne by the partner.
    """
    return _count(session, _locked(session, line_id), units)


def add(session: Session, line_id: int, units: int) -> CostLine:
    """Count `units` more (or, below zero, fewer); safe when several workers count one campaign."""
    line = _locked(session, line_id)
    return _count(session, line, line.units + units)


def release(session: Session, line_id: int, *, last_message_at: datetime | None = None) -> CostLine:
    """Give back what was set aside and not captured; the line settles 7 days after its last message.

    It returns to the certificate while that is usable, else to the fund. Twice is once.
    """
    line = _locked(session, line_id)
    if line.status is not LineStatus.RESERVED:
        return line
    rest = line.reserved_amount - line.vendor_amount
    line.release((last_message_at or clock.now(session)) + SETTLE_AFTER)
    if line.certificate_id is not None and rest:
        charges.post_release(session, line, rest)
    session.flush()
    return line


def take_back(session: Session, line_id: int) -> CostLine:
    """Give the whole reservation back of a launch that sent nothing; the line waits to be reopened."""
    line = _locked(session, line_id)
    if line.units:
        raise Conflict("Messages of this campaign were sent already, so its launch cannot be taken back.")
    if line.status is LineStatus.RESERVED:
        line.release(settle_at=None)
        if line.certificate_id is not None and line.reserved_amount:
            charges.post_release(session, line, line.reserved_amount)
    elif line.status is LineStatus.RELEASED:
        line.settle_at = None
    session.flush()
    return line


def settle(session: Session, line_id: int) -> CostLine:
    """Close a released line whose day has come: what was captured is paid. Before it, nothing happens."""
    line = _locked(session, line_id)
    if line.status is not LineStatus.RELEASED or line.settle_at is None:
        return line
    if line.settle_at > clock.now(session):
        return line
    line.settle()
    if line.certificate_id is not None:
        charges.post_settlement(session, line)
    session.flush()
    return line


def due_lines(session: Session, limit: int = 100) -> list[int]:
    """Ids of released lines to settle now, the longest waiting first."""
    return list(
        session.scalars(
            select(CostLine.id)
            .where(CostLine.status == LineStatus.RELEASED, CostLine.settle_at <= clock.now(session))
            .order_by(CostLine.settle_at, CostLine.id)
            .limit(limit)
        )
    )


def _set_aside(
    session: Session,
    line: CostLine,
    units: int,
    *,
    certificate_id: int | None,
    kit_id: int | None,
    user_id: int | None,
) -> CostLine:
    """Freeze the terms of a line on which nothing is counted, and reserve the vendor's part."""
    usable = usable_certificates(session, vendor_id=line.vendor_id, partner_id=line.partner_id, kit_id=kit_id)
    certificate = _chosen(session, usable, certificate_id, line.partner_id)
    issued = chart.of_certificate(AccountKind.ISSUED, certificate) if certificate else None
    line.certificate_id = certificate.id if certificate else None
    line.currency = certificate.currency if certificate else _currency(session, line.partner_id)
    line.price = unit_price(session, line.currency)
    line.share_bp = certificate.share_bp if certificate else 0
    line.planned_units = units
    left = ledger.balance(session, issued) if issued else 0
    line.reserved_amount = quote(units, line.price, line.share_bp, left).vendor
    session.add(line)
    session.flush()
    if certificate is not None and issued is not None:
        reserved = chart.of_certificate(AccountKind.RESERVED, certificate)
        with acting_for(session, certificate.vendor_id, "funds.reserve"):
            ledger.post(
                session,
                Event.RESERVED,
                [(issued, -line.reserved_amount), (reserved, line.reserved_amount)],
                f"line:{line.id}:reserved:{line.revision}",
                campaign_id=line.campaign_id,
                user_id=user_id,
            )
    return line


def _count(session: Session, line: CostLine, units: int) -> CostLine:
    if units < 0:
        raise ValueError("A line never counts below zero messages.")
    if line.status is LineStatus.SETTLED or units == line.units:
        return line
    rises = units > line.units
    cost = money.cost(units, line.price)
    vendor = money.vendor_share(units, line.price, line.share_bp, line.reserved_amount)
    borne = charges.post_difference(
        session,
        Event.CAPTURED if rises else Event.CORRECTED,
        line,
        charges.Difference(cost - line.cost_amount, vendor - line.vendor_amount),
    )
    line.units, line.cost_amount, line.vendor_amount = units, cost, line.vendor_amount + borne
    if rises and line.status is LineStatus.RELEASED:
        line.settle_at = clock.now(session) + SETTLE_AFTER
    session.flush()
    return line


def _chosen(
    session: Session, usable: list[Certificate], certificate_id: int | None, partner_id: int
) -> Certificate | None:
    if certificate_id is not None:
        given = next((certificate for certificate in usable if certificate.id == certificate_id), None)
        if given is None:
            raise Conflict(_why_unusable(session, certificate_id, partner_id))
        return given
    for certificate in usable:
        if ledger.balance(session, chart.of_certificate(AccountKind.ISSUED, certificate)) > 0:
            return certificate
    return None


def _why_unusable(session: Session, certificate_id: int, partner_id: int) -> str:
    found = session.scalar(
        select(Certificate).where(Certificate.id == certificate_id, Certificate.partner_id == partner_id)
    )
    if found is None:
        raise NotFound("There is no such certificate.")
    if found.status is not CertificateStatus.ACTIVE:
        return phrase(
            "Certificate %(certificate)s is %(status)s, so nothing can be reserved on it.",
            certificate=found.code,
            status=found.status,
        )
    if not found.usable_on(clock.now(session).date()):
        return phrase(
            "Certificate %(certificate)s was valid until %(until)s.",
            certificate=found.code,
            until=found.valid_until_on,
        )
    return phrase("Certificate %(certificate)s was given for another kit.", certificate=found.code)


def _currency(session: Session, partner_id: int) -> str:
    return session.get_one(Organisation, partner_id).currency


def _locked(session: Session, line_id: int) -> CostLine:
    line = session.scalar(
        select(CostLine)
        .where(CostLine.id == line_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if line is None:
        raise NotFound("There is no such cost line.")
    return line
