"""The firms of the browser tests: a vendor with the starter kit and money, partners that have not launched yet.

Harbour IT has a complete profile but no logo and no list; gold, so that a rule grants at once.
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
from tcma.kits.models import KitVersion
from tcma.organisations import passwords
from tcma.organisations import queries as organisations
from tcma.organisations.models import Membership, Organisation, User
from tcma.partners import brands
from tcma.storage import FolderStorage
from tcma.viewer import Role, Viewer
from tests.campaigns.kit_files import MAIL, some_files
from tests.factories import a_partner, a_partnership, a_vendor, an_operator
from tests.tcma.audiences import four_hundred
from tests.tcma.launches.world import BRAND, World, publish

STARTER = ROOT / "templates" / "kits" / "ransomware-before-monday"
# A kit whose main link leads to a port nobody listens on.
BROKEN: dict[str, str | bytes | None] = {
    "emails/01-invite.mjml": MAIL.replace("{{ link.microsite }}", "https://127.0.0.1:1/nobody")
}
DOMAIN = {
    "northwind": "northwind.example",
    "harbour-it": "harbour-it.example",
    "alpine-it": "alpine-it.example",
}
TEAM = {
    "marc": ("Marc Keller", Role.OWNER),
    "mia": ("Mia Senn", Role.MARKETER),
    "eva": ("Eva Roth", Role.SALES),
    "finn": ("Finn Vogt", Role.FINANCE),
    "rita": ("Rita Kunz", Role.READER),
}
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


def make(installation: Installation) -> None:
    """Fill a migrated, empty installation."""
    with installation.owner.transaction() as session:
        operator = an_operator(session)
        operator.name, operator.domain = "Example Hosting", "hosting.example"
        northwind = a_vendor(
            session, "Northwind Security", slug="northwind-security", domain=DOMAIN["northwind"]
        )
        harbour = a_partner(session, "Harbour IT", slug="harbour-it", domain=DOMAIN["harbour-it"])
        alpine = a_partner(session, "Alpine IT", slug="alpine-it", domain=DOMAIN["alpine-it"])
        gold = a_partnership(session, northwind, harbour)
        silver = a_partnership(session, northwind, alpine, tier="silver")
        for partnership in (gold, silver):
            partnership.marketing_ready_until_on = date(2030, 1, 1)
        person(session, operator, "rolf@hosting.example", "Rolf Amsler", Role.OPERATOR)
        jana = person(session, northwind, "jana@northwind.example", "Jana Frei", Role.OWNER)
        for mailbox, (name, role) in TEAM.items():
            person(session, harbour, f"{mailbox}@{DOMAIN['harbour-it']}", name, role)
        ursina = person(session, alpine, "ursina@alpine-it.example", "Ursina Alpiger", Role.OWNER)
        nadia = person(session, harbour, Names.of_two_firms, "Nadia Vogel", Role.READER)
        _also_of(session, alpine, nadia)
        prices.set_unit_price(session, _operator(operator), "CHF", 1_250 * 1_000_000)
    with installation.owner.reading() as session:
        marc = organisations.viewer_for(session, Names.owner)
    profile(installation, jana, "https://northwind.example", "#1d3f72", "Jana Frei", "jana@northwind.example")
    profile(installation, marc, "https://harbour-it.example", "#f58220", "Marc Keller", Names.owner)
    profile(installation, ursina, "https://alpine-it.example", "#2a6f4f", "Ursina Alpiger", Names.silver)
    brands.set_logo(installation.web, jana, installation.storage, VENDOR_LOGO, keep_colour=True)
    broken = kits.import_files(
        installation.web, jana, installation.storage, some_files(BROKEN), slug="broken-link"
    )
    publish(installation, jana, installation.storage, broken.version)
    imported = kits.import_files(installation.web, jana, installation.storage, read_folder(STARTER))
    publish(installation, jana, installation.storage, imported.version)
    _fund(installation, jana)
    for partner in (marc, ursina):
        with installation.web.transaction(partner.organisation_id) as session:
            terms.accept_processing_terms(session, partner, terms.CURRENT)
            for address in four_hundred.UNSUBSCRIBED.values():
                suppression.suppress_by_hand(
                    session, partner, address, hash_key=installation.settings.hash_key
                )


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


def scene(house: House, people: int = 0, name: str = "Regulars") -> World:
    """Harbour IT with its logo and a list of people, as deeds see it; for what happens after a launch."""
    installation = house.installation()
    with installation.owner.reading() as session:
        marc, jana = (organisations.viewer_for(session, email) for email in (Names.owner, Names.vendor))
        operator = organisations.viewer_for(session, "rolf@hosting.example")
        version = session.scalars(select(KitVersion).order_by(KitVersion.id.desc())).first()
        assert version is not None
    brands.set_logo(installation.web, marc, installation.storage, LOGO)
    with installation.web.transaction(marc.organisation_id) as session:
        regulars = audiences.make_list(session, marc, name)
    made = World(installation, jana, marc, operator, version, regulars, FolderStorage(house.folder / "files"))
    made.people([f"reader{number}@many.example" for number in range(people)], company="Lindt AG")
    return made


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
