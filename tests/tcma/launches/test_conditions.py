"""Whom the later mails of a sequence go to."""

from dataclasses import replace
from typing import Any

from sqlalchemy import event, text, update

from campaigns.errors import Severity
from campaigns.kit.model import ConditionKind
from tcma import clock
from tcma.launches import preparing, sending_claim
from tcma.launches.deliveries import Delivery, MessageClass
from tcma.launches.models import CampaignTouch
from tcma.launches.sending_chunks import Turn
from tests.campaigns.kit_files import some_files
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign, assert_figures_hold, deliveries, send
from tests.tcma.launches.world import a_world

NOBODY, FIRST, SECOND, BOTH = range(4)  # which mail each of four people clicks


def test_who_clicked_a_mail_gets_none_of_the_later_ones(databases: Installation) -> None:
    world = a_running_campaign(databases, people=4, touches=3, condition=ConditionKind.NOT_CLICKED)
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


def replied(databases: Installation, touch_id: int, person: int) -> None:
    with databases.worker.transaction() as session:
        row = deliveries(databases, touch_id)[person]
        session.execute(update(Delivery).where(Delivery.id == row.id).values(replied_at=clock.now(session)))


def reasons_of(databases: Installation, touch_id: int) -> list[str]:
    assert_figures_hold(databases, touch_id)
    return [row.reason for row in deliveries(databases, touch_id)]


def test_a_mail_for_those_who_answered_goes_to_them_and_to_nobody_else(databases: Installation) -> None:
    """Also to who answered an earlier mail, and so never got the one that is named."""
    world = a_running_campaign(databases, people=3, touches=3)
    first, second, third = world.touch_ids
    condition(databases, third, ConditionKind.ANSWERED, about=second)
    replied(databases, first, person=0)

    send(databases)

    assert reasons_of(databases, second) == ["replied", "", ""]
    assert reasons_of(databases, third) == ["", "not_answered", "not_answered"]


def test_a_mail_for_those_who_did_not_answer_says_so_of_who_did(databases: Installation) -> None:
    world = a_running_campaign(databases, people=4, touches=3, condition=ConditionKind.NOT_ANSWERED)
    first, second, third = world.touch_ids
    condition(databases, third, ConditionKind.NOT_ANSWERED, about=first)
    replied(databases, first, person=1)
    replied(databases, second, person=2)

    send(databases)

    assert reasons_of(databases, second) == ["", "answered", "replied", ""]
    assert reasons_of(databases, third) == ["", "answered", "replied", ""]


def condition(databases: Installation, touch_id: int, kind: ConditionKind, *, about: int) -> None:
    with databases.worker.transaction() as session:
        found = session.get_one(CampaignTouch, touch_id)
        found.condition, found.condition_touch_id = kind, about


def test_the_statement_that_claims_looks_everything_up_by_an_index(databases: Installation) -> None:
    is_postgresql = databases.is_postgresql
    for kind in (None, *ConditionKind):
        turn = Turn(1, 2, 1, 1, 1, MessageClass.MARKETING, 1, 1_000, kind, 1 if kind else None)
        plan = plan_of(databases, turn, "EXPLAIN" if is_postgresql else "EXPLAIN QUERY PLAN")
        scans = [line for line in plan if "Seq Scan" in line or line.startswith("SCAN ")]
        assert [line for line in scans if "CONSTANT ROW" not in line] == [], (kind, plan)
        assert any("mail_preferences" in line for line in plan) or is_postgresql


def plan_of(installation: Installation, turn: Turn, explain: str) -> list[str]:
    """How the database would find the waiting messages of a turn; on an empty one PostgreSQL would read tables
    through, if it may."""

    def ask(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> tuple[str, Any]:
        return f"{explain} {statement}", parameters

    with installation.worker.transaction() as session:
        if installation.is_postgresql:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        wanted = sending_claim._waiting(turn, 64, clock.now(session))
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", ask, retval=True)
        rows = connection.execute(wanted).cursor.fetchall()
        event.remove(connection, "before_cursor_execute", ask)
    return [str(row[-1]).strip() for row in rows]


def test_a_launch_notes_a_mail_that_asks_for_replies_nobody_here_hears_of(database: Installation) -> None:
    manifest = some_files({})["kit.yml"].decode().replace("not_clicked:invite", "not_answered:invite")
    world = a_world(database, some_files({"kit.yml": manifest}))
    campaign = world.draft()
    for domain, count in (("", 1), ("replies.example", 0)):
        settings = replace(world.settings, replies=domain)
        found = preparing.prepare(database.web, world.partner, world.files, settings, campaign.public_id)
        notes = [problem.severity for problem in found.problems if "asks who wrote back" in problem.sentence]
        assert notes == [Severity.NOTE] * count
