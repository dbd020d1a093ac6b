"""The inbox: its views, its pages, its counts, and one lead's story without machines."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from tcma import clock
from tcma.launches import event_rows
from tcma.launches.deliveries import Delivery, TouchEventKind
from tcma.launches.event_rows import EventRow
from tcma.launches.models import Campaign
from tcma.leads import by_campaign, closing, inbox, nurture, service, story, undo
from tcma.leads.by_campaign import Reached
from tcma.leads.inbox import Cursor, Only, View
from tcma.leads.models import Lead, LeadPerson, Stage
from tcma.leads.story import Sort
from tests.installation import Installation
from tests.tcma.leads.scene import Scene, a_scene
from tests.tcma.leads.test_deeds import FIREWALL, do


def spread(scene: Scene) -> None:
    """A lead in every stage an owner has, some due, some not, some held by the scene's partner."""
    stages = [stage for stage in Stage if stage is not Stage.IN_POOL] * 2
    receipts = [scene.answer(f"a@firm{number}.example") for number in range(len(stages))]
    holder = scene.partner.user_id
    with scene.installation.worker.transaction() as session:
        now = clock.now(session)
        for number, (stage, receipt) in enumerate(zip(stages, receipts, strict=True)):
            closed = stage in (Stage.WON, Stage.LOST, Stage.PUSHED_BACK, Stage.DISQUALIFIED, Stage.EXPIRED)
            session.execute(
                update(Lead)
                .where(Lead.id == receipt.lead.id)
                .values(
                    stage=stage,
                    holder_id=holder if number % 3 else None,
                    clock_until=None if closed else now + timedelta(days=(number % 4) * 6 - 6),
                    closed_at=now if closed else None,
                    comes_back_at=now if stage is Stage.NURTURING and number % 2 else None,
                )
            )


def test_each_view_is_the_same_rule_in_sql_and_in_python_and_its_count(databases: Installation) -> None:
    scene = a_scene(databases)
    spread(scene)
    with databases.web.reading(scene.partner.organisation_id) as session:
        now = clock.now(session)
        everything = session.scalars(select(Lead)).all()
        counts = inbox.counts_for(session, scene.partner)
        for view in View:
            wanted = {lead.id for lead in everything if inbox.is_in(lead, view, scene.partner, now)}
            lines = inbox.lines_for(session, scene.partner, view, limit=100)
            assert {line.lead.id for line in lines} == wanted, view
            assert counts[view] == len(wanted) > 0, view


def test_pages_of_a_view_follow_each_other_without_a_lead_twice(database: Installation) -> None:
    scene = a_scene(database)
    spread(scene)
    with database.web.reading(scene.partner.organisation_id) as session:
        for view in View:
            whole = [line.lead.id for line in inbox.lines_for(session, scene.partner, view, limit=100)]
            seen: list[int] = []
            after: Cursor | None = None
            while True:
                lines = inbox.lines_for(session, scene.partner, view, after=after, limit=2)
                seen += [line.lead.id for line in lines[:2]]
                if len(lines) < 3:
                    break
                after = Cursor.read(lines[1].cursor(view))
                assert after is not None
            assert seen == whole, view


def test_a_campaigns_leads_count_by_what_was_done_with_them_and_its_lists_show_the_same(
    databases: Installation,
) -> None:
    scene = a_scene(databases)
    unseen, rested, undone, sold, _new = (scene.answer(f"a@firm{number}.example") for number in range(5))
    do(scene, closing.lost, unseen, "no_answer")
    do(scene, service.accept, rested)
    do(scene, nurture.not_now, rested, date(2027, 6, 1))
    accepted = do(scene, service.accept, undone)
    do(scene, undo.undo, undone, accepted.key)
    do(scene, closing.won, sold, FIREWALL)

    with databases.web.reading(scene.partner.organisation_id) as session:
        campaign = session.get_one(Campaign, scene.world.campaign_id)
        course = by_campaign.course_of(session, scene.partner, campaign)
        listed = {
            step: {
                line.lead.id
                for line in inbox.lines_for(
                    session, scene.partner, View.ALL, Only(campaign=campaign.public_id, reached=step)
                )
            }
            for step in Reached
        }

    assert listed[Reached.ACCEPTED] == {rested.lead.id, sold.lead.id}
    assert listed[Reached.QUALIFIED] == listed[Reached.WON] == {sold.lead.id}
    assert course == by_campaign.Course(leads=5, accepted=2, qualified=1, won=1)


@pytest.mark.parametrize("text", ["", "~", "2026-11-22~1", "yesterday~4", "2026-11-22T10:00:00+00:00~x"])
def test_what_is_no_cursor_begins_the_list_anew(text: str) -> None:
    assert Cursor.read(text) is None


def test_what_is_due_first_stands_first(database: Installation) -> None:
    scene = a_scene(database)
    receipts = [scene.answer(f"a@firm{number}.example") for number in range(3)]
    with database.worker.transaction() as session:
        now = clock.now(session)
        for hours, receipt in zip((5, 1, 3), receipts, strict=True):
            session.execute(
                update(Lead)
                .where(Lead.id == receipt.lead.id)
                .values(clock_until=now + timedelta(hours=hours))
            )
    with database.web.reading(scene.partner.organisation_id) as session:
        lines = inbox.lines_for(session, scene.partner, View.NEW)

    assert [line.lead.id for line in lines] == [receipts[number].lead.id for number in (1, 2, 0)]


def test_one_leads_story_leaves_machines_out_and_says_how_many(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    with database.worker.transaction() as session:
        delivery = session.scalars(select(Delivery).limit(1)).one()
        now = clock.now(session)
        person = session.get_one(LeadPerson, receipt.person.id)
        person.contact_id = delivery.contact_id
        delivery.sent_at = now - timedelta(days=2)
        delivery.clicked_at = now - timedelta(days=1)
        for number, machine in enumerate((True, True, False)):
            at = now - timedelta(days=2 if machine else 1)
            event_rows.append(
                session,
                [
                    EventRow(
                        delivery.partner_id,
                        delivery.campaign_id,
                        delivery.id,
                        TouchEventKind.CLICKED,
                        at,
                        identity=f"click-{number}",
                        machine=machine,
                    )
                ],
            )
    do(scene, service.contacted, receipt, "Rang.")
    with database.web.reading(scene.partner.organisation_id) as session:
        lead = session.scalars(select(Lead).options(joinedload(Lead.company))).one()
        told = story.read(session, lead)

    assert told.machine_count == 2
    assert [entry.sort for entry in told.entries] == [Sort.SPOKE, Sort.ANSWERED, Sort.CLICKED, Sort.SENT]
    assert told.entries[0].text == "Rang."
