"""Everything that changes whom a list reaches, as deeds that can come in any order."""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from campaigns.people import Person
from campaigns.providers.memory import Act, MemoryProvider
from tcma import clock
from tcma.audiences import (
    consents,
    contacts,
    eligible,
    forgetting,
    rereading,
    service,
    suppression,
    taking_back,
    uploads,
)
from tcma.audiences.details import Details
from tcma.audiences.models import (
    Basis,
    Contact,
    ContactImport,
    ContactList,
    ImportStatus,
    ListMember,
    SuppressionReason,
)
from tcma.launches import events, schedule, unsubscribe
from tcma.launches import service as launches
from tcma.launches.deliveries import Delivery, DeliveryStatus
from tcma.launches.models import Campaign, CampaignStatus
from tcma.launches.unsubscribe import How
from tests.tcma.launches.factories import a_worker, send
from tests.tcma.launches.world import World

COUNTRIES = ("CH", "US", "")
EMPLOYEES = ("", "5", "300-400", "20000")


@dataclass
class Scene:
    """A world in which anything may happen; `chance` decides to whom."""

    world: World
    chance: random.Random
    number: int = 0
    said_no: bytes = b""
    drafts: list[Campaign] = field(default_factory=list)

    def new_address(self) -> str:
        self.number += 1
        return f"reader{self.number}@firm.example"

    def details(self, address: str) -> Details:
        name, country, employees = (
            self.chance.choice(options) for options in (("Anna", ""), COUNTRIES, EMPLOYEES)
        )
        return Details(address, first_name=name, country=country, employees=employees)

    def a_list(self, session: Session, *which: ColumnElement[bool]) -> ContactList | None:
        found = session.scalars(select(ContactList).where(ContactList.deleted_at.is_(None), *which)).all()
        return self.chance.choice(found) if found else None

    def a_contact(self, session: Session) -> Contact:
        """Somebody on the drafts' list, and if possible somebody they reach."""
        world = self.world
        reached = eligible.people(world.partner.organisation_id, world.list.id)
        here = select(Contact).join(ListMember).where(ListMember.list_id == world.list.id)
        found = session.scalars(here.where(Contact.id.in_(reached))).all() or session.scalars(here).all()
        return self.chance.choice(found)

    def an_import(self, *statuses: ImportStatus) -> ContactImport | None:
        with self.world.as_partner() as session:
            here = ContactImport.partner_id == self.world.partner.organisation_id
            live = ContactList.deleted_at.is_(None)
            found = session.scalars(
                select(ContactImport).join(ContactList).where(here, live, ContactImport.status.in_(statuses))
            ).all()
            return self.chance.choice(found) if found else None

    def a_campaign(self, *statuses: CampaignStatus) -> Campaign | None:
        with self.world.as_partner() as session:
            own = Campaign.id.not_in([draft.id for draft in self.drafts])
            found = session.scalars(select(Campaign).where(own, Campaign.status.in_(statuses))).all()
            return self.chance.choice(found) if found else None

    def a_sent_mail(self, session: Session) -> int | None:
        sent = (DeliveryStatus.SENT, DeliveryStatus.DELIVERED)
        found = session.scalars(select(Delivery.id).where(Delivery.status.in_(sent))).all()
        return self.chance.choice(found) if found else None


Deed = Callable[[Scene], object]
S = CampaignStatus


def adds_a_person(scene: Scene) -> None:
    world = scene.world
    with world.as_partner() as session:
        service.add_contact(
            session,
            world.partner,
            world.list.public_id,
            scene.details(scene.new_address()),
            basis=scene.chance.choice((Basis.CUSTOMER, Basis.CUSTOMER, *Basis)),
            hash_key=world.settings.hash_key,
        )


def somebody_answers_a_form(scene: Scene) -> None:
    world, address = scene.world, scene.new_address()
    with world.as_partner() as session:
        person = Person(address=address, address_typed=address)
        key = world.settings.hash_key
        contacts.ensure(session, world.partner.organisation_id, person, Basis.AGREED, contacts.FORM, key)


def corrects_a_person(scene: Scene) -> None:
    world = scene.world
    with world.as_partner() as session:
        found = scene.a_contact(session)
        given = replace(scene.details(found.address), employees="700" if found.employees != "700" else "70")
        service.change_contact(
            session, world.partner, found.public_id, given, hash_key=world.settings.hash_key
        )


def deletes_a_person(scene: Scene) -> None:
    with scene.world.as_partner() as session:
        service.delete_contact(session, scene.world.partner, scene.a_contact(session).public_id)


def takes_a_person_off_a_list(scene: Scene) -> None:
    with scene.world.as_partner() as session:
        found, here = scene.a_contact(session), scene.world.list.public_id
        service.remove_from_list(session, scene.world.partner, here, found.public_id)


def states_another_basis(scene: Scene) -> None:
    with scene.world.as_partner() as session:
        basis = scene.chance.choice((Basis.CUSTOMER, Basis.AGREED))
        service.change_basis(session, scene.world.partner, scene.world.list.public_id, basis)


def makes_a_list(scene: Scene) -> None:
    scene.number += 1
    with scene.world.as_partner() as session:
        service.make_list(session, scene.world.partner, f"List {scene.number}")


def deletes_a_list(scene: Scene) -> None:
    world = scene.world
    with world.as_partner() as session:
        gone = scene.a_list(session, ContactList.id != world.list.id)
        if gone is None:
            return
        service.delete_list(session, world.partner, gone.public_id)
    if scene.chance.random() < 0.5:
        forgetting.forget_list(world.installation.worker, world.files, gone.id)


def says_stop_by_telephone(scene: Scene) -> None:
    world = scene.world
    with world.as_partner() as session:
        address = scene.a_contact(session).address_typed
        suppression.suppress_by_hand(session, world.partner, address, hash_key=world.settings.hash_key)


def brings_the_list_of_another_tool(scene: Scene) -> None:
    world = scene.world
    with world.as_partner() as session:
        file = f"E-mail\n{scene.a_contact(session).address_typed}\nnobody@other.example\n".encode()
    suppression.import_suppressions(
        world.installation.web, world.partner, io.BytesIO(file), hash_key=world.settings.hash_key
    )


def stops_on_the_whole_installation(scene: Scene) -> None:
    with scene.world.as_worker() as session:
        found, now = scene.a_contact(session), clock.now(session)
        suppression.suppress_everywhere(session, found.address_hash, SuppressionReason.BY_HAND, now)


def says_no(scene: Scene) -> None:
    with scene.world.as_partner() as session:
        scene.said_no = scene.a_contact(session).address_hash
        _says(scene, session, given=False)


def says_yes_after_all(scene: Scene) -> None:
    with scene.world.as_partner() as session:
        _says(scene, session, given=True)


def _says(scene: Scene, session: Session, *, given: bool) -> None:
    partner_id = scene.world.partner.organisation_id
    scene.number += 1
    consents.record(
        session,
        partner_id=partner_id,
        address_hash=scene.said_no,
        party_id=partner_id,
        purpose=consents.NEWS,
        given=given,
        wording_version="1",
        wording="News, please.",
        how="form_confirmed",
        natural_key=f"said:{scene.number}",
        at=clock.now(session),
    )


def uploads_a_file(scene: Scene) -> None:
    world = scene.world
    with world.as_partner() as session:
        target = world.list.public_id if scene.chance.random() < 0.5 else None
        known = scene.a_contact(session).address_typed
    rows = "\n".join(f"{address};Bea;US" for address in (known, scene.new_address(), scene.new_address()))
    uploads.receive(
        world.installation.web,
        world.partner,
        world.files,
        io.BytesIO(f"E-mail;First name;Country\n{rows}\n".encode()),
        file_name="more.csv",
        hash_key=world.settings.hash_key,
        list_id=target,
    )


def states_the_basis_of_a_file(scene: Scene) -> None:
    found, world = scene.an_import(ImportStatus.DONE), scene.world
    if found is not None:
        basis = scene.chance.choice([basis for basis in Basis if basis is not found.basis])
        rereading.state_basis(
            world.installation.web,
            world.partner,
            world.files,
            found.public_id,
            basis,
            hash_key=world.settings.hash_key,
        )


def takes_a_file_back(scene: Scene) -> None:
    """As the job does for a file that was stopped, or is read anew."""
    found, world = scene.an_import(ImportStatus.DONE), scene.world
    if found is not None:
        taking_back.take_back(world.installation.worker, world.partner.organisation_id, found.id)


def launches_another_campaign(scene: Scene) -> None:
    world = scene.world
    wall = clock_of(world).astimezone(ZoneInfo("Europe/Zurich")) + timedelta(days=1)
    world.launch(world.draft(wall=wall.replace(tzinfo=None)))


def takes_a_launch_back(scene: Scene) -> None:
    found = scene.a_campaign(S.SCHEDULED)
    if found is not None:
        with scene.world.as_partner() as session:
            launches.return_to_draft(session, scene.world.partner, found.public_id)


def cancels_a_campaign(scene: Scene) -> None:
    found = scene.a_campaign(S.SCHEDULED, S.RUNNING, S.STOPPED)
    if found is not None:
        with scene.world.as_partner() as session:
            launches.cancel(session, scene.world.partner, found.public_id)


def mails_go_out(scene: Scene) -> None:
    """What is due is sent, with any outcome."""
    installation = scene.world.installation
    schedule.start_due(installation.worker)
    acts = [Act.ACCEPT, Act.ACCEPT, Act.ACCEPT, Act.REFUSE_ADDRESS, Act.DEFER, Act.VANISHES]
    send(installation, MemoryProvider(acts), lease=a_worker(installation.worker))


def a_provider_reports(scene: Scene) -> None:
    kind = scene.chance.choice(("bounced", "complained", "unsubscribed"))
    with scene.world.as_worker() as session:
        mail = scene.a_sent_mail(session)
        at = clock.now(session) + timedelta(days=scene.chance.choice((-1, 0, 1)))
        events.apply(session, [{"delivery_id": mail, "kind": kind, "at": at}] if mail else [])


def somebody_presses_stop(scene: Scene) -> None:
    with scene.world.as_partner() as session:
        mail = scene.a_sent_mail(session)
        if mail is not None:
            unsubscribe.stop(session, mail, How.PAGE, clock.now(session))


def a_day_passes(scene: Scene) -> None:
    scene.world.pass_time(hours=25)


def a_month_passes(scene: Scene) -> None:
    scene.world.pass_time(days=31)


def clock_of(world: World) -> datetime:
    with world.installation.worker.reading() as session:
        return clock.now(session)


# In this order each of them changes some figure.
DEEDS: tuple[Deed, ...] = (
    *(adds_a_person,) * 3, corrects_a_person, uploads_a_file, states_the_basis_of_a_file,
    takes_a_file_back, makes_a_list,
    launches_another_campaign, takes_a_launch_back, launches_another_campaign, cancels_a_campaign,
    launches_another_campaign, a_day_passes, mails_go_out, a_provider_reports, somebody_presses_stop,
    *(adds_a_person,) * 3, somebody_answers_a_form, says_stop_by_telephone, brings_the_list_of_another_tool,
    stops_on_the_whole_installation, says_no, says_yes_after_all, takes_a_person_off_a_list, deletes_a_person,
    states_another_basis, deletes_a_list, a_month_passes,
)  # fmt: skip
