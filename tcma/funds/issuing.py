"""How money leaves a fund for a certificate and returns to it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock, money
from tcma.errors import Conflict, Invalid, phrase
from tcma.funds import chart, ledger
from tcma.funds.accounts import AccountKind, Event
from tcma.funds.codes import new_code, publish
from tcma.funds.models import Certificate, CertificateStatus, Fund
from tcma.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Terms:
    """What a certificate says; None takes the fund's."""

    amount: int
    share_bp: int | None = None
    valid_until_on: date | None = None
    kit_id: int | None = None


def issue(session: Session, fund: Fund, partner_id: int, terms: Terms, user_id: int | None) -> Certificate:
    """An offered certificate with its money; the fund's row is locked by the caller.

    Conflict when the terms go beyond the fund's or its free balance is short.
    """
    share_bp = fund.share_bp if terms.share_bp is None else terms.share_bp
    until = terms.valid_until_on or fund.ends_on
    _check(fund, terms.amount, share_bp, until, clock.now(session).date())
    vendor = session.get_one(Organisation, fund.organisation_id)
    certificate = Certificate(
        code=new_code(vendor.name),
        vendor_id=fund.organisation_id,
        partner_id=partner_id,
        fund_id=fund.id,
        kit_id=terms.kit_id,
        status=CertificateStatus.OFFERED,
        amount=terms.amount,
        currency=fund.currency,
        share_bp=share_bp,
        valid_until_on=until,
        settle_by_on=until + timedelta(days=fund.settle_days),
        terms_version=fund.terms_version,
        terms_text=fund.terms_text,
        created_at=clock.now(session),
    )
    session.add(certificate)
    publish(session, certificate.code, partner_id)
    session.flush()
    ledger.post(
        session,
        Event.OFFERED,
        [
            (chart.free(certificate), -terms.amount),
            (chart.of_certificate(AccountKind.ISSUED, certificate), terms.amount),
        ],
        f"certificate:{certificate.id}:offered",
        user_id=user_id,
    )
    return certificate


def take_back(session: Session, certificate: Certificate, user_id: int | None = None) -> int:
    """Return what is not reserved to the fund, once in a certificate's life; gives the amount."""
    issued = chart.of_certificate(AccountKind.ISSUED, certificate)
    left = ledger.balance(session, issued)
    ledger.post(
        session,
        Event.WITHDRAWN,
        [(issued, -left), (chart.free(certificate), left)],
        f"certificate:{certificate.id}:withdrawn",
        user_id=user_id,
    )
    return left


def locked_fund(session: Session, fund_id: int) -> Fund:
    """The fund, held until commit: its free balance falls only under this lock."""
    return session.scalars(
        select(Fund).where(Fund.id == fund_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _check(fund: Fund, amount: int, share_bp: int, until: date, today: date) -> None:
    if amount <= 0:
        raise Invalid("A certificate holds an amount above zero.", {"amount": "Above zero, please."})
    if amount > fund.cap_amount:
        cap = money.shown(fund.cap_amount, fund.currency)
        raise Conflict(
            phrase("One certificate of the fund %(fund)s holds at most %(cap)s.", fund=fund.name, cap=cap)
        )
    if not 0 < share_bp <= fund.share_bp:
        raise Conflict(
            phrase(
                "The fund %(fund)s pays a share above 0 and at most %(share)s %%.",
                fund=fund.name,
                share=f"{fund.share_bp / 100:g}",
            )
        )
    if until > fund.ends_on:
        raise Conflict(
            phrase(
                "The fund %(fund)s ends on %(day)s; a certificate ends by then.",
                fund=fund.name,
                day=fund.ends_on,
            )
        )
    if until < today:
        raise Conflict(phrase("A certificate cannot end in the past (%(until)s).", until=until))
    if today < fund.starts_on:
        raise Conflict(phrase("The fund %(fund)s starts on %(day)s.", fund=fund.name, day=fund.starts_on))
