"""Campaigns of one partner in several brands, and their mails as they leave."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from email.message import EmailMessage

from sqlalchemy import select

from campaigns import people
from tcma import clock
from tcma.audiences import contacts
from tcma.audiences import service as audiences
from tcma.audiences.models import Basis, Contact, ContactList
from tcma.installation import Installation
from tcma.kits.content import load_kit
from tcma.kits.models import KitVersion
from tcma.launches import artefacts, brands, drafts, launching, webinars
from tcma.launches.artefacts import Place
from tcma.launches.deliveries import Delivery, MessageClass
from tcma.launches.expand import Choice
from tcma.launches.models import Campaign, CampaignTouch
from tcma.launches.sending_claim import Claimed
from tcma.launches.ways_out import MailComposer
from tcma.organisations.models import Organisation
from tcma.partners import brands as profiles
from tcma.viewer import Viewer
from tcma.webinars import sessions
from tcma.webinars.sessions import Wish

AHEAD = timedelta(days=42)
ROOM = "https://meet.example/live"
READERS = {"en": "Anna", "de": "Bea", "fr": "Carole"}  # by the language they read


@dataclass(frozen=True, slots=True)
class Sent:
    """One mail to one person, as a provider gets it; `mjml` is the whole of it before it was compiled."""

    kit: str
    touch: str
    locale: str
    colour: str
    delivery_id: int
    mjml: str
    message: EmailMessage

    @property
    def name(self) -> str:
        return f"{self.kit} {self.touch} {self.locale}"

    @property
    def html(self) -> str:
        return _part(self.message, "html")

    @property
    def text(self) -> str:
        return _part(self.message, "plain")


def readers(installation: Installation, partner: Viewer) -> ContactList:
    """A list of one person for each language."""
    with installation.web.transaction(partner.organisation_id) as session:
        made = audiences.make_list(session, partner, "One of each language")
        for language, name in READERS.items():
            address = f"{name.lower()}@reader.example"
            person = people.Person(
                address=address,
                address_typed=address,
                first_name=name,
                company="Reader AG",
                language=language,
            )
            key = installation.settings.hash_key
            contacts.ensure(
                session, partner.organisation_id, person, Basis.CUSTOMER, "file", key, list_id=made.id
            )
    return made


def dress(installation: Installation, partner: Viewer, colour: str) -> None:
    """The partner's brand in another colour."""
    with installation.web.transaction(partner.organisation_id) as session:
        row = profiles.profile_of(session, partner.organisation_id)
        assert row is not None, "The partner has no brand."
        given = {name: getattr(row, name) for name in profiles.Profile.__dataclass_fields__}
        profiles.set_profile(session, partner, profiles.Profile(**{**given, "colour": colour}))


def launched(installation: Installation, partner: Viewer, version: KitVersion, to: ContactList) -> Campaign:
    """The kit in every language it is released in; its webinar takes place in six weeks."""
    web, files = installation.web, installation.storage
    campaign = drafts.draft(web, partner, files, version.public_id)
    with web.transaction(partner.organisation_id) as session:
        drafts.set_audience(session, partner, campaign.public_id, to.public_id)
        row = sessions.of_campaign(session, campaign.id)
        day = (clock.now(session) + AHEAD).date()
    if row is not None:
        wish = Wish(datetime.combine(day, time(14)), campaign.timezone, ROOM, partner.organisation_name)
        webinars.set_webinar(web, partner, files, campaign.public_id, wish)
    return launching.launch(web, partner, files, installation.settings, campaign.public_id).campaign


def mails_of(installation: Installation, campaign: Campaign, name: str) -> Iterator[Sent]:
    """Each of its mails to each of its people whose language it has, made by what sends them; nothing is sent."""
    composer = MailComposer(
        installation.worker, installation.storage, installation.signer, installation.settings
    )
    with installation.worker.reading() as session:
        kit = load_kit(session, installation.storage, campaign.kit_version_id)
        firm = session.get_one(Organisation, campaign.partner_id)
        place = Place(installation.settings.base_url, firm.slug, webinars.shown(session, campaign, kit))
        rows = session.execute(
            select(Delivery, CampaignTouch, Contact)
            .join(CampaignTouch, CampaignTouch.id == Delivery.touch_id)
            .join(Contact, Contact.id == Delivery.contact_id)
            .where(Delivery.campaign_id == campaign.id)
            .order_by(CampaignTouch.position, Delivery.id)
        ).all()
        session.expunge_all()
    made = brands.frozen(campaign)
    for delivery, touch, contact in rows:
        if contact.language not in campaign.locales:
            continue
        raw = composer.compose(_claimed(delivery, contact), "look").raw
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        choice = Choice(Basis.CUSTOMER, contact.language)
        mjml = artefacts.written(kit, campaign, made, place, touch_key=touch.key, choice=choice)
        yield Sent(name, touch.key, contact.language, made.partner.colour, delivery.id, mjml, message)


def _claimed(delivery: Delivery, contact: Contact) -> Claimed:
    return Claimed(
        delivery_id=delivery.id,
        partner_id=delivery.partner_id,
        campaign_id=delivery.campaign_id,
        touch_id=delivery.touch_id,
        artefact_id=delivery.artefact_id,
        message_class=MessageClass.MARKETING,
        occasion=delivery.occasion,
        address=contact.address_typed,
        first_name=contact.first_name,
        last_name=contact.last_name,
        title=contact.title,
        company=contact.company,
        language=contact.language,
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
