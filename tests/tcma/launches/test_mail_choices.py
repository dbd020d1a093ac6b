"""A person chooses to get fewer mails, only invitations, or nothing for a while."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from campaigns.mail_choice import PAUSE_DAYS, Chosen, MailChoice, choose
from campaigns.providers.memory import Act, MemoryProvider
from tcma import clock
from tcma.audiences import preferences, suppression
from tcma.audiences.models import Contact, SuppressionReason
from tcma.audiences.preference_models import MailPreference
from tcma.bench.send_world import World
from tcma.launches import sending_chunks, sending_claim, service_mail
from tcma.launches.deliveries import Delivery, DeliveryStatus
from tcma.launches.models import CampaignTouch, TouchStatus
from tcma.launches.sending_claim import Claim
from tests.installation import Installation
from tests.tcma.launches.factories import (
    a_running_campaign,
    a_worker,
    assert_figures_hold,
    deliveries,
    send,
)

EVERYTHING, FEWER, INVITATIONS, PAUSE = MailChoice
ANNA, BEAT = 0, 1


def chooses(installation: Installation, world: World, person: int, choice: MailChoice) -> Chosen:
    """As the page does: in the session of the token's partner."""
    with installation.web.transaction(world.partner_id) as session:
        address_hash = session.get_one(Contact, world.contact_ids[person]).address_hash
        at = clock.now(session)
        return preferences.set_choice(session, world.partner_id, address_hash, choice, at)


def reasons(installation: Installation, touch_id: int) -> list[str]:
    assert_figures_hold(installation, touch_id)
    return [row.reason for row in deliveries(installation, touch_id)]


def passes(installation: Installation, by: timedelta) -> None:
    with installation.worker.transaction() as session:
        clock.advance(session, by)


def is_an_invitation(installation: Installation, touch_id: int) -> None:
    with installation.worker.transaction() as session:
        session.get_one(CampaignTouch, touch_id).is_invitation = True


def test_each_choice_is_kept_by_the_mails_that_follow(databases: Installation) -> None:
    world = a_running_campaign(databases, people=5, touches=3)
    first, second, third = world.touch_ids
    is_an_invitation(databases, second)
    for person, choice in enumerate((EVERYTHING, FEWER, INVITATIONS, PAUSE)):
        chooses(databases, world, person, choice)

    send(databases)

    assert reasons(databases, first) == ["", "", "only_invitations", "paused", ""]
    assert reasons(databases, second) == ["", "fewer", "", "paused", ""]
    assert reasons(databases, third) == ["", "fewer", "only_invitations", "paused", ""]


def test_after_a_month_the_next_one_comes_and_after_a_pause_all(databases: Installation) -> None:
    world = a_running_campaign(databases, people=2, touches=4)
    chooses(databases, world, ANNA, FEWER)
    chooses(databases, world, BEAT, PAUSE)
    expected = {0: ["", "paused"], 29: ["fewer", "paused"], 30: ["", "paused"], PAUSE_DAYS: ["", ""]}
    for days, touch_id in zip(expected, world.touch_ids, strict=True):
        only_runs(databases, world, touch_id)
        began = list(expected).index(days)
        passes(databases, timedelta(days=days - list(expected)[began - 1] if began else 0))
        send(databases)
        assert reasons(databases, touch_id) == expected[days]


def only_runs(installation: Installation, world: World, touch_id: int) -> None:
    with installation.worker.transaction() as session:
        others = update(CampaignTouch).where(CampaignTouch.campaign_id == world.campaign_id)
        session.execute(others.values(status=TouchStatus.PENDING))
        session.execute(others.where(CampaignTouch.id == touch_id).values(status=TouchStatus.RUNNING))


def test_a_mail_in_doubt_may_have_arrived_and_counts(database: Installation) -> None:
    world = a_running_campaign(database, people=1, touches=2)
    chooses(database, world, ANNA, FEWER)

    send(database, MemoryProvider([Act.ARRIVES_SILENTLY]))

    assert [row.status for row in deliveries(database, world.touch_ids[0])] == [DeliveryStatus.UNKNOWN]
    assert reasons(database, world.touch_ids[1]) == ["fewer"]


def test_two_lanes_at_once_write_one_mail_to_who_wants_fewer(databases: Installation) -> None:
    world = a_running_campaign(databases, people=1, touches=2)
    chooses(databases, world, ANNA, FEWER)
    workers = [a_worker(databases.worker).worker_id for _ in range(2)]
    with databases.worker.transaction() as session:
        turns = [sending_chunks.take(session, worker) for worker in workers]

    def claim(number: int) -> Claim:
        turn = turns[number]
        assert turn is not None
        with databases.worker.transaction() as session:
            claim = sending_claim.claim_group(session, turn, workers[number], 64)
            if number == 0:
                begun.set()
                time.sleep(0.3)  # the other lane claims now
            return claim

    begun = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(claim, 0)
        assert begun.wait(10)
        second = pool.submit(claim, 1)
        assert first.result().group is not None
        assert (second.result().group, second.result().skipped_count) == (None, 1)


def test_service_mail_passes_every_choice(database: Installation) -> None:
    world = a_running_campaign(database, people=4)
    for person, choice in enumerate(MailChoice):
        chooses(database, world, person, choice)
        with database.web.transaction(world.partner_id) as session:
            service_mail.queue(
                session, partner_id=world.partner_id, campaign_id=world.campaign_id,
                touch_id=world.touch_ids[0], contact_id=world.contact_ids[person],
                artefact_id=world.artefact_ids[0], occasion=1,
            )  # fmt: skip

    send(database)

    with database.worker.reading() as session:
        asked_for = session.scalars(select(Delivery.status).where(Delivery.occasion == 1)).all()
    assert asked_for == [DeliveryStatus.SENT] * 4


def test_who_left_has_nothing_to_choose_and_leaving_wins(database: Installation) -> None:
    world = a_running_campaign(database, people=1)
    chooses(database, world, ANNA, INVITATIONS)
    is_an_invitation(database, world.touch_ids[0])
    with database.web.transaction(world.partner_id) as session:
        address_hash = session.get_one(Contact, world.contact_ids[ANNA]).address_hash
        assert not preferences.has_left(session, world.partner_id, address_hash)
        at = clock.now(session)
        suppression.suppress(session, world.partner_id, address_hash, SuppressionReason.UNSUBSCRIBED, at)
        assert preferences.has_left(session, world.partner_id, address_hash)

    send(database)

    assert reasons(database, world.touch_ids[0]) == ["suppressed"]


def test_who_wants_everything_leaves_no_row_and_past_pauses_go(databases: Installation) -> None:
    world = a_running_campaign(databases, people=2)

    def rows() -> int:
        with databases.worker.reading() as session:
            return session.scalar(select(func.count()).select_from(MailPreference)) or 0

    chooses(databases, world, ANNA, FEWER)
    paused = chooses(databases, world, ANNA, PAUSE)
    assert (paused.pace, rows()) == (FEWER, 1)
    assert chooses(databases, world, ANNA, EVERYTHING) == Chosen() and rows() == 0
    chooses(databases, world, ANNA, PAUSE)
    chooses(databases, world, BEAT, FEWER)
    chooses(databases, world, BEAT, PAUSE)
    passes(databases, timedelta(days=PAUSE_DAYS, seconds=1))
    preferences.forget_past(databases.worker)
    assert rows() == 1  # the one that says more than a pause


NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@given(st.lists(st.tuples(st.sampled_from(MailChoice), st.integers(0, 200)), max_size=8))
def test_what_holds_is_what_was_chosen_last_and_choosing_again_changes_nothing(
    choices: list[tuple[MailChoice, int]],
) -> None:
    chosen, now = Chosen(), NOW
    for choice, days in choices:
        now += timedelta(days=days)
        before, chosen = chosen, choose(chosen, choice, now)
        assert chosen.at(now) is choice and chosen.pace is not PAUSE
        assert choose(chosen, choice, now + timedelta(hours=1)) == chosen
        if choice is PAUSE:
            assert chosen.pace is before.pace
            assert chosen.at(now + timedelta(days=PAUSE_DAYS)) is before.pace
