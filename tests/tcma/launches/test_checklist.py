"""The checks before a launch, each with its result, run anew each time."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tcma.launches import asking, checklist
from tcma.launches.checklist import Checklist
from tcma.launches.checklist_network import Probes
from tcma.launches.checks import Key, State
from tcma.launches.launching import NotReady
from tcma.launches.link_check import LinkChecker
from tcma.launches.models import Campaign, CampaignStatus
from tcma.launches.sender_check import signature
from tcma.partners import brands, senders
from tcma.partners.models import SenderStatus
from tcma.partners.names import SystemResolver, Unreachable
from tests.campaigns.kit_files import MAIL, some_files
from tests.installation import Installation
from tests.tcma.launches.ready import TUESDAY, a_ready_world
from tests.tcma.launches.world import BRAND, MONDAY, World, a_world

SIGNED = {"own.example": ["v=spf1 include:mail.example -all"], "_dmarc.own.example": ["v=DMARC1; p=reject"]}


class Names:
    """The DNS as these tests have it; `silent` answers nobody."""

    def __init__(self, records: dict[str, list[str]] | None = None, *, silent: bool = False) -> None:
        self.records, self.silent = records or {}, silent

    def texts(self, name: str) -> Sequence[str]:
        if self.silent:
            raise Unreachable("nobody there")
        return self.records.get(name, [])

    def alias(self, name: str) -> str:
        return ""


def _run(world: World, campaign: Campaign, *, names: Names | None = None, ask: bool = True) -> Checklist:
    return checklist.run(
        world.installation.web,
        world.partner,
        world.files,
        world.settings,
        campaign.public_id,
        probes=Probes(LinkChecker(allow_private=True), names or Names()),
        ask=ask,
    )


def _state(found: Checklist, key: Key) -> State:
    return next(check.state for check in found.checks if check.key is key)


def _with_brand(world: World, **changes: str) -> None:
    with world.as_partner() as session:
        brands.set_profile(session, world.partner, replace(BRAND, **changes))


def _with_domain(world: World, status: SenderStatus) -> None:
    with world.as_partner() as session:
        row = senders.enter(session, world.partner, world.settings, "news@own.example")
        row.status = status


def _main_link_to(installation: Installation, target: str) -> World:
    mail = MAIL.replace("{{ link.microsite }}", target)
    world = a_world(installation, some_files({"emails/01-invite.mjml": mail}))
    world.people(["anna@firm.example"])
    world.set_clock(MONDAY)
    return world


def test_a_complete_draft_is_blocked_by_nothing(databases: Installation) -> None:
    world = a_ready_world(databases)
    found = _run(world, world.draft(wall=TUESDAY))
    assert found.blocking == () and found.is_complete
    assert {check.key for check in found.checks} == set(Key) - {Key.WEBINAR}  # the kit has none
    assert (found.people.count, found.mail_count) == (3, 2)
    assert found.first_due_at is not None and found.first_due_at.hour == 8


def test_problems_come_first_then_notes(database: Installation) -> None:
    world = a_ready_world(database)
    _with_brand(world, contact_name="")
    order = [check.state for check in _run(world, world.draft()).checks]
    assert order[0] is State.BLOCKED
    assert order == sorted(order, key=list(State).index)


def test_each_check_names_the_step_that_mends_it(database: Installation) -> None:
    world = a_ready_world(database)
    steps = {check.key: check.step for check in _run(world, world.draft()).checks}
    assert {steps[Key.PEOPLE], steps[Key.BRAND], steps[Key.FUNDING], steps[Key.START]} == {
        "audience",
        "brand",
        "budget",
        "launch",
    }


def test_a_main_link_that_does_not_answer_blocks_and_keeps_the_launch_from_happening(
    database: Installation,
) -> None:
    world = _main_link_to(database, "https://127.0.0.1:1/nobody")
    campaign = world.draft()
    found = _run(world, campaign)
    assert _state(found, Key.LINKS) is State.BLOCKED
    assert "127.0.0.1:1" in " ".join(found.blocking[0].details)
    with pytest.raises(NotReady):
        checklist.launch(
            database.web,
            world.partner,
            world.files,
            world.settings,
            campaign.public_id,
            probes=Probes(LinkChecker(allow_private=True), Names()),
        )
    assert world.reread(campaign).status is CampaignStatus.DRAFT


def test_without_asking_links_are_still_to_do(database: Installation) -> None:
    world = _main_link_to(database, "https://127.0.0.1:1/nobody")
    found = _run(world, world.draft(), ask=False)
    assert _state(found, Key.LINKS) is State.TO_DO and not found.is_complete
    assert found.blocking == ()


@pytest.mark.parametrize(
    ("names", "state"),
    [
        (Names(SIGNED), State.PASSED),
        (Names({"own.example": ["v=spf1 -all"]}), State.BLOCKED),
        (Names(), State.BLOCKED),
        (Names(silent=True), State.UNKNOWN),
    ],
)
def test_an_own_sending_domain_has_to_sign_its_mail(
    database: Installation, names: Names, state: State
) -> None:
    world = a_ready_world(database)
    _with_domain(world, SenderStatus.VERIFIED)
    assert _state(_run(world, world.draft(), names=names), Key.SENDER) is state


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (SenderStatus.UNVERIFIED, "own.example is not verified yet, so this mail leaves from mail.example"),
        (
            SenderStatus.LOST,
            "own.example no longer has all its records, so this mail leaves from mail.example",
        ),
    ],
)
def test_a_domain_that_is_not_verified_is_a_note_and_the_mail_leaves_from_the_shared_one(
    database: Installation, status: SenderStatus, said: str
) -> None:
    world = a_ready_world(database)
    _with_domain(world, status)
    found = _run(world, world.draft(), names=Names(silent=True), ask=False)
    check = next(check for check in found.checks if check.key is Key.SENDER)
    assert (check.state, check.step) == (State.NOTE, "brand") and said in check.details[0]
    assert {frozen.mail.sender_email for frozen in found.prepared.frozen} == {"post@mail.example"}


def test_the_shared_domain_is_never_looked_up(database: Installation) -> None:
    world = a_ready_world(database)
    assert _state(_run(world, world.draft(), names=Names(silent=True), ask=False), Key.SENDER) is State.PASSED


def test_a_sub_domain_may_have_its_organisations_dmarc() -> None:
    found = signature("news.own.example", Names({**SIGNED, "news.own.example": ["V=SPF1 -all"]}))
    assert found.is_complete


def test_a_real_resolver_says_when_nothing_is_known() -> None:
    """Under `.invalid` there is nothing, whether or not anybody can be asked."""
    found = signature("nothing.invalid", SystemResolver())
    assert found.has_spf in (False, None) and not found.is_complete


def test_people_without_a_field_are_counted_with_what_they_read(databases: Installation) -> None:
    world = a_ready_world(databases)
    world.people(["dora@firm.example"], first_name="Dora", company="Firm AG")
    found = _run(world, world.draft())
    check = next(check for check in found.checks if check.key is Key.FIELDS)
    assert (check.state, check.count) == (State.NOTE, 3)


def test_people_of_firms_of_another_size_than_the_kit_s_are_a_note(database: Installation) -> None:
    world = a_ready_world(database)  # its kit is for firms of up to 100 people
    sizes = {"small": (5, 20), "across": (90, 300), "large": (2_500, 2_500), "unknown": (None, None)}
    for name, (least, most) in sizes.items():
        world.people([f"{name}@firm.example"], employees_min=least, employees_max=most)
    check = next(found for found in _run(world, world.draft()).checks if found.key is Key.SIZES)
    assert (check.state, check.count) == (State.NOTE, 1)


def test_people_with_another_mail_this_week_are_a_note_until_they_are_left_out(
    database: Installation,
) -> None:
    world = a_ready_world(database)
    world.launched(wall=TUESDAY)
    world.people(["new@firm.example"])
    draft = world.draft()
    before = _run(world, draft)
    assert (_state(before, Key.RECENT), before.people.recent, before.people.count) == (State.NOTE, 3, 4)
    with world.as_partner() as session:
        asking.spare_recent(session, world.partner, draft.public_id, True)
    after = _run(world, draft)
    assert (_state(after, Key.RECENT), after.people.count) == (State.PASSED, 1)


def test_nobody_left_after_sparing_blocks(database: Installation) -> None:
    world = a_ready_world(database)
    world.launched(wall=TUESDAY)
    draft = world.draft()
    with world.as_partner() as session:
        asking.spare_recent(session, world.partner, draft.public_id, True)
    found = _run(world, draft)
    assert _state(found, Key.PEOPLE) is State.BLOCKED
    assert "Do not leave them out" in found.blocking[0].details[0]
