"""Sparing people who had or get another campaign within seven days."""

from datetime import timedelta

from sqlalchemy import update

from campaigns.providers.memory import Act, MemoryProvider
from tcma.launches import asking, events, reach, schedule, service
from tcma.launches.deliveries import Delivery, DeliveryStatus
from tcma.launches.models import Campaign
from tests.installation import Installation
from tests.tcma.launches.factories import send
from tests.tcma.launches.ready import TUESDAY, a_ready_world
from tests.tcma.launches.world import MONDAY, World


def _recent(world: World, campaign: Campaign) -> tuple[int, int]:
    """How many had or get another mail, and how many the campaign goes to."""
    with world.installation.web.reading(world.partner.organisation_id) as session:
        found = session.get_one(Campaign, campaign.id)
        reached = reach.of(session, found)
        return reached.recent, reached.count


def _sent(world: World, campaign: Campaign) -> None:
    """Its first mail went out on Monday to the first of its people; the rest was left out."""
    with world.as_worker() as session:
        session.execute(
            update(Delivery).where(Delivery.campaign_id == campaign.id).values(status=DeliveryStatus.SKIPPED)
        )
        first = min(one.id for one in world.deliveries(campaign, "invite"))
        values = {"status": DeliveryStatus.SENT, "sent_at": MONDAY}
        session.execute(update(Delivery).where(Delivery.id == first).values(**values))


def test_who_waits_for_another_campaign_is_counted(databases: Installation) -> None:
    world = a_ready_world(databases)
    world.launched(wall=TUESDAY)
    assert _recent(world, world.draft()) == (3, 3)


def test_who_got_one_within_seven_days_is_counted_and_after_them_no_more(databases: Installation) -> None:
    world = a_ready_world(databases)
    _sent(world, world.launched(wall=TUESDAY))
    draft = world.draft()
    assert _recent(world, draft) == (1, 3)
    world.set_clock(MONDAY + timedelta(days=7, minutes=1))
    assert _recent(world, draft) == (0, 3)


def test_it_is_seen_at_once_when_only_some_of_the_mails_of_another_campaign_move(
    databases: Installation,
) -> None:
    world = a_ready_world(databases)
    other, draft = world.launched(wall=TUESDAY), world.draft()
    with world.as_partner() as session:
        service.skip_touch(session, world.partner, other.public_id, "reminder")
    assert _recent(world, draft) == (3, 3)
    world.pass_time(hours=25)
    schedule.start_due(databases.worker)
    assert _recent(world, draft) == (3, 3)
    send(databases, MemoryProvider([Act.REFUSE, Act.ACCEPT, Act.DEFER]))
    assert _recent(world, draft) == (2, 3)
    with world.as_partner() as session:
        service.cancel(session, world.partner, other.public_id)
    assert _recent(world, draft) == (1, 3)
    world.pass_time(days=8)
    assert _recent(world, draft) == (0, 3)


def test_a_provider_whose_clock_is_fast_sends_nothing_in_the_future(database: Installation) -> None:
    world = a_ready_world(database)
    other, draft = world.launched(wall=TUESDAY), world.draft()
    mail = world.deliveries(other, "invite")[0].id
    with world.as_worker() as session:
        at = MONDAY + timedelta(days=30)
        events.apply(session, [{"delivery_id": mail, "kind": "delivered", "at": at}])
    with world.as_partner() as session:
        service.cancel(session, world.partner, other.public_id)
    assert _recent(world, draft) == (1, 3)
    world.pass_time(days=8)
    assert _recent(world, draft) == (0, 3)


def test_nobody_counts_because_of_the_campaign_itself(database: Installation) -> None:
    world = a_ready_world(database)
    assert _recent(world, world.launched(wall=TUESDAY))[0] == 0


def test_those_who_are_spared_get_no_message_and_are_none_of_its_people(databases: Installation) -> None:
    world = a_ready_world(databases)
    first = world.launched(wall=TUESDAY)
    _sent(world, first)
    draft = world.draft()
    with world.as_partner() as session:
        asking.spare_recent(session, world.partner, draft.public_id, True)
    assert _recent(world, draft) == (1, 2)
    assert world.launch(draft).people_count == 2
    spared = min(one.contact_id for one in world.deliveries(first, "invite"))
    assert spared not in {one.contact_id for one in world.deliveries(draft, "invite")}
    assert {touch.people_count for touch in world.touches(draft).values() if touch.kind == "email"} == {2}


def test_another_partners_mails_count_for_nobody_here(database: Installation) -> None:
    world = a_ready_world(database)
    other = world.launched(wall=TUESDAY)
    with world.as_worker() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.campaign_id == other.id)
            .values(partner_id=world.vendor.organisation_id)
        )
    assert _recent(world, world.draft())[0] == 0
