"""What the demo reads to check: the mails that arrived, and the database by its own queries."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from tcma import clock
from tcma.audiences.models import Contact
from tcma.bench.demo import mails
from tcma.bench.demo.house import House
from tcma.bench.demo.post import Arrival
from tcma.errors import DomainError
from tcma.funds.accounts import AccountKind, LedgerAccount
from tcma.funds.models import Certificate
from tcma.jobs.models import JobRow
from tcma.launches import queries
from tcma.launches.deliveries import Delivery, DeliveryStatus
from tcma.launches.models import Campaign
from tcma.leads.models import Lead, LeadPerson, LeadStep
from tcma.organisations.models import User
from tcma.replies.models import Reply


def mails_received(house: House, since: int = 0) -> list[mails.Received]:
    """What contacts and prospects got, without the first `since`."""
    return [mails.read(one, house.installation.signer) for one in arrivals(house)[since:]]


def recipients(house: House) -> list[str]:
    """Who of them got something, in order of arrival."""
    return [one.to for one in arrivals(house)]


def received_count(house: House) -> int:
    return len(arrivals(house))


def arrivals(house: House) -> list[Arrival]:
    """Mails to others than the product's own people, in their order."""
    own = _users(house)
    return [one for one in house.post.arrivals() if one.to not in own]


def notices(house: House) -> list[Arrival]:
    """Mails of the platform to its own people: new leads, replies, money, results."""
    own = _users(house)
    return [one for one in house.post.arrivals() if one.to in own]


def notice_count(house: House) -> int:
    return len(notices(house))


def _users(house: House) -> set[str]:
    with house.installation.worker.reading() as session:
        return set(session.scalars(select(User.email)))


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


def due_at(house: House, campaign: str, key: str) -> datetime:
    """When a mail goes, by the product's clock."""
    with house.installation.worker.reading() as session:
        found = session.scalars(select(Campaign).where(Campaign.slug == campaign)).one()
        due = queries.find_touch(session, found, key).due_at
    if due is None:
        raise DomainError(f"The mail '{key}' has no time.")
    return due


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


def waiting_jobs(house: House) -> int:
    """One-off work that is due, and not done yet or under way."""
    with house.installation.worker.reading() as session:
        open_ones = select(func.count()).where(
            JobRow.done_at.is_(None), JobRow.failed_at.is_(None), JobRow.due_at <= clock.now(session)
        )
        return session.scalar(open_ones) or 0


def statuses(house: House) -> dict[str, int]:
    """How many messages that left stand where."""
    with house.installation.worker.reading() as session:
        found = session.execute(
            select(Delivery.status, func.count())
            .where(
                Delivery.status.in_((DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.BOUNCED))
            )
            .group_by(Delivery.status)
        )
        return {status.value: count for status, count in found}


def replies(house: House) -> dict[str, int]:
    """How many answers by what wrote them."""
    with house.installation.worker.reading() as session:
        found = session.execute(select(Reply.kind, func.count()).group_by(Reply.kind))
        return {kind.value: count for kind, count in found}


def repliers(house: House) -> list[str]:
    """The people of the list that answers were taken to be of."""
    with house.installation.worker.reading() as session:
        wanted = select(Contact.address).join(Reply, Reply.contact_id == Contact.id)
        return list(session.scalars(wanted))
