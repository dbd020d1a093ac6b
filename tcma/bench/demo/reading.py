"""What the demo reads to check: the mail server's journal, and the database by its own queries."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from tcma import clock
from tcma.bench.demo import mails
from tcma.bench.demo.house import House
from tcma.bench.sink import Entry
from tcma.errors import DomainError
from tcma.funds.accounts import AccountKind, LedgerAccount
from tcma.funds.models import Certificate
from tcma.launches import queries
from tcma.launches.models import Campaign
from tcma.leads.models import Lead, LeadPerson, LeadStep
from tcma.organisations.models import User


def mails_received(house: House) -> list[mails.Received]:
    """What contacts and prospects got."""
    return [mails.read(entry, house.installation.signer) for entry in _to_others(house)]


def recipients(house: House) -> list[str]:
    """Who of them got something, in order of arrival."""
    return [entry.recipients[0].lower() for entry in _to_others(house)]


def received_count(house: House) -> int:
    return len(_to_others(house))


def notice_count(house: House) -> int:
    """Mails of the platform to its own people: new leads, money, results."""
    return len(house.sink.journal()) - received_count(house)


def _to_others(house: House) -> list[Entry]:
    with house.installation.worker.reading() as session:
        own = set(session.scalars(select(User.email)))
    return [entry for entry in house.sink.journal() if entry.recipients[0].lower() not in own]


def touch(house: House, campaign: str, key: str) -> dict[str, Any]:
    """The figures of one message of the campaign."""
    with house.installation.worker.reading() as session:
        found = session.scalars(select(Campaign).where(Campaign.slug == campaign)).one()
        row = next(one for one in queries.figures(session, found) if one.key == key)
    return {
        "status": row.status.value,
        "people": row.people,
        "waiting": row.waiting,
        "sent": row.sent,
        "skipped": row.skipped,
        "failed": row.failed,
        "unknown": row.unknown,
    }


def seconds_until_due(house: House, campaign: str, key: str) -> int:
    """By the product's clock."""
    with house.installation.worker.reading() as session:
        found = session.scalars(select(Campaign).where(Campaign.slug == campaign)).one()
        due_at = queries.find_touch(session, found, key).due_at
        now = clock.now(session)
    if due_at is None:
        raise DomainError(f"The mail '{key}' has no time.")
    return round((due_at - now).total_seconds())


def status(house: House, campaign: str) -> str:
    with house.installation.worker.reading() as session:
        return session.scalars(select(Campaign).where(Campaign.slug == campaign)).one().status.value


def certificate(house: House, code: str) -> dict[str, int]:
    """What is left, reserved and used, by the accounts."""
    with house.installation.worker.reading() as session:
        rows = session.execute(
            select(LedgerAccount.kind, LedgerAccount.balance)
            .join(Certificate, Certificate.id == LedgerAccount.certificate_id)
            .where(Certificate.code == code)
        ).all()
    balances = {kind: balance for kind, balance in rows}
    used = (AccountKind.CAPTURED, AccountKind.IN_CLAIM, AccountKind.PAYABLE, AccountKind.PAID)
    return {
        "left": balances.get(AccountKind.ISSUED, 0),
        "reserved": balances.get(AccountKind.RESERVED, 0),
        "used": sum(balances.get(kind, 0) for kind in used),
    }


def lead_people(house: House) -> list[str]:
    with house.installation.worker.reading() as session:
        return list(session.scalars(select(LeadPerson.address)))


def paths(house: House) -> list[list[str]]:
    """By lead: its steps in words."""
    with house.installation.worker.reading() as session:
        steps: dict[int, list[str]] = defaultdict(list)
        for step in session.scalars(select(LeadStep).order_by(LeadStep.lead_id, LeadStep.position)):
            steps[step.lead_id].append(f"{step.kind} {step.touch_name}")
        return [steps[lead_id] for lead_id in session.scalars(select(Lead.id))]


def pairs(addresses: list[str]) -> list[tuple[str, str]]:
    """Two people of one company each, every company once."""
    by_domain: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        by_domain[address.partition("@")[2]].append(address)
    return [(people[0], people[1]) for people in by_domain.values() if len(people) > 1]
