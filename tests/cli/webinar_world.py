"""The world with a webinar in it: one that is announced and has registrants, one that is a draft, and a reply."""

import re
from datetime import datetime, timedelta
from html import unescape

from sqlalchemy import select

from campaigns.replies import Kind
from tcma import addresses, clock, storage
from tcma.installation import Installation
from tcma.launches.deliveries import Delivery
from tcma.launches.models import Campaign
from tcma.replies import intake
from tcma.replies.models import Reply
from tests.campaigns.webinar_kit import webinar_files
from tests.cli.world import BROWSER, HANNA, NORA, World, address, work
from tests.web.apps import app_of

WEBINAR_KIT = "watch-live"
ROOM = "https://meet.example/j/8123456"
REGISTERED = (0, 3)  # canaries with a seat, who are leads already
LATE = address(3)
ATTENDED = f"Name,Email,Duration\nOne,{address(0)},38\nHost,host@elsewhere.example,52\n"


def with_a_webinar(world: World) -> World:
    """`world` must be a copy: this adds to it."""
    ask, folder = world.shell.ask, world.files / WEBINAR_KIT
    for name, content in _of_the_partner_alone().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (world.files / "attendance.csv").write_text(ATTENDED)
    ask("kit", "import", str(folder), acting=NORA)
    ask("kit", "publish", WEBINAR_KIT, acting=NORA)
    world.webinar, world.webinar_draft = (_planned(world, name) for name in ("Live", "Next live"))
    ask("campaign", "launch", world.webinar, acting=HANNA)
    installed = world.shell.installation()
    for number in REGISTERED:
        _register(world, installed, number)
    world.reply = _a_reply(installed, world.campaign)
    installed.dispose()
    work(world.shell)
    return world


def in_days(world: World, days: int) -> str:
    """A local time that many days ahead of the installation's clock."""
    installed = world.shell.installation()
    with installed.worker.reading() as session:
        now = clock.now(session)
    installed.dispose()
    return f"{now + timedelta(days=days):%Y-%m-%d}T14:00"


def when_it_is_over(world: World) -> None:
    begins = world.shell.ask("webinar", "show", world.webinar, acting=HANNA)["at"]
    later = datetime.fromisoformat(begins) + timedelta(hours=6)
    world.shell.ask("clock", "to", f"{later:%Y-%m-%dT%H:%M}")


def with_the_attendance_list(world: World) -> None:
    when_it_is_over(world)
    world.shell.ask("webinar", "attendance", world.webinar, str(world.files / "attendance.csv"), acting=HANNA)


def _of_the_partner_alone() -> dict[str, bytes]:
    """The kit of the tests without the vendor as host, who would be told who registers."""
    files = webinar_files()
    files["kit.yml"] = files["kit.yml"].replace(b"lead_visibility: named_by_notice\n", b"")
    files["webinar.yml"] = files["webinar.yml"].replace(b"host: joint", b"host: partner")
    return files


def _planned(world: World, name: str) -> str:
    ask = world.shell.ask
    made = ask(
        *("campaign", "draft", WEBINAR_KIT, "--name", name, "--list", "Harbour customers"),
        *("--start", "now"),
        acting=HANNA,
    )["campaign"]
    ask(
        *("webinar", "set", made, "--at", in_days(world, 21), "--zone", "Europe/Zurich", "--room", ROOM),
        *("--host", "Marc Keller"),
        acting=HANNA,
    )
    return str(made)


def _register(world: World, installed: Installation, number: int) -> None:
    client, path = app_of(installed).test_client(), addresses.webinar("harbour-it", world.webinar)
    headers = {"User-Agent": BROWSER}
    hidden = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', client.get(path, headers=headers).text
    )
    form = {name: unescape(value) for name, value in hidden}
    form |= {"email": address(number), "zone": "Europe/Zurich", "reminders": "1", "do": "seat"}
    done = client.post(path, data=form, headers=headers)
    assert done.status_code == 303, done.text[:500]


def _a_reply(installed: Installation, slug: str) -> str:
    """Canary 7 wrote back."""
    with installed.worker.transaction() as session:
        mail = session.scalars(
            select(Delivery)
            .join(Campaign, Campaign.id == Delivery.campaign_id)
            .where(Campaign.slug == slug)
            .order_by(Delivery.id)
            .offset(7)
            .limit(1)
        ).one()
        row = Reply(
            partner_id=mail.partner_id,
            campaign_id=mail.campaign_id,
            touch_id=mail.touch_id,
            delivery_id=mail.id,
            contact_id=mail.contact_id,
            natural_key=b"written back".ljust(16),
            kind=Kind.PERSON,
            address=address(7),
            subject="Re: Monday",
            text="Call me on Thursday.",
            kept_as=storage.keep(installed.storage, intake.FILES, mail.partner_id, b"Subject: Re\r\n\r\n"),
            at=clock.now(session),
        )
        session.add(row)
        session.flush()
        return str(row.public_id)
