"""Two vendors, three partners and a hundred canaries, made by typing commands.

Northwind works with Harbour IT and Alpine IT, Tidewater with Polder IT; Tidewater's invitation to
Harbour IT is open. Harbour IT's list holds the canaries: people whose names, companies, numbers and
addresses stand nowhere else. Its campaign was sent; two answered, ticked that Northwind may know
them and confirmed it, one ticked and did not confirm, one ticked nothing, one left.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.links import Purpose
from campaigns.providers.base import Provider
from tcma import addresses
from tcma.audiences.models import Contact
from tcma.installation import Installation
from tcma.jobs.leases import Lease
from tcma.launches import schedule, sending, soft_start
from tcma.launches.deliveries import Delivery
from tcma.launches.ways_out import MailComposer, open_provider
from tcma.organisations import queries as organisations
from tcma.organisations import service as people
from tcma.viewer import Role
from tests.campaigns.kit_files import STARTER, some_files
from tests.cli.shell import Shell
from tests.web.apps import app_of

OPERATOR = "olga@host.example"
NORA, NORTHWIND_READER = "nora@northwind.example", "nils@northwind.example"
TILDA = "tilda@tidewater.example"
HANNA, HARBOUR_READER = "hanna@harbour-it.example", "hugo@harbour-it.example"
ALMA, PAUL = "alma@alpine-it.example", "paul@polder-it.example"
LONER, UNKNOWN = "lone@nowhere.example", "nobody@nowhere.example"

KIT, TIDE_KIT = STARTER.name, "sleep-well"
CANARIES = 100
AGREED, UNCONFIRMED, SILENT, LEFT = (0, 1), (2,), (3,), (4,)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60">'
    '<rect width="200" height="60" fill="#f58220"/><circle cx="30" cy="30" r="20" fill="#1d3f72"/></svg>'
)
_CANARY = re.compile(r"(?:zanary|quoll|44 ?99 ?98)[ _-]*(\d{3})?", re.IGNORECASE)
_PUBLIC_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)


@dataclass
class World:
    """The commands' installation and the names of what is in it."""

    shell: Shell
    files: Path  # what people have on their own disks: contact files, kits, logos
    campaign: str = ""  # Harbour IT's, running
    draft: str = ""
    scheduled: str = ""
    certificate: str = ""  # Harbour IT's, in use
    offered: str = ""  # granted, not yet accepted
    request: str = ""  # waits for a person at Northwind
    leads: list[str] = field(default_factory=list)
    webinar: str = ""  # Harbour IT's, launched, three weeks ahead
    webinar_draft: str = ""
    reply: str = ""  # to the campaign's first mail

    def at(self, shell: Shell) -> "World":
        return replace(self, shell=shell)


def canaries_in(text: str) -> set[int]:
    """Numbers of the canaries a text shows; −1 for one that cannot be told.

    Public ids are left out first: their random digits can spell a part of a telephone number.
    """
    return {int(number) if number else -1 for number in _CANARY.findall(_PUBLIC_ID.sub("…", text))}


def address(number: int) -> str:
    return f"zanary{number:03}@quoll{number:03}.example"


def contact_file() -> str:
    """A hundred canaries and, among them, rows that are skipped."""
    lines = ["First name,Last name,E-mail,Company,Job title,Phone,Employees"]
    for number in range(CANARIES):
        lines.append(
            f"Zanary{number:03},Quoll{number:03},{address(number)},"
            f"Quoll{number:03} Works,Zanary{number:03} chief,+41 44 99 98 {number:03},12"
        )
        if number % 20 == 10:
            lines.append(
                f"Zanary{number:03},Quoll{number:03},zanary{number:03}@quoll,Quoll{number:03} Works,,,"
            )
            lines.append(lines[-2].upper())
    return "\n".join(lines)


def write_kit(folder: Path, changes: dict[str, str | bytes | None]) -> Path:
    """The small kit of the tests as a folder of files."""
    for name, content in some_files(changes).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def a_world(shell: Shell, files: Path) -> World:
    """Built on a migrated, empty database."""
    return with_canaries(a_market(shell, files))


def with_canaries(world: World) -> World:
    """The market with its lists, campaigns and leads; `world` must be a copy: this adds to it."""
    shell, files = world.shell, world.files
    (files / "canaries.csv").write_text(contact_file())
    (files / "stop.csv").write_text(f"E-mail\n{address(99)}\n")
    _campaigns(world)
    _people_answer(world)
    world.leads = [row["lead"] for row in shell.ask("lead", "list", acting=HANNA)]
    return world


def a_market(shell: Shell, files: Path) -> World:
    """The vendors with their kits and funds, and their partners, before anybody has a list."""
    world = World(shell, files)
    (files / "logo.svg").write_text(LOGO)
    write_kit(files / TIDE_KIT, {})
    _vendors(world)
    _partners(world)
    return world


def _vendors(world: World) -> None:
    ask = world.shell.ask
    ask("user", "operator", OPERATOR, "--name", "Olga", "--firm", "Host")
    ask("fund", "price", "CHF", "2.50", acting=OPERATOR)
    for name, owner, domain in (
        ("Northwind Security", NORA, "northwind.example"),
        ("Tidewater Backup", TILDA, "tidewater.example"),
    ):
        ask("vendor", "add", name, "--owner", owner, "--domain", domain, *_postal(), acting=OPERATOR)
        _brand(world, owner, domain)
        ask(
            *("fund", "create", f"{name} fund", "--currency", "CHF", "--share", "50", "--cap", "400"),
            *("--from", "2020-01-01", "--until", "2039-12-31", "--at-once-up-to", "300"),
            acting=owner,
        )
        ask("fund", "allocate", f"{name} fund", "10000", acting=owner)
    _join(world, NORA, NORTHWIND_READER, Role.READER)
    ask("kit", "import", str(STARTER), acting=NORA)
    ask("kit", "publish", KIT, acting=NORA)
    ask("kit", "import", str(world.files / TIDE_KIT), acting=TILDA)
    ask("kit", "publish", TIDE_KIT, acting=TILDA)


def _partners(world: World) -> None:
    ask = world.shell.ask
    for vendor, slug, name, owner in (
        (NORA, "northwind-security", "Harbour IT", HANNA),
        (NORA, "northwind-security", "Alpine IT", ALMA),
        (TILDA, "tidewater-backup", "Polder IT", PAUL),
    ):
        domain = owner.partition("@")[2]
        made = ask(
            *("partner", "invite", name, "--email", owner, "--domain", domain, "--tier", "gold", *_postal()),
            acting=vendor,
        )
        ask("user", "accept", made["token"], "--name", name)
        ask("partner", "accept", slug, acting=owner)
        ask("partner", "terms", made["slug"], "--ready-until", "2039-12-31", acting=vendor)
        _brand(world, owner, domain)
        ask("contacts", "terms", "--accept", acting=owner)
    ask(
        *("partner", "invite", "Harbour IT", "--email", HANNA, "--domain", "harbour-it.example", *_postal()),
        acting=TILDA,
    )
    _join(world, HANNA, HARBOUR_READER, Role.READER)
    installation = world.shell.installation()
    with installation.owner.transaction() as session:
        people.ensure_user(session, LONER, "Lone")
    installation.dispose()


def _campaigns(world: World) -> None:
    ask, files = world.shell.ask, world.files
    imported = ask(
        *("contacts", "import", str(files / "canaries.csv"), "--list", "Harbour customers"),
        *("--basis", "customer"),
        acting=HANNA,
    )
    assert (imported["ready"], imported["skipped"]) == (CANARIES, 10), imported
    ask("contacts", "suppress", str(files / "stop.csv"), acting=HANNA)
    (files / "alpine.csv").write_text(
        "E-mail,Company\n" + "\n".join(f"p{n}@alp{n}.example,Alp {n}" for n in range(5))
    )
    ask(
        "contacts",
        "import",
        str(files / "alpine.csv"),
        "--list",
        "Alpine customers",
        "--basis",
        "customer",
        acting=ALMA,
    )
    (files / "more.csv").write_text("E-mail,Company\nmore@firm.example,More AG\n")
    fund = "Northwind Security fund"
    world.certificate = ask("certificate", "ask", "northwind-security", "200", acting=HANNA)["certificate"]
    world.offered = ask("certificate", "grant", fund, "harbour-it", "50", acting=NORA)["code"]
    asked = ask("certificate", "ask", "northwind-security", "350", "--why", "More people.", acting=HANNA)
    assert asked["certificate"] is None, asked
    world.request = asked["request"]
    world.campaign = _drafted(world, "Autumn", "--start", "now", "--certificate", world.certificate)
    assert ask("campaign", "launch", world.campaign, acting=HANNA)["people"] == CANARIES - 1
    world.draft = _drafted(world, "Winter")
    world.scheduled = _drafted(world, "Spring", "--start", next_spring())
    ask("campaign", "launch", world.scheduled, acting=HANNA)
    work(world.shell)


def _drafted(world: World, name: str, *more: str) -> str:
    made = world.shell.ask(
        *("campaign", "draft", KIT, "--name", name, "--list", "Harbour customers", *more), acting=HANNA
    )
    return str(made["campaign"])


def next_spring() -> str:
    """A local time about ten weeks ahead."""
    return f"{datetime.now(UTC) + timedelta(days=70):%Y-%m-%d}T09:30"


def work(shell: Shell, provider: Provider | None = None) -> None:
    """What the worker does with what is due, in this process; mails go to the outbox unless told otherwise."""
    installed = shell.installation()
    database = installed.worker
    composer = MailComposer(database, installed.storage, installed.signer, installed.settings)
    way_out = provider or open_provider(installed.settings, installed.storage)
    lease = Lease(database, installed.settings.lease)
    schedule.start_due(database)
    handled = True
    while handled:
        lane = sending.run_lane(database, composer, way_out, lease, installed.settings, lambda: False)
        soft_start.review(database, wait=0.0)
        handled = bool(lane.handled_count)
    sending.complete_idle(database)
    lease.sign_off()
    way_out.close()
    installed.dispose()


def _people_answer(world: World) -> None:
    installed = world.shell.installation()
    client = app_of(installed).test_client()
    for number in (*AGREED, *UNCONFIRMED, *SILENT):
        answer(client, installed, number, agrees=number not in SILENT)
    for number in LEFT:
        client.post(addresses.unsubscribe(token(installed, Purpose.UNSUBSCRIBE, number)))
    work(world.shell)
    for number in AGREED:
        done = client.post(addresses.confirm(token(installed, Purpose.CONFIRM, number)))
        assert done.status_code == 200, done.get_data(as_text=True)[:500]
    installed.dispose()


def answer(client: FlaskClient, installed: Installation, number: int, *, agrees: bool, **more: str) -> None:
    """Canary `number` follows the link in the first mail and fills in the form."""
    headers = {"User-Agent": BROWSER}
    target = client.get(addresses.click(token(installed, Purpose.CLICK, number), 0), headers=headers)
    path = target.headers["Location"].removeprefix(installed.settings.base_url)
    text = client.get(path, headers=headers).get_data(as_text=True)
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    form: dict[str, Any] = {name: unescape(value) for name, value in hidden} | {
        "email": address(number),
        "name": f"Zanary{number:03} Quoll{number:03}",
        "company": f"Quoll{number:03} Works",
        "employees": unescape(re.findall(r"<option>([^<]+)</option>", text)[1]),
        "phone": f"+41 44 99 98 {number:03}",
        **more,
    }
    if agrees:
        form["consent_sharing"] = "1"
    done = client.post(path.partition("?")[0], data=form, headers=headers)
    assert done.status_code == 303, done.get_data(as_text=True)[:500]


def token(installed: Installation, purpose: Purpose, number: int) -> str:
    """The token in a canary's mail: the confirmation for CONFIRM, else the first one."""
    with installed.worker.reading() as session:
        found = session.scalars(
            select(Delivery)
            .join(Contact, Contact.id == Delivery.contact_id)
            .where(Contact.address == address(number), Delivery.sent_at.is_not(None))
            .order_by(Delivery.id)
        ).all()
    mail = found[-1 if purpose is Purpose.CONFIRM else 0]
    return installed.signer.token(purpose, mail.partner_id, mail.artefact_id, mail.id)


def _join(world: World, owner: str, email: str, role: Role) -> None:
    token = world.shell.ask("user", "invite", email, "--role", role.value, acting=owner)["token"]
    world.shell.ask("user", "accept", token, "--name", email.partition("@")[0].title())


def with_roles(shell: Shell, owner: str, roles: set[Role]) -> str:
    """Somebody who joined the organisation of `owner` with these roles; the address."""
    email = f"member-{'-'.join(sorted(role[:4] for role in roles))}@{owner.partition('@')[2]}"
    installed = shell.installation()
    with installed.owner.transaction() as session:
        home = organisations.viewer_for(session, owner)
        here = organisations.find_organisation_by_id(session, home.organisation_id)
        user = people.ensure_user(session, email, "Member")
        for role in sorted(roles):
            people.add_member(session, here, user, role)
    installed.dispose()
    return email


def _brand(world: World, owner: str, domain: str) -> None:
    world.shell.ask(
        *("partner", "brand", "--logo", str(world.files / "logo.svg"), "--colour", "#f58220"),
        *("--website", f"https://{domain}", "--imprint-url", f"https://{domain}/imprint"),
        *("--privacy-url", f"https://{domain}/privacy", "--contact-name", "Marc Keller"),
        *(
            "--contact-email",
            f"marc@{domain}",
            "--contact-phone",
            "+41 44 555 01 23",
            "--sender-name",
            "Marc Keller",
        ),
        acting=owner,
    )


def _postal() -> tuple[str, ...]:
    return (
        *("--street", "Hafenstrasse 1", "--postal-code", "8001", "--city", "Zürich"),
        *("--country", "CH", "--currency", "CHF", "--timezone", "Europe/Zurich"),
    )
