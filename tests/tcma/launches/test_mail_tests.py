"""Test mails to oneself and to colleagues."""

import pytest

from tcma.audit import trail
from tcma.errors import Conflict, Invalid, Refused
from tcma.launches import mail_tests
from tcma.launches.mail_tests import MOST_AN_HOUR, Outcome
from tcma.launches.models import Campaign
from tcma.launches.previews import Wanted
from tcma.organisations.models import Organisation, User
from tcma.viewer import Role, Viewer
from tests.factories import a_viewer
from tests.installation import Installation
from tests.tcma.launches.ready import a_ready_world
from tests.tcma.launches.world import World


def _send(world: World, campaign: Campaign, *to: str, viewer: Viewer | None = None) -> list[Outcome]:
    return mail_tests.send_tests(
        world.installation.web,
        viewer or world.partner,
        world.files,
        world.settings,
        campaign,
        Wanted("invite"),
        to=to,
    )


def _me(world: World) -> str:
    with world.installation.owner.reading() as session:
        return session.get_one(User, world.partner.user_id).email


def test_a_test_is_handed_over_to_each_address_once(database: Installation) -> None:
    world = a_ready_world(database)
    me = _me(world)
    assert _send(world, world.draft(), me, me.upper()) == [Outcome(me)]


def test_strangers_and_more_than_six_get_none(database: Installation) -> None:
    world = a_ready_world(database)
    campaign = world.draft()
    with pytest.raises(Invalid, match="colleagues only"):
        _send(world, campaign, _me(world), "stranger@else.example")
    with pytest.raises(Invalid, match="up to 5 colleagues"):
        _send(world, campaign, *[f"p{number}@firm.example" for number in range(7)])
    with pytest.raises(Invalid):
        _send(world, campaign)


def test_an_hour_has_room_for_so_many(databases: Installation) -> None:
    world = a_ready_world(databases)
    campaign, me = world.draft(), _me(world)
    with world.as_partner() as session:
        for _ in range(MOST_AN_HOUR - 1):
            trail.record(session, world.partner, "campaign.test_sent", campaign)
    assert _send(world, campaign, me) == [Outcome(me)]
    with pytest.raises(Conflict, match="in an hour"):
        _send(world, campaign, me)
    world.pass_time(hours=1, seconds=1)
    assert _send(world, campaign, me) == [Outcome(me)]


def test_a_reader_sends_none(database: Installation) -> None:
    world = a_ready_world(database)
    with database.owner.transaction() as session:
        reader = a_viewer(session, session.get_one(Organisation, world.partner.organisation_id), Role.READER)
    with pytest.raises(Refused):
        _send(world, world.draft(), _me(world), viewer=reader)
