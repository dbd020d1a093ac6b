"""A request before it is asked: kept for later, and judged by the rule that will decide it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.funds import queries, requests
from tcma.funds.models import Fund, FundingRequest, RequestStatus
from tcma.funds.outlook import Outlook, Prospect, outlook
from tcma.funds.requests import Ask
from tcma.notices.models import Notice
from tcma.organisations.models import Organisation
from tcma.viewer import Role
from tests.tcma.funds.scene import Scene, a_second_partner


def test_a_draft_is_the_partners_alone_until_it_is_asked(scenes: Scene) -> None:
    fund = scenes.fund(rule={})
    draft = keep(scenes, fund, amount=20_000, why="Autumn fair", expected_leads=12)
    with scenes.as_vendor() as session:
        assert queries.requests_for(session, scenes.vendor) == []
        with pytest.raises(NotFound):
            queries.find_request(session, scenes.vendor, draft.public_id)

    with scenes.as_partner() as session:
        asked = requests.ask(session, scenes.partner, a_wish(scenes, fund, amount=25_000), draft.public_id)

    assert asked.id == draft.id
    assert (asked.status, asked.amount) == (RequestStatus.SUBMITTED, 25_000)
    with scenes.as_vendor() as session:
        (seen,) = queries.requests_for(session, scenes.vendor)
    assert seen.id == draft.id


def test_a_draft_can_be_changed_and_withdrawn_but_not_once_it_was_sent(scene: Scene) -> None:
    fund = scene.fund(rule={})
    draft = keep(scene, fund, amount=20_000)
    changed = keep(scene, fund, draft, amount=21_000, activity="event")
    assert (changed.id, changed.amount, changed.activity) == (draft.id, 21_000, "event")

    with scene.as_partner() as session:
        requests.ask(session, scene.partner, a_wish(scene, fund, amount=21_000), draft.public_id)
    with pytest.raises(Conflict, match="sent already"):
        keep(scene, fund, draft, amount=22_000)


def test_another_partner_cannot_ask_with_my_draft(scenes: Scene) -> None:
    fund = scenes.fund(rule={})
    draft, other = keep(scenes, fund, amount=20_000), a_second_partner(scenes)

    with (
        pytest.raises(NotFound),
        scenes.installation.web.transaction(other.organisation_id) as session,
    ):
        requests.ask(session, other, a_wish(scenes, fund, amount=20_000), draft.public_id)


def test_what_is_expected_of_it_stays_within_reason(scene: Scene) -> None:
    fund = scene.fund()
    with pytest.raises(Invalid, match="Expect 0 to"):
        keep(scene, fund, amount=20_000, expected_leads=-1)


@pytest.mark.parametrize(
    ("amount", "prospect"),
    [
        (10_000, Prospect.AT_ONCE),
        (10_001, Prospect.NEEDS_A_LOOK),
        (40_000, Prospect.NEEDS_A_LOOK),
        (40_001, Prospect.OVER_CAP),
    ],
)
def test_the_outlook_is_what_asking_leads_to(scene: Scene, amount: int, prospect: Prospect) -> None:
    fund = scene.fund(rule={"on": True, "max_amount": 10_000})

    seen = look(scene, fund, amount=amount)
    with scene.as_partner() as session:
        asked = requests.ask(session, scene.partner, a_wish(scene, fund, amount=amount))

    assert seen.prospect is prospect
    assert (asked.status is RequestStatus.APPROVED) == (prospect is Prospect.AT_ONCE)
    assert seen.over == max(0, amount - 40_000)
    if prospect is Prospect.NEEDS_A_LOOK:
        assert list(seen.reasons) == asked.why_not


def test_looking_ahead_keeps_nothing_and_tells_nobody(scenes: Scene) -> None:
    fund = scenes.fund(rule={})
    look(scenes, fund, amount=20_000)

    with scenes.as_worker() as session:
        assert session.scalars(select(FundingRequest)).all() == []
        assert session.scalars(select(Notice)).all() == []


def test_the_median_answer_time_counts_from_the_asking_and_needs_three_answers(scenes: Scene) -> None:
    fund = scenes.fund(rule={})
    for hours in (2, 30, 5):
        assert look(scenes, fund, amount=20_000).answer_time is None
        keep(scenes, fund, amount=20_000)  # an old draft counts from the day it is asked
        asked = ask(scenes, fund)
        scenes.advance_hours(hours)
        with scenes.as_vendor() as session:
            requests.decline(session, scenes.vendor, asked.public_id, "Not this quarter.")

    answered = look(scenes, fund, amount=20_000).answer_time
    assert answered is not None
    assert timedelta(hours=5) <= answered < timedelta(hours=5, minutes=5)


def test_the_outlook_is_for_people_who_may_ask(scene: Scene) -> None:
    fund = scene.fund()
    with scene.as_worker() as session:
        firm = session.get_one(Organisation, scene.partner.organisation_id)
    reader = scene.viewer_of(firm, Role.READER)
    with (
        pytest.raises(Refused),
        scene.installation.web.reading(scene.partner.organisation_id) as session,
    ):
        outlook(session, reader, a_wish(scene, fund, amount=100))


@pytest.mark.parametrize("decision", ["approved", "declined", "question"])
def test_the_asker_is_told_what_a_person_said(scenes: Scene, decision: str) -> None:
    fund = scenes.fund(rule={})
    asked = ask(scenes, fund)
    with scenes.as_vendor() as session:
        if decision == "approved":
            requests.approve(session, scenes.vendor, asked.public_id)
        elif decision == "declined":
            requests.decline(session, scenes.vendor, asked.public_id, "The fund is used up.")
        else:
            requests.ask_for_information(session, scenes.vendor, asked.public_id, "How many seats?")

    with scenes.as_worker() as session:
        (told,) = session.scalars(select(Notice)).all()
    assert told.user_id == scenes.partner.user_id
    assert told.said["decision"] == decision
    assert told.said["reason"] == {"declined": "The fund is used up.", "question": "How many seats?"}.get(
        decision, ""
    )
    assert told.path.endswith(f"/funding/requests/{asked.public_id}")


def a_wish(scene: Scene, fund: Fund, **values: Any) -> Ask:
    given: dict[str, Any] = {"amount": 20_000, "terms_version": "1", **values}
    return Ask(vendor_id=scene.vendor.organisation_id, fund_id=fund.public_id, **given)


def keep(scene: Scene, fund: Fund, draft: FundingRequest | None = None, **values: Any) -> FundingRequest:
    with scene.as_partner() as session:
        wish = a_wish(scene, fund, **values)
        return requests.keep_draft(session, scene.partner, wish, draft.public_id if draft else None)


def ask(scene: Scene, fund: Fund) -> FundingRequest:
    with scene.as_partner() as session:
        return requests.ask(session, scene.partner, a_wish(scene, fund))


def look(scene: Scene, fund: Fund, **values: Any) -> Outlook:
    with scene.installation.web.reading(scene.partner.organisation_id) as session:
        return outlook(session, scene.partner, a_wish(scene, fund, **values))
