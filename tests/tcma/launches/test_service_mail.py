"""What a person asked for: outside the figures, before the rest, once."""

import pytest
from sqlalchemy import select

from campaigns.providers.memory import MemoryProvider
from tcma import clock
from tcma.audiences import suppression
from tcma.audiences.models import Contact, SuppressionReason
from tcma.bench.send_world import World
from tcma.funds.models import CostLine
from tcma.launches import service_mail
from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass
from tcma.launches.models import Campaign
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign, assert_figures_hold, send, touch

D = DeliveryStatus


def ask(installation: Installation, world: World, occasion: int = 1) -> int | None:
    with installation.web.transaction(world.partner_id) as session:
        return service_mail.queue(
            session,
            partner_id=world.partner_id,
            campaign_id=world.campaign_id,
            touch_id=world.touch_ids[0],
            contact_id=world.contact_ids[0],
            artefact_id=world.artefact_ids[0],
            occasion=occasion,
        )


def status(installation: Installation, delivery_id: int | None) -> DeliveryStatus:
    with installation.worker.reading() as session:
        return session.scalars(select(Delivery.status).where(Delivery.id == delivery_id)).one()


def suppress(installation: Installation, world: World, reason: SuppressionReason) -> None:
    with installation.worker.transaction() as session:
        person = session.get_one(Contact, world.contact_ids[0])
        suppression.suppress(session, world.partner_id, person.address_hash, reason, clock.now(session))


def test_it_goes_before_marketing_mail_and_stays_out_of_figures_and_money(databases: Installation) -> None:
    world = a_running_campaign(databases, people=100, price=10_000_000)
    delivery_id = ask(databases, world)
    provider = MemoryProvider()

    send(databases, provider)

    assert provider.sent[0].delivery_id == delivery_id
    with databases.worker.reading() as session:
        counted = session.scalars(
            select(Delivery.id).where(Delivery.message_class == MessageClass.MARKETING)
        ).all()
        assert session.scalars(select(CostLine.units)).one() == len(counted) == 100
    found = touch(databases, world.touch_ids[0])
    assert (found.sent_count, found.people_count) == (100, 100)


def test_asking_twice_queues_once(databases: Installation) -> None:
    world = a_running_campaign(databases, people=1)

    assert ask(databases, world) is not None
    assert ask(databases, world) is None
    assert ask(databases, world, occasion=2) is not None


@pytest.mark.parametrize(
    ("reason", "ending"),
    [
        (SuppressionReason.UNSUBSCRIBED, D.SENT),
        (SuppressionReason.COMPLAINED, D.SKIPPED),
        (SuppressionReason.BOUNCED, D.SKIPPED),
    ],
)
def test_it_passes_unsubscribe_but_not_complaints_and_bounces(
    database: Installation, reason: SuppressionReason, ending: DeliveryStatus
) -> None:
    world = a_running_campaign(database, people=1)
    suppress(database, world, reason)
    delivery_id = ask(database, world)

    send(database)

    assert status(database, delivery_id) is ending
    assert_figures_of_marketing_hold(database, world)


def assert_figures_of_marketing_hold(installation: Installation, world: World) -> None:
    found = touch(installation, world.touch_ids[0])
    assert found.people_count == 1
    assert found.queued_count + found.sent_count + found.skipped_count == 1


def test_it_goes_while_the_campaign_is_paused_but_not_when_cancelled(database: Installation) -> None:
    world = a_running_campaign(database, people=1)
    first = ask(database, world)
    with database.worker.transaction() as session:
        session.get_one(Campaign, world.campaign_id).pause()
    send(database)
    assert status(database, first) is D.SENT

    second = ask(database, world, occasion=2)
    with database.worker.transaction() as session:
        session.get_one(Campaign, world.campaign_id).cancel(clock.now(session))
    send(database)
    assert status(database, second) is D.QUEUED


def test_an_occasion_of_the_sequence_is_refused(database: Installation) -> None:
    world = a_running_campaign(database, people=1)
    with pytest.raises(ValueError, match="occasion"):
        ask(database, world, occasion=0)
    assert_figures_hold(database, world.touch_ids[0])
