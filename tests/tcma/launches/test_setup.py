"""The four steps of a launch: what each lacks, and where a person starts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from campaigns.kit.files import read_folder
from tcma import clock
from tcma.audiences.models import Contact
from tcma.errors import Conflict, NotFound, Refused
from tcma.launches import drafts, setup
from tcma.launches.setup import Facts, Funding, Missing, Step
from tcma.organisations.models import Organisation, User
from tcma.partners import brands
from tcma.viewer import Role
from tests.campaigns.kit_files import STARTER
from tests.factories import a_partner, a_viewer
from tests.installation import Installation
from tests.tcma.launches.ready import TUESDAY, a_ready_world
from tests.tcma.launches.world import World, a_world

READY = Facts(
    has_logo=True,
    has_postal_address=True,
    has_contact=True,
    has_terms=True,
    has_list=True,
    is_link_only=False,
    people_count=3,
    funding=Funding.OPEN,
)
some_facts = st.builds(
    Facts,
    has_logo=st.booleans(),
    has_postal_address=st.booleans(),
    has_contact=st.booleans(),
    has_terms=st.booleans(),
    has_list=st.booleans(),
    is_link_only=st.booleans(),
    people_count=st.integers(0, 3),
    funding=st.sampled_from(Funding),
)


@given(some_facts)
def test_the_last_step_waits_exactly_when_an_earlier_one_lacks_something(facts: Facts) -> None:
    lacks = setup.missing(facts)
    earlier = any(lacks[step] for step in Step if step is not Step.LAUNCH)
    assert lacks[Step.LAUNCH] == ((Missing.EARLIER_STEPS,) if earlier else ())


@given(some_facts)
def test_whoever_starts_at_the_audience_lacks_nothing_of_the_brand(facts: Facts) -> None:
    begins = setup.begins_at(facts)
    assert begins in (Step.BRAND, Step.AUDIENCE)
    assert (begins is Step.AUDIENCE) == (facts.has_logo and not setup.missing(facts)[Step.BRAND])


@given(some_facts)
def test_a_campaign_by_link_only_needs_neither_people_nor_terms(facts: Facts) -> None:
    assert setup.missing(replace(facts, is_link_only=True))[Step.AUDIENCE] == ()


@pytest.mark.parametrize(
    ("change", "step", "lack"),
    [
        ({"has_postal_address": False}, Step.BRAND, Missing.POSTAL_ADDRESS),
        ({"has_contact": False}, Step.BRAND, Missing.CONTACT),
        ({"has_terms": False}, Step.AUDIENCE, Missing.TERMS),
        ({"has_list": False, "people_count": 0}, Step.AUDIENCE, Missing.PEOPLE),
        ({"people_count": 0}, Step.AUDIENCE, Missing.REACHABLE),
        ({"funding": Funding.CERTIFICATE_LOST}, Step.BUDGET, Missing.CERTIFICATE),
        ({"funding": Funding.REQUEST_LOST}, Step.BUDGET, Missing.REQUEST),
    ],
)
def test_each_thing_that_is_missing_is_missing_in_its_step(
    change: dict[str, object], step: Step, lack: Missing
) -> None:
    assert not any(setup.missing(READY).values())
    lacks = setup.missing(replace(READY, **change))  # type: ignore[arg-type]
    assert lacks[step] == (lack,)
    assert [other for other in Step if lacks[other]] == [step, Step.LAUNCH]


def test_continue_leads_through_the_steps_and_stays_at_the_last() -> None:
    assert [setup.following(step) for step in Step] == [Step.AUDIENCE, Step.BUDGET, Step.LAUNCH, Step.LAUNCH]


def find(world: World, campaign_id: object) -> setup.Draft:
    with world.installation.web.reading(world.partner.organisation_id) as session:
        return setup.find_draft(session, world.partner, world.files, campaign_id)  # type: ignore[arg-type]


def test_a_draft_that_is_ready_lacks_nothing(database: Installation) -> None:
    world = a_ready_world(database)
    draft = find(world, world.draft().public_id)
    assert draft.facts == READY
    assert draft.list is not None and draft.kit.touches and draft.vendor.name == "Northwind Security"


def test_a_launched_campaign_is_set_up_no_more(database: Installation) -> None:
    world = a_ready_world(database)
    with pytest.raises(Conflict, match="return it to draft first"):
        find(world, world.launched(wall=TUESDAY).public_id)


def test_another_partners_draft_is_not_found(database: Installation) -> None:
    world = a_ready_world(database)
    campaign = world.draft()
    with database.owner.transaction() as session:
        stranger = a_viewer(session, a_partner(session, "Alpine IT", slug="alpine-it"))
    with database.web.reading(stranger.organisation_id) as session, pytest.raises(NotFound):
        setup.find_draft(session, stranger, world.files, campaign.public_id)


def start(world: World) -> setup.Draft:
    made = drafts.start(world.installation.web, world.partner, world.files, world.version.public_id)
    return find(world, made.public_id)


def test_a_first_draft_names_whoever_started_it_and_proposes_no_people(database: Installation) -> None:
    world = a_world(database)
    with database.owner.transaction() as session:
        session.delete(brands.profile_of(session, world.partner.organisation_id))
    draft = start(world)
    assert draft.profile is not None
    with database.owner.reading() as session:
        person = session.get_one(User, world.partner.user_id)
    assert (draft.profile.contact_name, draft.profile.contact_email) == (person.name, person.email)
    assert draft.list is None and setup.begins_at(draft.facts) is Step.BRAND


def test_a_returning_partner_finds_its_brand_and_the_people_it_wrote_to_last(database: Installation) -> None:
    world = a_ready_world(database)
    world.launched(wall=TUESDAY)
    draft = start(world)
    assert draft.list is not None and draft.list.id == world.list.id
    assert draft.profile is not None and draft.profile.contact_name == "Marc Keller"
    assert setup.begins_at(draft.facts) is Step.AUDIENCE


def test_a_draft_speaks_the_partners_language_first_and_so_do_its_messages(database: Installation) -> None:
    world = a_world(database, read_folder(STARTER))
    with database.owner.transaction() as session:
        session.get_one(Organisation, world.partner.organisation_id).locale = "de"
    campaign = world.draft()
    names = {touch.name for touch in world.touches(campaign).values()}
    assert campaign.locales == ["de", "en"] and "Einladung" in names and "Invitation" not in names
    drafts.set_locales(database.web, world.partner, world.files, campaign.public_id, ["en", "de"])
    assert "Invitation" in {touch.name for touch in world.touches(campaign).values()}


def test_people_nobody_may_write_to_are_not_proposed(database: Installation) -> None:
    world = a_ready_world(database)
    world.launched(wall=TUESDAY)
    with database.worker.transaction() as session:
        session.execute(update(Contact).values(deleted_at=clock.now(session)))
    assert start(world).list is None


def test_a_reader_starts_nothing(database: Installation) -> None:
    world = a_world(database)
    reader = replace(world.partner, roles=frozenset({Role.READER}))
    with pytest.raises(Refused):
        drafts.start(database.web, reader, world.files, world.version.public_id)


def test_every_answer_of_a_draft_moves_the_moment_it_was_changed(database: Installation) -> None:
    world = a_ready_world(database)
    campaign = world.draft()
    before = world.reread(campaign).changed_at
    world.pass_time(minutes=5)
    with world.as_partner() as session:
        drafts.rename(session, world.partner, campaign.public_id, "Another name")
    after = world.reread(campaign).changed_at
    assert before is not None and after is not None and (after - before).total_seconds() >= 300
