"""Everything that changes whom a list reaches, as deeds that can come in any order."""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.people import Person
from campaigns.providers.memory import Act, MemoryProvider
from tcma import clock
from tcma.audiences import (
    consents,
    contacts,
    forgetting,
    rereading,
    service,
    suppression,
    uploads,
)
from tcma.audiences.details import Details
from tcma.audiences.models import Basis, Contact, ContactImport, ContactList, ImportStatus, SuppressionReason
from tcma.launches import asking, events, schedule, unsubscribe
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
    drafts: list[Campaign] = field(default_factory=list)

    def new_address(self) -> str:
        self.number += 1
        return f"reader{self.number}@firm.example"

    def details(self, address: str) -> Details:
        name, country, employees = (
            self.chance.choice(options) for options in (("Anna", ""), COUNTRIES, EMPLOYEES)
        )
        return Details(address, first_name=name, country=country, employees=employees)

    def a_list(self, session: Session) -> ContactList:
        here = ContactList.partner_id == self.world.partner.organisation_id
        found = session.scalars(select(ContactList).where(here, ContactList.deleted_at.is_(None))).all()
        return self.chance.choice(found)

    def a_contact(self, session: Session) -> Contact:
        here = Contact.partner_id == self.world.partner.organisation_id
        found = session.scalars(select(Contact).where(here, Contact.deleted_at.is_(None))).all()
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
            scene.a_list(session).public_id,
            scene.details(scene.new_address()),
            basis=scene.chance.choice(list(Basis)),
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
        given = scene.details(found.address)
        service.change_contact(
            session, world.partner, found.public_id, given, hash_key=world.settings.hash_key
        )


def deletes_a_person(scene: Scene) -> None:
    with scene.world.as_partner() as session:
        service.delete_contact(session, scene.world.partner, scene.a_contact(session).public_id)


def takes_a_person_off_a_list(scene: Scene) -> None:
    with scene.world.as_partner() as session:
        found, target = scene.a_contact(session), scene.a_list(session)
        service.remove_from_list(session, scene.world.partner, target.public_id, found.public_id)


def states_another_basis(scene: Scene) -> None:
    with scene.world.as_partner() as session:
        basis = scene.chance.choice(list(Basis))
        service.change_basis(session, scene.world.partner, scene.a_list(session).public_id, basis)


def makes_a_list(scene: Scene) -> None:
    scene.number += 1
    with scene.world.as_partner() as session:
        service.make_list(session, scene.world.partner, f"List {scene.number}")


def deletes_a_list(scene: Scene) -> None:
    world = scene.world
    with world.as_partner() as session:
        gone = scene.a_list(session)
        if gone.id == world.list.id:
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


def says_yes_or_no(scene: Scene) -> None:
    partner_id = scene.world.partner.organisation_id
    scene.number += 1
    with scene.world.as_partner() as session:
        consents.record(
            session,
            partner_id=partner_id,
            address_hash=scene.a_contact(session).address_hash,
            party_id=partner_id,
            purpose=consents.NEWS,
            given=scene.chance.random() < 0.5,
            wording_version="1",
            wording="News, please.",
            how="form_confirmed",
            natural_key=f"said:{scene.number}",
            at=clock.now(session),
        )


def uploads_a_file(scene: Scene) -> None:
    world = scene.world
    with world.as_partner() as session:
        target = scene.a_list(session).public_id if scene.chance.random() < 0.5 else None
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
        basis = scene.chance.choice(list(Basis))
        rereading.state_basis(
            world.installation.web,
            world.partner,
            world.files,
            found.public_id,
            basis,
            hash_key=world.settings.hash_key,
        )


def launches_another_campaign(scene: Scene) -> None:
    world = scene.world
    start = {"wall": (clock_of(world) + timedelta(days=scene.chance.choice((1, 10)))).replace(tzinfo=None)}
    draft = world.draft(**start)
    with world.as_partner() as session:
        asking.spare_recent(session, world.partner, draft.public_id, scene.chance.random() < 0.3)
    if not world.prepare(draft).blocking:
        world.launch(draft)


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
    acts = (Act.ACCEPT, Act.ACCEPT, Act.REFUSE_ADDRESS, Act.DEFER, Act.VANISHES)
    provider = MemoryProvider([scene.chance.choice(acts) for _ in range(60)])
    send(installation, provider, lease=a_worker(installation.worker))


def a_provider_reports(scene: Scene) -> None:
    kind = scene.chance.choice(("delivered", "bounced", "complained", "unsubscribed"))
    with scene.world.as_worker() as session:
        mail = scene.a_sent_mail(session)
        at = clock.now(session) + timedelta(days=scene.chance.choice((-1, 0, 1)))
        events.apply(session, [{"delivery_id": mail, "kind": kind, "at": at}] if mail else [])


def somebody_presses_stop(scene: Scene) -> None:
    with scene.world.as_partner() as session:
        mail = scene.a_sent_mail(session)
        if mail is not None:
            unsubscribe.stop(session, mail, How.PAGE, clock.now(session))


def time_passes(scene: Scene) -> None:
    scene.world.pass_time(hours=scene.chance.choice((1, 20, 24 * 6, 24 * 25)))


def clock_of(world: World) -> datetime:
    with world.installation.worker.reading() as session:
        return clock.now(session)


DEEDS: tuple[Deed, ...] = (
    adds_a_person, somebody_answers_a_form, corrects_a_person, deletes_a_person, takes_a_person_off_a_list,
    states_another_basis, makes_a_list, deletes_a_list, says_stop_by_telephone, brings_the_list_of_another_tool,
    stops_on_the_whole_installation, says_yes_or_no, uploads_a_file, states_the_basis_of_a_file,
    launches_another_campaign, takes_a_launch_back, cancels_a_campaign, mails_go_out, a_provider_reports,
    somebody_presses_stop, time_passes,
)  # fmt: skip
