"""The firms of the example world, their people, brands, kits, funds and lists."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path

from sqlalchemy.orm import Session

from campaigns import kit as kits
from tcma import clock, money
from tcma.audiences import figures, imports, terms
from tcma.audiences import service as audiences
from tcma.audiences.models import Basis
from tcma.config import ROOT
from tcma.funds import offers, prices, requests
from tcma.funds import service as funds
from tcma.installation import Installation
from tcma.kits import service as catalogue
from tcma.organisations import invitations, passwords
from tcma.organisations import queries as organisations
from tcma.organisations import service as firms
from tcma.organisations.models import Organisation
from tcma.partners import brands
from tcma.partners import queries as partnerships
from tcma.partners import service as partners
from tcma.seed import portraits
from tcma.seed.firms import FIRMS, OPERATOR, Example
from tcma.viewer import OrganisationKind, Viewer

PASSWORD = "quiet harbour at seven"  # of everybody in the example world
STARTER_KIT = ROOT / "templates" / "kits" / "ransomware-before-monday"
WEBINAR_KIT = STARTER_KIT.with_name("watch-a-server-come-back")
MIDMARKET_KIT = STARTER_KIT.with_name("sign-in-without-passwords")
SECOND_KITS = {"northwind-security": (WEBINAR_KIT, MIDMARKET_KIT)}  # by vendor
CURRENCIES = ("CHF", "EUR", "GBP", "USD")
FIRST_NAMES = (
    "Anna Bruno Carla David Elif Fabian Greta Hugo Irina Jonas Katja Leon Mara Nils Olga Paul".split()
)
LAST_NAMES = (
    "Meier Graf Rossi Weber Kaya Lang Sommer Petit Novak Berg Brandt Okafor Silva Wolf Frey Jansen".split()
)
TRADES = "Bau Treuhand Optik Garten Druck Metall Holz Praxis Reisen Elektro Immobilien Transport".split()
PLACES = {
    "CH": "Aare Linth Sihl Rigi Gotthard Jura Lindt Rhone".split(),
    "DE": "Isar Alpen Neckar Donau Spree Harz Main Allgau".split(),
    "GB": "Aire Wharfe Dales Pennine Kirkstall Otley Ilkley Roundhay".split(),
    "FR": "Rhone Saone Forez Beaujolais Bellecour Isere Drome Vercors".split(),
    "US": "Mendota Monona Badger Driftless Kettle Prairie Door Fox".split(),
    "NL": "Vecht Amstel Betuwe Veluwe Gooi Maas Rijn Dom".split(),
}


@dataclass
class World:
    """What the later parts of the example world need."""

    installation: Installation
    viewers: dict[str, Viewer]  # by organisation slug: its owner
    chance: random.Random

    def viewer(self, slug: str) -> Viewer:
        return self.viewers[slug]


def make_firms(installation: Installation, report: Callable[[str], None]) -> World:
    settings = replace(installation.settings, soft_start_wait=0.0, form_min_time=0.0, form_rate=10_000)
    world = World(replace(installation, settings=settings), {}, random.Random(20261121))
    _operator(world)
    for example in FIRMS:
        if example.kind is OrganisationKind.VENDOR:
            _vendor(world, example)
            report(f"vendor {example.firm.name}: kit published, fund filled")
    for example in FIRMS:
        if example.kind is OrganisationKind.PARTNER:
            people = _partner(world, example)
            report(f"partner {example.firm.name}: {people} people on its list")
    return world


def _operator(world: World) -> None:
    with world.installation.owner.transaction() as session:
        made = firms.create_organisation(session, OPERATOR.kind, OPERATOR.firm)
        _members(session, made, OPERATOR)
        world.viewers[OPERATOR.slug] = _owner(session, OPERATOR)
    with world.installation.web.transaction(world.viewer(OPERATOR.slug).organisation_id) as session:
        for currency in CURRENCIES:
            prices.set_unit_price(session, world.viewer(OPERATOR.slug), currency, 2_500 * 1_000_000)


def _publish(world: World, viewer: Viewer, folder: Path) -> None:
    """A kit is taken in, and released where something of it runs on this installation."""
    web, files = world.installation.web, world.installation.storage
    source = kits.read_folder(folder)
    imported = catalogue.import_files(web, viewer, files, source, note="First version", slug=folder.name)
    if not kits.read(source).touches:
        return
    with web.transaction(viewer.organisation_id) as session:
        catalogue.submit(session, viewer, imported.version.public_id)
    catalogue.publish(web, viewer, files, imported.version.public_id)


def _vendor(world: World, example: Example) -> None:
    with world.installation.owner.transaction() as session:
        made = firms.create_organisation(session, example.kind, example.firm)
        _members(session, made, example)
        viewer = world.viewers[example.slug] = _owner(session, example)
    _brand(world, viewer, example)
    web = world.installation.web
    for folder in (STARTER_KIT, *SECOND_KITS.get(example.slug, ())):
        _publish(world, viewer, folder)
    with web.transaction(viewer.organisation_id) as session:
        today = clock.now(session).date()
        fund = funds.create_fund(
            session,
            viewer,
            funds.NewFund(
                name=f"Small firms {today.year}",
                currency=example.firm.currency,
                starts_on=date(today.year, 1, 1),
                ends_on=date(today.year + 1, 6, 30),
                share_bp=5_000,
                cap_amount=100_000,
                terms_version="1",
                terms_text=(
                    f"{example.firm.name} pays half of the cost of campaigns made from its kits, up to the"
                    " amount of the certificate. In return the partner reports what became of each lead,"
                    " wins and losses alike. Unused money returns after the certificate has ended."
                ),
                rule={"on": True, "max_amount": 50_000, "tiers": ["gold", "silver"]},
            ),
        )
        funds.allocate(session, viewer, fund.public_id, 5_000_000)


def _partner(world: World, example: Example) -> int:
    web = world.installation.web
    for vendor, tier in example.vendors.items():
        inviting = world.viewer(vendor)
        with web.transaction(inviting.organisation_id) as session:
            first = example.members[0]
            made = partners.invite(session, inviting, example.firm, example.address(first), tier=tier)
        if made.token:
            with web.transaction() as session:
                invitations.accept(session, made.token, first.name, example.firm.locale)
            with world.installation.owner.transaction() as session:
                here = organisations.find_organisation(session, example.slug)
                _members(session, here, example)
                world.viewers[example.slug] = _owner(session, example)
        viewer = world.viewer(example.slug)
        with web.transaction(viewer.organisation_id) as session:
            found = partnerships.find_partnership_with(session, viewer, inviting.organisation_id)
            partners.accept(session, viewer, found.public_id)
        with web.transaction(inviting.organisation_id) as session:
            ready = clock.now(session).date() + timedelta(days=300)
            partners.set_terms(
                session,
                inviting,
                found.public_id,
                tier=tier,
                marketing_ready_until_on=None if tier == "registered" else ready,
            )
    _brand(world, viewer, example)
    with web.transaction(viewer.organisation_id) as session:
        terms.accept_processing_terms(session, viewer, terms.CURRENT)
        made_list = audiences.make_list(session, viewer, "Customers")
    receipt = imports.run(
        web,
        viewer,
        made_list.public_id,
        BytesIO("\n".join(_contact_file(world, example)).encode()),
        file_name="customers.csv",
        basis=Basis.CUSTOMER,
        hash_key=world.installation.settings.hash_key,
    )
    return receipt.ready


def ask_for_funding(world: World, partner: str, vendor: str, amount: int) -> None:
    """Ask, with a kit; by rule or by a person it is decided."""
    viewer = world.viewer(partner)
    with world.installation.web.transaction(viewer.organisation_id) as session:
        other = organisations.find_organisation(session, vendor)
        offer = offers.offers_for(session, viewer, other.id)[0]
        requests.ask(
            session,
            viewer,
            requests.Ask(
                vendor_id=other.id,
                fund_id=offer.fund_id,
                amount=amount,
                terms_version=offer.terms_version,
                why=f"A campaign to our small customers, about {money.shown(2 * amount, offer.currency)} in all.",
            ),
        )


def list_of(world: World, viewer: Viewer) -> figures.ListFigures:
    with world.installation.web.reading(viewer.organisation_id) as session:
        return figures.lists_for(session, viewer)[0]


def _members(session: Session, made: Organisation, example: Example) -> None:
    for member in example.members:
        user = firms.ensure_user(session, example.address(member), member.name, example.firm.locale)
        user.password_hash = _password_hash()
        for role in member.roles:
            firms.add_member(session, made, user, role)


@cache
def _password_hash() -> str:
    return passwords.hashed(PASSWORD)


def _owner(session: Session, example: Example) -> Viewer:
    return organisations.viewer_for(session, example.address(example.members[0]), example.slug)


def _brand(world: World, viewer: Viewer, example: Example) -> None:
    person, domain = example.members[0], example.firm.domain
    web = world.installation.web
    with web.transaction(viewer.organisation_id) as session:
        brands.set_profile(
            session,
            viewer,
            brands.Profile(
                colour=example.colour,
                website=f"https://www.{domain}",
                phone=example.phone,
                imprint_url=f"https://www.{domain}/imprint",
                privacy_url=f"https://www.{domain}/privacy",
                contact_name=person.name,
                contact_title=example.title,
                contact_email=example.address(person),
                contact_phone=example.phone,
                sender_name=f"{person.name}, {example.firm.name}",
            ),
        )
    brands.set_logo(web, viewer, world.installation.storage, _logo(example), keep_colour=True)
    brands.set_picture(web, viewer, world.installation.storage, portraits.drawn(person.name))


def _logo(example: Example) -> bytes:
    """A mark in the brand colour beside the name, as a designer's first draft would have it."""
    name, colour = escape(example.firm.name), example.colour
    marks = (
        f'<circle cx="34" cy="36" r="24" fill="{colour}"/><circle cx="42" cy="30" r="10" fill="#ffffff"/>',
        f'<path d="M10 60 34 10l24 50z" fill="{colour}"/><path d="M26 60l14-30 14 30z" fill="#14181d"/>',
        f'<rect x="10" y="12" width="48" height="48" rx="12" fill="{colour}"/>'
        '<path d="M20 42c8-10 12 6 28-12" fill="none" stroke="#ffffff" stroke-width="6"/>',
    )
    width = 90 + 20 * len(example.firm.name)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="72" viewBox="0 0 {width} 72">'
        f"{marks[len(name) % len(marks)]}"
        f'<text x="72" y="48" font-family="Inter" font-size="34" font-weight="700" fill="#14181d">{name}</text>'
        "</svg>"
    ).encode()


def _contact_file(world: World, example: Example) -> Iterator[str]:
    """A list as a small firm keeps it: mostly right, here and there not."""
    yield "First name;Last name;E-mail;Company;Employees;Language"
    places = PLACES[example.firm.country]
    for number in range(world.chance.randint(70, 110)):
        first, last = world.chance.choice(FIRST_NAMES), world.chance.choice(LAST_NAMES)
        place, trade = places[number % len(places)], TRADES[number // len(places) % len(TRADES)]
        address = f"{first}.{last}{number}@{place}-{trade}.example".lower()
        if number % 31 == 30:
            address = address.replace(".example", "")
        language = "de" if example.firm.country in ("DE", "CH") and number % 3 else "en"
        yield f"{first};{last};{address};{place} {trade};{world.chance.randint(3, 90)};{language}"
