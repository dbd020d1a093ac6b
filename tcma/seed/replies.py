"""What people of the example world wrote back."""

from collections.abc import Callable
from email.message import EmailMessage

from sqlalchemy import select

from campaigns.links import Purpose
from campaigns.replies import address_of
from tcma.audiences.models import Contact
from tcma.launches.deliveries import Delivery, DeliveryStatus
from tcma.launches.models import Campaign
from tcma.replies import intake, taking
from tcma.replies.models import InboundMail
from tcma.seed.people import World

DOMAIN = "replies.example"
_SAID: tuple[tuple[str, dict[str, str]], ...] = (
    ("Thursday after ten would suit me. Who comes, you or a colleague?\n\nBest regards", {}),
    ("I am away until 1 December. In urgent cases call our office.", {"Auto-Submitted": "auto-replied"}),
    ("We looked at this last year and found it too dear. What changed?\n\n-- \nSent from my phone", {}),
)


def make(world: World, report: Callable[[str], None]) -> None:
    """Three answers to the first campaign: two by people, one by a machine."""
    installed = world.installation
    with installed.worker.reading() as session:
        asked = (
            select(Delivery, Contact)
            .join(Contact, Contact.id == Delivery.contact_id)
            .join(Campaign, Campaign.id == Delivery.campaign_id)
            .where(
                Campaign.name == "Ransomware autumn",
                Delivery.status.in_((DeliveryStatus.SENT, DeliveryStatus.DELIVERED)),
                Delivery.clicked_at.is_(None),
                Delivery.occasion == 0,
            )
            .order_by(Delivery.id)
            .limit(len(_SAID))
        )
        reached = session.execute(asked).all()
    reader = taking.Reader(DOMAIN, installed.signer, installed.settings.hash_key)
    for number, ((delivery, contact), (words, headers)) in enumerate(
        zip(reached, _SAID, strict=True), start=1
    ):
        token = installed.signer.token(Purpose.REPLY, delivery.partner_id, delivery.artefact_id, delivery.id)
        kept_as = intake.store(installed.storage, _mail(contact, words, headers, number))
        with installed.worker.transaction() as session:
            intake.keep(session, kept_as, address_of(token, DOMAIN), contact.address)
            mail_id = session.scalars(select(InboundMail.id).order_by(InboundMail.id.desc()).limit(1)).one()
        taking.take(installed.worker, installed.storage, reader, mail_id)
    report("Harbour IT: three people's mails were answered, one by a machine")


def _mail(contact: Contact, words: str, headers: dict[str, str], number: int) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"{contact.first_name} {contact.last_name} <{contact.address}>"
    mail["Subject"] = "Automatic reply: out of office" if headers else "Re: Ransomware before Monday"
    mail["Message-ID"] = f"<answer.{number}@{contact.address.rpartition('@')[2]}>"
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(words)
    return mail.as_bytes()
