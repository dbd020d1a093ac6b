"""Whom the later mails of a sequence go to."""

from sqlalchemy import update

from tcma import clock
from tcma.launches.deliveries import Delivery
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign, assert_figures_hold, deliveries, send

NOBODY, FIRST, SECOND, BOTH = range(4)  # which mail each of four people clicks


def test_who_clicked_a_mail_gets_none_of_the_later_ones(databases: Installation) -> None:
    world = a_running_campaign(databases, people=4, touches=3, not_clicked=True)
    clicked = {0: (FIRST, BOTH), 1: (SECOND, BOTH)}
    with databases.worker.transaction() as session:
        for mail, people in clicked.items():
            rows = deliveries(databases, world.touch_ids[mail])
            session.execute(
                update(Delivery)
                .where(Delivery.id.in_([rows[person].id for person in people]))
                .values(clicked_at=clock.now(session))
            )

    send(databases)

    reasons = [[row.reason for row in deliveries(databases, touch_id)] for touch_id in world.touch_ids]
    assert reasons == [
        ["", "", "", ""],
        ["", "clicked", "", "clicked"],
        ["", "clicked", "clicked", "clicked"],
    ]
    for touch_id in world.touch_ids:
        assert_figures_hold(databases, touch_id)
