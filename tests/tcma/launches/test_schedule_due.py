"""When mails start, when they are missed, and what a person does about it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from tcma.errors import Conflict, Invalid
from tcma.jobs.rows import RowsFailed
from tcma.launches import endings, schedule, service
from tcma.launches.models import Campaign, CampaignStatus, StopReason, TouchStatus
from tcma.organisations.models import Organisation
from tcma.partners import service as partners
from tcma.partners.queries import find_partnership_with
from tests.factories import a_partnership, a_vendor
from tests.installation import Installation
from tests.tcma.launches.world import MONDAY, World, a_world

TUESDAY = datetime.fromisoformat("2026-11-24T09:30")
DUE = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def _scheduled(installation: Installation, wall: datetime = TUESDAY) -> tuple[World, Campaign]:
    world = a_world(installation)
    world.people(["anna@firm.example", "bea@firm.example"])
    world.set_clock(MONDAY)
    return world, world.launched(wall=wall)


def test_a_mail_starts_at_its_time_and_its_campaign_runs(databases: Installation) -> None:
    world, campaign = _scheduled(databases)
    world.set_clock(DUE - timedelta(minutes=1))
    assert schedule.start_due(databases.worker) == 0
    world.set_clock(DUE + timedelta(seconds=1))
    assert schedule.start_due(databases.worker) == 1
    assert schedule.start_due(databases.worker) == 0
    assert world.reread(campaign).status is CampaignStatus.RUNNING
    assert world.touches(campaign)["invite"].status is TouchStatus.RUNNING
    assert world.touches(campaign)["reminder"].status is TouchStatus.PENDING


def test_at_most_two_hours_late_is_in_time(database: Installation) -> None:
    world, campaign = _scheduled(database)
    world.set_clock(DUE + timedelta(hours=2, seconds=-30))
    schedule.start_due(database.worker)
    assert world.reread(campaign).status is CampaignStatus.RUNNING


def _missed(installation: Installation) -> tuple[World, Campaign]:
    world, campaign = _scheduled(installation)
    world.set_clock(DUE + timedelta(hours=2, seconds=30))
    schedule.start_due(installation.worker)
    return world, campaign


def test_more_than_two_hours_late_is_missed_and_never_goes_by_itself(databases: Installation) -> None:
    world, campaign = _missed(databases)
    for _ in range(2):
        schedule.start_due(databases.worker)
        world.pass_time(days=10)
    stopped = world.reread(campaign)
    assert (stopped.status, stopped.stop_reason) == (CampaignStatus.STOPPED, StopReason.MISSED)
    assert "was not sent within 2 hours" in stopped.stop_sentence
    touches = world.touches(campaign)
    assert touches["invite"].status is TouchStatus.MISSED
    assert touches["reminder"].status is TouchStatus.PENDING
    with world.as_partner() as session, pytest.raises(Conflict, match="choose a new time"):
        service.resume(session, world.partner, campaign.public_id)


def test_a_missed_mail_is_sent_now_by_a_person(databases: Installation) -> None:
    world, campaign = _missed(databases)
    with world.as_partner() as session:
        service.send_now(session, world.partner, campaign.public_id, "invite")
    assert world.reread(campaign).status is CampaignStatus.RUNNING
    assert world.reread(campaign).stop_reason is None
    assert world.touches(campaign)["invite"].status is TouchStatus.RUNNING


def test_a_missed_mail_gets_a_new_time_and_the_sequence_keeps_its_pace(databases: Installation) -> None:
    world, campaign = _missed(databases)
    before = world.touches(campaign)["reminder"].due_at
    with world.as_partner() as session:
        with pytest.raises(Invalid, match="is past"):
            service.new_time(session, world.partner, campaign.public_id, "invite", TUESDAY)
        service.new_time(
            session, world.partner, campaign.public_id, "invite", datetime.fromisoformat("2026-11-26T10:00")
        )
    touches = world.touches(campaign)
    assert touches["invite"].due_local == "2026-11-26T10:00"
    assert before and touches["reminder"].due_at == before + timedelta(days=2)
    assert world.reread(campaign).status is CampaignStatus.RUNNING
    world.set_clock(datetime(2026, 11, 26, 9, 0, 1, tzinfo=UTC))
    assert schedule.start_due(databases.worker) == 1


def test_a_missed_mail_is_left_out_and_its_people_are_counted_as_skipped(databases: Installation) -> None:
    world, campaign = _missed(databases)
    with world.as_partner() as session:
        service.skip_touch(session, world.partner, campaign.public_id, "invite")
    invite = world.touches(campaign)["invite"]
    assert (invite.status, invite.skipped_count, invite.queued_count) == (TouchStatus.SKIPPED, 2, 0)
    assert {delivery.reason for delivery in world.deliveries(campaign, "invite")} == {"cancelled"}
    assert world.reread(campaign).status is CampaignStatus.RUNNING
    with world.as_partner() as session:
        service.skip_touch(session, world.partner, campaign.public_id, "reminder")
    assert world.reread(campaign).status is CampaignStatus.FINISHED
    assert world.touches(campaign)["page"].status is TouchStatus.DONE


def test_the_last_mail_of_a_campaign_that_has_not_begun_is_not_left_out(database: Installation) -> None:
    world, campaign = _scheduled(database)
    with world.as_partner() as session:
        service.skip_touch(session, world.partner, campaign.public_id, "reminder")
    with world.as_partner() as session, pytest.raises(Conflict, match="cancel the campaign instead"):
        service.skip_touch(session, world.partner, campaign.public_id, "invite")
    assert world.touches(campaign)["invite"].status is TouchStatus.PENDING
    assert world.reread(campaign).status is CampaignStatus.SCHEDULED


def test_the_next_mail_tries_the_list_when_the_first_is_left_out(databases: Installation) -> None:
    world, campaign = _scheduled(databases)
    with world.as_partner() as session:
        service.skip_touch(session, world.partner, campaign.public_id, "invite")
    touches = world.touches(campaign)
    assert (touches["invite"].soft_start_size, touches["reminder"].soft_start_size) == (0, 2)


def test_a_missed_first_mail_hands_its_soft_start_on_too(database: Installation) -> None:
    world, campaign = _missed(database)
    with world.as_partner() as session:
        service.skip_touch(session, world.partner, campaign.public_id, "invite")
    assert world.touches(campaign)["reminder"].soft_start_size == 2


def test_mails_go_in_their_order(database: Installation) -> None:
    world, campaign = _scheduled(database)
    with world.as_partner() as session:
        with pytest.raises(Conflict, match="'Invitation' comes first"):
            service.send_now(session, world.partner, campaign.public_id, "reminder")
        with pytest.raises(Invalid, match="Its messages: invite, reminder"):
            service.send_now(session, world.partner, campaign.public_id, "page")


@pytest.mark.parametrize(
    ("wall", "invite", "reminder"),
    [
        # 25 October 2026: clocks go back at 3:00; 28 March 2027: 2:00 to 3:00 does not exist.
        (datetime.fromisoformat("2026-10-22T09:30"), "2026-10-22T07:30", "2026-10-26T08:30"),
        (datetime.fromisoformat("2027-03-25T09:30"), "2027-03-25T08:30", "2027-03-29T07:30"),
        (datetime.fromisoformat("2027-03-24T02:30"), "2027-03-24T08:30", "2027-03-28T01:00"),
    ],
)
def test_half_past_nine_stays_half_past_nine_when_clocks_change(
    database: Installation, wall: datetime, invite: str, reminder: str
) -> None:
    world = a_world(database)
    world.people(["anna@firm.example"])
    world.set_clock(wall.replace(tzinfo=UTC) - timedelta(days=3))
    touches = world.touches(world.launched(wall=wall))
    found = [touches[key].due_at for key in ("invite", "reminder")]
    assert [f"{due:%Y-%m-%dT%H:%M}" for due in found if due] == [invite, reminder]


def test_nothing_new_starts_while_the_partnership_is_suspended(databases: Installation) -> None:
    world, campaign = _scheduled(databases)
    with world.as_vendor() as session:
        partnership = find_partnership_with(session, world.vendor, world.partner.organisation_id)
        partners.suspend(session, world.vendor, partnership.public_id)
    world.set_clock(DUE + timedelta(minutes=1))
    assert schedule.start_due(databases.worker) == 0
    with world.as_partner() as session, pytest.raises(Conflict, match="suspended"):
        service.send_now(session, world.partner, campaign.public_id, "invite")
    with world.as_vendor() as session:
        partners.resume(session, world.vendor, partnership.public_id)
    assert schedule.start_due(databases.worker) == 1


def test_campaigns_of_a_suspended_partnership_take_nobodys_turn(database: Installation) -> None:
    world, suspended = _scheduled(database)
    with database.owner.transaction() as session:
        other = a_vendor(session)
        a_partnership(session, other, session.get_one(Organisation, world.partner.organisation_id))
    going = world.launched(wall=TUESDAY)
    with world.as_worker() as session:  # the kit of another vendor, whose partnership is active
        ours = update(Campaign).where(Campaign.id == going.id)
        session.execute(ours.values(vendor_id=other.id))
    with world.as_vendor() as session:
        partnership = find_partnership_with(session, world.vendor, world.partner.organisation_id)
        partners.suspend(session, world.vendor, partnership.public_id)
    world.set_clock(DUE + timedelta(minutes=1))
    assert schedule.start_due(database.worker, limit=1) == 1
    assert world.reread(going).status is CampaignStatus.RUNNING

    world.set_clock(DUE + timedelta(hours=3))
    assert schedule.start_due(database.worker) == 1
    assert world.reread(suspended).stop_reason is StopReason.MISSED


def test_a_campaign_that_cannot_start_stops_no_other(database: Installation) -> None:
    world, broken = _scheduled(database)
    going = world.launched(wall=TUESDAY)
    _break(world, broken)
    world.set_clock(DUE + timedelta(minutes=1))
    with pytest.raises(RowsFailed, match="1 of 2"):
        schedule.start_due(database.worker)
    assert world.reread(going).status is CampaignStatus.RUNNING
    assert world.reread(broken).status is CampaignStatus.SCHEDULED


def _break(world: World, campaign: Campaign) -> None:
    """Nothing writes such a row; a restored backup or a hand in the database might."""
    with world.as_worker() as session:
        touch_id = world.touches(campaign)["page"].id
        session.execute(
            text("UPDATE campaign_touches SET status = 'nonsense' WHERE id = :id"), {"id": touch_id}
        )


def test_a_paused_campaign_waits_and_what_it_missed_asks_a_person(databases: Installation) -> None:
    world, campaign = _scheduled(databases)
    world.set_clock(DUE + timedelta(seconds=1))
    schedule.start_due(databases.worker)
    with world.as_partner() as session:
        service.pause(session, world.partner, campaign.public_id)
    world.pass_time(days=5)
    assert schedule.start_due(databases.worker) == 0
    with world.as_partner() as session:
        service.resume(session, world.partner, campaign.public_id)
    assert schedule.start_due(databases.worker) == 1
    assert world.reread(campaign).stop_reason is StopReason.MISSED
    assert world.touches(campaign)["reminder"].status is TouchStatus.MISSED


@pytest.mark.parametrize(("hour", "local"), [(14, "2026-11-24T15:0"), (0, "2026-11-24T01:0")])
def test_now_means_now_at_any_hour(database: Installation, hour: int, local: str) -> None:
    """Also in the middle of the night, though the kit names an hour for its first mail."""
    world = a_world(database)
    world.people(["anna@firm.example"])
    world.set_clock(datetime(2026, 11, 24, hour, 0, 30, tzinfo=UTC))
    campaign = world.launched(now=True)
    assert schedule.start_due(database.worker) == 1
    assert (world.touches(campaign)["invite"].due_local or "").startswith(local)


def test_another_start_moves_every_mail(databases: Installation) -> None:
    world, campaign = _scheduled(databases)
    service.change_time(
        databases.web,
        world.partner,
        world.files,
        campaign.public_id,
        datetime.fromisoformat("2026-12-01T11:00"),
    )
    touches = world.touches(campaign)
    assert touches["invite"].due_local == "2026-12-01T11:00"
    assert touches["reminder"].due_local == "2026-12-05T11:00"
    assert endings.finish_due(databases.worker) == 0
