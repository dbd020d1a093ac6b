"""One press of "stop" holds, at once and for good."""

import pytest
from sqlalchemy import func, select

from tcma import clock
from tcma.audiences.models import Contact, PartnerSuppression
from tcma.errors import NotFound
from tcma.launches import unsubscribe
from tcma.launches.deliveries import DeliveryStatus, TouchEvent, Unsubscription
from tcma.launches.unsubscribe import How, Stopped
from tests.installation import Installation
from tests.tcma.launches.factories import (
    a_running_campaign,
    assert_figures_hold,
    deliveries,
    send,
    statuses,
    touch,
)


def press(installation: Installation, partner_id: int, delivery_id: int, how: How = How.ONE_CLICK) -> Stopped:
    """As the web process does: in the session of the token's partner."""
    with installation.web.transaction(partner_id) as session:
        return unsubscribe.stop(session, delivery_id, how, clock.now(session))


def test_who_left_gets_no_further_mail_of_the_partner(databases: Installation) -> None:
    world = a_running_campaign(databases, people=2, touches=2)
    first, second = deliveries(databases, world.touch_ids[0])

    press(databases, world.partner_id, first.id)
    send(databases)

    assert statuses(databases, world.touch_ids[1]) == {DeliveryStatus.SKIPPED: 1, DeliveryStatus.SENT: 1}
    assert {row.contact_id for row in deliveries(databases, world.touch_ids[1]) if row.sent_at} == {
        second.contact_id
    }
    for touch_id in world.touch_ids:
        assert_figures_hold(databases, touch_id)


def test_pressing_again_changes_nothing(databases: Installation) -> None:
    world = a_running_campaign(databases, people=1)
    row = deliveries(databases, world.touch_ids[0])[0]

    pressed = [press(databases, world.partner_id, row.id, how) for how in (How.ONE_CLICK, How.PAGE, How.PAGE)]

    assert [one.is_new for one in pressed] == [True, False, False]
    assert touch(databases, world.touch_ids[0]).unsubscribed_count == 1
    with databases.worker.reading() as session:
        for model in (Unsubscription, PartnerSuppression, TouchEvent):
            assert session.scalar(select(func.count()).select_from(model)) == 1


def test_the_suppression_outlives_the_contact(database: Installation) -> None:
    world = a_running_campaign(database, people=1)
    row = deliveries(database, world.touch_ids[0])[0]
    press(database, world.partner_id, row.id)

    with database.worker.reading() as session:
        contact = session.get_one(Contact, row.contact_id)
        assert session.scalars(select(PartnerSuppression.address_hash)).one() == contact.address_hash


def test_another_partners_session_finds_no_such_message(databases: Installation) -> None:
    world, other = a_running_campaign(databases, people=1), a_running_campaign(databases, people=1)
    row = deliveries(databases, world.touch_ids[0])[0]

    with pytest.raises(NotFound):
        press(databases, other.partner_id, row.id)
    assert touch(databases, world.touch_ids[0]).unsubscribed_count == 0
