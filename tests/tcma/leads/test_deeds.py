"""What a person does with a lead, what of it the vendor sees, and how it is taken back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.jobs.models import JobRow
from tcma.leads import (
    closing,
    nurture,
    qualifying,
    queries,
    returns,
    service,
    story,
    telling_back,
    transitions,
    undo,
)
from tcma.leads.amounts import Product
from tcma.leads.capture import Receipt
from tcma.leads.dealings import (
    AmountKind,
    Finding,
    Horizon,
    LeadAmount,
    LeadClock,
    LeadDeal,
    LeadFinding,
    LeadNote,
    NoteKind,
    Question,
)
from tcma.leads.models import STAGE_NEXT, Grade, Lead, LeadSource, LeadTransition, Stage
from tcma.leads.qualifying import Said
from tcma.leads.transitions import Done
from tcma.notices.kinds import NoticeKind
from tcma.notices.models import Notice
from tcma.organisations.models import Membership, User
from tcma.viewer import Role, Viewer
from tests.factories import NOW, a_user
from tests.installation import Installation
from tests.tcma.leads.scene import Scene, a_scene

CONFIRMED = {
    Question.BUDGET: Said(Finding.YES, "CHF 40,000 in the plan"),
    Question.AUTHORITY: Said(Finding.UNKNOWN),
    Question.NEED: Said(Finding.YES),
    Question.TIMING: Said(Finding.UNKNOWN, horizon=Horizon.THIS_QUARTER),
}
FIREWALL = (Product("Firewall", 1_200_000),)


def do(scene: Scene, deed: Callable[..., Any], receipt: Receipt, *given: object, **more: Any) -> Any:
    viewer = more.pop("by", scene.partner)
    with scene.installation.web.transaction(viewer.organisation_id) as session:
        return deed(session, viewer, receipt.lead.public_id, *given, **more)


def of_source(scene: Scene, receipt: Receipt, source: LeadSource, *, returnable: bool = False) -> None:
    with scene.installation.worker.transaction() as session:
        lead = session.get_one(Lead, receipt.lead.id)
        lead.source, lead.is_returnable = source, returnable


def kept(scene: Scene, model: type[Any]) -> int:
    with scene.installation.worker.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_every_route_goes_along_drawn_arrows_or_is_one_the_model_refuses() -> None:
    for start in Stage:
        for end in Stage:
            current, steps = start, transitions.route(start, end)
            drawn = [current := step for step in steps if step in STAGE_NEXT[current]]
            assert len(drawn) == len(steps) or (len(steps) == 1 and not drawn), (start, end, steps)


def test_a_sale_of_a_lead_nobody_touched_is_kept_rung_by_rung(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    do(scene, closing.won, receipt, FIREWALL, 2_000_000)

    with database.worker.reading() as session:
        lead = session.get_one(Lead, receipt.lead.id)
        moves = session.scalars(select(LeadTransition).order_by(LeadTransition.id)).all()
    assert [move.to_stage for move in moves] == [
        Stage.NEW,
        Stage.ACCEPTED,
        Stage.CONTACTED,
        Stage.QUALIFIED,
        Stage.OPPORTUNITY,
        Stage.WON,
    ]
    assert len({move.deed_key for move in moves[1:]}) == 1
    assert lead.grade is Grade.SQL and lead.clock_until is None and lead.closed_at is not None


def test_the_vendor_sees_what_its_products_brought_and_nothing_else_of_the_deal(
    databases: Installation,
) -> None:
    scene = a_scene(databases)
    receipt = scene.answer()
    do(scene, service.contacted, receipt, "Her budget is tight, she dislikes the vendor.")
    do(scene, qualifying.qualify, receipt, CONFIRMED, expected=FIREWALL, expected_on=date(2027, 3, 1))
    do(scene, closing.won, receipt, FIREWALL, 9_900_000)

    for viewer, seen in ((scene.vendor, 0), (scene.partner, 1)):
        with databases.web.reading(viewer.organisation_id) as session:
            for model in (LeadNote, LeadFinding, LeadDeal):
                count = session.scalar(select(func.count()).select_from(model)) or 0
                assert (count > 0) == bool(seen), (model, viewer.kind)
            won = session.scalars(select(LeadAmount).where(LeadAmount.kind == AmountKind.WON)).all()
            assert [(row.product, row.amount) for row in won] == [("Firewall", 1_200_000)]
            lead = queries.find_lead(session, viewer, receipt.lead.public_id)
            told = story.read(session, lead)
            assert (told.deal is not None) == bool(seen)
            shown = repr([told.entries, told.notes, [move.reason for move in told.moves]])
            assert ("dislikes" in shown) == bool(seen)


def test_a_note_of_a_contact_is_written_where_no_vendor_reads_it(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    do(scene, service.contacted, receipt, "Rang twice.")

    with database.worker.reading() as session:
        written = session.scalars(select(LeadNote)).one()
        assert (written.text, written.disclosed_at) == ("Rang twice.", None)
        assert {move.reason for move in session.scalars(select(LeadTransition))} == {""}


@pytest.mark.parametrize("model", [LeadClock, LeadAmount])
def test_a_vendor_cannot_write_what_the_owner_reports(databases: Installation, model: type[Any]) -> None:
    scene = a_scene(databases)
    do(scene, closing.won, scene.answer(), FIREWALL)
    with databases.web.reading(scene.vendor.organisation_id) as session:
        row = session.scalars(select(model)).first()
    assert row is not None
    with pytest.raises(PermissionError), databases.web.transaction(scene.vendor.organisation_id) as session:
        found = session.get_one(model, row.id)
        if isinstance(found, LeadAmount):
            found.amount = 1
        else:
            found.met_at = None
            found.due_at = found.started_at


def test_the_four_answers_qualify_once_need_money_and_time_are_a_yes(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    do(scene, qualifying.qualify, receipt, {Question.NEED: Said(Finding.YES)})
    assert scene.lead(receipt).stage is Stage.CONTACTED  # whoever knows an answer has spoken with them
    assert scene.lead(receipt).grade is Grade.INQUIRY

    before = scene.lead(receipt).shelf_life_until
    do(scene, qualifying.qualify, receipt, CONFIRMED)
    lead = scene.lead(receipt)
    assert (lead.stage, lead.grade) == (Stage.QUALIFIED, Grade.SQL)
    assert lead.shelf_life_until < before  # warmer, so it keeps shorter

    do(scene, qualifying.qualify, receipt, CONFIRMED, expected=FIREWALL, expected_on=date(2027, 3, 1))
    lead = scene.lead(receipt)
    assert (lead.stage, lead.expected_on) == (Stage.OPPORTUNITY, date(2027, 3, 1))


def test_a_time_later_than_this_year_is_known_and_no_yes() -> None:
    given = qualifying._checked({Question.TIMING: Said(Finding.UNKNOWN, horizon=Horizon.LATER)})
    findings = {question: said.finding for question, said in given.items()}

    assert qualifying.tally(findings) == qualifying.Tally(known=1, yes=0)


def test_only_leads_that_came_from_the_vendor_go_back_to_it(database: Installation) -> None:
    scene = a_scene(database)
    own, joint, theirs = (scene.answer(f"a@{name}.example") for name in ("own", "joint", "theirs"))
    of_source(scene, joint, LeadSource.JOINT)
    of_source(scene, theirs, LeadSource.VENDOR_SOURCED)
    for receipt in (own, joint):
        with pytest.raises(Conflict, match="not a fit"):
            do(scene, returns.push_back, receipt, "twice")
    of_source(scene, joint, LeadSource.JOINT, returnable=True)
    for receipt in (joint, theirs):
        do(scene, returns.push_back, receipt, "twice")
        assert scene.lead(receipt).stage is Stage.PUSHED_BACK
    with pytest.raises(Invalid):
        do(scene, returns.disqualify, own, "because")
    do(scene, returns.disqualify, own, "no_need", "They moved to Spain.")
    assert scene.lead(own).stage is Stage.DISQUALIFIED


def test_whoever_generated_a_lead_is_told_that_it_was_given_back_and_why(database: Installation) -> None:
    """The vendor's people, not the partner's; without the company's name, which nobody agreed to share."""
    scene = a_scene(database)
    receipt, taken_back = scene.answer(), scene.answer("b@other.example", company="Other AG")
    with database.owner.transaction() as session:
        nora = a_user(session, "nora@northwind.example")
        session.add(
            Membership(
                user_id=nora.id,
                organisation_id=scene.world.vendor_id,
                role=Role.CHANNEL_MANAGER,
                created_at=NOW,
            )
        )
    for each in (receipt, taken_back):
        of_source(scene, each, LeadSource.VENDOR_SOURCED)
    keys = [do(scene, returns.push_back, each, "wrong_region").key for each in (receipt, taken_back)]
    do(scene, undo.undo, taken_back, keys[1])
    for each, key in zip((receipt, taken_back), keys, strict=True):
        telling_back.tell_pushed_back(database.worker, each.lead.id, str(key))

    with database.worker.reading() as session:
        (notice,) = session.scalars(select(Notice).where(Notice.kind == NoticeKind.LEAD_PUSHED_BACK)).all()
        assert notice.user_id == nora.id and notice.organisation_id == scene.world.vendor_id
        assert notice.said["reason"] == "wrong_region" and notice.said["company"] == ""
        waiting = session.scalars(select(JobRow).where(JobRow.name == "leads.tell_pushed_back")).all()
        assert [row.done_at is None for row in waiting] == [True, False]


def test_no_capacity_is_counted_over_a_quarter(database: Installation) -> None:
    scene = a_scene(database)
    for number in range(3):
        receipt = scene.answer(f"a@firm{number}.example")
        of_source(scene, receipt, LeadSource.VENDOR_SOURCED)
        do(scene, returns.push_back, receipt, "no_capacity")
        scene.pass_days(40)
    last = scene.answer("a@last.example")
    with database.web.reading(scene.partner.organisation_id) as session:
        assert returns.no_capacity_count(session, last.lead) == 2


def test_a_lead_rests_until_the_morning_of_its_day_and_is_new_again(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    with database.worker.reading() as session:
        today = clock.now(session).date()
    for wrong in (today, today - timedelta(days=1), today + timedelta(days=2_000)):
        with pytest.raises(Invalid):
            do(scene, nurture.not_now, receipt, wrong)
    do(scene, nurture.not_now, receipt, today + timedelta(days=30))
    assert scene.lead(receipt).stage is Stage.NURTURING
    scene.pass_days(29)
    assert nurture.bring_back_due(database.worker) == 0
    scene.pass_days(2)
    assert nurture.bring_back_due(database.worker) == 1
    lead = scene.lead(receipt)
    assert (lead.stage, lead.comes_back_at) == (Stage.NEW, None)
    assert lead.clock_until is not None


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 1, 31), 12, date(2027, 1, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 3, date(2027, 3, 1)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(
    day: date, months: int, result: date
) -> None:
    assert nurture.in_months(day, months) == result


def colleague(scene: Scene, *roles: Role) -> tuple[User, Viewer]:
    viewer = scene.viewer(scene.world.partner_id, scene.partner.kind, *roles)
    with scene.installation.owner.transaction() as session:
        for role in roles:
            session.add(
                Membership(
                    user_id=viewer.user_id, organisation_id=viewer.organisation_id, role=role, created_at=NOW
                )
            )
        return session.get_one(User, viewer.user_id), viewer


def test_a_lead_is_handed_to_a_colleague_who_works_leads_and_the_clock_goes_on(
    database: Installation,
) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    sales, _ = colleague(scene, Role.SALES)
    reader, _ = colleague(scene, Role.READER)
    until = scene.lead(receipt).clock_until
    with pytest.raises(Invalid):
        do(scene, service.hand_over, receipt, reader.public_id)
    do(scene, service.hand_over, receipt, sales.public_id)

    lead = scene.lead(receipt)
    assert (lead.holder_id, lead.clock_until) == (sales.id, until)


DEEDS: dict[str, Callable[[Session, Viewer, Any], Done]] = {
    "accept": service.accept,
    "contacted": lambda session, viewer, lead: service.contacted(session, viewer, lead, "Rang."),
    "qualify": lambda session, viewer, lead: qualifying.qualify(
        session, viewer, lead, CONFIRMED, expected=FIREWALL, expected_on=date(2027, 1, 1)
    ),
    "not now": lambda session, viewer, lead: nurture.not_now(
        session, viewer, lead, clock.now(session).date() + timedelta(days=90)
    ),
    "not a fit": lambda session, viewer, lead: returns.disqualify(session, viewer, lead, "no_need", "Moved."),
    "won": lambda session, viewer, lead: closing.won(session, viewer, lead, FIREWALL, 5_000_000),
    "lost": lambda session, viewer, lead: closing.lost(session, viewer, lead, "price", "Too dear."),
    "still open": lambda session, viewer, lead: service.still_open(session, viewer, lead, "Waiting."),
}
_LEFT = (LeadNote, LeadFinding, LeadAmount, LeadDeal, LeadClock)


@pytest.mark.parametrize("name", DEEDS)
def test_each_deed_taken_back_leaves_the_lead_as_it_was(database: Installation, name: str) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    before = {column.key: getattr(scene.lead(receipt), column.key) for column in Lead.__mapper__.columns}
    rows = {model: kept(scene, model) for model in _LEFT}
    done = do(scene, DEEDS[name], receipt)
    do(scene, undo.undo, receipt, done.key)

    after = {column.key: getattr(scene.lead(receipt), column.key) for column in Lead.__mapper__.columns}
    assert after == before
    assert {model: kept(scene, model) for model in _LEFT} == rows
    with database.worker.reading() as session:
        assert session.scalars(select(LeadClock)).one().met_at is None
        lead = session.get_one(Lead, receipt.lead.id)
        assert [move.deed for move in transitions.standing(queries.transitions_of(session, lead))] == [
            "began"
        ]
    do(scene, DEEDS[name], receipt)  # and may be done again
    with pytest.raises(Conflict, match="already"):
        do(scene, undo.undo, receipt, done.key)


def test_an_undo_is_refused_once_something_was_built_on_the_deed(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    accepted = do(scene, service.accept, receipt)
    contacted = do(scene, service.contacted, receipt)
    with pytest.raises(Conflict, match="since"):
        do(scene, undo.undo, receipt, accepted.key)
    somebody = scene.viewer(scene.world.partner_id, scene.partner.kind, Role.SALES)
    with pytest.raises(Refused):
        do(scene, undo.undo, receipt, contacted.key, by=somebody)
    with pytest.raises(NotFound):
        do(scene, undo.undo, receipt, receipt.lead.public_id)
    scene.pass_seconds(16)
    with pytest.raises(Conflict, match="too late"):
        do(scene, undo.undo, receipt, contacted.key)


def test_a_closed_lead_stays_closed_when_its_company_began_another(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    done = do(scene, returns.disqualify, receipt, "no_need")
    scene.answer("beat@lindt.example")
    with pytest.raises(Conflict, match="new lead"):
        do(scene, undo.undo, receipt, done.key)


def test_a_colleague_is_told_of_a_lead_unless_it_was_taken_back(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    sales, _ = colleague(scene, Role.SALES)

    def waiting() -> list[bool]:
        with database.worker.reading() as session:
            found = session.scalars(select(JobRow).where(JobRow.name == "leads.tell_handed")).all()
            return [row.done_at is None for row in found]

    done = do(scene, service.hand_over, receipt, sales.public_id)
    assert waiting() == [True]
    do(scene, undo.undo, receipt, done.key)
    assert waiting() == [False]


def test_calls_and_mails_are_kept_as_attempts_and_move_nothing(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    do(scene, service.attempt, receipt, NoteKind.CALL)
    do(scene, service.attempt, receipt, NoteKind.MAIL)
    with pytest.raises(Invalid):
        do(scene, service.attempt, receipt, NoteKind.NOTE)
    with pytest.raises(Invalid):
        do(scene, service.note, receipt, "  \n ")

    assert scene.lead(receipt).stage is Stage.NEW
    with database.web.reading(scene.partner.organisation_id) as session:
        entries = story.read(session, scene.lead(receipt)).entries
    assert [entry.sort.value for entry in entries][:2] == ["mail", "call"]
