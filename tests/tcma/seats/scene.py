"""A launched campaign with a webinar two weeks ahead, and people who register as the page does it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from campaigns.links import Purpose, Token
from tcma import clock
from tcma.audiences.models import Contact
from tcma.launches import webinars
from tcma.launches.deliveries import Delivery, MessageClass, TouchEvent, TouchEventKind
from tcma.launches.models import Campaign
from tcma.launches.webinars import WebinarPage
from tcma.leads.capture import Form
from tcma.organisations.models import Organisation
from tcma.seats import mails, own, registering, telling
from tcma.seats.mails import Kind
from tcma.seats.own import Held
from tcma.seats.registering import Choice, Mails, Receipt
from tcma.webinars.models import Seat, WebinarSession
from tcma.webinars.sessions import Wish
from tests.campaigns.webinar_kit import webinar_files
from tests.installation import Installation
from tests.tcma.launches.world import MONDAY, World, a_world

BEGINS = datetime(2026, 12, 10, 13, 0, tzinfo=UTC)  # a Thursday, 14:00 in Zurich
WALL = datetime(2026, 12, 10, 14, 0)  # noqa: DTZ001  (the partner's wall clock)
ROOM = "https://meet.example/j/8123456?pwd=x"


def a_wish(**changes: object) -> Wish:
    given = {"wall": WALL, "timezone": "Europe/Zurich", "room_url": ROOM, "host_name": "Marc Keller"}
    return Wish(**(given | changes))  # type: ignore[arg-type]


@dataclass
class Scene:
    world: World
    campaign: Campaign

    def page(self) -> WebinarPage:
        with self.world.as_partner() as session:
            partner = session.get_one(Organisation, self.campaign.partner_id)
            campaign = session.get_one(Campaign, self.campaign.id)
            page = webinars.open_page(session, self.world.files, campaign, partner, "en")
            session.expunge_all()
        return page

    def register(
        self, address: str, *, zone: str = "Europe/Zurich", seat: bool = True, key: str = "", **form: str
    ) -> Receipt:
        page, settings = self.page(), self.world.settings
        kind = Kind.CONFIRMED if seat else Kind.DECLINED
        kept = mails.freeze(self.world.files, page, kind, zone=zone, base_url=settings.base_url)
        given = Form(
            request_key=f"{key or address}:{seat}",
            page="/w/x/y",
            locale="en",
            address=address,
            address_typed=address,
            name=form.get("name", "Anna Meier"),
            company=form.get("company", "Firm"),
            is_registration=seat,
        )
        with self.world.as_partner() as session:
            return registering.register(
                session,
                page,
                given,
                Choice(zone, wants_seat=seat),
                Mails(kept, None),
                hash_key=settings.hash_key,
                may_mail=True,
            )

    def seat(self, address: str) -> Seat:
        with self.world.installation.worker.reading() as session:
            found = session.scalars(_seat_of(address)).one()
            session.expunge_all()
            return found

    def session(self) -> WebinarSession:
        with self.world.installation.worker.reading() as session:
            found = webinars.find_session(session, self.campaign)
            session.expunge_all()
            return found

    def at(self, moment: datetime) -> None:
        self.world.set_clock(moment)

    def remind(self) -> int:
        return telling.remind_due(self.world.installation.worker, self.world.files, self.world.settings)

    def tell(self, kind: Kind) -> int:
        row = self.session()
        return telling.tell(
            self.world.installation.worker,
            self.world.files,
            self.world.settings,
            session_id=row.id,
            kind=int(kind),
            sequence=row.sequence,
        )

    def mails_to(self, address: str) -> list[Delivery]:
        """Service mails, in their order."""
        with self.world.installation.worker.reading() as session:
            contact_id = session.scalars(_seat_of(address)).one().contact_id
            found = session.scalars(
                select(Delivery)
                .where(Delivery.contact_id == contact_id, Delivery.message_class == MessageClass.SERVICE)
                .order_by(Delivery.id)
            ).all()
            session.expunge_all()
            return list(found)

    def count(self, kind: TouchEventKind) -> int:
        with self.world.installation.worker.reading() as session:
            return session.scalar(select(func.count()).where(TouchEvent.kind == kind)) or 0

    def token(self, address: str) -> Token:
        return Token(1, Purpose.SEAT, self.campaign.partner_id, 0, self.seat(address).id)


def _seat_of(address: str) -> Select[Seat]:
    return select(Seat).join(Contact, Contact.id == Seat.contact_id).where(Contact.address == address)


def held(scene: Scene, session: Session, address: str) -> Held:
    return own.find(session, scene.token(address), lock=True)


def a_scene(installation: Installation) -> Scene:
    """Launched on a Monday for three people; the webinar is set for a Thursday in December."""
    world = a_world(installation, webinar_files())
    world.people(["anna@firm.example", "bea@firm.example", "carl@firm.example"])
    world.set_clock(MONDAY)
    campaign = world.draft()
    webinars.set_webinar(installation.web, world.partner, world.files, campaign.public_id, a_wish())
    return Scene(world, world.launch(campaign).campaign)


def zurich(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Zurich")).astimezone(UTC)


def now_of(scene: Scene) -> datetime:
    with scene.world.installation.worker.reading() as session:
        return clock.now(session)
