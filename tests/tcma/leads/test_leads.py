"""Leads: who sees them, how they move, what time does to them."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from campaigns.kit import Engagement, LeadVisibility
from tcma.companies.models import Company
from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.leads import explanation, queries, returns, service
from tcma.leads.models import Lead, LeadAnswer, LeadPerson, LeadSource, LeadTransition, Stage
from tcma.viewer import OrganisationKind, Role
from tests.installation import Installation
from tests.tcma.leads.scene import NEWS, SHARING, a_scene


def test_a_lead_is_its_owners_and_its_vendors_and_nobody_elses(databases: Installation) -> None:
    scene, other = a_scene(databases), a_scene(databases)
    receipt = scene.answer()
    other.answer()

    assert [line.lead.id for line in scene.seen_by(scene.partner)] == [receipt.lead.id]
    assert [line.lead.id for line in scene.seen_by(scene.vendor)] == [receipt.lead.id]
    for stranger in (other.partner, other.vendor):
        assert receipt.lead.id not in [line.lead.id for line in scene.seen_by(stranger)]
        with databases.web.transaction(stranger.organisation_id) as session:
            with pytest.raises(NotFound):
                queries.find_lead(session, stranger, receipt.lead.public_id)
            assert session.get(Lead, receipt.lead.id) is None
            assert session.get(LeadPerson, receipt.person.id) is None
            assert session.get(LeadAnswer, receipt.answer.id) is None


def test_a_vendor_sees_no_person_company_or_answer_before_it_is_agreed(databases: Installation) -> None:
    scene = a_scene(databases)
    receipt = scene.answer(ticked=(SHARING,))
    (line,) = scene.seen_by(scene.vendor)

    assert (line.person, line.people_count) == ("", 0)
    with databases.web.reading(scene.vendor.organisation_id) as session:
        assert queries.people_of(session, receipt.lead) == []
        assert queries.answers_of(session, receipt.lead) == []
        for model in (LeadPerson, LeadAnswer, Company):
            assert session.scalar(select(func.count()).select_from(model)) == 0
        assert session.execute(select(LeadPerson.name, LeadPerson.address)).all() == []


@pytest.mark.parametrize(
    ("visibility", "before", "after"),
    [
        (LeadVisibility.FIGURES, 0, 0),
        (LeadVisibility.NAMED_WHERE_AGREED, 0, 1),
        (LeadVisibility.NAMED_BY_NOTICE, 1, 1),
    ],
)
def test_what_a_vendor_sees_is_what_the_kit_says(
    databases: Installation, visibility: LeadVisibility, before: int, after: int
) -> None:
    scene = a_scene(databases)
    receipt = scene.answer(visibility=visibility, ticked=(SHARING, NEWS))
    assert scene.seen_by(scene.vendor)[0].people_count == before
    scene.confirm(receipt)

    assert scene.seen_by(scene.vendor)[0].people_count == after


def test_the_inbox_is_read_in_pages_newest_first(database: Installation) -> None:
    scene = a_scene(database)
    made = [scene.answer(f"p{number}@firm{number}.example").lead.id for number in range(5)]
    with database.web.reading(scene.partner.organisation_id) as session:
        first = queries.leads_for(session, scene.partner, limit=3)
        rest = queries.leads_for(session, scene.partner, limit=3, before=first[-1].lead)
        assert queries.leads_for(session, scene.partner, stage=Stage.WON) == []

    assert [line.lead.id for line in (*first, *rest)] == made[::-1]


def test_a_lead_goes_its_way_and_keeps_who_moved_it(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    sales = scene.viewer(scene.world.partner_id, OrganisationKind.PARTNER, Role.SALES)
    with database.web.transaction(sales.organisation_id) as session:
        service.accept(session, sales, receipt.lead.public_id)
        service.contacted(session, sales, receipt.lead.public_id, "Rang twice.")
        with pytest.raises(Conflict, match="cannot"):
            service.accept(session, sales, receipt.lead.public_id)
        returns.disqualify(session, sales, receipt.lead.public_id, "no_need", "Too small.")

    with database.worker.reading() as session:
        moves = session.scalars(select(LeadTransition).order_by(LeadTransition.id)).all()
    assert [(move.to_stage, move.reason) for move in moves] == [
        (Stage.NEW, ""),
        (Stage.ACCEPTED, ""),
        (Stage.CONTACTED, ""),
        (Stage.DISQUALIFIED, "no_need"),
    ]
    assert [move.user_id for move in moves] == [None, *[sales.user_id] * 3]
    assert scene.lead(receipt).closed_at is not None


def test_only_people_of_the_partner_with_a_role_for_it_move_a_lead(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    reader = scene.viewer(scene.world.partner_id, OrganisationKind.PARTNER, Role.READER)
    owner = scene.partner
    for viewer, refusal in (
        (scene.vendor, Refused),
        (reader, Refused),
        (a_scene(database).partner, NotFound),
    ):
        with database.web.transaction(viewer.organisation_id) as session, pytest.raises(refusal):
            service.accept(session, viewer, receipt.lead.public_id)
    with database.web.transaction(owner.organisation_id) as session:
        with pytest.raises(Invalid):
            returns.disqualify(session, owner, receipt.lead.public_id, " \n ")
        with pytest.raises(NotFound):
            service.accept(session, owner, uuid4())
    assert scene.lead(receipt).stage is Stage.NEW


def test_after_a_lead_is_closed_the_company_begins_a_new_one(database: Installation) -> None:
    scene = a_scene(database)
    first = scene.answer()
    with database.web.transaction(scene.partner.organisation_id) as session:
        returns.disqualify(session, scene.partner, first.lead.public_id, "no_need", "Moved away.")
    second = scene.answer("beat@lindt.example")

    assert first.is_new_lead and second.is_new_lead and first.lead.id != second.lead.id


def test_the_engagement_says_whose_lead_it_is(database: Installation) -> None:
    scene = a_scene(database)

    assert scene.answer().lead.source is LeadSource.PARTNER_SOURCED
    joint = scene.answer("x@joint.example", engagement=Engagement.JOINT)
    assert joint.lead.source is LeadSource.JOINT


def test_past_their_shelf_life_covered_leads_go_to_nurture_and_the_others_stay(
    databases: Installation,
) -> None:
    scene = a_scene(databases)
    bare = [scene.answer(f"p@bare{number}.example") for number in range(3)]
    covered = scene.answer("c@covered.example", ticked=(NEWS,))
    unconfirmed = scene.answer("u@unconfirmed.example", ticked=(NEWS,))
    joint = scene.answer("j@joint.example", ticked=(NEWS,), engagement=Engagement.JOINT)
    scene.confirm(covered)
    scene.confirm(joint)
    assert scene.end_shelf_lives() == 0
    scene.pass_days(120)

    assert scene.end_shelf_lives(limit=1) == 1
    assert scene.end_shelf_lives() == 5
    assert scene.end_shelf_lives() == 0  # their owner is told once
    assert scene.lead(covered).stage is Stage.NURTURING
    assert {scene.lead(receipt).stage for receipt in (*bare, unconfirmed, joint)} == {Stage.NEW}


def test_a_lead_in_nurture_comes_back_when_somebody_answers(database: Installation) -> None:
    scene = a_scene(database)
    first = scene.answer(ticked=(NEWS,))
    scene.confirm(first)
    scene.pass_days(120)
    assert scene.end_shelf_lives() == 1
    again = scene.answer("beat@lindt.example")

    lead = scene.lead(first)
    assert not again.is_new_lead and lead.stage is Stage.NEW
    assert lead.shelf_life_until > first.lead.shelf_life_until


def test_why_a_lead_is_somebodys_is_told_with_the_day_of_their_clock(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer()
    with database.worker.transaction() as session:
        lead = session.get_one(Lead, receipt.lead.id)
        lead.first_touch_at = datetime(2026, 11, 11, 23, 30, tzinfo=UTC)  # half past midnight in Zürich
        lead.first_touch_kind = "visited"
    with database.web.reading(scene.partner.organisation_id) as session:
        sentence = explanation.why(session, session.get_one(Lead, receipt.lead.id))

    assert "their visit to your page" in sentence and "on 12 November 2026." in sentence


def test_a_person_who_was_deleted_cannot_confirm(database: Installation) -> None:
    scene = a_scene(database)
    receipt = scene.answer(ticked=(NEWS,))
    with database.worker.transaction() as session:
        person = session.get_one(LeadPerson, receipt.person.id)
        person.contact_id = None

    with pytest.raises(NotFound):
        scene.confirm(receipt)


def test_a_free_mail_address_without_a_company_stands_alone(databases: Installation) -> None:
    scene = a_scene(databases)
    ids = {
        scene.answer(f"p{number}@gmail.com", company=name).lead.id
        for number, name in enumerate(("", "!!", "", "東京"))
    }
    assert len(ids) == 4
    assert scene.answer("p0@gmail.com", company="", name="Again").lead.id in ids
    with databases.web.reading(scene.partner.organisation_id) as session:
        names = set(session.scalars(select(Company.name)))
    assert names == {"p0@gmail.com", "!!", "p2@gmail.com", "東京"}


def test_the_size_of_a_company_is_kept_as_it_was_first_given(database: Installation) -> None:
    scene = a_scene(database)
    for employees in ("", "20-49", "7"):
        scene.answer(employees=employees)
    with database.web.reading(scene.partner.organisation_id) as session:
        company = session.scalars(select(Company)).one()

    assert (company.employees, company.employees_min, company.employees_max) == ("20-49", 20, 49)
