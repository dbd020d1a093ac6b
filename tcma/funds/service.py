"""What people do with funds and certificates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from babel.numbers import list_currencies
from sqlalchemy.orm import Session

from tcma import clock, money
from tcma.audit import trail
from tcma.errors import Conflict, Invalid, phrase
from tcma.funds import chart, issuing, ledger, queries
from tcma.funds.accounts import AccountKind, Event, LedgerPosting
from tcma.funds.issuing import Terms
from tcma.funds.models import Certificate, CertificateStatus, Fund, FundKind
from tcma.funds.rules import Rule
from tcma.jobs.queue import Job, enqueue
from tcma.viewer import OrganisationKind, Role, Viewer, acting_for

LARGEST_AMOUNT = 10**15
LONGEST_TERMS = 100_000


@dataclass(frozen=True, slots=True)
class NewFund:
    """What a vendor says of a fund. Amounts in minor units, shares in hundredths of a percent."""

    name: str
    currency: str
    starts_on: date
    ends_on: date
    share_bp: int
    cap_amount: int
    terms_version: str
    terms_text: str
    kind: FundKind = FundKind.MDF
    settle_days: int = 90
    rule: Mapping[str, Any] = field(default_factory=dict)


def create_fund(session: Session, viewer: Viewer, new: NewFund) -> Fund:
    """A fund without money yet; its currency never changes. Invalid names each field that is wrong."""
    viewer.require(OrganisationKind.VENDOR, Role.FINANCE, Role.APPROVER)
    wrong = dict(_wrong(new))
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)
    fund = Fund(
        organisation_id=viewer.organisation_id,
        name=new.name.strip(),
        kind=new.kind,
        currency=new.currency,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        share_bp=new.share_bp,
        cap_amount=new.cap_amount,
        settle_days=new.settle_days,
        terms_version=new.terms_version.strip(),
        terms_text=new.terms_text,
        rule=Rule.read(new.rule).kept(),
        created_at=clock.now(session),
    )
    session.add(fund)
    trail.record(session, viewer, "fund.created", fund)
    return fund


def allocate(
    session: Session, viewer: Viewer, public_id: UUID, amount: int, *, key: str = ""
) -> LedgerPosting | None:
    """Put `amount` into a fund; None when the request `key` did so before."""
    viewer.require(OrganisationKind.VENDOR, Role.FINANCE)
    if not 0 < amount <= LARGEST_AMOUNT:
        raise Invalid("An allocation is an amount above zero.", {"amount": "Above zero, please."})
    fund = queries.find_fund(session, viewer, public_id, lock=True)
    posting = ledger.post(
        session,
        Event.ALLOCATED,
        [
            (chart.of_fund(AccountKind.ALLOCATED, fund), -amount),
            (chart.of_fund(AccountKind.FREE, fund), amount),
        ],
        f"fund:{fund.id}:allocated:{key or uuid4().hex}",
        user_id=viewer.user_id,
    )
    if posting is not None:
        trail.record(session, viewer, "fund.allocated", fund, {"posting_id": posting.id})
    return posting


def change_rule(session: Session, viewer: Viewer, public_id: UUID, rule: Mapping[str, Any]) -> Fund:
    """Change what is granted at once from now on; requests that wait stay with a person."""
    viewer.require(OrganisationKind.VENDOR, Role.APPROVER)
    fund = queries.find_fund(session, viewer, public_id, lock=True)
    fund.rule = Rule.read(rule).kept()
    trail.record(session, viewer, "fund.rule_changed", fund)
    return fund


def grant(session: Session, viewer: Viewer, fund_id: UUID, partner_id: int, terms: Terms) -> Certificate:
    """Offer a partner a certificate; its money is set aside until the partner accepts or it ends."""
    viewer.require(OrganisationKind.VENDOR, Role.APPROVER)
    queries.require_active(session, vendor_id=viewer.organisation_id, partner_id=partner_id)
    fund = queries.find_fund(session, viewer, fund_id, lock=True)
    certificate = issuing.issue(session, fund, partner_id, terms, viewer.user_id)
    trail.record(session, viewer, "certificate.offered", certificate)
    return certificate


def accept(session: Session, viewer: Viewer, public_id: UUID, *, terms_version: str) -> Certificate:
    """The partner accepts the terms it was shown; person, time and text are kept."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    certificate = queries.find_certificate(session, viewer, public_id, lock=True)
    queries.require_active(session, vendor_id=certificate.vendor_id, partner_id=certificate.partner_id)
    if terms_version != certificate.terms_version:
        raise Conflict(
            phrase(
                "This certificate has terms version %(version)s. Read that one first.",
                version=certificate.terms_version,
            )
        )
    _refuse_past(certificate, clock.now(session).date())
    certificate.accept(user_of(viewer), clock.now(session))
    trail.record(session, viewer, "certificate.accepted", certificate)
    return certificate


def decline(session: Session, viewer: Viewer, public_id: UUID) -> Certificate:
    """The partner says no; the money returns to the fund."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    certificate = queries.find_certificate(session, viewer, public_id, lock=True)
    certificate.decline()
    with acting_for(session, certificate.vendor_id, "funds.return_to_fund"):
        issuing.take_back(session, certificate, viewer.user_id)
    trail.record(session, viewer, "certificate.declined", certificate)
    return certificate


def suspend(session: Session, viewer: Viewer, public_id: UUID, reason: str) -> Certificate:
    """Nothing new is reserved and running campaigns wait until it is resumed."""
    certificate = _of_vendor(session, viewer, public_id)
    certificate.suspend(_reason(reason))
    return _changed(session, viewer, certificate, "certificate.suspended")


def resume(session: Session, viewer: Viewer, public_id: UUID) -> Certificate:
    certificate = _of_vendor(session, viewer, public_id)
    if certificate.status is not CertificateStatus.SUSPENDED:
        raise Conflict(
            phrase(
                "This certificate is %(status)s; only a suspended one is resumed.", status=certificate.status
            )
        )
    _refuse_past(certificate, clock.now(session).date())
    certificate.resume()
    return _changed(session, viewer, certificate, "certificate.resumed")


def revoke(session: Session, viewer: Viewer, public_id: UUID, reason: str) -> Certificate:
    """Take back what is not reserved; campaigns that reserved from it finish."""
    certificate = _of_vendor(session, viewer, public_id)
    certificate.revoke(_reason(reason))
    issuing.take_back(session, certificate, viewer.user_id)
    return _changed(session, viewer, certificate, "certificate.revoked")


def close(session: Session, viewer: Viewer, public_id: UUID) -> Certificate:
    """End a certificate nobody needs any more; refused while a campaign holds a reservation on it."""
    certificate = _of_vendor(session, viewer, public_id)
    reserved = ledger.balance(session, chart.of_certificate(AccountKind.RESERVED, certificate))
    if reserved:
        held = money.shown(reserved, certificate.currency)
        raise Conflict(
            phrase(
                "%(held)s of certificate %(certificate)s is reserved by campaigns that still run.",
                held=held,
                certificate=certificate.code,
            )
        )
    certificate.close()
    issuing.take_back(session, certificate, viewer.user_id)
    return _changed(session, viewer, certificate, "certificate.closed")


def user_of(viewer: Viewer) -> int:
    """The person's id; money is moved by persons and rules only."""
    if viewer.user_id is None:
        raise Conflict("Sign in first: this is done by a person.")
    return viewer.user_id


def _of_vendor(session: Session, viewer: Viewer, public_id: UUID) -> Certificate:
    viewer.require(OrganisationKind.VENDOR, Role.APPROVER)
    return queries.find_certificate(session, viewer, public_id, lock=True)


def _changed(session: Session, viewer: Viewer, certificate: Certificate, action: str) -> Certificate:
    """Record it and let the campaigns that count on this certificate look again."""
    trail.record(session, viewer, action, certificate)
    key = f"certificate:{certificate.id}:{certificate.status}:{clock.now(session).timestamp():.6f}"
    enqueue(session, Job.LAUNCHES_RECHECK_FUNDING, key, {"certificate_id": certificate.id})
    return certificate


def _refuse_past(certificate: Certificate, today: date) -> None:
    if today > certificate.valid_until_on:
        raise Conflict(
            phrase(
                "Certificate %(certificate)s was valid until %(until)s.",
                certificate=certificate.code,
                until=certificate.valid_until_on,
            )
        )


def _reason(text: str) -> str:
    cleaned = text.strip()
    if not cleaned or len(cleaned) > 500:
        raise Invalid("Give the partner a reason in at most 500 characters.", {"reason": "A reason, please."})
    return cleaned


def _wrong(new: NewFund) -> list[tuple[str, str]]:
    checks = (
        ("name", 0 < len(new.name.strip()) <= 120, phrase("A fund has a name of at most 120 characters.")),
        (
            "currency",
            new.currency in list_currencies(),
            phrase("'%(currency)s' is not a currency code such as CHF or EUR.", currency=new.currency[:10]),
        ),
        ("ends_on", new.starts_on <= new.ends_on, phrase("A fund ends on or after the day it starts.")),
        (
            "share_bp",
            0 < new.share_bp <= money.FULL_SHARE,
            phrase("The share is above 0 and at most 100 %%."),
        ),
        (
            "cap_amount",
            0 < new.cap_amount <= LARGEST_AMOUNT,
            phrase("The cap of one certificate is above zero."),
        ),
        ("settle_days", 0 <= new.settle_days <= 730, phrase("Settling takes 0 to 730 days after expiry.")),
        (
            "terms_version",
            0 < len(new.terms_version.strip()) <= 20,
            phrase("The terms have a version of at most 20 characters."),
        ),
        (
            "terms_text",
            bool(new.terms_text.strip()) and len(new.terms_text) <= LONGEST_TERMS,
            phrase("A fund needs its terms as a text of at most 100,000 characters."),
        ),
    )
    return [(name, sentence) for name, good, sentence in checks if not good]
