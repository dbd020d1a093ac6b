"""Whoever looks after money is reminded before it is lost: certificates, and money from elsewhere.

Runs several times a day over what is near; a date is told once for each step, for notices know what they told.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.db import Database
from tcma.funds import chart, ledger, telling
from tcma.funds.accounts import AccountKind
from tcma.funds.elsewhere_models import ElsewhereMoney, ElsewhereStatus
from tcma.funds.models import Certificate, CertificateStatus
from tcma.jobs import rows

CERTIFICATE_STEPS = (45, 14, 3)  # days before the last day
ELSEWHERE_STEPS = (30, 14, 3)
_LIVE = (CertificateStatus.OFFERED, CertificateStatus.ACTIVE)


def remind(database: Database) -> int:
    """Tell what has come near; how many certificates and sums were looked at. One that fails stops no other."""
    steps = (_certificates, _elsewhere)
    return sum(rows.try_all(steps, lambda step: step(database), name="remind"))


def step_at(days: int, steps: Iterable[int], *, known: int) -> int | None:
    """The step that is reached when so many days are left: the smallest that is not below them. `known` are the
    days that were left when it was put down: what was nearer than a step then needs no reminder of it. None
    while it is far, or past. Pure."""
    reached = [step for step in steps if 0 <= days <= step]
    return min(reached) if reached and min(reached) <= known else None


def near_certificates(session: Session) -> list[int]:
    """Ids of certificates that can be used, or accepted, for no longer than the first step says."""
    today = clock.now(session).date()
    last = today + timedelta(days=max(CERTIFICATE_STEPS))
    query = select(Certificate.id).where(
        Certificate.status.in_(_LIVE), Certificate.valid_until_on.between(today, last)
    )
    return list(session.scalars(query.order_by(Certificate.id)))


def remind_of_certificate(session: Session, certificate_id: int) -> bool:
    """Tell when a step is reached and money is left; False when there is nothing to say."""
    certificate = session.get_one(Certificate, certificate_id)
    days = (certificate.valid_until_on - clock.now(session).date()).days
    known = (certificate.valid_until_on - certificate.created_at.date()).days
    step = step_at(days, CERTIFICATE_STEPS, known=known)
    left = ledger.balance(session, chart.of_certificate(AccountKind.ISSUED, certificate))
    if step is None or not left or certificate.status not in _LIVE:
        return False
    telling.certificate_expiring(session, certificate, left=left, step=step, days=days)
    return True


def near_elsewhere(session: Session) -> list[int]:
    """Ids of sums with a date to keep that is no further than the first step says."""
    today = clock.now(session).date()
    last = today + timedelta(days=max(ELSEWHERE_STEPS))
    is_open, is_used = ElsewhereStatus.OPEN, ElsewhereStatus.USED
    query = select(ElsewhereMoney.id).where(
        or_(
            (ElsewhereMoney.status == is_open) & ElsewhereMoney.use_by_on.between(today, last),
            ElsewhereMoney.status.in_((is_open, is_used)) & ElsewhereMoney.claim_by_on.between(today, last),
        )
    )
    return list(session.scalars(query.order_by(ElsewhereMoney.id)))


def remind_of_elsewhere(session: Session, money_id: int) -> int:
    """Tell each of its dates that reached a step; how many."""
    found = session.get_one(ElsewhereMoney, money_id)
    today = clock.now(session).date()
    told = 0
    for deadline, on in _watched(found):
        days = (on - today).days
        step = step_at(days, ELSEWHERE_STEPS, known=(on - found.created_at.date()).days)
        if step is not None:
            telling.elsewhere_due(session, found, deadline, on, step=step, days=days)
            told += 1
    return told


def _watched(found: ElsewhereMoney) -> list[tuple[str, date]]:
    dates = []
    if found.status is ElsewhereStatus.OPEN and found.use_by_on is not None:
        dates.append(("use", found.use_by_on))
    if found.status in (ElsewhereStatus.OPEN, ElsewhereStatus.USED) and found.claim_by_on is not None:
        dates.append(("claim", found.claim_by_on))
    return dates


def _certificates(database: Database) -> int:
    return len(rows.each(database, near_certificates, remind_of_certificate))


def _elsewhere(database: Database) -> int:
    return len(rows.each(database, near_elsewhere, remind_of_elsewhere))
