"""The firms of the browser tests: a vendor with the starter kit and money, and partners with a complete profile.

All tests share one world, so what must find a firm in a certain state has a firm of its own. Gold, so that a rule
grants at once, with a person of each role: Harbour IT, for everything that asks for no state; two that launch
nothing until their test does; one whose first lead comes by mail (later ones wait to be told together); one that
never does anything; and one with a campaign and a draft.
Alpine IT is silver: a person at the vendor has to agree to its money.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.kit import read_folder
from tcma import clock
from tcma.audiences import service as audiences
from tcma.audiences import suppression, terms
from tcma.bench.browser.house import House
from tcma.config import ROOT
from tcma.funds import prices
from tcma.funds import service as funds
from tcma.funds.service import NewFund
from tcma.installation import Installation
from tcma.kits import service as kits
from tcma.kits.models import Kit, KitVersion
from tcma.launches import drafts
from tcma.launches.models import Campaign
from tcma.organisations import passwords
from tcma.organisations import queries as organisations
from tcma.organisations.models import Membership, Organisation, User
from tcma.partners import brands
from tcma.viewer import Role, Viewer
from tests.campaigns.kit_files import MAIL, some_files
from tests.factories import a_partner, a_partnership, a_vendor, an_operator
from tests.tcma.audiences import four_hundred
from tests.tcma.launches.world import BRAND, World, publish

STARTER = ROOT / "templates" / "kits" / "ransomware-before-monday"
KIT, BROKEN_LINK = STARTER.name, "broken-link"
# A kit whose main link leads to a port nobody listens on.
BROKEN: dict[str, str | bytes | None] = {
    "emails/01-invite.mjml": MAIL.replace("{{ link.microsite }}", "https://127.0.0.1:1/nobody")
}
HARBOUR, BY_MOUSE, BY_KEYBOARD, BY_PHONE, IDLE, BUSY = GOLD = (
    "harbour-it",
    "ahorn-it",
    "bergwind-it",
    "cirrus-it",
    "delta-it",
    "enzian-it",
)
TEAM = {
    "marc": ("Marc Keller", Role.OWNER),
    "mia": ("Mia Senn", Role.MARKETER),
    "eva": ("Eva Roth", Role.SALES),
    "finn": ("Finn Vogt", Role.FINANCE),
    "rita": ("Rita Kunz", Role.READER),
}
ROLES = {role: mailbox for mailbox, (_, role) in TEAM.items()}
PASSWORD = "a long walk along the harbour"
VENDOR_LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="220" height="60">'
    b'<circle cx="30" cy="30" r="24" fill="#1d3f72"/><path d="M76 18h140v24H76z" fill="#5b7fb4"/></svg>'
)
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="220" height="60">'
    b'<path d="M30 4 56 56H4z" fill="#f58220"/><rect x="76" y="18" width="140" height="24" fill="#1d3f72"/></svg>'
)


@dataclass(frozen=True)
class Names:
    """Addresses of people who sign in."""

    vendor: str = "jana@northwind.example"
    owner: str = "marc@harbour-it.example"
    marketer: str = "mia@harbour-it.example"
    sales: str = "eva@harbour-it.example"
    finance: str = "finn@harbour-it.example"
    reader: str = "rita@harbour-it.example"
    silver: str = "ursina@alpine-it.example"
    of_two_firms: str = "nadia@both.example"


def member(slug: str, role: Role = Role.OWNER) -> str:
    """The address of the person who has this role in a gold firm."""
    return f"{ROLES[role]}@{slug}.example"


def make(installation: Installation) -> None:
    """Fill a migrated, empty installation."""
    with installation.owner.transaction() as session:
        operator = an_operator(session)
        operator.name, operator.domain = "Example Hosting", "hosting.example"
        northwind = a_vendor(
            session, "Northwind Security", slug="northwind-security", domain="northwind.example"
        )
        person(session, operator, "rolf@hosting.example", "Rolf Amsler", Role.OPERATOR)
        jana = person(session, northwind, Names.vendor, "Jana Frei", Role.OWNER)
        owners = [_gold(session, northwind, slug) for slug in GOLD]
        alpine = _partner(session, northwind, "alpine-it", "silver")
        ursina = person(session, alpine, Names.silver, "Ursina Alpiger", Role.OWNER)
        harbour = session.get_one(Organisation, owners[0].organisation_id)
        nadia = person(session, harbour, Names.of_two_firms, "Nadia Vogel", Role.READER)
        _also_of(session, alpine, nadia)
        prices.set_unit_price(session, _operator(operator), "CHF", 1_250 * 1_000_000)
    profile(installation, jana, "https://northwind.example", "#1d3f72", "Jana Frei", Names.vendor)
    for slug, owner in zip(GOLD, owners, strict=True):
        profile(installation, owner, f"https://{slug}.example", "#f58220", "Marc Keller", member(slug))
    profile(installation, ursina, "https://alpine-it.example", "#2a6f4f", "Ursina Alpiger", Names.silver)
    brands.set_logo(installation.web, jana, installation.storage, VENDOR_LOGO, keep_colour=True)
    broken = kits.import_files(
        installation.web, jana, installation.storage, some_files(BROKEN), slug=BROKEN_LINK
    )
    publish(installation, jana, installation.storage, broken.version)
    imported = kits.import_files(installation.web, jana, installation.storage, read_folder(STARTER), slug=KIT)
    publish(installation, jana, installation.storage, imported.version)
    _fund(installation, jana)
    for partner in (*owners, ursina):
        with installation.web.transaction(partner.organisation_id) as session:
            terms.accept_processing_terms(session, partner, terms.CURRENT)
            for address in four_hundred.UNSUBSCRIBED.values():
                suppression.suppress_by_hand(
                    session, partner, address, hash_key=installation.settings.hash_key
                )


def _gold(session: Session, vendor: Organisation, slug: str) -> Viewer:
    """The firm with its team; its owner."""
    firm = _partner(session, vendor, slug, "gold")
    made = [person(session, firm, member(slug, role), name, role) for name, role in TEAM.values()]
    return made[0]


def _partner(session: Session, vendor: Organisation, slug: str, tier: str) -> Organisation:
    name = f"{slug.removesuffix('-it').title()} IT"
    firm = a_partner(session, name, slug=slug, domain=f"{slug}.example")
    a_partnership(session, vendor, firm, tier=tier).marketing_ready_until_on = date(2030, 1, 1)
    return firm


def person(session: Session, organisation: Organisation, email: str, name: str, *roles: Role) -> Viewer:
    user = User(email=email, name=name, created_at=clock.now(session))
    session.add(user)
    session.flush()
    for role in roles:
        session.add(
            Membership(
                user_id=user.id, organisation_id=organisation.id, role=role, created_at=clock.now(session)
            )
        )
    session.flush()
    return Viewer(organisation.id, organisation.kind, organisation.name, user.id, frozenset(roles))


def _also_of(session: Session, organisation: Organisation, viewer: Viewer) -> None:
    """A second firm for somebody, and a password."""
    user = session.get_one(User, viewer.user_id)
    user.password_hash = passwords.hashed(PASSWORD)
    session.add(
        Membership(
            user_id=user.id,
            organisation_id=organisation.id,
            role=Role.READER,
            created_at=clock.now(session),
        )
    )


def profile(
    installation: Installation, viewer: Viewer, site: str, colour: str, contact: str, email: str
) -> None:
    given = replace(
        BRAND,
        colour=colour,
        website=site,
        imprint_url=f"{site}/imprint",
        privacy_url=f"{site}/privacy",
        contact_name=contact,
        contact_email=email,
    )
    with installation.web.transaction(viewer.organisation_id) as session:
        brands.set_profile(session, viewer, given)


def scene(
    house: House, people: int, name: str, *, kit: str = KIT, slug: str = HARBOUR, domain: str = "many.example"
) -> World:
    """A firm with its logo and a list of that name, as deeds see it; for what comes after the first steps."""
    return _scene(
        house.installation, slug, [f"reader{number}@{domain}" for number in range(people)], name, kit
    )


def keep_busy(house: House) -> None:
    """The firm that is called so launches a campaign and has another in mind."""
    busy = scene(house, 30, "Regulars", slug=BUSY)
    busy.launch(busy.draft(now=True))
    busy.draft()


def draft(house: House) -> Campaign:
    """A draft of Harbour IT's, as one press on "Launch this kit" makes it."""
    installed = house.installation
    with installed.owner.reading() as session:
        marc, version = organisations.viewer_for(session, Names.owner), _version(session, KIT)
    return drafts.start(installed.web, marc, installed.storage, version.public_id)


def _scene(installation: Installation, slug: str, addresses: list[str], name: str, kit: str = KIT) -> World:
    with installation.owner.reading() as session:
        marc, jana = (organisations.viewer_for(session, email) for email in (member(slug), Names.vendor))
        operator = organisations.viewer_for(session, "rolf@hosting.example")
        version = _version(session, kit)
    brands.set_logo(installation.web, marc, installation.storage, LOGO)
    with installation.web.transaction(marc.organisation_id) as session:
        regulars = audiences.make_list(session, marc, name)
    made = World(installation, jana, marc, operator, version, regulars, installation.storage)
    made.people(addresses, company="Lindt AG")
    return made


def _version(session: Session, kit: str) -> KitVersion:
    return session.scalars(select(KitVersion).join(Kit).where(Kit.slug == kit)).one()


def write_file(folder: Path, name: str = "customers.csv", **how: Any) -> Path:
    """The contact file of 421 rows, 412 of them ready."""
    path = folder / name
    path.write_bytes(four_hundred.content(**how))
    return path


def write_logo(folder: Path) -> Path:
    path = folder / "logo.svg"
    path.write_bytes(LOGO)
    return path


def _fund(installation: Installation, vendor: Viewer) -> None:
    with installation.web.transaction(vendor.organisation_id) as session:
        today = clock.now(session).date()
        fund = funds.create_fund(
            session,
            vendor,
            NewFund(
                name="Small firms",
                currency="CHF",
                starts_on=date(today.year, 1, 1),
                ends_on=today + timedelta(days=500),
                share_bp=5_000,
                cap_amount=100_000,
                terms_version="1",
                terms_text="Northwind pays half. The partner reports what became of each lead.",
                rule={"on": True, "max_amount": 50_000, "tiers": ["gold"]},
            ),
        )
        funds.allocate(session, vendor, fund.public_id, 5_000_000)


def _operator(operator: Organisation) -> Viewer:
    return Viewer(operator.id, operator.kind, operator.name, None, frozenset({Role.OPERATOR}))
