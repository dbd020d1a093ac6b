"""Counts of people are kept, and never differ from people counted anew."""

import random
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

import pytest
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import eligible, figures, marks, service, suppression, tallies
from tcma.audiences.models import Basis, Contact, ContactImport, ContactList
from tcma.bench.pages import counted
from tcma.errors import DomainError
from tcma.launches import asking, expand, reach, recency
from tcma.launches.models import Campaign
from tests.installation import Installation
from tests.tcma.launches.counted_deeds import DEEDS, Deed, Scene, a_day_passes
from tests.tcma.launches.ready import a_ready_world

T = TypeVar("T")


def _a_scene(installation: Installation, seed: int) -> Scene:
    """Three people, a draft that spares whom others write to, and one that does not."""
    world = a_ready_world(installation)
    scene = Scene(world, random.Random(seed), drafts=[world.draft(), world.draft()])
    with world.as_partner() as session:
        asking.spare_recent(session, world.partner, scene.drafts[1].public_id, True)
    return scene


def _shown(scene: Scene) -> dict[str, object]:
    """All that is counted, as pages show it."""
    found: dict[str, object] = {}
    world = scene.world
    with world.installation.web.reading(world.partner.organisation_id) as session:
        for one in figures.lists_for(session, world.partner):
            found[one.list.name] = (one.people_count, one.reachable_count, one.bases, one.reachable)
        portrait = figures.portrait(session, session.get_one(ContactList, world.list.id))
        names = ("bands", "reachable", "bases", "sources", "added_count", "left_count")
        found["the drafts' list"] = [getattr(portrait, name) for name in names]
        for file in session.scalars(select(ContactImport)):
            found[f"file {file.id}"] = figures.brought_by(session, file)
        for draft in scene.drafts:
            found[f"draft {draft.id}"] = reach.of(session, session.get_one(Campaign, draft.id))
    return found


def _anew(scene: Scene, look: Callable[[Scene], T]) -> T:
    """The same while nothing is remembered."""
    memory = scene.world.installation.web.memory
    kept = memory.pop("people", None)
    try:
        return look(scene)
    finally:
        memory.clear()
        if kept is not None:
            memory["people"] = kept


def _by_the_launch(scene: Scene) -> dict[str, tuple[int, int]]:
    """How many each draft goes to, and how many had another campaign, as the statements of a launch say."""
    found = {}
    with scene.world.as_partner() as session:
        for draft in scene.drafts:
            campaign = session.get_one(Campaign, draft.id)
            if campaign.list_id is not None:
                had = recency.had_another(campaign, clock.now(session))
                may = eligible.people(campaign.partner_id, campaign.list_id).where(had)
                people, recent = expand.audience(session, campaign), may
                found[f"draft {draft.id}"] = (_count(session, people), _count(session, recent))
    return found


def _count(session: Session, people: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(people.subquery())) or 0


def test_after_every_deed_what_is_kept_is_what_is_counted_anew(database: Installation) -> None:
    scene = _a_scene(database, 1)
    unseen = set(DEEDS) - _changed_by(scene, DEEDS)
    assert unseen <= {a_day_passes}, "no figure shows that these were done"


@pytest.mark.postgresql
def test_so_it_is_in_any_order(postgresql: Installation) -> None:
    scene = _a_scene(postgresql, 2)
    _changed_by(scene, scene.chance.choices(DEEDS, k=8))


def _changed_by(scene: Scene, deeds: Iterable[Deed]) -> set[Deed]:
    """Do one after the other; those that changed what is shown."""
    shown, changing = _shown(scene), set()
    for deed in deeds:
        with suppress(DomainError):  # then it changed nothing
            deed(scene)
        before, shown = shown, _shown(scene)
        assert shown == _anew(scene, _shown), f"after {deed.__name__}"
        launched = _by_the_launch(scene)
        assert {name: _pair(shown[name]) for name in launched} == launched, f"after {deed.__name__}"
        if shown != before:
            changing.add(deed)
    return changing


def _pair(found: object) -> tuple[int, int]:
    assert isinstance(found, reach.Reach)
    return found.count, found.recent


def test_a_second_look_counts_nobody(databases: Installation) -> None:
    scene = _a_scene(databases, 1)
    engine = databases.web.engine
    with counted(engine) as first:
        _shown(scene)
    with counted(engine) as second:
        _shown(scene)
    assert second[0] < first[0]
    with counted(engine) as anew:
        _anew(scene, _shown)
    assert anew[0] == first[0]


def test_a_transaction_sees_its_own_deed_at_once(databases: Installation) -> None:
    world = a_ready_world(databases)
    partner_id, list_id = world.partner.organisation_id, world.list.id
    with databases.web.reading(partner_id) as session:
        assert tallies.of_list(session, partner_id, list_id).count() == 3
    with world.as_partner() as session:
        contact = session.scalars(select(Contact.public_id)).first()
        assert contact is not None
        service.delete_contact(session, world.partner, contact)
        assert tallies.of_list(session, partner_id, list_id).count() == 2


def test_a_deed_that_is_taken_back_leaves_what_was_kept(databases: Installation) -> None:
    world = a_ready_world(databases)
    with databases.web.reading(world.partner.organisation_id) as session:
        before = session.scalar(select(marks.PeopleMark.mark))
    with pytest.raises(RuntimeError), world.as_partner() as session:
        service.change_basis(session, world.partner, world.list.public_id, Basis.NOT_SURE)
        raise RuntimeError
    with databases.web.reading(world.partner.organisation_id) as session:
        assert session.scalar(select(marks.PeopleMark.mark)) == before


@pytest.mark.parametrize("is_first", [True, False], ids=["before", "after"])
def test_a_deed_while_somebody_counts_is_not_missed(databases: Installation, is_first: bool) -> None:
    """It is committed after the mark was read, before or after the people are counted."""
    world = a_ready_world(databases)
    partner_id, what = world.partner.organisation_id, ("everybody",)

    def everybody(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(Contact)) or 0

    def slowly(session: Session) -> int:
        found = 0 if is_first else everybody(session)
        world.people(["dora@firm.example"])
        return everybody(session) if is_first else found

    with databases.web.reading(partner_id) as session:
        marks.kept(session, partner_id, what, lambda: slowly(session))
    with databases.web.reading(partner_id) as session:
        assert marks.kept(session, partner_id, what, lambda: everybody(session)) == 4


@pytest.mark.postgresql
def test_two_deeds_at_once_leave_no_stale_count(postgresql: Installation) -> None:
    """Neither sees the other, and somebody looks in between: a person comes onto a list while the address is
    suppressed."""
    scene = _a_scene(postgresql, 1)
    world = scene.world
    with world.as_partner() as session:
        states_basis = service.change_basis(session, world.partner, world.list.public_id, Basis.AGREED)
        with world.as_partner() as other:
            suppression.suppress_by_hand(
                other, world.partner, "anna@firm.example", hash_key=world.settings.hash_key
            )
        between = _shown(scene)
        assert between == _anew(scene, _shown)
    assert states_basis == 3
    after = _shown(scene)
    assert after == _anew(scene, _shown) != between


@pytest.mark.postgresql
def test_many_people_at_work_leave_no_stale_count(postgresql: Installation) -> None:
    scene = _a_scene(postgresql, 1)
    world, together = scene.world, threading.Barrier(4)

    def work(number: int) -> None:
        together.wait()
        for turn in range(8):
            address = f"p{turn}@firm.example"  # everybody takes the same people
            if number == 0:
                world.people([address])
            elif number == 1:
                with world.as_partner() as session:
                    key = world.settings.hash_key
                    suppression.suppress_by_hand(session, world.partner, address, hash_key=key)
            elif number == 2:
                with world.as_partner() as session:
                    basis = (Basis.AGREED, Basis.NOT_SURE)[turn % 2]
                    service.change_basis(session, world.partner, world.list.public_id, basis)
            else:
                _shown(scene)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert _shown(scene) == _anew(scene, _shown)
