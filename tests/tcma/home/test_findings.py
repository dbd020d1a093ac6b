"""What waits for a person of a partner, found in the database."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, update

from tcma.errors import Conflict
from tcma.home import badges, board, calendar, findings, service, tasks
from tcma.home.service import Until
from tcma.home.tasks import Finding, Kind
from tcma.kits.models import Kit, KitVersion
from tcma.launches.models import Campaign, CampaignStatus, StopReason
from tcma.leads import inbox
from tcma.leads.models import Lead, Stage
from tcma.organisations.models import Organisation
from tcma.viewer import Role, Viewer
from tests.factories import a_user
from tests.tcma.funds.scene import Scene, a_second_partner
from tests.tcma.home.scene import a_campaign, a_lead, a_question, money_elsewhere, now


def of_all_kinds(scene: Scene) -> None:
    """Something of each kind that waits, made from the last to the first."""
    at, fund = now(scene), scene.fund()
    a_campaign(scene, "Old draft", CampaignStatus.DRAFT, touched=at - timedelta(days=4), launched=False)
    a_lead(scene, "Aare Bau", Stage.CONTACTED, due=at - timedelta(days=1))
    scene.certificate(fund, valid_until_on=scene.today + timedelta(days=40))
    money_elsewhere(scene, "Other Ltd", claim_by=scene.today + timedelta(days=14))
    a_question(scene, fund.id)
    a_campaign(scene, "Halted", CampaignStatus.STOPPED, reason=StopReason.BAD_ADDRESSES)
    a_lead(scene, "Lindt AG", Stage.NEW, due=at + timedelta(hours=5))


def found(scene: Scene, viewer: Viewer | None = None) -> list[Finding]:
    viewer = viewer or scene.partner
    with scene.installation.web.reading(viewer.organisation_id) as session:
        return findings.findings_for(session, viewer, now(scene))


def with_role(scene: Scene, *roles: Role) -> Viewer:
    return replace(scene.partner, roles=frozenset(roles))


@contextmanager
def counted(scene: Scene) -> Iterator[Counter[str]]:
    """Statements by their first word, while the block runs."""
    seen: Counter[str] = Counter()

    def note(*arguments: object) -> None:
        seen[str(arguments[2]).split()[0]] += 1

    engine = scene.installation.web.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_something_of_every_kind_is_found_and_ranked_as_the_design_says(scenes: Scene) -> None:
    of_all_kinds(scenes)

    everything = found(scenes)
    assert {finding.kind for finding in everything} == set(Kind) - {Kind.BEST_KIT}
    shown = tasks.plan(everything, {}, now(scenes)).tasks
    assert [task.kind for task in shown] == list(Kind)[: tasks.MOST_SHOWN]
    rest = [finding for finding in everything if finding.kind in list(Kind)[tasks.MOST_SHOWN :]]
    assert [task.kind for task in tasks.plan(rest, {}, now(scenes)).tasks] == [Kind.UPDATES, Kind.DRAFT]


def test_where_nothing_waits_nothing_is_found(scene: Scene) -> None:
    at = now(scene)
    a_campaign(scene, "Fresh draft", CampaignStatus.DRAFT, touched=at - timedelta(days=2), launched=False)
    a_campaign(scene, "Running")
    a_lead(scene, "Accepted", Stage.ACCEPTED, due=at + timedelta(hours=25))
    a_lead(scene, "Contacted", Stage.CONTACTED, due=at + timedelta(hours=1))
    a_lead(scene, "Won", Stage.WON, due=at - timedelta(days=1), closed_at=at)
    scene.certificate(scene.fund(), valid_until_on=scene.today + timedelta(days=46))
    money_elsewhere(scene, "Later", claim_by=scene.today + timedelta(days=15))

    assert found(scene) == []


def test_an_accepted_lead_waits_once_its_time_ends_within_a_day(scene: Scene) -> None:
    a_lead(scene, "Lindt AG", Stage.ACCEPTED, due=now(scene) + timedelta(hours=23))

    (one,) = found(scene)
    assert one.kind is Kind.LEADS and one.name == "Lindt AG" and one.state == "accepted"


def test_a_colleagues_lead_is_the_owners_only_when_its_time_ends(scene: Scene) -> None:
    colleague = _colleague(scene)
    at = now(scene)
    a_lead(scene, "Calm", Stage.NEW, due=at + timedelta(days=2), holder_id=colleague)
    a_lead(scene, "Burning", Stage.NEW, due=at + timedelta(hours=3), holder_id=colleague)

    assert [one.name for one in found(scene)] == ["Burning"]
    assert found(scene, with_role(scene, Role.SALES)) == []
    mine = replace(scene.partner, user_id=colleague, roles=frozenset({Role.SALES}))
    assert {one.name for one in found(scene, mine)} == {"Calm", "Burning"}


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.SALES, {Kind.LEADS, Kind.UPDATES}),
        (Role.FINANCE, {Kind.CLAIM}),
        (Role.READER, set()),
        (Role.MARKETER, set(Kind) - {Kind.BEST_KIT}),
    ],
)
def test_everybody_is_told_of_what_they_can_do_themselves(scene: Scene, role: Role, kinds: set[Kind]) -> None:
    of_all_kinds(scene)

    assert {one.kind for one in found(scene, with_role(scene, role))} == kinds


def test_another_partner_finds_nothing_of_it(scene: Scene) -> None:
    of_all_kinds(scene)

    assert found(scene, a_second_partner(scene)) == []


def test_a_used_up_certificate_waits_for_nobody(scene: Scene) -> None:
    scene.price()
    scene.certificate(scene.fund(), valid_until_on=scene.today + timedelta(days=40))
    assert [one.amount for one in found(scene)] == [40_000]
    scene.line(units=8_000)

    assert found(scene) == []


def test_a_task_is_put_off_for_one_person_and_brought_back(scenes: Scene) -> None:
    scene = scenes
    a_campaign(scene, "Halted", CampaignStatus.STOPPED)
    viewer, other = scene.partner, scene.viewer_of(_organisation(scene), Role.MARKETER)
    with scene.as_partner() as session:
        known = findings.findings_for(session, viewer, now(scene))
        until = service.put_off(session, viewer, Kind.CAMPAIGN_STOPPED, known, Until.TOMORROW)
        service.put_off(session, viewer, Kind.CAMPAIGN_STOPPED, known, Until.TOMORROW)  # pressed again
        assert until.hour == 8 and until.tzinfo is not None  # when the firm opens
        snoozes = service.put_off_by(session, viewer)
        assert tasks.plan(known, snoozes, now(scene)).tasks == ()
        assert tasks.plan(known, snoozes, until).tasks
        assert service.put_off_by(session, other) == {}
        service.bring_back(session, viewer, Kind.CAMPAIGN_STOPPED)
        assert service.put_off_by(session, viewer) == {}


def test_what_is_about_to_be_over_cannot_be_put_off(scene: Scene) -> None:
    a_lead(scene, due=now(scene) + timedelta(hours=3))
    with scene.as_partner() as session, pytest.raises(Conflict, match="cannot wait"):
        known = findings.findings_for(session, scene.partner, now(scene))
        service.put_off(session, scene.partner, Kind.LEADS, known, Until.NEXT_WEEK)


def test_the_badge_counts_new_leads_that_are_mine_or_nobodys(scene: Scene) -> None:
    colleague = _colleague(scene)
    a_lead(scene, "Nobody's")
    a_lead(scene, "Mine", holder_id=scene.partner.user_id)
    a_lead(scene, "Theirs", holder_id=colleague)
    a_lead(scene, "Worked", Stage.ACCEPTED)

    a_lead(scene, "Theirs, and nearly over", holder_id=colleague, due=now(scene) + timedelta(hours=2))

    today = now(scene).date()
    with scene.installation.web.reading(scene.partner.organisation_id) as session:
        assert badges.new_leads(session, scene.partner) == 3
        assert inbox.counts_for(session, scene.partner)[inbox.View.NEW] == 3
        (task,) = tasks.plan(findings.findings_for(session, scene.partner, now(scene)), {}, now(scene)).tasks
        assert task.count == 3
        days = (today, today + timedelta(days=8))
        listed = calendar.entries_between(session, scene.partner, *days, ZoneInfo("UTC"))
        assert len([entry for entry in listed if entry.more == Stage.NEW]) == 3


def test_a_fresh_draft_is_offered_where_nothing_else_waits_and_its_kit_is_not_offered_again(
    scene: Scene,
) -> None:
    a_campaign(scene, "Fresh", CampaignStatus.DRAFT, launched=False)
    with scene.as_worker() as session:
        for offered in (session.get_one(Kit, scene.kit_id), session.get_one(KitVersion, scene.version_id)):
            offered.offered_at = now(scene)

    def shown() -> tuple[list[tuple[Kind, str]], bool]:
        with scene.installation.web.reading(scene.partner.organisation_id) as session:
            found = board.board_for(session, scene.partner)
            return [(task.kind, task.first.name) for task in found.plan.tasks], found.proposal is not None

    assert shown() == ([(Kind.DRAFT, "Fresh")], False)
    a_lead(scene, "Lindt AG")
    assert shown() == ([(Kind.LEADS, "Lindt AG")], False)
    with scene.as_worker() as session:
        session.execute(update(Campaign).values(status=CampaignStatus.FINISHED, launched_at=now(scene)))
        session.execute(update(Lead).values(stage=Stage.WON, closed_at=now(scene)))
    assert shown()[0] == []  # it may be launched again, but it is nothing to do now


def test_the_home_takes_as_many_statements_with_much_as_with_little(scene: Scene) -> None:
    def statements() -> int:
        with counted(scene) as seen, scene.installation.web.reading(scene.partner.organisation_id) as session:
            board.board_for(session, scene.partner)
        return seen["SELECT"]

    of_all_kinds(scene)
    little = statements()
    for number in range(6):
        a_lead(scene, f"Firm {number}")
        a_campaign(scene, f"Campaign {number}")
    assert statements() == little <= 22


def _organisation(scene: Scene) -> Organisation:
    with scene.installation.worker.reading() as session:
        return session.get_one(Organisation, scene.partner.organisation_id)


def _colleague(scene: Scene) -> int:
    with scene.as_worker() as session:
        return a_user(session).id
