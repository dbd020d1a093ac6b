"""What becomes of a launched campaign: pause, cancel, recall, take back, funding, the end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from tcma.errors import Conflict, NotFound
from tcma.funds import requests
from tcma.funds.models import LineStatus
from tcma.funds.requests import Ask
from tcma.jobs.models import JobRow
from tcma.jobs.queue import Job
from tcma.kits import service as kits
from tcma.launches import endings, funding, queries, schedule, service
from tcma.launches.deliveries import Chunk, Delivery, DeliveryStatus
from tcma.launches.models import CAMPAIGN_NEXT, Campaign, CampaignStatus, CampaignTouch, TouchStatus
from tcma.partners import service as partners
from tcma.partners.queries import find_partnership_with
from tests.factories import a_partner, a_viewer
from tests.installation import Installation
from tests.tcma.launches.ready import TUESDAY, a_ready_world, asked, line_of, money_of
from tests.tcma.launches.world import World

DUE = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
_S = CampaignStatus


def _running(installation: Installation) -> tuple[World, Campaign]:
    world = a_ready_world(installation)
    campaign = world.launched(wall=TUESDAY)
    world.set_clock(DUE + timedelta(seconds=1))
    schedule.start_due(installation.worker)
    return world, campaign


def _move_one(world: World, campaign: Campaign, status: DeliveryStatus) -> None:
    """As the lane would: one message of the invitation and its figure move together."""
    touch = world.touches(campaign)["invite"]
    first = world.deliveries(campaign, "invite")[0]
    with world.as_worker() as session:
        session.execute(update(Delivery).where(Delivery.id == first.id).values(status=status))
        before = getattr(CampaignTouch, f"{first.status.value}_count")
        after = getattr(CampaignTouch, f"{status.value}_count")
        session.execute(
            update(CampaignTouch)
            .where(CampaignTouch.id == touch.id)
            .values({before.key: before - 1, after.key: after + 1})
        )


def _adds_up(world: World, campaign: Campaign) -> bool:
    with world.installation.worker.reading() as session:
        return all(found.adds_up for found in queries.figures(session, campaign))


def test_cancel_leaves_out_what_waits_and_lets_go_what_is_being_handed_over(databases: Installation) -> None:
    world, campaign = _running(databases)
    _move_one(world, campaign, DeliveryStatus.SENDING)
    with world.as_partner() as session:
        service.cancel(session, world.partner, campaign.public_id)
    assert world.reread(campaign).status is _S.CANCELLED
    found = sorted((one.status, one.reason) for one in world.deliveries(campaign, "invite"))
    assert found == [(DeliveryStatus.SENDING, ""), *[(DeliveryStatus.SKIPPED, "cancelled")] * 2]
    touches = world.touches(campaign)
    assert (touches["reminder"].status, touches["reminder"].skipped_count) == (TouchStatus.SKIPPED, 3)
    assert touches["page"].status is TouchStatus.DONE
    assert _adds_up(world, campaign)
    assert line_of(world, campaign).status is LineStatus.RESERVED  # one is still under way

    _move_one(world, campaign, DeliveryStatus.SENT)
    assert endings.finish_due(databases.worker) == 1
    assert line_of(world, campaign).status is LineStatus.RELEASED


def test_what_comes_back_to_the_queue_after_a_cancel_is_left_out(database: Installation) -> None:
    world, campaign = _running(database)
    _move_one(world, campaign, DeliveryStatus.SENDING)
    with world.as_partner() as session:
        service.cancel(session, world.partner, campaign.public_id)
    _move_one(world, campaign, DeliveryStatus.QUEUED)
    assert endings.finish_due(database.worker) == 1
    assert {one.status for one in world.deliveries(campaign, "invite")} == {DeliveryStatus.SKIPPED}
    assert _adds_up(world, campaign)


def test_a_recall_stops_every_live_use(databases: Installation) -> None:
    world = a_ready_world(databases)
    running = world.launched(wall=TUESDAY)
    world.set_clock(DUE + timedelta(seconds=1))
    schedule.start_due(databases.worker)
    waiting, draft = world.launched(), world.draft()
    with world.as_vendor() as session:
        kits.recall(session, world.vendor, world.version.public_id, "The claim is wrong.")
    with databases.worker.reading() as session:
        job = session.scalars(select(JobRow).where(JobRow.name == Job.LAUNCHES_STOP_RECALLED)).one()
    assert job.arguments == {"kit_version_id": world.version.id}
    assert endings.stop_recalled(databases.worker, world.version.id) == 2
    assert endings.stop_recalled(databases.worker, world.version.id) == 0
    for campaign in (running, waiting):
        assert world.reread(campaign).status is _S.RECALLED
        assert {one.reason for one in world.deliveries(campaign, "invite")} == {"recalled"}
        assert line_of(world, campaign).status is LineStatus.RELEASED
        assert _adds_up(world, campaign)
    assert world.reread(draft).status is _S.DRAFT


def test_a_campaign_is_finished_when_nothing_waits(databases: Installation) -> None:
    world, campaign = _running(databases)
    assert endings.finish_due(databases.worker) == 0
    with world.as_worker() as session:
        for touch in queries.touches_of(session, campaign.id):
            if touch.kind == "email":
                touch.status, touch.sent_count, touch.queued_count = TouchStatus.DONE, 3, 0
    assert endings.finish_due(databases.worker) == 1
    assert endings.finish(databases.worker, campaign.id) is False
    assert world.reread(campaign).status is _S.FINISHED
    assert world.touches(campaign)["page"].status is TouchStatus.DONE
    line = line_of(world, campaign)
    assert line.status is LineStatus.RELEASED and line.settle_at
    assert line.settle_at - DUE > timedelta(days=7)


def test_a_launch_is_taken_back_and_made_again(databases: Installation) -> None:
    world = a_ready_world(databases)
    campaign = world.launched(wall=TUESDAY)
    with world.as_partner() as session:
        service.return_to_draft(session, world.partner, campaign.public_id)
    with databases.worker.reading() as session:
        for model in (Delivery, Chunk):
            assert session.scalars(select(model)).all() == []
    invite = world.touches(campaign)["invite"]
    assert (invite.people_count, invite.queued_count, invite.due_at) == (0, 0, None)
    assert world.reread(campaign).partner_brand is None
    assert world.launch(campaign).people_count == 3
    assert world.reread(campaign).status is _S.SCHEDULED


_DEEDS: dict[str, tuple[Callable[..., object], CampaignStatus, tuple[CampaignStatus, ...]]] = {
    "pause": (service.pause, _S.PAUSED, ()),
    "cancel": (service.cancel, _S.CANCELLED, ()),
    "return_to_draft": (service.return_to_draft, _S.DRAFT, ()),
    # drawn for other deeds, not for these
    "resume": (service.resume, _S.RUNNING, (_S.SCHEDULED, _S.WAITING_FOR_FUNDING)),
    "launch_without_funding": (funding.launch_without_funding, _S.SCHEDULED, (_S.DRAFT,)),
}


@pytest.mark.parametrize("name", _DEEDS)
def test_a_deed_whose_arrow_is_not_drawn_is_refused(database: Installation, name: str) -> None:
    deed, target, others = _DEEDS[name]
    world = a_ready_world(database)
    campaign = world.draft()
    for status in CampaignStatus:
        if target in CAMPAIGN_NEXT[status] and status not in others:
            continue
        with world.as_worker() as session:
            session.execute(update(Campaign).values(status=status))
        with world.as_partner() as session, pytest.raises(Conflict):
            deed(session, world.partner, campaign.public_id)
        assert world.reread(campaign).status is status


def test_pause_and_continue(databases: Installation) -> None:
    world, campaign = _running(databases)
    with world.as_partner() as session:
        assert service.pause(session, world.partner, campaign.public_id).status is _S.PAUSED
    with world.as_partner() as session:
        assert service.resume(session, world.partner, campaign.public_id).status is _S.RUNNING


def test_a_campaign_of_others_is_not_found(databases: Installation) -> None:
    world, campaign = _running(databases)
    with databases.owner.transaction() as session:
        stranger = a_viewer(session, a_partner(session))
    for deed in (service.pause, service.resume, service.cancel, service.return_to_draft):
        with databases.web.transaction(stranger.organisation_id) as session, pytest.raises(NotFound):
            deed(session, stranger, campaign.public_id)
    with databases.web.reading(stranger.organisation_id) as session:
        assert session.scalars(select(Delivery)).all() == []
    with databases.web.reading(world.vendor.organisation_id) as session:
        assert session.scalars(select(Delivery)).all() == []


def test_a_campaign_waits_for_the_vendor_and_starts_when_it_says_yes(databases: Installation) -> None:
    world = a_ready_world(databases)
    world.price()
    campaign = world.draft()
    request = asked(world, campaign)
    assert world.launch(campaign).campaign.status is _S.WAITING_FOR_FUNDING
    world.pass_time(days=3)
    assert schedule.start_due(databases.worker) == 0
    with world.as_vendor() as session:
        requests.approve(session, world.vendor, request.public_id)
    assert funding.start_funded(databases.worker, request.id) == 1
    assert funding.start_funded(databases.worker, request.id) == 0
    found = world.reread(campaign)
    assert found.status is _S.SCHEDULED and found.certificate_id
    assert line_of(world, campaign).reserved_amount == 30  # 6 messages at 10, half of it
    invite = world.touches(campaign)["invite"]
    assert invite.due_local and invite.due_local > "2026-11-26T09:00" and invite.due_local.endswith("T09:30")
    assert schedule.start_due(databases.worker) == 0


def test_a_declined_request_makes_it_a_draft_again(databases: Installation) -> None:
    world = a_ready_world(databases)
    campaign = world.draft()
    request = asked(world, campaign)
    world.launch(campaign)
    with world.as_vendor() as session:
        requests.decline(session, world.vendor, request.public_id, "Not this quarter.")
    assert funding.recheck_funding(databases.worker, request_id=request.id) == 1
    assert world.reread(campaign).status is _S.DRAFT
    assert world.deliveries(campaign, "invite") == []
    assert world.launch(campaign).campaign.status is _S.SCHEDULED


def test_a_date_of_its_own_is_kept_with_or_without_funding(database: Installation) -> None:
    world = a_ready_world(database)
    campaign = world.draft(wall=TUESDAY)
    asked(world, campaign)
    world.launch(campaign)
    assert funding.give_up_waiting(database.worker) == 0
    world.set_clock(DUE + timedelta(seconds=1))
    assert funding.give_up_waiting(database.worker) == 1
    assert schedule.start_due(database.worker) == 1
    assert line_of(world, campaign).certificate_id is None


def test_a_person_waits_no_longer(databases: Installation) -> None:
    world = a_ready_world(databases)
    campaign = world.draft()
    asked(world, campaign)
    world.launch(campaign)
    with world.as_partner() as session:
        funding.launch_without_funding(session, world.partner, campaign.public_id)
    assert world.reread(campaign).status is _S.SCHEDULED


def test_a_granted_certificate_is_reserved_at_launch_and_free_after_cancel(databases: Installation) -> None:
    world = a_ready_world(databases)
    world.price()
    fund = world.fund()
    with world.as_partner() as session:
        wanted = Ask(world.vendor.organisation_id, fund.public_id, 10_000, "1")
        certificate_id = requests.ask(session, world.partner, wanted).certificate_id
    campaign = world.launched()
    assert world.reread(campaign).certificate_id == certificate_id
    assert line_of(world, campaign).reserved_amount == 30
    with world.as_partner() as session:
        service.cancel(session, world.partner, campaign.public_id)
    assert money_of(world) == (10_000, 0)


def test_money_granted_during_a_suspension_waits_for_its_end(databases: Installation) -> None:
    world = a_ready_world(databases)
    campaign = world.draft()
    request = asked(world, campaign)
    world.launch(campaign)
    with world.as_vendor() as session:
        requests.approve(session, world.vendor, request.public_id)
        partnership = find_partnership_with(session, world.vendor, world.partner.organisation_id)
        partners.suspend(session, world.vendor, partnership.public_id)
    assert funding.start_funded(databases.worker, request.id) == 0
    assert world.reread(campaign).status is _S.WAITING_FOR_FUNDING
    with world.as_vendor() as session:
        partners.resume(session, world.vendor, partnership.public_id)
    ids = {"vendor_id": world.vendor.organisation_id, "partner_id": world.partner.organisation_id}
    assert funding.recheck_funding(databases.worker, **ids) == 1
    assert world.reread(campaign).status is _S.SCHEDULED


def test_when_a_partnership_ends_what_had_not_begun_is_cancelled(databases: Installation) -> None:
    world, running = _running(databases)
    scheduled = world.launched()
    with world.as_vendor() as session:
        partnership = find_partnership_with(session, world.vendor, world.partner.organisation_id)
        partners.end(session, world.vendor, partnership.public_id)
    ids = {"vendor_id": world.vendor.organisation_id, "partner_id": world.partner.organisation_id}
    assert funding.recheck_funding(databases.worker, **ids) == 2
    assert world.reread(scheduled).status is _S.CANCELLED
    assert world.reread(running).status is _S.RUNNING
    touches = world.touches(running)
    assert touches["invite"].status is TouchStatus.RUNNING
    assert touches["reminder"].status is TouchStatus.SKIPPED
