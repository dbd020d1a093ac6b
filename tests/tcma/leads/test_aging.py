"""What time does to leads by the rule of their source, and who is told."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from tcma import clock
from tcma.jobs.rows import RowsFailed
from tcma.leads import aging, closing, nurture, reporting, service, telling
from tcma.leads.amounts import Product
from tcma.leads.capture import Receipt
from tcma.leads.dealings import LeadClock, LeadLink
from tcma.leads.models import Lead, LeadSource, LeadTransition, Stage
from tcma.notices.kinds import NoticeKind
from tcma.notices.models import Notice
from tcma.viewer import Role
from tests.installation import Installation
from tests.tcma.leads.scene import NEWS, Scene, a_scene
from tests.tcma.leads.test_deeds import colleague, do, of_source


def told(scene: Scene, kind: NoticeKind) -> list[Notice]:
    with scene.installation.worker.reading() as session:
        found = session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id)).all()
        session.expunge_all()
        return list(found)


def reasons(scene: Scene, receipt: Receipt) -> list[str]:
    with scene.installation.worker.reading() as session:
        rows = session.scalars(select(LeadTransition).where(LeadTransition.lead_id == receipt.lead.id))
        return [row.reason for row in rows]


def set_lead(scene: Scene, receipt: Receipt, **values: datetime | None) -> None:
    with scene.installation.worker.transaction() as session:
        session.execute(update(Lead).where(Lead.id == receipt.lead.id).values(**values))


def now_of(scene: Scene) -> datetime:
    with scene.installation.worker.reading() as session:
        return clock.now(session)


def test_nobody_accepting_takes_a_vendors_lead_back_and_leaves_an_own_one(databases: Installation) -> None:
    scene = a_scene(databases)
    own, theirs, accepted = (scene.answer(f"a@{name}.example") for name in ("own", "theirs", "accepted"))
    for receipt in (theirs, accepted):
        of_source(scene, receipt, LeadSource.VENDOR_SOURCED)
    do(scene, service.accept, accepted)
    scene.pass_days(20)
    assert aging.watch_clocks(databases.worker) == 1
    assert aging.watch_clocks(databases.worker) == 0

    assert scene.lead(theirs).stage is Stage.EXPIRED
    assert reasons(scene, theirs)[-1] == aging.NOT_ACCEPTED
    assert (scene.lead(own).stage, scene.lead(accepted).stage) == (Stage.NEW, Stage.ACCEPTED)


def test_whoever_holds_a_lead_is_warned_once_with_a_quarter_left(database: Installation) -> None:
    scene = a_scene(database)
    sales, viewer = colleague(scene, Role.SALES)
    receipt = scene.answer()
    do(scene, service.accept, receipt, by=viewer)
    set_lead(scene, receipt, shelf_life_warn_at=now_of(scene) - timedelta(minutes=1))
    assert aging.watch_clocks(database.worker) == 1
    assert aging.watch_clocks(database.worker) == 0

    (notice,) = told(scene, NoticeKind.LEAD_AGEING)
    assert notice.user_id == sales.id
    assert notice.said["goes_back_to"] == "" and notice.said["is_over"] == ""


def test_a_lead_that_may_go_back_is_warned_of_before_it_does(database: Installation) -> None:
    scene = a_scene(database)
    colleague(scene, Role.OWNER)
    receipt = scene.answer()
    with database.worker.transaction() as session:
        lead = session.get_one(Lead, receipt.lead.id)
        lead.source = LeadSource.VENDOR_SOURCED
        session.scalars(select(LeadClock)).one().warn_at = clock.now(session)
    assert aging.watch_clocks(database.worker) == 1

    assert [notice.said["is_over"] for notice in told(scene, NoticeKind.LEAD_AGEING)] == [""]
    assert scene.lead(receipt).stage is Stage.NEW


@pytest.mark.parametrize("source", LeadSource)
@pytest.mark.parametrize("returnable", [False, True])
def test_which_leads_may_go_back_is_said_the_same_in_sql(
    database: Installation, source: LeadSource, returnable: bool
) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    of_source(scene, receipt, source, returnable=returnable)
    with database.worker.reading() as session:
        lead = session.get_one(Lead, receipt.lead.id)
        found = session.scalar(select(Lead.id).where(aging._may_go_back()))
        assert (found is not None) is lead.may_go_back


def test_a_bad_row_does_not_keep_the_others_from_their_end(database: Installation) -> None:
    scene = a_scene(database)
    bad, good = scene.answer("a@bad.example"), scene.answer("a@good.example", ticked=(NEWS,))
    scene.confirm(good)
    of_source(scene, bad, LeadSource.VENDOR_SOURCED)
    over = now_of(scene) - timedelta(days=1)
    set_lead(scene, bad, shelf_life_until=over - timedelta(days=1))
    set_lead(scene, good, shelf_life_until=over)
    with database.owner.transaction() as session:
        session.connection().exec_driver_sql(
            "CREATE TRIGGER broken BEFORE UPDATE ON leads WHEN NEW.stage = 'expired'"
            " BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )
    with pytest.raises(RowsFailed, match="1 of 2"):
        scene.end_shelf_lives()

    assert scene.lead(bad).stage is Stage.NEW
    assert scene.lead(good).stage is Stage.NURTURING


def test_a_new_lead_is_told_to_who_answers_or_to_all_who_sell(database: Installation) -> None:
    scene = a_scene(database)
    sales, _ = colleague(scene, Role.SALES)
    other, _ = colleague(scene, Role.SALES, Role.MARKETER)
    colleague(scene, Role.READER)
    scene.answer(phone="+41 44 555 01 01", message="Please call.")
    scene.answer("beat@lindt.example")  # joins the same lead

    notices = told(scene, NoticeKind.NEW_LEAD)
    assert {notice.user_id for notice in notices} == {sales.id, other.id}
    assert notices[0].said["company"] == "Lindt AG" and notices[0].path == "/l/{token}"


def test_whoever_answers_is_told_when_a_lead_comes_back(database: Installation) -> None:
    scene = a_scene(database)
    sales, viewer = colleague(scene, Role.SALES)
    receipt = scene.answer()
    do(scene, nurture.not_now, receipt, now_of(scene).date() + timedelta(days=10), by=viewer)
    scene.pass_days(11)
    nurture.bring_back_due(database.worker)

    first, again = told(scene, NoticeKind.NEW_LEAD)
    assert (first.user_id, again.user_id) == (sales.id, sales.id)
    assert ":back:" in again.subject_key


def test_a_weekly_mail_names_what_is_due_to_who_holds_it(database: Installation) -> None:
    scene = a_scene(database)
    sales, viewer = colleague(scene, Role.SALES)
    colleague(scene, Role.OWNER)
    due, fresh = scene.answer("a@due.example"), scene.answer("a@fresh.example")
    for receipt in (due, fresh):
        do(scene, service.contacted, receipt, by=viewer)
    now = now_of(scene)
    monday = (now + timedelta(days=(7 - now.weekday()) % 7 or 7)).replace(hour=9, minute=30)
    scene.pass_seconds(int((monday - now).total_seconds()))
    set_lead(scene, due, clock_until=monday + timedelta(days=1))
    set_lead(scene, fresh, clock_until=monday + timedelta(days=9))
    assert telling.ask_for_updates(database.worker) == 1
    telling.ask_for_updates(database.worker)

    (notice,) = told(scene, NoticeKind.LEADS_WITHOUT_UPDATE)
    assert notice.user_id == sales.id and notice.said["stage"] == "contacted"
    with database.worker.reading() as session:
        assert notice.token is not None
        assert session.get_one(LeadLink, notice.token[1]).lead_ids == [due.lead.id]
    scene.pass_seconds(24 * 3600)
    assert telling.ask_for_updates(database.worker) == 0  # Tuesday


def test_updates_count_as_on_time_late_or_overdue(databases: Installation) -> None:
    scene = a_scene(databases)

    def standing() -> reporting.Standing:
        with databases.web.reading(scene.partner.organisation_id) as session:
            return reporting.standing(session, scene.partner)

    receipts = [scene.answer(f"a@firm{number}.example") for number in range(6)]
    for number, receipt in enumerate(receipts):
        of_source(scene, receipt, LeadSource.JOINT if number < 5 else LeadSource.PARTNER_SOURCED)
        do(scene, service.contacted, receipt)
    assert standing() == reporting.Standing(0, 0, 0)
    for receipt in receipts[:3]:
        do(scene, service.still_open, receipt)
    assert standing() == reporting.Standing(3, 3, 0)
    assert standing().share == 1.0
    scene.pass_days(30)
    do(scene, closing.won, receipts[3], (Product("Firewall", 100),))

    found = standing()
    assert (found.due_count, found.on_time_count) == (3 + 1 + 1 + 3, 3)
    assert found.overdue_count == 4
    assert found.share == 3 / 8
