"""What a cost line posts when its count moves, when it is released and when it is settled."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.funds import chart, ledger
from tcma.funds.accounts import AccountKind, Event
from tcma.funds.models import Certificate, CostLine, LineStatus
from tcma.viewer import acting_for


@dataclass(frozen=True, slots=True)
class Difference:
    """Minor units by which a line's cost and the vendor's part of it moved, up or down."""

    cost: int
    vendor: int


def post_difference(session: Session, event: Event, line: CostLine, difference: Difference) -> int:
    """Post what a new count changes; returns the vendor's part of it that could be posted."""
    key = f"line:{line.id}:count:{line.revision}"
    if line.certificate_id is None:
        _post_unfunded(session, event, line, difference.cost, key=key)
        return 0
    if line.status is not LineStatus.RESERVED:
        return _post_late(session, event, line, difference, key=key)
    if difference.cost or difference.vendor:
        certificate = session.get_one(Certificate, line.certificate_id)
        entries = [
            (chart.of_certificate(AccountKind.RESERVED, certificate), -difference.vendor),
            *_dues(session, line, certificate, difference),
        ]
        ledger.post(session, event, entries, key, campaign_id=line.campaign_id)
    return difference.vendor


def post_release(session: Session, line: CostLine, rest: int) -> None:
    """Give `rest` back from `reserved`."""
    certificate = _locked(session, line.certificate_id)
    reserved = (chart.of_certificate(AccountKind.RESERVED, certificate), -rest)
    key = f"line:{line.id}:released:{line.revision}"  # a line is reserved and released at every launch
    _post_home(session, Event.RELEASED, line, certificate, [reserved], amount=rest, key=key)


def post_settlement(session: Session, line: CostLine) -> None:
    """What was captured is paid."""
    certificate = session.get_one(Certificate, line.certificate_id)
    ledger.post(
        session,
        Event.SETTLED,
        [
            (chart.of_certificate(AccountKind.CAPTURED, certificate), -line.vendor_amount),
            (chart.of_certificate(AccountKind.PAID, certificate), line.vendor_amount),
        ],
        f"line:{line.id}:settled",
        campaign_id=line.campaign_id,
    )


def _post_unfunded(session: Session, event: Event, line: CostLine, cost: int, *, key: str) -> None:
    if not cost:
        return
    operator = chart.operator_id(session)
    entries = [
        (chart.share_due(line.partner_id, line.currency, operator), cost),
        (chart.unfunded_income(line.partner_id, line.currency, operator), -cost),
    ]
    ledger.post(session, event, entries, key, campaign_id=line.campaign_id)


def _post_late(session: Session, event: Event, line: CostLine, difference: Difference, *, key: str) -> int:
    """After release nothing is reserved any more: more comes from what the certificate has left."""
    certificate = _locked(session, line.certificate_id)
    vendor = difference.vendor
    if vendor > 0:
        usable = certificate.usable_on(clock.now(session).date())
        issued = ledger.balance(session, chart.of_certificate(AccountKind.ISSUED, certificate))
        vendor = min(vendor, issued) if usable else 0
    if difference.cost or vendor:
        entries = _dues(session, line, certificate, Difference(difference.cost, vendor))
        _post_home(session, event, line, certificate, entries, amount=-vendor, key=key)
    return vendor


def _dues(
    session: Session, line: CostLine, certificate: Certificate, difference: Difference
) -> list[ledger.Entry]:
    operator = chart.operator_id(session)
    return [
        (chart.of_certificate(AccountKind.CAPTURED, certificate), difference.vendor),
        (chart.vendor_due(certificate, operator), difference.vendor),
        (chart.share_due(line.partner_id, line.currency, operator), difference.cost - difference.vendor),
        (chart.funded_income(certificate, operator), -difference.cost),
    ]


def _post_home(
    session: Session,
    event: Event,
    line: CostLine,
    certificate: Certificate,
    entries: list[ledger.Entry],
    *,
    amount: int,
    key: str,
) -> None:
    """Post `entries` against `amount` on the certificate while it keeps money, else on its fund."""
    keeps = certificate.keeps_money_on(clock.now(session).date())
    home = chart.of_certificate(AccountKind.ISSUED, certificate) if keeps else chart.free(certificate)
    with acting_for(session, certificate.vendor_id, "funds.give_back"):
        ledger.post(session, event, [*entries, (home, amount)], key, campaign_id=line.campaign_id)


def _locked(session: Session, certificate_id: int | None) -> Certificate:
    return session.scalars(
        select(Certificate)
        .where(Certificate.id == certificate_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
