"""The cost list of a draft: what is proposed, who pays what, asking for it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from campaigns.kit.files import read_folder
from tcma.audit.models import AuditEntry
from tcma.errors import Conflict, Invalid
from tcma.funds import answer_time, offers, requests
from tcma.funds.models import FundingRequest, RequestStatus
from tcma.funds.service import LARGEST_AMOUNT
from tcma.kits.content import load_kit
from tcma.launches import asking, budgets, drafts
from tcma.launches.budget_split import split
from tcma.launches.budgets import Budget, Cost, Money
from tcma.launches.models import Campaign, CampaignStatus
from tests.campaigns.kit_files import STARTER
from tests.installation import Installation
from tests.tcma.launches.ready import line_of, money_of
from tests.tcma.launches.world import MONDAY, World, a_world

AMOUNTS = st.lists(st.integers(0, 10**9), max_size=8)


def a_funded_world(installation: Installation) -> World:
    """The starter kit: half of it paid, up to CHF 400."""
    world = a_world(installation, read_folder(STARTER))
    world.people(["anna@firm.example", "bea@firm.example", "carl@firm.example"])
    world.set_clock(MONDAY)
    return world


def budget_of(world: World, campaign: Campaign) -> Budget:
    with world.installation.web.reading(world.partner.organisation_id) as session:
        found = session.get_one(Campaign, campaign.id)
        kit = load_kit(session, world.files, found.kit_version_id)
        return budgets.budget_of(session, world.partner, found, kit)


def ask(world: World, campaign: Campaign) -> FundingRequest:
    return asking.ask_for_funding(world.installation.web, world.partner, world.files, campaign.public_id)


@given(AMOUNTS, st.integers(0, 10_000), st.integers(0, 10**9))
def test_shares_and_rest_are_the_budget_and_stay_within_the_limit(
    costs: Sequence[int], share_bp: int, limit: int
) -> None:
    found = split(costs, share_bp, limit)
    assert found.vendor + found.partner == found.budget == sum(costs)
    assert sum(found.by_line) == found.vendor <= limit
    assert all(0 <= part <= cost for part, cost in zip(found.by_line, costs, strict=True))


@given(st.integers(1, 10_000), st.integers(0, 10**9))
def test_the_share_grows_up_to_its_limit_and_no_further(share_bp: int, limit: int) -> None:
    until = split([], share_bp, limit).grows_until
    assert until is not None
    assert split([until], share_bp, limit).vendor == min(limit, until)
    assert split([until + 10**6], share_bp, limit).vendor == limit
    assert split([until + 1], share_bp, limit).is_capped


def test_a_certificate_covers_the_budget_the_kit_proposes(databases: Installation) -> None:
    world = a_funded_world(databases)
    world.fund()
    campaign = world.draft()
    ask(world, campaign)
    found = budget_of(world, campaign)
    assert (found.source.money, found.split.budget, found.split.vendor, found.split.partner) == (
        Money.CERTIFICATE,
        80_000,
        40_000,
        40_000,
    )
    assert world.reread(campaign).certificate_id is not None
    assert money_of(world) == (40_000, 0)


def test_under_a_certificate_nothing_but_the_messages_is_proposed(database: Installation) -> None:
    world = a_funded_world(database)
    world.price()
    world.fund()
    ask(world, world.draft())
    found = budget_of(world, world.draft())
    assert (found.source.money, found.costs, found.split.budget) == (Money.CERTIFICATE, (), 90)
    assert (found.direct, found.claimable) == (45, 0)


def test_messages_are_a_line_of_their_own_and_share_the_limit(databases: Installation) -> None:
    world = a_funded_world(databases)
    world.price()
    world.fund()
    campaign = world.draft()
    found = budget_of(world, campaign)
    assert (found.message_count, found.platform) == (9, 90)
    assert (found.split.budget, found.split.by_line) == (80_000, (45, 39_955))
    assert (found.direct, found.claimable) == (45, 39_955)


def test_above_the_cap_the_share_stops_growing(databases: Installation) -> None:
    world = a_funded_world(databases)
    world.fund()
    campaign = world.draft()
    with world.as_partner() as session:
        budgets.set_costs(session, world.partner, campaign.public_id, [Cost("Room", 100_000)], "CHF")
    found = budget_of(world, campaign).split
    assert (found.vendor, found.partner, found.grows_until, found.is_capped) == (40_000, 60_000, 80_000, True)


def test_a_kit_without_funding_and_a_vendor_without_a_fund_propose_nothing(databases: Installation) -> None:
    world = a_funded_world(databases)
    found = budget_of(world, world.draft())
    assert (found.source.money, found.split.budget) == (Money.NONE, 0)


def test_an_empty_cost_list_is_kept_as_empty(databases: Installation) -> None:
    world = a_funded_world(databases)
    world.fund()
    campaign = world.draft()
    with world.as_partner() as session:
        budgets.set_costs(session, world.partner, campaign.public_id, [], "CHF")
    found = budget_of(world, campaign)
    assert found.is_saved and found.split.budget == 0
    with pytest.raises(Conflict, match="nothing the vendor could share"):
        ask(world, campaign)


@pytest.mark.parametrize(
    ("cost", "field"),
    [
        (Cost("", 5), "name-0"),
        (Cost("x" * 81, 5), "name-0"),
        (Cost("Room\x00", 5), "name-0"),
        (Cost("Room", -1), "amount-0"),
        (Cost("Room", LARGEST_AMOUNT + 1), "amount-0"),
    ],
)
def test_a_line_that_cannot_be_kept_is_named(database: Installation, cost: Cost, field: str) -> None:
    world = a_funded_world(database)
    campaign = world.draft()
    with world.as_partner() as session, pytest.raises(Invalid) as caught:
        budgets.set_costs(session, world.partner, campaign.public_id, [cost], "CHF")
    assert field in (caught.value.fields or {})


def test_what_a_person_has_to_approve_is_waited_for(databases: Installation) -> None:
    world = a_funded_world(databases)
    world.fund(rule={"on": False})
    campaign = world.draft()
    request = ask(world, campaign)
    assert (request.status, request.amount) == (RequestStatus.SUBMITTED, 40_000)
    found = budget_of(world, campaign)
    assert (found.source.money, found.split.vendor) == (Money.REQUEST, 40_000)
    with pytest.raises(Conflict, match="asked already"):
        ask(world, campaign)
    world.launch(campaign)
    assert world.reread(campaign).status is CampaignStatus.WAITING_FOR_FUNDING


def test_a_request_withdrawn_leaves_the_draft_free_to_ask_anew(databases: Installation) -> None:
    world = a_funded_world(databases)
    world.fund(rule={"on": False})
    campaign = world.draft()
    first = ask(world, campaign)
    with world.as_partner() as session:
        asking.withdraw_request(session, world.partner, campaign.public_id)
        assert session.get_one(FundingRequest, first.id).status is RequestStatus.WITHDRAWN
    assert ask(world, campaign).id != first.id


def test_nobody_pays_who_was_not_asked(database: Installation) -> None:
    world = a_funded_world(database)
    world.fund()
    campaign = world.draft()
    proposed = budget_of(world, campaign)
    assert proposed.split.vendor == 40_000
    assert budgets.agreed(proposed).split.budget == 0
    with world.as_partner() as session:
        budgets.set_costs(session, world.partner, campaign.public_id, [Cost("Room", 500)], "CHF")
    after = budgets.agreed(budget_of(world, campaign)).split
    assert (after.budget, after.vendor, after.partner) == (500, 0, 500)


def test_the_answer_time_is_the_median_of_people_and_says_nothing_of_few(databases: Installation) -> None:
    world = a_funded_world(databases)
    fund = world.fund(rule={"on": False})
    for hours in (1, 5, 30):
        with world.as_partner() as session:
            assert answer_time.median_answer_time(session, world.vendor.organisation_id) is None
            (offer,) = offers.offers_for(session, world.partner, world.vendor.organisation_id)
            wanted = requests.Ask(world.vendor.organisation_id, fund.public_id, 1_000, offer.terms_version)
            request = requests.ask(session, world.partner, wanted)
        world.pass_time(hours=hours)
        with world.as_vendor() as session:
            requests.decline(session, world.vendor, request.public_id, "Not now.")
    with world.as_partner() as session:
        found = answer_time.median_answer_time(session, world.vendor.organisation_id)
    assert found is not None and timedelta(hours=5) <= found < timedelta(hours=5, minutes=1)


def test_a_funded_launch_reserves_the_share_of_its_messages(databases: Installation) -> None:
    world = a_funded_world(databases)
    world.price()
    world.fund()
    campaign = world.draft()
    ask(world, campaign)
    world.launch(campaign)
    line = line_of(world, campaign)
    assert (line.planned_units, line.reserved_amount) == (9, 45)
    assert money_of(world) == (39_955, 45)


def test_who_answers_the_leads_is_a_colleague_who_works_leads(database: Installation) -> None:
    world = a_funded_world(database)
    campaign = world.draft()
    with world.as_partner() as session:
        (person,) = asking.answerers_for(session, world.partner)
        after = asking.set_answerer(session, world.partner, campaign.public_id, person.public_id, asked=True)
        assert (after.answerer_id, after.answerer_asked_at is not None) == (person.id, True)
    with world.as_vendor() as session:
        (stranger,) = asking.answerers_for(session, world.vendor)
    with world.as_partner() as session, pytest.raises(Invalid):
        asking.set_answerer(session, world.partner, campaign.public_id, stranger.public_id)


def test_every_answer_is_in_the_trail(database: Installation) -> None:
    world = a_funded_world(database)
    world.fund()
    campaign = world.draft()
    ask(world, campaign)
    with world.as_partner() as session:
        drafts.set_start(session, world.partner, campaign.public_id, now=True)
        asking.spare_recent(session, world.partner, campaign.public_id, True)
    with database.worker.reading() as session:
        actions = set(session.scalars(select(AuditEntry.action)))
    assert {"campaign.costs_set", "campaign.funding_asked", "campaign.sparing_set"} <= actions
