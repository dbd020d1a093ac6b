"""A launch that was taken back, with its money, and made again."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from tcma.audit.models import AuditEntry
from tcma.funds import requests
from tcma.funds import service as funds
from tcma.funds.models import Certificate, FundingRequest, LineStatus
from tcma.funds.requests import Ask
from tcma.jobs.rows import RowsFailed
from tcma.launches import funding, queries, schedule, service
from tcma.launches.deliveries import DeliveryStatus
from tcma.launches.models import Campaign, TouchStatus
from tcma.launches.models import CampaignStatus as _S
from tests.installation import Installation
from tests.tcma.launches.ready import TUESDAY, a_ready_world, asked, line_of, money_of
from tests.tcma.launches.world import World


def test_a_launch_taken_back_frees_its_money_and_may_be_made_again_with_more_people(
    databases: Installation,
) -> None:
    world = a_ready_world(databases)
    world.price()
    fund = world.fund()
    with world.as_partner() as session:
        wanted = Ask(world.vendor.organisation_id, fund.public_id, 10_000, "1")
        requests.ask(session, world.partner, wanted)
    campaign = world.launched(wall=TUESDAY)
    for people in (["dora@firm.example"], ["emil@firm.example", "fay@firm.example"]):
        with world.as_partner() as session:
            service.return_to_draft(session, world.partner, campaign.public_id)
        assert money_of(world) == (10_000, 0)
        world.people(people)
        messages = world.launch(campaign).message_count
        assert money_of(world) == (10_000 - 5 * messages, 5 * messages)
    assert messages == 12
    assert line_of(world, campaign).planned_units == 12


def test_money_asked_for_after_a_launch_was_taken_back_is_waited_for_again(databases: Installation) -> None:
    world = a_ready_world(databases)
    world.price()
    campaign = world.launched(wall=TUESDAY)
    assert line_of(world, campaign).certificate_id is None
    with world.as_partner() as session:
        service.return_to_draft(session, world.partner, campaign.public_id)
    declined = asked(world, campaign)
    assert world.launch(campaign).campaign.status is _S.WAITING_FOR_FUNDING
    with world.as_vendor() as session:
        requests.decline(session, world.vendor, declined.public_id, "Not this quarter.")
    assert funding.recheck_funding(databases.worker, request_id=declined.id) == 1
    assert line_of(world, campaign).status is LineStatus.RELEASED
    approved = asked(world, campaign)
    world.launch(campaign)
    with world.as_vendor() as session:
        requests.approve(session, world.vendor, approved.public_id)
    assert funding.start_funded(databases.worker, approved.id) == 1
    line = line_of(world, campaign)
    assert (line.status, line.certificate_id) == (LineStatus.RESERVED, world.reread(campaign).certificate_id)
    assert money_of(world) == (10_000 - 30, 30)


def test_a_draft_that_was_launched_once_can_be_cancelled(database: Installation) -> None:
    world = a_ready_world(database)
    campaign = world.launched(wall=TUESDAY)
    with world.as_partner() as session:
        service.return_to_draft(session, world.partner, campaign.public_id)
        service.cancel(session, world.partner, campaign.public_id)
    assert line_of(world, campaign).status is LineStatus.RELEASED


def test_a_mail_that_was_left_out_is_part_of_the_next_launch_again(databases: Installation) -> None:
    world = a_ready_world(databases)
    campaign = world.launched(wall=TUESDAY)
    with world.as_partner() as session:
        service.skip_touch(session, world.partner, campaign.public_id, "invite")
    with world.as_partner() as session:
        service.return_to_draft(session, world.partner, campaign.public_id)
    for touch in world.touches(campaign).values():
        if touch.kind == schedule.EMAIL:
            assert (touch.status, touch.skipped_count, touch.people_count) == (TouchStatus.PENDING, 0, 0)
            assert (touch.soft_start_size, touch.progress_at) == (0, None)

    assert world.launch(campaign).message_count == 6
    touches = world.touches(campaign)
    assert (touches["invite"].soft_start_size, touches["reminder"].soft_start_size) == (3, 0)
    with databases.worker.reading() as session:
        assert all(found.adds_up for found in queries.figures(session, campaign))
    world.set_clock(datetime(2026, 11, 24, 8, 30, 1, tzinfo=UTC))
    assert schedule.start_due(databases.worker) == 1
    assert world.touches(campaign)["invite"].status is TouchStatus.RUNNING
    assert {one.status for one in world.deliveries(campaign, "invite")} == {DeliveryStatus.QUEUED}


def _approved(world: World) -> tuple[Campaign, FundingRequest, Certificate]:
    """A campaign whose money was granted; its job has not come yet."""
    world.price()
    campaign = world.draft()
    request = asked(world, campaign)
    world.launch(campaign)
    with world.as_vendor() as session:
        approved = requests.approve(session, world.vendor, request.public_id)
        certificate = session.get_one(Certificate, approved.certificate_id)
    return campaign, request, certificate


def test_a_campaign_waits_while_its_certificate_is_suspended(databases: Installation) -> None:
    world = a_ready_world(databases)
    campaign, request, certificate = _approved(world)
    with world.as_vendor() as session:
        funds.suspend(session, world.vendor, certificate.public_id, "A question of finance.")
    assert funding.start_funded(databases.worker, request.id) == 0
    assert world.reread(campaign).status is _S.WAITING_FOR_FUNDING

    with world.as_vendor() as session:
        funds.resume(session, world.vendor, certificate.public_id)
    assert funding.recheck_funding(databases.worker, certificate_id=certificate.id) == 1
    assert world.reread(campaign).status is _S.SCHEDULED
    assert line_of(world, campaign).certificate_id == certificate.id


def test_a_campaign_is_a_draft_again_when_its_certificate_is_revoked_before_it_began(
    databases: Installation,
) -> None:
    world = a_ready_world(databases)
    campaign, request, certificate = _approved(world)
    with world.as_vendor() as session:
        funds.suspend(session, world.vendor, certificate.public_id, "A question of finance.")
    assert funding.start_funded(databases.worker, request.id) == 0
    with world.as_vendor() as session:
        funds.revoke(session, world.vendor, certificate.public_id, "The programme is over.")

    assert funding.recheck_funding(databases.worker, certificate_id=certificate.id) == 1
    found = world.reread(campaign)
    assert (found.status, found.request_id) == (_S.DRAFT, None)
    with databases.worker.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "campaign.funding_lost")).one()
    assert entry.detail == {"certificate": certificate.code, "reason": "revoked"}
    assert world.launch(campaign).campaign.status is _S.SCHEDULED


def test_a_campaign_whose_money_cannot_be_settled_stops_no_other(database: Installation) -> None:
    world = a_ready_world(database)
    broken, going = world.draft(wall=TUESDAY), world.draft(wall=TUESDAY)
    for campaign in (broken, going):
        asked(world, campaign)
        world.launch(campaign)
    with world.as_worker() as session:  # as a hand in the database might leave it
        session.execute(
            text("UPDATE campaign_touches SET status = 'nonsense' WHERE campaign_id = :id"), {"id": broken.id}
        )
    world.set_clock(datetime(2026, 11, 24, 8, 30, 1, tzinfo=UTC))

    with pytest.raises(RowsFailed, match="1 of 2"):
        funding.give_up_waiting(database.worker)
    assert world.reread(going).status is _S.SCHEDULED
    assert world.reread(broken).status is _S.WAITING_FOR_FUNDING
