"""A vendor, its partner and the operator, ready for money to move between them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.funds import lines, prices, proof, service
from tcma.funds.accounts import LedgerAccount, LedgerEntry, LedgerPosting
from tcma.funds.issuing import Terms
from tcma.funds.models import Certificate, Fund
from tcma.funds.service import NewFund
from tcma.kits.models import Kit, KitVersion, VersionStatus
from tcma.launches.models import Campaign, CampaignStatus
from tcma.organisations.models import Organisation
from tcma.partners.models import Partnership
from tcma.viewer import Role, Viewer
from tests.factories import NOW, a_partner, a_partnership, a_vendor, a_viewer, an_operator
from tests.installation import Installation

TEN_A_MESSAGE = 10_000 * 1_000_000  # ten minor units a message, in millionths per 1,000
_numbers = count(1)


@dataclass
class Scene:
    installation: Installation
    operator: Viewer
    vendor: Viewer
    partner: Viewer
    kit_id: int
    version_id: int
    today: date

    @contextmanager
    def as_vendor(self) -> Iterator[Session]:
        with self.installation.web.transaction(self.vendor.organisation_id) as session:
            yield session

    @contextmanager
    def as_partner(self) -> Iterator[Session]:
        with self.installation.web.transaction(self.partner.organisation_id) as session:
            yield session

    @contextmanager
    def as_worker(self) -> Iterator[Session]:
        with self.installation.worker.transaction() as session:
            yield session

    def viewer_of(self, organisation: Organisation, *roles: Role) -> Viewer:
        with self.as_worker() as session:
            return a_viewer(session, organisation, *roles)

    def price(self, price: int = TEN_A_MESSAGE, currency: str = "CHF") -> None:
        with self.as_worker() as session:
            prices.set_unit_price(session, self.operator, currency, price)

    def fund(self, amount: int = 1_000_000, **values: Any) -> Fund:
        """A fund with `amount` in it: half of everything, certificates of at most 40,000."""
        with self.as_vendor() as session:
            fund = service.create_fund(session, self.vendor, self.new_fund(**values))
            if amount:
                service.allocate(session, self.vendor, fund.public_id, amount)
            return fund

    def new_fund(self, **values: Any) -> NewFund:
        given: dict[str, Any] = {
            "name": "Growth",
            "currency": "CHF",
            "starts_on": self.today - timedelta(days=30),
            "ends_on": self.today + timedelta(days=60),
            "share_bp": 5_000,
            "cap_amount": 40_000,
            "terms_version": "1",
            "terms_text": "Half of what the platform charges.",
            "rule": {"on": True},
        }
        return NewFund(**{**given, **values})

    def certificate(self, fund: Fund, amount: int = 40_000, **terms: Any) -> Certificate:
        """Offered by the vendor and accepted by the partner."""
        with self.as_vendor() as session:
            partner_id = self.partner.organisation_id
            made = service.grant(session, self.vendor, fund.public_id, partner_id, Terms(amount, **terms))
        with self.as_partner() as session:
            return service.accept(session, self.partner, made.public_id, terms_version="1")

    def campaign(self) -> int:
        with self.as_worker() as session:
            return a_campaign(session, self)

    def line(self, units: int = 1_000, **values: Any) -> int:
        """An opened cost line of a new campaign."""
        given: dict[str, Any] = {
            "campaign_id": self.campaign(),
            "vendor_id": self.vendor.organisation_id,
            "partner_id": self.partner.organisation_id,
            "units": units,
            "kit_id": self.kit_id,
        }
        with self.as_partner() as session:
            return lines.open_line(session, **{**given, **values}).id

    def advance(self, days: int) -> None:
        with self.as_worker() as session:
            clock.advance(session, timedelta(days=days))

    def advance_hours(self, hours: int) -> None:
        with self.as_worker() as session:
            clock.advance(session, timedelta(hours=hours))

    def balances(self) -> dict[str, int]:
        """Every balance that is not zero, by the account's key."""
        with self.installation.worker.reading() as session:
            rows = session.execute(select(LedgerAccount.key, LedgerAccount.balance))
            return {key: balance for key, balance in rows if balance}

    def prove(self) -> list[str]:
        with self.installation.worker.reading() as session:
            return [str(found) for found in proof.prove(session)]


def a_scene(installation: Installation) -> Scene:
    with installation.worker.transaction() as session:
        operator, vendor, partner = an_operator(session), a_vendor(session, "North Wind"), a_partner(session)
        partnership = a_partnership(session, vendor, partner)
        today = clock.now(session).date()
        partnership.marketing_ready_until_on = today + timedelta(days=300)
        scene = Scene(
            installation=installation,
            operator=a_viewer(session, operator, Role.OPERATOR),
            vendor=a_viewer(session, vendor),
            partner=a_viewer(session, partner),
            kit_id=0,
            version_id=0,
            today=today,
        )
        scene.kit_id, scene.version_id = a_kit(session, scene.vendor)
        return scene


def a_kit(session: Session, vendor: Viewer) -> tuple[int, int]:
    number = next(_numbers)
    kit = Kit(vendor_id=vendor.organisation_id, slug=f"kit-{number}", name="Backup", created_at=NOW)
    session.add(kit)
    session.flush()
    version = KitVersion(
        kit_id=kit.id,
        vendor_id=vendor.organisation_id,
        number=1,
        status=VersionStatus.PUBLISHED,
        source_hash="0" * 64,
        languages=["en"],
        created_by_id=vendor.user_id,
        created_at=NOW,
    )
    session.add(version)
    session.flush()
    return kit.id, version.id


def a_campaign(session: Session, scene: Scene) -> int:
    campaign = Campaign(
        vendor_id=scene.vendor.organisation_id,
        partner_id=scene.partner.organisation_id,
        kit_version_id=scene.version_id,
        slug=f"campaign-{next(_numbers)}",
        name="Backup",
        status=CampaignStatus.RUNNING,
        locales=["en"],
        timezone="Europe/Zurich",
        created_by_id=scene.partner.user_id,
        created_at=NOW,
    )
    session.add(campaign)
    session.flush()
    return campaign.id


def a_second_partner(scene: Scene) -> Viewer:
    """Of the same vendor."""
    with scene.as_worker() as session:
        partner = a_partner(session)
        vendor = session.get_one(Organisation, scene.vendor.organisation_id)
        a_partnership(session, vendor, partner)
        return a_viewer(session, partner)


def a_second_vendor(scene: Scene) -> Viewer:
    """Without anything to do with the first."""
    with scene.as_worker() as session:
        return a_viewer(session, a_vendor(session))


def partnership_of(session: Session, scene: Scene) -> Partnership:
    return session.scalars(
        select(Partnership).where(Partnership.partner_id == scene.partner.organisation_id)
    ).one()


def moved(session: Session, posting: LedgerPosting | None) -> dict[str, int]:
    """What one posting did, by the last part of its accounts' keys."""
    assert posting is not None
    rows = session.execute(
        select(LedgerAccount.kind, LedgerEntry.amount)
        .join(LedgerEntry, LedgerEntry.account_id == LedgerAccount.id)
        .where(LedgerEntry.posting_id == posting.id)
    )
    return {kind.value: amount for kind, amount in rows}


def last_posting(session: Session) -> LedgerPosting:
    return session.scalars(select(LedgerPosting).order_by(LedgerPosting.id.desc()).limit(1)).one()


def in_parallel(number: int, call: Callable[[int], None]) -> None:
    """`call(0 … number - 1)`, each in a thread of its own, started together; errors are raised here."""
    errors: list[BaseException] = []
    ready = threading.Barrier(number)

    def run(index: int) -> None:
        try:
            ready.wait()
            call(index)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
