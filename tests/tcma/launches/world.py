"""A vendor with a published kit and a partner with brand, terms and a list: all that a launch needs."""

import atexit
import io
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from campaigns import people
from campaigns.kit import source_hash
from tcma import clock
from tcma.audiences import contacts, terms
from tcma.audiences import service as audiences
from tcma.audiences.models import Basis, Contact, ContactList, ListMember
from tcma.config import Settings
from tcma.funds import prices
from tcma.funds import service as funds
from tcma.funds.models import Fund
from tcma.funds.service import NewFund
from tcma.kits import service as kits
from tcma.kits.models import KitVersion
from tcma.launches import drafts, launching, preparing, queries
from tcma.launches.deliveries import Delivery
from tcma.launches.launching import Launched
from tcma.launches.models import Campaign, CampaignTouch
from tcma.launches.preparing import Prepared
from tcma.organisations.models import Organisation
from tcma.partners import brands
from tcma.storage import Storage
from tcma.storage.folder import FolderStorage
from tcma.viewer import Role, Viewer
from tests import folders, postgresql
from tests.campaigns.kit_files import MAIL, some_files
from tests.factories import a_partner, a_partnership, a_vendor, a_viewer, an_operator
from tests.installation import Installation
from tests.postgresql import Rows

BRAND = brands.Profile(
    colour="#f58220",
    website="https://harbour-it.example",
    imprint_url="https://harbour-it.example/imprint",
    privacy_url="https://harbour-it.example/privacy",
    contact_name="Marc Keller",
    contact_email="marc@harbour-it.example",
    contact_phone="+41 44 555 01 23",
)
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60">'
    b'<rect width="200" height="60" fill="#f58220"/><circle cx="30" cy="30" r="20" fill="#1d3f72"/></svg>'
)


@cache
def small_logo() -> bytes:
    """The same as a PNG, which needs no child process to be drawn."""
    picture = Image.new("RGB", (200, 60), "#f58220")
    ImageDraw.Draw(picture).ellipse((10, 10, 50, 50), fill="#1d3f72")
    out = io.BytesIO()
    picture.save(out, format="PNG")
    return out.getvalue()


GERMAN = {
    "emails/01-invite.de.mjml": MAIL.replace("Sleep well", "Gut schlafen").replace('lang="en"', 'lang="de"')
}
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 09:00 in Zürich


def bilingual_files() -> dict[str, bytes]:
    """The small kit whose invitation is also there in German."""
    files = some_files({})
    manifest = files["kit.yml"].decode()
    manifest = manifest.replace("languages: [en]", "languages: [en, de]").replace(
        "subject: Seven checks for {{ contact.company }}",
        "subject: {en: 'Seven checks', de: 'Sieben Prüfungen'}",
    )
    return some_files({"kit.yml": manifest, **GERMAN})


Contacts = list[Contact]  # a world has an attribute of the name `list`
Deliveries = list[Delivery]


@dataclass
class World:
    installation: Installation
    vendor: Viewer
    partner: Viewer
    operator: Viewer
    version: KitVersion
    list: ContactList
    files: Storage

    @property
    def settings(self) -> Settings:
        return replace(
            self.installation.settings, base_url="https://go.example", mail_from="post@mail.example"
        )

    @contextmanager
    def as_partner(self) -> Iterator[Session]:
        with self.installation.web.transaction(self.partner.organisation_id) as session:
            yield session

    @contextmanager
    def as_vendor(self) -> Iterator[Session]:
        with self.installation.web.transaction(self.vendor.organisation_id) as session:
            yield session

    @contextmanager
    def as_worker(self) -> Iterator[Session]:
        with self.installation.worker.transaction() as session:
            yield session

    def people(self, addresses: Iterable[str], basis: Basis = Basis.CUSTOMER, **values: Any) -> Contacts:
        with self.as_partner() as session:
            return [
                contacts.ensure(
                    session,
                    self.partner.organisation_id,
                    people.Person(address=address, address_typed=address, **values),
                    basis,
                    "file",
                    self.settings.hash_key,
                    list_id=self.list.id,
                )
                for address in addresses
            ]

    def draft(self, **start: Any) -> Campaign:
        """A draft for the list; `start` as for `set_start`."""
        campaign = drafts.draft(self.installation.web, self.partner, self.files, self.version.public_id)
        with self.as_partner() as session:
            drafts.set_audience(session, self.partner, campaign.public_id, self.list.public_id)
            if start:
                drafts.set_start(session, self.partner, campaign.public_id, **start)
        return campaign

    def launch(self, campaign: Campaign) -> Launched:
        return launching.launch(
            self.installation.web, self.partner, self.files, self.settings, campaign.public_id
        )

    def prepare(self, campaign: Campaign) -> Prepared:
        return preparing.prepare(
            self.installation.web, self.partner, self.files, self.settings, campaign.public_id
        )

    def keep(self, prepared: Prepared) -> Launched:
        return launching.launch_prepared(
            self.installation.web, self.partner, self.files, self.settings, prepared
        )

    def many_people(self, count: int) -> None:
        """Customers in one statement each, for tests of size."""
        partner_id, now = self.partner.organisation_id, MONDAY
        with self.as_worker() as session:
            made = [
                Contact(
                    partner_id=partner_id,
                    address=f"many{number}@firm.example",
                    address_typed=f"many{number}@firm.example",
                    address_hash=number.to_bytes(16, "big"),
                    created_at=now,
                    updated_at=now,
                )
                for number in range(count)
            ]
            session.add_all(made)
            session.flush()
            session.add_all(
                ListMember(
                    list_id=self.list.id,
                    contact_id=contact.id,
                    partner_id=partner_id,
                    basis=Basis.CUSTOMER,
                    added_at=now,
                )
                for contact in made
            )

    def launched(self, **start: Any) -> Campaign:
        return self.launch(self.draft(**start)).campaign

    def set_clock(self, moment: datetime) -> None:
        with self.as_worker() as session:
            clock.advance(session, moment - clock.now(session))

    def pass_time(self, **by: float) -> None:
        with self.as_worker() as session:
            clock.advance(session, timedelta(**by))

    def reread(self, campaign: Campaign) -> Campaign:
        with self.installation.worker.reading() as session:
            found = session.get_one(Campaign, campaign.id)
            session.expunge_all()
            return found

    def touches(self, campaign: Campaign) -> dict[str, CampaignTouch]:
        with self.installation.worker.reading() as session:
            found = {touch.key: touch for touch in queries.touches_of(session, campaign.id)}
            session.expunge_all()
            return found

    def deliveries(self, campaign: Campaign, key: str) -> Deliveries:
        touch_id = self.touches(campaign)[key].id
        with self.installation.worker.reading() as session:
            found = session.scalars(
                select(Delivery).where(Delivery.touch_id == touch_id).order_by(Delivery.contact_id)
            ).all()
            session.expunge_all()
            return list(found)

    def price(self, price: int = 10_000 * 1_000_000) -> None:
        """Ten minor units a message, unless said otherwise."""
        with self.as_worker() as session:
            prices.set_unit_price(session, self.operator, "CHF", price)

    def fund(self, **values: Any) -> Fund:
        with self.as_vendor() as session:
            today = clock.now(session).date()
            given: dict[str, Any] = {
                "name": "Growth",
                "currency": "CHF",
                "starts_on": today - timedelta(days=30),
                "ends_on": date(today.year + 1, 12, 31),
                "share_bp": 5_000,
                "cap_amount": 40_000,
                "terms_version": "1",
                "terms_text": "Half of what the platform charges.",
                "rule": {"on": True},
            }
            fund = funds.create_fund(session, self.vendor, NewFund(**{**given, **values}))
            funds.allocate(session, self.vendor, fund.public_id, 1_000_000)
            return fund


def a_world(installation: Installation, files: dict[str, bytes] | None = None) -> World:
    """The world of a kit that tests ask for again is kept, and the later ones get a copy."""
    given = files or some_files({})
    if not _is_untouched(installation):
        return _built(installation, given)
    key = (installation.is_postgresql, source_hash(given))
    if key in _worlds:
        return _worlds[key].copied(installation)
    made = _built(installation, given)
    if files is None or key in _asked:
        _worlds[key] = _kept(made)
    _asked.add(key)
    return made


@dataclass(frozen=True)
class _Kept:
    """The world as it was when it was new: its database, its files, who and what is in it."""

    folder: Path
    made: World
    rows: Rows | None  # on PostgreSQL

    def copied(self, installation: Installation) -> World:
        var = installation.settings.var
        if self.rows is not None:
            postgresql.put_back(_server(installation), self.rows)
        else:
            shutil.copyfile(self.folder / "tcma.db", str(installation.owner.url.database))
        folders.copy(self.folder / "files", var / "files")
        with installation.owner.reading() as session:
            version = session.get_one(KitVersion, self.made.version.id)
            customers = session.get_one(ContactList, self.made.list.id)
        return replace(
            self.made,
            installation=installation,
            version=version,
            list=customers,
            files=FolderStorage(var / "files"),
        )


_worlds: dict[tuple[bool, str], _Kept] = {}
_asked: set[tuple[bool, str]] = set()  # kits of which one test at least wanted a world


def _kept(made: World) -> _Kept:
    folder = Path(tempfile.mkdtemp(prefix="tcma-world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(made.installation.settings.var / "files", folder / "files")
    if made.installation.is_postgresql:
        return _Kept(folder, made, postgresql.rows_of(_server(made.installation)))
    with (
        closing(sqlite3.connect(str(made.installation.owner.url.database))) as source,
        closing(sqlite3.connect(folder / "tcma.db")) as copy,
    ):
        source.backup(copy)
    return _Kept(folder, made, None)


def _server(installation: Installation) -> Path:
    return Path(str(installation.owner.url.query["host"]))


def _is_untouched(installation: Installation) -> bool:
    """Whether nobody opened its database yet, so that it is still the empty one."""
    pool = installation.owner.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedin() + pool.checkedout() == 0


def _built(installation: Installation, files: dict[str, bytes]) -> World:
    storage = FolderStorage(installation.settings.var / "files")
    with installation.owner.transaction() as session:
        operator = an_operator(session)
        vendor, partner = (
            a_vendor(session, "Northwind Security"),
            a_partner(session, "Harbour IT", slug="harbour-it"),
        )
        partnership = a_partnership(session, vendor, partner)
        partnership.marketing_ready_until_on = date(2030, 1, 1)
        seller, owner = a_viewer(session, vendor), a_viewer(session, partner)
        administrator = a_viewer(session, operator, Role.OPERATOR)
    for viewer in (seller, owner):
        with installation.web.transaction(viewer.organisation_id) as session:
            brands.set_profile(session, viewer, BRAND)
    brands.set_logo(installation.web, owner, storage, small_logo(), keep_colour=True)
    imported = kits.import_files(installation.web, seller, storage, files)
    publish(installation, seller, storage, imported.version)
    with installation.web.transaction(owner.organisation_id) as session:
        terms.accept_processing_terms(session, owner, terms.CURRENT)
        customers = audiences.make_list(session, owner, "Customers")
    return World(installation, seller, owner, administrator, imported.version, customers, storage)


def publish(installation: Installation, vendor: Viewer, files: Storage, version: KitVersion) -> KitVersion:
    with installation.web.transaction(vendor.organisation_id) as session:
        kits.submit(session, vendor, version.public_id)
    return kits.publish(installation.web, vendor, files, version.public_id)


def organisation(session: Session, viewer: Viewer) -> Organisation:
    return session.get_one(Organisation, viewer.organisation_id)
