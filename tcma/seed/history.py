"""What happened in the example world during the last two weeks: sent, clicked, answered, left."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaigns.links import Purpose
from tcma import addresses, clock
from tcma.audiences.models import Contact
from tcma.jobs.leases import Lease
from tcma.kits import queries as kits
from tcma.launches import drafts, endings, events, launching, schedule, sending, service, soft_start
from tcma.launches.deliveries import Delivery, DeliveryStatus
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, TouchStatus
from tcma.launches.ways_out import MailComposer, open_provider
from tcma.leads import queries as leads
from tcma.leads import service as lead_work
from tcma.notices import sending as notices
from tcma.organisations import queries as organisations
from tcma.organisations import recipients
from tcma.seed import people, webinars
from tcma.seed.people import MIDMARKET_KIT, STARTER_KIT, World
from tcma.web import create_app

BROWSER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Safari/605.1.15"
DAY = timedelta(days=1)


def make(world: World, report: Callable[[str], None]) -> None:
    """From a fortnight ago, where the clock stands, until now."""
    people.ask_for_funding(world, "harbour-it", "northwind-security", 40_000)
    people.ask_for_funding(world, "bergblick-systeme", "northwind-security", 30_000)
    people.ask_for_funding(world, "polder-systems", "tidewater-backup", 25_000)
    first = launch(world, "harbour-it", "northwind-security", "Ransomware autumn")
    run(world)
    _react(world, first, clicks=14, answers=6, leaves=2, bounces=1)
    report("Harbour IT: first campaign running, first answers in")
    _days(world, 5)
    paused = launch(world, "kestrel-networks", "northwind-security", "Stop ransomware, Leeds")
    gone = launch(world, "polder-systems", "tidewater-backup", "Test run")
    run(world)
    _react(world, paused, clicks=8, answers=2, leaves=1, bounces=0)
    _act(world, "kestrel-networks", service.pause, paused)
    _act(world, "polder-systems", service.cancel, gone)
    _days(world, 6)
    _react(world, first, clicks=4, answers=2, leaves=0, bounces=0)
    running = launch(world, "bergblick-systeme", "northwind-security", "Ransomware stoppen", ["en", "de"])
    run(world)
    _react(world, running, clicks=11, answers=5, leaves=1, bounces=1)
    _work_leads(world, "harbour-it")
    report("Bergblick Systeme: English and German, running; Kestrel Networks: paused")
    _days(world, 3)
    people.ask_for_funding(world, "cote-reseau", "northwind-security", 20_000)
    launch(world, "harbour-it", "tidewater-backup", "Backups before winter", starts=None)
    draft(world, "lakeside-digital", "tidewater-backup", "Small firms, Dane County")
    launch(
        world,
        "cote-reseau",
        "northwind-security",
        "Se connecter sans mot de passe",
        ["fr"],
        kit=MIDMARKET_KIT.name,
    )
    run(world)
    report(
        "Harbour IT: a second vendor's campaign scheduled; Lakeside Digital: a draft; Côté Réseau: in French"
    )


def draft(
    world: World,
    partner: str,
    vendor: str,
    name: str,
    locales: list[str] | None = None,
    kit: str = STARTER_KIT.name,
) -> Campaign:
    viewer, files = world.viewer(partner), world.installation.storage
    web = world.installation.web
    with web.reading(viewer.organisation_id) as session:
        other = organisations.find_organisation(session, vendor)
        found = kits.find_kit(session, viewer, kit, other.id)
        version = kits.find_launchable(session, viewer, found.id)
    campaign = drafts.draft(web, viewer, files, version.public_id, name=name)
    if locales:
        drafts.set_locales(web, viewer, files, campaign.public_id, locales)
    with web.transaction(viewer.organisation_id) as session:
        drafts.set_audience(session, viewer, campaign.public_id, people.list_of(world, viewer).list.public_id)
    webinars.set_day(world, viewer, campaign)
    return campaign


def launch(
    world: World,
    partner: str,
    vendor: str,
    name: str,
    locales: list[str] | None = None,
    starts: str | None = "now",
    kit: str = STARTER_KIT.name,
) -> Campaign:
    campaign = draft(world, partner, vendor, name, locales, kit)
    viewer, installed = world.viewer(partner), world.installation
    if starts == "now":
        with installed.web.transaction(viewer.organisation_id) as session:
            drafts.set_start(session, viewer, campaign.public_id, now=True)
    return launching.launch(
        installed.web, viewer, installed.storage, installed.settings, campaign.public_id
    ).campaign


def run(world: World) -> None:
    """What the worker does, in this process: start what is due, send it, finish what is over."""
    installed = world.installation
    database = installed.worker
    composer = MailComposer(database, installed.storage, installed.signer, installed.settings)
    provider = open_provider(installed.settings, installed.storage)
    lease = Lease(database, installed.settings.lease)
    try:
        schedule.start_due(database)
        while True:
            lane = sending.run_lane(database, composer, provider, lease, installed.settings, lambda: False)
            soft_start.review(database, wait=0.0)
            if not lane.handled_count:
                break
        sending.complete_idle(database)
        endings.finish_due(database)
        notices.gather(database)
        writer = notices.Writer.of(installed.settings, installed.signer)
        notices.send_waiting(database, provider, writer, recipients.present)
    finally:
        lease.sign_off()
        provider.close()


def _days(world: World, count: int) -> None:
    """Let days pass; every mail goes out on its minute."""
    with world.installation.worker.reading() as session:
        end = clock.now(session) + count * DAY
    while (due_at := _next_due(world, end)) is not None:
        _move_to(world, due_at + timedelta(seconds=30))
        run(world)
    _move_to(world, end)
    run(world)


def _next_due(world: World, before: datetime) -> datetime | None:
    with world.installation.worker.reading() as session:
        return session.scalar(
            select(func.min(CampaignTouch.due_at))
            .join(Campaign, Campaign.id == CampaignTouch.campaign_id)
            .where(
                CampaignTouch.status == TouchStatus.PENDING,
                Campaign.status.in_((CampaignStatus.SCHEDULED, CampaignStatus.RUNNING)),
                CampaignTouch.due_at <= before,
            )
        )


def _move_to(world: World, moment: datetime) -> None:
    with world.installation.worker.reading() as session:
        now = clock.now(session)
    _move(world, moment - now)


def _move(world: World, by: timedelta) -> None:
    with world.installation.owner.transaction() as session:
        clock.advance(session, by)


def _act(world: World, partner: str, deed: Callable[..., Campaign], campaign: Campaign) -> None:
    viewer = world.viewer(partner)
    with world.installation.web.transaction(viewer.organisation_id) as session:
        deed(session, viewer, campaign.public_id)


def _react(world: World, campaign: Campaign, *, clicks: int, answers: int, leaves: int, bounces: int) -> None:
    """Some people of the mails that are out do something, through the pages as anybody would."""
    installed = world.installation
    with installed.worker.reading() as session:
        rows = session.execute(
            select(Delivery, Contact)
            .join(Contact, Contact.id == Delivery.contact_id)
            .where(
                Delivery.campaign_id == campaign.id,
                Delivery.status == DeliveryStatus.SENT,
                Delivery.clicked_at.is_(None),
                Delivery.occasion == 0,
            )
            .order_by(Delivery.id)
        ).all()
    chosen = world.chance.sample(list(rows), min(len(rows), clicks + leaves + bounces))
    bounced = {delivery.id for delivery, _ in chosen[:bounces]}
    with installed.worker.transaction() as session:
        at = clock.now(session)
        events.apply(
            session,
            [
                {
                    "delivery_id": delivery.id,
                    "kind": "bounced" if delivery.id in bounced else "delivered",
                    "at": at,
                }
                for delivery, _ in rows
            ],
        )
    _move(world, timedelta(hours=3))
    client = create_app(installed).test_client()
    for delivery, _ in chosen[bounces : bounces + leaves]:
        client.post(addresses.unsubscribe(_token(world, Purpose.UNSUBSCRIBE, delivery)))
    for number, (delivery, contact) in enumerate(chosen[bounces + leaves :]):
        page = _click(client, world, delivery)
        if number < answers and page is not None:
            _answer(client, page, contact, agrees=number % 2 == 0)
    run(world)
    _move(world, timedelta(hours=-3))


def _token(world: World, purpose: Purpose, delivery: Delivery) -> str:
    return world.installation.signer.token(purpose, delivery.partner_id, delivery.artefact_id, delivery.id)


def _click(client: FlaskClient, world: World, delivery: Delivery) -> tuple[str, str] | None:
    """The main link of a mail followed to the page: its path and its text."""
    found = client.get(
        addresses.click(_token(world, Purpose.CLICK, delivery), 0), headers={"User-Agent": BROWSER}
    )
    base = world.installation.settings.base_url
    target = found.headers.get("Location", "")
    if not target.startswith(base):
        return None
    path = target.removeprefix(base)
    return path, client.get(path, headers={"User-Agent": BROWSER}).get_data(as_text=True)


def _answer(client: FlaskClient, page: tuple[str, str], contact: Contact, *, agrees: bool) -> None:
    path, text = page
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    options = re.findall(r"<option>([^<]+)</option>", text)
    ticks = dict(re.findall(r'<input type="checkbox" id="[^"]*" name="([^"]+)" value="([^"]+)"', text))
    form = {name: unescape(value) for name, value in hidden.items()}
    form |= {
        "email": contact.address_typed,
        "name": f"{contact.first_name} {contact.last_name}",
        "company": contact.company,
        "employees": unescape(options[min(2, len(options) - 1)]) if options else contact.employees,
    }
    if agrees:
        form |= ticks
    client.post(path.partition("?")[0], data=form, headers={"User-Agent": BROWSER})


def _work_leads(world: World, partner: str) -> None:
    """The partner's sales people accept some and speak to a few."""
    viewer = world.viewer(partner)
    web = world.installation.web
    with web.reading(viewer.organisation_id) as session:
        found = [line.lead.public_id for line in leads.leads_for(session, viewer)]
    for number, public_id in enumerate(found[:5]):
        with web.transaction(viewer.organisation_id) as session:
            lead_work.accept(session, viewer, public_id)
            if number < 3:
                lead_work.contacted(session, viewer, public_id, "Called; wants a check in January.")
