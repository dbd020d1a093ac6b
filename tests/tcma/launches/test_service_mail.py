"""What a person asked for: outside the figures, before the rest, once."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.mail_choice import MailChoice
from campaigns.providers.memory import MemoryProvider
from tcma import clock
from tcma.audiences import preferences, suppression
from tcma.audiences.models import Contact, SuppressionReason
from tcma.bench.send_world import World
from tcma.config import ROOT
from tcma.funds.models import CostLine
from tcma.kits.models import KitVersion, VersionStatus
from tcma.launches import endings, service_mail
from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass
from tcma.launches.models import Campaign, CampaignStatus
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign, assert_figures_hold, send, touch

D = DeliveryStatus


def ask(installation: Installation, world: World, occasion: int = 1, person: int = 0) -> int | None:
    with installation.web.transaction(world.partner_id) as session:
        return service_mail.queue(
            session,
            partner_id=world.partner_id,
            campaign_id=world.campaign_id,
            touch_id=world.touch_ids[0],
            contact_id=world.contact_ids[person],
            artefact_id=world.artefact_ids[0],
            occasion=occasion,
        )


def status(installation: Installation, delivery_id: int | None) -> DeliveryStatus:
    with installation.worker.reading() as session:
        return session.scalars(select(Delivery.status).where(Delivery.id == delivery_id)).one()


def test_it_goes_before_marketing_mail_and_stays_out_of_figures_and_money(databases: Installation) -> None:
    world = a_running_campaign(databases, people=100, price=10_000_000)
    delivery_id = ask(databases, world)
    provider = MemoryProvider()

    send(databases, provider)

    assert provider.sent[0].delivery_id == delivery_id
    with databases.worker.reading() as session:
        counted = session.scalars(
            select(Delivery.id).where(Delivery.message_class == MessageClass.MARKETING)
        ).all()
        assert session.scalars(select(CostLine.units)).one() == len(counted) == 100
    found = touch(databases, world.touch_ids[0])
    assert (found.sent_count, found.people_count) == (100, 100)


def test_asking_twice_queues_once(databases: Installation) -> None:
    world = a_running_campaign(databases, people=1)

    assert ask(databases, world) is not None
    assert ask(databases, world) is None
    assert ask(databases, world, occasion=2) is not None


R, C = SuppressionReason, MailChoice
OURS = (R.UNSUBSCRIBED, R.COMPLAINED, R.BOUNCED, R.IMPORTED, R.BY_HAND)
OTHERS = (R.UNSUBSCRIBED, R.COMPLAINED, R.BOUNCED)
HARD = {R.COMPLAINED, R.BOUNCED}
SAID: list[tuple[str, SuppressionReason | MailChoice | None]] = [
    ("nothing", None),
    *(("choice", choice) for choice in (C.INVITATIONS, C.PAUSE)),
    *(("partner", reason) for reason in OURS),
    *(("programme", reason) for reason in OTHERS),
    *(("platform", reason) for reason in OTHERS),
]


def says(session: Session, world: World, person: int, by: str, what: SuppressionReason | MailChoice) -> None:
    address_hash = session.get_one(Contact, world.contact_ids[person]).address_hash
    at = clock.now(session)
    if isinstance(what, MailChoice):
        preferences.set_choice(session, world.partner_id, address_hash, what, at)
    elif by == "partner":
        suppression.suppress(session, world.partner_id, address_hash, what, at)
    elif by == "programme":
        suppression.suppress_for_programme(session, world.vendor_id, address_hash, what, at)
    else:
        suppression.suppress_everywhere(session, address_hash, what, at)


def test_it_passes_all_that_stops_marketing_but_complaints_and_bounces(databases: Installation) -> None:
    world = a_running_campaign(databases, people=len(SAID))
    asked = {person: ask(databases, world, person=person) for person in range(len(SAID))}
    with databases.worker.transaction() as session:
        for person, (by, what) in enumerate(SAID):
            if what is not None:
                says(session, world, person, by, what)

    send(databases)

    goes = {said: status(databases, asked[person]) for person, said in enumerate(SAID)}
    assert goes == {said: D.SKIPPED if said[1] in HARD else D.SENT for said in SAID}
    with databases.worker.reading() as session:
        marketing = session.scalars(
            select(Delivery.status)
            .where(Delivery.message_class == MessageClass.MARKETING)
            .order_by(Delivery.contact_id)
        ).all()
    assert marketing == [D.SENT, *[D.SKIPPED] * (len(SAID) - 1)]


def test_there_is_one_way_to_queue_it_so_that_this_holds_for_all_of_it() -> None:
    """Confirmations, a webinar's mails and whatever comes: no other place writes deliveries but the launch."""
    writers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tcma").rglob("*.py")
        if re.search(r"insert(_into)?\((session, )?Delivery\)", path.read_text())
    }
    assert writers == {
        "tcma/launches/expand.py",
        "tcma/launches/service_mail.py",
        "tcma/bench/send_world.py",
    }


def assert_figures_of_marketing_hold(installation: Installation, world: World) -> None:
    found = touch(installation, world.touch_ids[0])
    assert found.people_count == 1
    assert found.queued_count + found.sent_count + found.skipped_count == 1


@pytest.mark.parametrize("now", CampaignStatus)
def test_what_was_asked_for_goes_whatever_became_of_the_campaign(
    database: Installation, now: CampaignStatus
) -> None:
    world = a_running_campaign(database, people=1)
    delivery_id = ask(database, world)
    with database.worker.transaction() as session:
        session.get_one(Campaign, world.campaign_id).status = now

    send(database)

    assert status(database, delivery_id) is D.SENT


@pytest.mark.parametrize("before", [CampaignStatus.RUNNING, CampaignStatus.FINISHED, CampaignStatus.DRAFT])
def test_it_is_left_out_when_the_kit_version_is_recalled(
    databases: Installation, before: CampaignStatus
) -> None:
    world = a_running_campaign(databases, people=1)
    delivery_id = ask(databases, world)
    with databases.worker.transaction() as session:
        session.get_one(Campaign, world.campaign_id).status = before
        session.get_one(KitVersion, world.kit_version_id).status = VersionStatus.RECALLED

    send(databases)
    assert status(databases, delivery_id) is D.QUEUED
    is_live = before is CampaignStatus.RUNNING
    assert endings.stop_recalled(databases.worker, world.kit_version_id) == int(is_live)

    assert status(databases, delivery_id) is D.SKIPPED
    assert_figures_of_marketing_hold(databases, world)


def test_an_occasion_of_the_sequence_is_refused(database: Installation) -> None:
    world = a_running_campaign(database, people=1)
    with pytest.raises(ValueError, match="occasion"):
        ask(database, world, occasion=0)
    assert_figures_hold(database, world.touch_ids[0])
