"""A launch: exactly the eligible people, once, frozen."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import delete, func, select

from campaigns.kit.model import ConditionKind
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences import suppression
from tcma.audiences.models import Basis, SuppressionReason
from tcma.errors import Conflict, DomainError, Invalid, NotFound, Refused
from tcma.funds.models import CostLine
from tcma.kits import service as kits
from tcma.launches import artefacts, brands, drafts, launching, queries, service
from tcma.launches.deliveries import Chunk, Delivery, DeliveryStatus
from tcma.launches.launching import NotReady
from tcma.launches.models import Campaign, CampaignStatus, TouchStatus
from tcma.organisations.models import Organisation, TermsAcceptance
from tcma.partners import brands as profiles
from tcma.partners import service as partners
from tcma.partners.models import BrandProfile
from tcma.partners.queries import find_partnership_with
from tcma.storage import fetch_public
from tcma.viewer import Role
from tests.campaigns.kit_files import some_files
from tests.factories import a_partner, a_viewer
from tests.installation import Installation
from tests.tcma.launches.world import World, a_world, bilingual_files

SOON = datetime.fromisoformat("2026-11-24T09:30")


def _ready(installation: Installation, count: int = 3) -> World:
    world = a_world(installation)
    world.people(f"person{number}@firm.example" for number in range(count))
    return world


def test_a_launch_reaches_exactly_the_eligible_people(databases: Installation) -> None:
    world = _ready(databases)
    world.people(["unsure@firm.example"], Basis.NOT_SURE)
    (gone,) = world.people(["gone@firm.example"])
    key = person_key(world.settings.hash_key, "gone@firm.example")
    with world.as_partner() as session:
        suppression.suppress(
            session, world.partner.organisation_id, key, SuppressionReason.UNSUBSCRIBED, clock.now(session)
        )

    launched = world.launch(world.draft())

    assert (launched.people_count, launched.message_count) == (3, 6)
    for mail in ("invite", "reminder"):
        queued = world.deliveries(launched.campaign, mail)
        assert len(queued) == 3 and gone.id not in {delivery.contact_id for delivery in queued}
        assert {delivery.status for delivery in queued} == {DeliveryStatus.QUEUED}
    assert world.deliveries(launched.campaign, "page") == []
    with databases.worker.reading() as session:
        figures = queries.figures(session, launched.campaign)
    assert [(found.people, found.waiting, found.adds_up) for found in figures] == [(3, 3, True)] * 2


def test_after_launch_everything_is_frozen_and_due(databases: Installation) -> None:
    world = _ready(databases)
    campaign = world.launched()

    touches = world.touches(campaign)
    assert world.reread(campaign).status is CampaignStatus.SCHEDULED
    assert touches["page"].status is TouchStatus.RUNNING
    invite, reminder = touches["invite"], touches["reminder"]
    assert invite.due_local and invite.due_local.endswith("T09:30")
    assert invite.due_at and reminder.due_at
    assert (reminder.due_at - invite.due_at).days == 4
    assert (reminder.condition, reminder.condition_touch_id) == (ConditionKind.NOT_CLICKED, invite.id)
    assert (invite.soft_start_size, reminder.soft_start_size) == (3, 0)
    frozen = brands.frozen(world.reread(campaign))
    assert frozen.partner.sender_email == "post@mail.example"
    with world.as_partner() as session:
        mail = artefacts.load_artefact(
            session, world.files, world.deliveries(campaign, "invite")[0].artefact_id
        )
    assert mail.base_url == "https://go.example" and "customer of Harbour IT AG" in mail.reason
    assert len(mail.pictures) == 1  # the partner's logo
    for name in mail.pictures:
        assert fetch_public(world.files, name.partition(".")[0]).startswith(b"\x89PNG")


def test_a_launched_mail_keeps_the_picture_of_the_person_who_answered_then(database: Installation) -> None:
    files, invite, photo = some_files({}), "emails/01-invite.mjml", io.BytesIO()
    files[invite] = files[invite].replace(b'css-class="rg-figure"', b'css-class="rg-figure platform-person"')
    Image.new("RGB", (90, 90)).save(photo, "JPEG")
    world = a_world(database, files)
    world.people("anna@lindt.example")
    made = profiles.set_picture(database.web, world.partner, world.files, photo.getvalue())
    assert made.contact_picture is not None
    name = made.contact_picture["small"]["name"]
    campaign = world.launched()
    with world.as_partner() as session:
        profiles.remove_picture(session, world.partner)
        delivery = world.deliveries(campaign, "invite")[0]
        mail = artefacts.load_artefact(session, world.files, delivery.artefact_id)

    assert name in mail.pictures and f"https://go.example/i/{name}" in mail.html
    assert name in brands.frozen(world.reread(campaign)).partner.pictures
    assert fetch_public(world.files, name.partition(".")[0]).startswith(b"\xff\xd8\xff")


def test_everybody_reads_their_own_language_and_reason(databases: Installation) -> None:
    world = a_world(databases, bilingual_files())
    spoken = {"en": "en", "de": "de", "de-CH": "de", "DE_at": "de", "fr": "en", "": "en", "den": "en"}
    for language in spoken:
        world.people([f"x{language or 'none'}@firm.example".lower()], language=language)
    world.people(["asked@firm.example"], Basis.AGREED, language="de")
    campaign = world.draft()
    drafts.set_locales(databases.web, world.partner, world.files, campaign.public_id, ["en", "de"])
    world.launch(campaign)

    with world.as_partner() as session:
        mails = {
            delivery.contact_id: artefacts.load_artefact(session, world.files, delivery.artefact_id)
            for delivery in world.deliveries(campaign, "invite")
        }
    found = [mails[contact] for contact in sorted(mails)]
    assert [mail.locale for mail in found] == [*spoken.values(), "de"]
    assert "Neuigkeiten" in found[-1].reason and "Kunde" in found[1].reason
    with world.as_partner() as session:
        second = {
            artefacts.load_artefact(session, world.files, delivery.artefact_id).locale
            for delivery in world.deliveries(campaign, "reminder")
        }
    assert second == {"en"}


def test_chunks_cover_every_message_once(databases: Installation) -> None:
    world = _ready(databases, 1)
    world.many_people(1_200)
    campaign = world.launched()
    invite = world.touches(campaign)["invite"]
    with databases.worker.reading() as session:
        ranges = session.execute(
            select(Chunk.first_id, Chunk.last_id).where(Chunk.touch_id == invite.id).order_by(Chunk.first_id)
        ).all()
    ids = [delivery.id for delivery in world.deliveries(campaign, "invite")]
    assert [sum(first <= one <= last for one in ids) for first, last in ranges] == [1_000, 201]
    assert invite.soft_start_size == 25


def test_a_launch_pressed_twice_launches_once(databases: Installation) -> None:
    world = _ready(databases)
    campaign = world.draft()
    world.launch(campaign)
    with pytest.raises(Conflict, match="not a draft any more; it is scheduled"):
        world.launch(campaign)


def test_fifty_parallel_launches_launch_once(databases: Installation) -> None:
    world = _ready(databases)
    campaign = world.draft()

    def press(_: int) -> str:
        try:
            return world.launch(campaign).campaign.status.value
        except DomainError as error:
            return type(error).__name__

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(press, range(50)))

    assert results.count("scheduled") == 1 and set(results) == {"scheduled", "Conflict"}
    with databases.worker.reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 6
        assert session.scalar(select(func.count()).select_from(CostLine)) == 1


def test_a_launch_without_people_terms_or_brand_says_what_is_missing(database: Installation) -> None:
    world = a_world(database)
    campaign = world.draft()
    with pytest.raises(NotReady, match="Nobody on this list may be written to"):
        world.launch(campaign)
    with database.owner.transaction() as session:
        session.execute(delete(BrandProfile))
        session.execute(delete(TermsAcceptance))
    with pytest.raises(NotReady) as refusal:
        world.launch(campaign)
    assert {problem.path for problem in refusal.value.problems} == {"audience", "brand"}
    assert world.reread(campaign).status is CampaignStatus.DRAFT


def test_a_locked_region_is_refused_with_its_reason_and_nothing_is_kept(database: Installation) -> None:
    world = _ready(database)
    campaign = world.draft()
    with pytest.raises(Invalid, match="Figure is locked and stays as it is") as refusal:
        drafts.set_regions(
            database.web,
            world.partner,
            world.files,
            campaign.public_id,
            "en",
            {"headline": "Sleep better", "figure": "99", "nonsense": "x"},
        )
    assert set(refusal.value.fields) == {"figure", "nonsense"}
    assert world.reread(campaign).region_values == {}


def test_the_partners_words_stand_in_the_mail(database: Installation) -> None:
    world = _ready(database)
    campaign = world.draft()
    for values in ({"headline": "Sleep <b>better"}, {"lead": "Two lines."}):
        drafts.set_regions(database.web, world.partner, world.files, campaign.public_id, "en", values)
    world.launch(campaign)
    with world.as_partner() as session:
        number = world.deliveries(campaign, "invite")[0].artefact_id
        html = artefacts.load_artefact(session, world.files, number).html
    assert "Sleep &lt;b&gt;better" in html and "Sleep well" not in html


def test_a_draft_that_changes_while_it_is_launched_is_not_launched(database: Installation) -> None:
    world = _ready(database)
    campaign = world.draft()
    prepared = world.prepare(campaign)
    with world.as_partner() as session:
        drafts.rename(session, world.partner, campaign.public_id, "Another name")
    with pytest.raises(Conflict, match="changed while it was being launched"):
        world.keep(prepared)
    assert world.deliveries(campaign, "invite") == []


def test_a_person_on_a_new_basis_meanwhile_asks_for_another_look(database: Installation) -> None:
    world = _ready(database)
    prepared = world.prepare(world.draft())
    world.people(["asked@firm.example"], Basis.AGREED)
    with pytest.raises(Conflict, match="changed while it was being launched"):
        world.keep(prepared)


@pytest.mark.parametrize("race", ["withdraw", "suspend"])
def test_a_kit_or_partnership_that_closes_meanwhile_stops_the_launch(
    databases: Installation, race: str
) -> None:
    world = _ready(databases)
    campaign = world.draft()
    prepared = world.prepare(campaign)
    with world.as_vendor() as session:
        if race == "withdraw":
            kits.withdraw(session, world.vendor, world.version.public_id, "A mistake in it.")
        else:
            partnership = find_partnership_with(session, world.vendor, world.partner.organisation_id)
            partners.suspend(session, world.vendor, partnership.public_id)
    with pytest.raises(Conflict):
        world.keep(prepared)
    assert world.reread(campaign).status is CampaignStatus.DRAFT
    with pytest.raises(NotReady):
        world.launch(campaign)


def test_only_the_partners_marketers_launch(databases: Installation) -> None:
    world = _ready(databases)
    campaign = world.draft()
    with databases.owner.transaction() as session:
        stranger = a_viewer(session, a_partner(session))
    for viewer, refusal in ((world.vendor, Refused), (stranger, NotFound)):
        with pytest.raises(refusal):
            launching.launch(databases.web, viewer, world.files, world.settings, campaign.public_id)
    with databases.web.reading(stranger.organisation_id) as session:
        assert queries.campaigns_for(session, stranger) == []
        assert session.scalars(select(Campaign)).all() == []
    with world.as_vendor() as session:
        assert [found.id for found in queries.campaigns_for(session, world.vendor)] == [campaign.id]
        with pytest.raises(Refused):
            service.pause(session, world.vendor, campaign.public_id)


def test_sellers_do_not_launch(database: Installation) -> None:
    world = _ready(database)
    campaign = world.draft()
    with database.owner.transaction() as session:
        partner = session.get_one(Organisation, world.partner.organisation_id)
        seller = a_viewer(session, partner, Role.SALES)
    with pytest.raises(Refused, match="role marketer or owner"):
        launching.launch(database.web, seller, world.files, world.settings, campaign.public_id)


def test_a_launched_campaign_is_not_edited(database: Installation) -> None:
    world = _ready(database)
    campaign = world.launched()
    with world.as_partner() as session, pytest.raises(Conflict, match="return it to draft first"):
        drafts.rename(session, world.partner, campaign.public_id, "New")


def test_a_start_in_the_past_or_far_away_is_refused(database: Installation) -> None:
    world = _ready(database)
    campaign = world.draft()
    with world.as_partner() as session:
        today = clock.now(session).replace(tzinfo=None)
        for days, sentence in ((-1, "is past"), (400, "within a year")):
            with pytest.raises(Invalid, match=sentence):
                drafts.set_start(session, world.partner, campaign.public_id, today + timedelta(days=days))
