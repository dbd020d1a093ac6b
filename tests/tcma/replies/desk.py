"""A running campaign whose people write back."""

from dataclasses import dataclass

from sqlalchemy import select

from campaigns.links import Purpose
from campaigns.replies import address_of
from tcma.audiences.models import Contact
from tcma.bench.send_world import World
from tcma.installation import Installation
from tcma.launches.deliveries import Delivery
from tcma.replies import intake, taking
from tcma.replies.models import InboundMail, Reply

DOMAIN = "replies.example"


def a_mail(sender: str, body: str, *headers: str, number: int = 1, subject: str = "Re: Monday") -> bytes:
    lines = [f"From: {sender}", f"Subject: {subject}", f"Message-ID: <{number}@lindt.example>", *headers]
    return "\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", body]).encode()


@dataclass
class Desk:
    installation: Installation
    world: World

    def address(self, delivery: Delivery, *, shared: bool = False) -> str:
        """What stands in Reply-To of the delivery's mail."""
        delivery_id = 0 if shared else delivery.id
        token = self.installation.signer.token(
            Purpose.REPLY, delivery.partner_id, delivery.artefact_id, delivery_id
        )
        return address_of(token, DOMAIN)

    def contact_of(self, delivery: Delivery) -> Contact:
        with self.installation.worker.reading() as session:
            return session.get_one(Contact, delivery.contact_id)

    def comes_in(self, raw: bytes, recipient: str, envelope_sender: str | None = None) -> None:
        """As the web process keeps it and a worker reads it."""
        kept_as = intake.store(self.installation.storage, raw)
        with self.installation.web.transaction() as session:
            intake.keep(session, kept_as, recipient, envelope_sender)
        self.read_all()

    def read_all(self) -> None:
        settings = self.installation.settings
        reader = taking.Reader(DOMAIN, self.installation.signer, settings.hash_key)
        with self.installation.worker.reading() as session:
            waiting = session.scalars(select(InboundMail.id)).all()
        for mail_id in waiting:
            taking.take(self.installation.worker, self.installation.storage, reader, mail_id)

    def replies(self) -> list[Reply]:
        with self.installation.worker.reading() as session:
            return list(session.scalars(select(Reply).order_by(Reply.id)))
