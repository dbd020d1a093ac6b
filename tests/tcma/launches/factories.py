"""Makers of running campaigns, lanes and what they need."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.errors import ContentError, Problem
from campaigns.providers.base import Outgoing, Provider
from campaigns.providers.memory import MemoryProvider
from tcma.bench.send_world import Plan, World, build
from tcma.db import Database
from tcma.jobs.leases import Lease
from tcma.launches.deliveries import Delivery, DeliveryStatus
from tcma.launches.models import Campaign, CampaignTouch
from tcma.launches.sending import LaneReport, run_lane
from tcma.launches.sending_claim import Claimed
from tests.installation import Installation

T = TypeVar("T")


class PlainComposer:
    """Messages of one line; `broken` are addresses whose message cannot be made."""

    def __init__(self, broken: frozenset[str] = frozenset()) -> None:
        self.broken = broken

    def compose(self, claimed: Claimed, attempt_id: str) -> Outgoing:
        if claimed.address in self.broken:
            raise ContentError(Problem("emails/01.mjml", 3, "Nothing to say."))
        return Outgoing(
            delivery_id=claimed.delivery_id,
            attempt_id=attempt_id,
            sender="post@mail.example",
            recipient=claimed.address,
            raw=b"Subject: Hello\r\n\r\nHello\r\n",
        )


@dataclass
class Holding:
    """A registration that is held until a test says otherwise."""

    worker_id: int
    is_held: bool = True

    def held(self) -> bool:
        return self.is_held


def a_running_campaign(installation: Installation, people: int = 5, **plan: object) -> World:
    with installation.worker.transaction() as session:
        return build(session, Plan(people, **plan), hash_key=installation.settings.hash_key)  # type: ignore[arg-type]


def a_worker(database: Database) -> Holding:
    """A worker's row, without a heartbeat."""
    lease = Lease(database, 60.0)
    lease.stop_beating()
    return Holding(lease.worker_id)


def send(
    installation: Installation,
    provider: Provider | None = None,
    *,
    composer: PlainComposer | None = None,
    lease: Holding | None = None,
    until: Callable[[], bool] = lambda: False,
) -> LaneReport:
    """Run one lane until it runs dry."""
    return run_lane(
        installation.worker,
        composer or PlainComposer(),
        provider or MemoryProvider(),
        lease or a_worker(installation.worker),
        installation.settings,
        until,
    )


def statuses(installation: Installation, touch_id: int) -> dict[DeliveryStatus, int]:
    with installation.worker.reading() as session:
        found = session.execute(
            select(Delivery.status, func.count())
            .where(Delivery.touch_id == touch_id)
            .group_by(Delivery.status)
        )
        return {status: number for status, number in found}


def touch(installation: Installation, touch_id: int) -> CampaignTouch:
    with installation.worker.reading() as session:
        return _kept(session, session.get_one(CampaignTouch, touch_id))


def campaign(installation: Installation, campaign_id: int) -> Campaign:
    with installation.worker.reading() as session:
        return _kept(session, session.get_one(Campaign, campaign_id))


def deliveries(installation: Installation, touch_id: int) -> list[Delivery]:
    with installation.worker.reading() as session:
        return _kept(
            session,
            list(
                session.scalars(select(Delivery).where(Delivery.touch_id == touch_id).order_by(Delivery.id))
            ),
        )


def assert_figures_hold(installation: Installation, touch_id: int) -> None:
    """The figures are the deliveries counted, and together they are the touch's people."""
    found, counted = touch(installation, touch_id), statuses(installation, touch_id)
    shown = {status: getattr(found, f"{status.value}_count") for status in DeliveryStatus}
    assert shown == {status: counted.get(status, 0) for status in DeliveryStatus}
    assert sum(shown.values()) == found.people_count


def _kept(session: Session, found: T) -> T:
    """What was read stays readable when the session is gone."""
    session.expunge_all()
    return found
