"""The chart of accounts: which account an amount belongs to, and which two organisations see it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma.errors import Conflict
from tcma.funds.accounts import AccountKind
from tcma.funds.models import Certificate, Fund
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind

FUND_KINDS = frozenset({AccountKind.ALLOCATED, AccountKind.FREE, AccountKind.LAPSED})
CERTIFICATE_KINDS = frozenset(
    {
        AccountKind.ISSUED,
        AccountKind.RESERVED,
        AccountKind.CAPTURED,
        AccountKind.IN_CLAIM,
        AccountKind.PAYABLE,
        AccountKind.PAID,
    }
)


@dataclass(frozen=True, slots=True)
class AccountRef:
    """Names an account before it is opened; `key` is what makes it one."""

    key: str
    kind: AccountKind
    holder_id: int
    other_id: int
    currency: str
    fund_id: int | None = None
    certificate_id: int | None = None


def of_fund(kind: AccountKind, fund: Fund) -> AccountRef:
    """`allocated`, `free` or `lapsed`: the vendor's own affair."""
    if kind not in FUND_KINDS:
        raise ValueError(f"{kind} is not an account of a fund.")
    return _of_fund(kind, fund.id, fund.organisation_id, fund.currency)


def of_certificate(kind: AccountKind, certificate: Certificate) -> AccountRef:
    """A stage of a certificate's money, seen by its vendor and its partner."""
    if kind not in CERTIFICATE_KINDS:
        raise ValueError(f"{kind} is not an account of a certificate.")
    return AccountRef(
        f"certificate:{certificate.id}:{kind}",
        kind,
        certificate.vendor_id,
        certificate.partner_id,
        certificate.currency,
        certificate.fund_id,
        certificate.id,
    )


def free(certificate: Certificate) -> AccountRef:
    """Where the money of a certificate came from and returns to."""
    return _of_fund(AccountKind.FREE, certificate.fund_id, certificate.vendor_id, certificate.currency)


def vendor_due(certificate: Certificate, operator_id: int) -> AccountRef:
    """What the vendor owes the operator out of one fund."""
    kind = AccountKind.VENDOR_DUE
    key = f"fund:{certificate.fund_id}:{kind}"
    return AccountRef(
        key, kind, certificate.vendor_id, operator_id, certificate.currency, certificate.fund_id
    )


def share_due(partner_id: int, currency: str, operator_id: int) -> AccountRef:
    """What a partner owes the operator, over all its campaigns in one currency."""
    kind = AccountKind.SHARE_DUE
    return AccountRef(f"partner:{partner_id}:{kind}:{currency}", kind, partner_id, operator_id, currency)


def funded_income(certificate: Certificate, operator_id: int) -> AccountRef:
    """The operator's income from campaigns of one fund."""
    kind = AccountKind.PLATFORM_INCOME
    key = f"fund:{certificate.fund_id}:{kind}"
    return AccountRef(
        key, kind, operator_id, certificate.vendor_id, certificate.currency, certificate.fund_id
    )


def unfunded_income(partner_id: int, currency: str, operator_id: int) -> AccountRef:
    """The operator's income from campaigns a partner pays alone."""
    kind = AccountKind.PLATFORM_INCOME
    return AccountRef(f"partner:{partner_id}:{kind}:{currency}", kind, operator_id, partner_id, currency)


def operator_id(session: Session) -> int:
    """The one organisation that runs the installation."""
    found = session.scalar(
        select(Organisation.id)
        .where(Organisation.kind == OrganisationKind.OPERATOR)
        .order_by(Organisation.id)
    )
    if found is None:
        raise Conflict("This installation has no operator yet, so nothing can be charged. Create it first.")
    return found


def _of_fund(kind: AccountKind, fund_id: int, vendor_id: int, currency: str) -> AccountRef:
    return AccountRef(f"fund:{fund_id}:{kind}", kind, vendor_id, vendor_id, currency, fund_id)
