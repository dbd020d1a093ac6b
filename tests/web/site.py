"""A launched campaign of the starter kit behind the real application, and people who visit it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import Client, TestResponse

from campaigns.kit import read_folder
from campaigns.links import Purpose
from tcma import addresses, clock
from tcma.audiences import queries as contacts
from tcma.audiences import service as audiences
from tcma.audiences import terms
from tcma.audiences.details import Details
from tcma.audiences.models import Contact
from tcma.config import load
from tcma.launches.deliveries import Artefact, Delivery, DeliveryStatus, TouchEvent
from tcma.launches.models import Campaign
from tcma.leads.models import Lead, LeadAnswer, LeadPerson, LeadStep
from tcma.organisations.models import Organisation
from tcma.partners import brands
from tcma.storage.folder import FolderStorage
from tests.campaigns.kit_files import STARTER
from tests.factories import a_partner, a_partnership, a_viewer
from tests.installation import Installation
from tests.tcma.launches.world import BRAND, World, a_world
from tests.web.apps import app_of

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
ANNA, BEAT, CARLA = "anna@lindt.example", "beat@lindt.example", "carla@migros.example"
DORA = "dora@alp.example"  # reads the mail of the other partner
BASE = "https://go.example"
TICKED = {"consent_sharing": "1", "consent_news-partner": "1"}
FORM = {
    "email": ANNA,
    "name": "Anna Frei",
    "company": "Lindt AG",
    "employees": "20-49",
    "phone": "",
}


@dataclass
class Site:
    """A partner's campaign with its application."""

    world: World
    campaign: Campaign
    app: Flask

    @property
    def installation(self) -> Installation:
        return self.app.extensions["installation"]  # type: ignore[no-any-return]

    @property
    def partner_id(self) -> int:
        return self.world.partner.organisation_id

    @cached_property
    def slug(self) -> str:
        with self.installation.worker.reading() as session:
            partner = session.get_one(Organisation, self.partner_id)
            return addresses.microsite(partner.slug, self.campaign.slug)

    def visitor(self, language: str = "en") -> "Visitor":
        return Visitor(self, language)

    @contextmanager
    def worker(self) -> Iterator[Session]:
        with self.installation.worker.transaction() as session:
            yield session

    def rows(self, model: Any, **wanted: Any) -> list[Any]:
        """All rows of a model, oldest first, readable after the session."""
        with self.installation.worker.reading() as session:
            found = session.scalars(select(model).filter_by(**wanted).order_by(model.id)).all()
            session.expunge_all()
            return list(found)

    def leads(self) -> list[Lead]:
        return self.rows(Lead, owner_id=self.partner_id)

    def people(self) -> list[LeadPerson]:
        return self.rows(LeadPerson, owner_id=self.partner_id)

    def answers(self) -> list[LeadAnswer]:
        return self.rows(LeadAnswer, owner_id=self.partner_id)

    def steps(self) -> list[tuple[str, int]]:
        return [(step.kind, step.count) for step in self.rows(LeadStep, owner_id=self.partner_id)]

    def events(self, kind: str) -> list[TouchEvent]:
        return self.rows(TouchEvent, kind=kind, partner_id=self.partner_id)

    def mail_to(self, address: str, touch: str = "invite") -> Delivery:
        with self.installation.worker.reading() as session:
            contact_id = session.scalars(
                select(Contact.id).where(Contact.address == address, Contact.partner_id == self.partner_id)
            ).one()
        touch_id = self.world.touches(self.campaign)[touch].id
        (found,) = self.rows(Delivery, contact_id=contact_id, touch_id=touch_id, occasion=0)
        assert isinstance(found, Delivery)
        return found

    def confirmations(self) -> list[Delivery]:
        return [found for found in self.rows(Delivery, partner_id=self.partner_id) if found.occasion]

    def content_of(self, delivery: Delivery) -> str:
        """The frozen mail of a delivery, as stored."""
        artefact = self.rows(Artefact, id=delivery.artefact_id)[0]
        folder = self.world.files
        return folder.get(f"artefacts/{artefact.partner_id}/{artefact.content_sha256}").decode()

    def token(self, purpose: Purpose, delivery: Delivery) -> str:
        return self.installation.signer.token(purpose, delivery.partner_id, delivery.artefact_id, delivery.id)

    def sent_an_hour_ago(self, delivery: Delivery) -> None:
        with self.worker() as session:
            contact = session.get_one(Contact, delivery.contact_id)
            session.execute(
                update(Delivery)
                .where(Delivery.id == delivery.id)
                .values(
                    status=DeliveryStatus.SENT,
                    sent_at=clock.now(session) - timedelta(hours=1),
                    address_hash=contact.address_hash,
                )
            )

    def change_address(self, old: str, new: str) -> None:
        """The partner corrects a contact."""
        with self.installation.web.transaction(self.partner_id) as session:
            viewer = self.world.partner
            found = contacts.find_contact_by_address(session, viewer, old)
            hash_key = self.installation.settings.hash_key
            audiences.change_contact(session, viewer, found.public_id, Details(new), hash_key=hash_key)


class Visitor:
    """Somebody with a browser that keeps what it is given."""

    def __init__(self, site: Site, language: str = "en") -> None:
        self.site = site
        self.client = Client(site.app, TestResponse)
        self.headers = {"Accept-Language": language, "User-Agent": BROWSER}

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, headers=self.headers, **more)

    def post(self, path: str, data: Any = None, **more: Any) -> TestResponse:
        return self.client.post(path, data=data, headers=self.headers, **more)

    def open_form(self, query: str = "") -> dict[str, str]:
        """The form's hidden fields, and what is filled in."""
        return inputs(self.get(f"{self.site.slug}{query}").text)

    def answer(self, query: str = "", **changes: str) -> TestResponse:
        """Open the page, fill in the form, send it."""
        hidden = {
            name: value for name, value in self.open_form(query).items() if name in ("form_token", "visit")
        }
        return self.post(self.site.slug, {**hidden, **FORM, **changes})


def inputs(html: str) -> dict[str, str]:
    """Values of the inputs of a page, by name."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and 'type="checkbox"' not in tag:
            found[name[1]] = unescape(value[1])
    return found


def a_site(installation: Installation, **settings: Any) -> Site:
    """The vendor's starter kit, launched by Harbour IT for three people."""
    world = a_world(installation, read_folder(STARTER))
    world.people([ANNA, BEAT], company="Lindt AG")
    world.people([CARLA], company="Migros")
    return behind(world, world.launched(), **settings)


def behind(world: World, campaign: Campaign, **settings: Any) -> Site:
    given = {"base_url": BASE, "machine_click_window": 5.0, "form_rate": 1_000, **settings}
    installed = replace(world.installation, settings=replace(world.installation.settings, **given))
    return Site(world, campaign, app_of(installed))


def moved(site: Site, installation: Installation) -> Site:
    """The same campaign in a copy of its installation."""
    files = FolderStorage(installation.settings.var / "files")
    return behind(replace(site.world, installation=installation, files=files), site.campaign)


def on_sqlite(folder: Path) -> Installation:
    """The installation whose database, keys and files lie in a folder."""
    return Installation.at(
        load({"TCMA_ENVIRONMENT": "test", "TCMA_VAR": str(folder), "TCMA_FORM_MIN_TIME": "0"})
    )


def another_site(site: Site, launch: Callable[[World], Campaign] = World.launched) -> Site:
    """The same kit, launched by another partner in the same installation."""
    installation = site.world.installation
    with installation.owner.transaction() as session:
        partner = a_partner(session, "Alpine IT", slug="alpine-it")
        vendor = site.world.vendor.organisation_id
        partnership = a_partnership(session, session.get_one(Organisation, vendor), partner)
        partnership.marketing_ready_until_on = clock.now(session).date() + timedelta(days=900)
        owner = a_viewer(session, partner)
    with installation.web.transaction(owner.organisation_id) as session:
        brands.set_profile(session, owner, replace(BRAND, contact_name="Ursina Alpiger"))
        terms.accept_processing_terms(session, owner, terms.CURRENT)
        customers = audiences.make_list(session, owner, "Customers")
    world = replace(site.world, partner=owner, list=customers)
    world.people([DORA], company="Alp AG")
    return behind(world, launch(world))
