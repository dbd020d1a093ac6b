"""What the example world has not by itself: a campaign in every state and a launch at every step."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import addresses, clock
from tcma.audiences import files, imports, reading
from tcma.audiences import service as audiences
from tcma.bench.browser.stop import Stop, press, send
from tcma.funds import offers, requests
from tcma.funds.models import Certificate, CertificateStatus
from tcma.installation import Installation
from tcma.kits.models import KitVersion
from tcma.launches import drafts, endings, launching, schedule, telling
from tcma.launches.models import Campaign, CampaignTouch, StopReason, TouchStatus
from tcma.launches.obstacles import SkipReason
from tcma.launches.setup import Step
from tcma.launches.states import next_mail
from tcma.organisations import queries as organisations
from tcma.organisations.models import Membership, Organisation, User
from tcma.seed import history
from tcma.seed.people import World
from tcma.viewer import Role

PARTNER, VENDOR, OWNER = "kestrel-networks", "northwind-security", "priya.shah@kestrel-networks.example"
NEWCOMER = "nora.neu@fresh-start.example"  # has nothing and never did anything
NEW_PARTNER, BEGINNER = "first-steps", "finn@first-steps.example"  # pressed "Launch this kit"
TO_WAIT_FOR = 60_000  # more than the fund's rule grants at once
VISITORS = """Mail;Wer;Firma;Notiz
clara.west@aire-print.example;Clara West;Aire Print;Stand 4
no-address-here;Tom Hale;Otley Metal;
clara.west@aire-print.example;Clara West;Aire Print;twice
ben.dale@wharfe-optik.example;Ben Dale;Wharfe Optik;
ida.moor@;Ida Moor;Ilkley Trade;call back
"""


def add(installation: Installation) -> list[Stop]:
    """Make them for a firm whose own pages no other walk shows, and say where each can be seen."""
    world = World(installation, {}, Random(7))
    with installation.owner.reading() as session:
        for slug, email in ((PARTNER, OWNER), (NEW_PARTNER, BEGINNER)):
            world.viewers[slug] = organisations.viewer_for(session, email, slug)
        offered = list(_offered(session))
    return [*offered, *_campaigns(world), *_steps(world)]


def owner_of(session: Session, slug: str) -> str:
    """The address of the firm's first owner."""
    return session.scalars(
        select(User.email)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Organisation.slug == slug, Membership.role == Role.OWNER)
        .order_by(Membership.id)
        .limit(1)
    ).one()


def _offered(session: Session) -> Iterator[Stop]:
    """A certificate of the example world whose terms wait for somebody."""
    found = session.execute(
        select(Certificate.public_id, Organisation.slug)
        .join(Organisation, Organisation.id == Certificate.partner_id)
        .where(Certificate.status == CertificateStatus.OFFERED)
        .order_by(Certificate.id)
        .limit(1)
    )
    for public_id, slug in found:
        where, owner = addresses.certificate(slug, public_id), owner_of(session, slug)
        yield Stop("state/certificate-offered", where, owner)
        yield Stop("state/certificate-decline", f"{where}/decline", owner)


def _campaigns(world: World) -> list[Stop]:
    made = {
        state: history.launch(world, PARTNER, VENDOR, name)
        for state, name in (
            ("finished", "Spring letters"),
            ("recalled", "Old checklist"),
            ("stopped", "Firms of Airedale"),
            ("missed", "Dales and Pennines"),
        )
    }
    history.run(world)
    with world.installation.owner.transaction() as session:
        for state, campaign in made.items():
            _bring(session, session.get_one(Campaign, campaign.id), state)
    schedule.start_due(world.installation.worker)  # finds what missed its time
    made["waiting"] = _waiting(world)
    made["sending"] = history.launch(world, PARTNER, VENDOR, "Ransomware, second wave")
    schedule.start_due(world.installation.worker)
    planned = history.launch(world, PARTNER, VENDOR, "Letters for later", starts=None)
    found = [_at(f"campaign-{state}", campaign) for state, campaign in made.items()]
    sending = found[-1]
    with world.installation.owner.reading() as session:
        late = next_mail(session.get_one(Campaign, made["missed"].id).touches)
        assert late is not None  # it missed its time a moment ago
        leave_out = f"{found[list(made).index('missed')].path}/messages/{late.key}/skip"
    return [
        *found,
        _at("campaign-planned", planned),
        Stop("state/change-time", f"{_at('', planned).path}/time", OWNER),
        Stop("state/leave-out", leave_out, OWNER),
        Stop("state/progress-alone", f"{sending.path}/progress", OWNER),
        Stop("state/dialog-cancel-the-rest", sending.path, OWNER, press("#cancel")),
        Stop("state/campaigns-of-every-state", f"/p/{PARTNER}/campaigns?view=all", OWNER),
        Stop("state/home-with-trouble", f"/p/{PARTNER}/", OWNER),
    ]


def _bring(session: Session, campaign: Campaign, state: str) -> None:
    """What days, a vendor or a full mailbox would have brought about."""
    now = clock.now(session)
    touches = schedule.lock_touches(session, campaign)
    waiting = next(touch for touch in touches if touch.kind == schedule.EMAIL and touch.waiting_count)
    match state:
        case "recalled":
            endings.recall(session, campaign)
        case "stopped":
            campaign.stop(StopReason.BAD_ADDRESSES, "4 of 25 addresses do not exist. Check your list.")
            telling.stopped(session, campaign, waiting, count=4, of=25)
        case "missed":
            waiting.due_at = now - schedule.LATEST - timedelta(minutes=10)
        case "finished":
            for touch in touches:
                _end(session, touch)
            campaign.finish(now)


def _end(session: Session, touch: CampaignTouch) -> None:
    if touch.status is TouchStatus.PENDING:
        touch.run()
        endings.skip_queued(session, touch, SkipReason.CLICKED)
    if touch.status is TouchStatus.RUNNING:
        touch.complete(clock.now(session))


def _waiting(world: World) -> Campaign:
    """Launched, and its money is more than a rule may grant."""
    viewer, installed = world.viewer(PARTNER), world.installation
    campaign = history.draft(world, PARTNER, VENDOR, "Half-price breakfast")
    with installed.web.transaction(viewer.organisation_id) as session:
        vendor = organisations.find_organisation(session, VENDOR)
        offer = offers.offers_for(session, viewer, vendor.id)[0]
        asked = requests.ask(
            session,
            viewer,
            requests.Ask(vendor.id, offer.fund_id, TO_WAIT_FOR, offer.terms_version, why="Forty firms."),
        )
        drafts.set_funding(session, viewer, campaign.public_id, request_id=asked.public_id)
    return launching.launch(
        installed.web, viewer, installed.storage, installed.settings, campaign.public_id
    ).campaign


def _steps(world: World) -> list[Stop]:
    """Every step of a launch: of a newcomer who has nothing, with an uploaded file, ready, and by link alone."""
    web, viewer = world.installation.web, world.viewer(PARTNER)
    ready = history.draft(world, PARTNER, VENDOR, "Autumn letters")
    uploaded = history.draft(world, PARTNER, VENDOR, "Fair visitors")
    by_link = history.draft(world, PARTNER, VENDOR, "On our own pages")
    _upload(world, uploaded)
    with web.transaction(viewer.organisation_id) as session:
        drafts.set_link_only(session, viewer, by_link.public_id)
    empty = _empty(world)
    found = [
        *(_step("ready", ready, step) for step in Step),
        *(_step("empty", empty, step, NEW_PARTNER, BEGINNER) for step in Step),
        _step("uploaded", uploaded, Step.AUDIENCE),
        _step("uploaded", uploaded, Step.LAUNCH),
        _step("link-only", by_link, Step.AUDIENCE),
        _step("link-only", by_link, Step.LAUNCH),
    ]
    launch = _step("ready", ready, Step.LAUNCH).path
    blocked = _step("empty", empty, Step.LAUNCH, NEW_PARTNER, BEGINNER).path
    brand = _step("ready", ready, Step.BRAND).path
    return [
        *found,
        Stop("step/dialog-launch", launch, OWNER, press("#launch")),
        Stop("step/problem-launch-too-early", blocked, BEGINNER, press("#launch")),
        Stop("step/problem-brand", brand, OWNER, send("#brand-form", contact_email="marc at harbour")),
        Stop("step/preview-page", brand, OWNER, press(".preview-top .tabs li:last-child a")),
        Stop("step/preview-opened", brand, OWNER, press(".setup-look")),
        Stop(
            "step/preview-dark-phone", f"{launch}?device=phone&scheme=dark", OWNER
        ),  # the choice stays for later pages
    ]


def _empty(world: World) -> Campaign:
    """A draft as one press on "Launch this kit" makes it."""
    viewer, installed = world.viewer(NEW_PARTNER), world.installation
    with installed.owner.reading() as session:
        version = session.scalars(
            select(Campaign.kit_version_id).where(Campaign.name == "Autumn letters")
        ).one()
        public_id = session.get_one(KitVersion, version).public_id
    return drafts.start(installed.web, viewer, installed.storage, public_id)


def _upload(world: World, campaign: Campaign) -> None:
    """A file whose columns nobody would guess, with rows that cannot be used, and no basis yet."""
    viewer, web = world.viewer(PARTNER), world.installation.web
    file = BytesIO(VISITORS.encode())
    opened = files.look_into(file, "fair.csv")
    with web.transaction(viewer.organisation_id) as session:
        target = audiences.make_list(session, viewer, "Fair visitors")
        begun = imports.begin(session, viewer, target, opened, stated=None)
        drafts.set_audience(session, viewer, campaign.public_id, target.public_id)
    reading.carry_on(
        web, viewer.organisation_id, begun.id, file, hash_key=world.installation.settings.hash_key
    )


def _at(name: str, campaign: Campaign) -> Stop:
    return Stop(f"state/{name}", addresses.campaign(PARTNER, campaign.public_id), OWNER)


def _step(name: str, campaign: Campaign, step: Step, partner: str = PARTNER, email: str = OWNER) -> Stop:
    path = f"{addresses.campaign(partner, campaign.public_id)}/setup/{step.value}"
    return Stop(f"step/{name}-{step.value}", path, email)
