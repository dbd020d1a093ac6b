"""Launching again: a new draft with what an ended campaign was set up with."""

import pytest

from tcma.errors import Conflict
from tcma.kits import service as kits
from tcma.launches import again, asking, budgets, drafts, service
from tcma.launches.budgets import Cost
from tcma.launches.models import Campaign, CampaignStatus
from tests.installation import Installation
from tests.tcma.launches.ready import TUESDAY, a_ready_world
from tests.tcma.launches.world import World


def _again(world: World, campaign: Campaign) -> Campaign:
    return again.launch_again(world.installation.web, world.partner, world.files, campaign.public_id)


def _ended(world: World) -> Campaign:
    """Cancelled, with a text, a cost and somebody who answers."""
    campaign = world.draft(wall=TUESDAY)
    with world.as_partner() as session:
        (person,) = asking.answerers_for(session, world.partner)
        asking.set_answerer(session, world.partner, campaign.public_id, person.public_id, asked=True)
        budgets.set_costs(session, world.partner, campaign.public_id, [Cost("Room", 12_000)], "CHF")
    world.launch(campaign)
    with world.as_partner() as session:
        service.cancel(session, world.partner, campaign.public_id)
    return campaign


def test_people_costs_and_answerer_come_along_time_and_money_do_not(databases: Installation) -> None:
    world = a_ready_world(databases)
    before = world.reread(_ended(world))
    made = _again(world, before)
    found = world.reread(made)
    assert found.status is CampaignStatus.DRAFT and found.slug != before.slug
    assert (found.list_id, found.answerer_id) == (before.list_id, before.answerer_id)
    assert (found.starts_local, found.certificate_id, found.answerer_asked_at) == (None, None, None)
    with world.as_partner() as session:
        assert budgets.costs_of(session, found) == (Cost("Room", 12_000),)
    assert world.launch(found).people_count == 3


def test_the_new_draft_changes_without_the_old_campaign(database: Installation) -> None:
    world = a_ready_world(database)
    before = _ended(world)
    made = _again(world, before)
    with world.as_partner() as session:
        drafts.rename(session, world.partner, made.public_id, "Second round")
        budgets.set_costs(session, world.partner, made.public_id, [], "CHF")
        assert budgets.costs_of(session, before) == (Cost("Room", 12_000),)
    assert world.reread(before).name != "Second round"


def test_what_runs_and_what_is_closed_is_not_launched_again(database: Installation) -> None:
    world = a_ready_world(database)
    running, ended = world.launched(wall=TUESDAY), _ended(world)
    with pytest.raises(Conflict, match="once it is finished"):
        _again(world, running)
    with world.as_vendor() as session:
        kits.withdraw(session, world.vendor, world.version.public_id, "A new one comes.")
    with pytest.raises(Conflict, match="closed this version"):
        _again(world, ended)
