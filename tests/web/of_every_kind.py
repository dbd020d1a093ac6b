"""A kit of every kind in the market, and what Harbour IT made of it: a draft, and a campaign to whose webinar two
canaries come. Both of them agreed that the vendor may know them: the webinar is joint."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import service as audiences
from tcma.audiences.models import Basis, Contact, ListMember
from tcma.installation import Installation
from tcma.kits import service as kits
from tcma.kits.models import KitVersion
from tcma.launches import drafts, launching, webinars
from tcma.launches.models import Campaign, CampaignStatus
from tcma.launches.webinars import WebinarPage
from tcma.leads.capture import Form
from tcma.organisations.models import Organisation
from tcma.seats import registering
from tcma.seats.registering import Choice, Mails
from tcma.viewer import Viewer
from tcma.webinars.models import AttendanceUpload, WebinarSession
from tcma.webinars.sessions import Wish
from tests.campaigns.kit_materials import every_kind
from tests.cli.world import AGREED, address
from tests.tcma.launches.world import publish

KIT = "every-kind"
ZONE = "Europe/Zurich"
BLUEPRINTS = {"partner_campaign_materials", "partner_setup_webinar", "partner_webinars"}
"""Whose pages need such a campaign."""

PARTS = {"part": "piece", "script": "call"}


def run(installation: Installation, vendor: Viewer, partner: Viewer) -> None:
    """Publish the kit, launch it for two canaries a month ahead, save their seats, and begin another draft."""
    made = kits.import_files(installation.web, vendor, installation.storage, every_kind(), slug=KIT)
    version = publish(installation, vendor, installation.storage, made.version)
    with installation.web.transaction(partner.organisation_id) as session:
        guests = audiences.make_list(session, partner, "Guests")
        wanted = [address(number) for number in AGREED]
        for contact in session.scalars(select(Contact).where(Contact.address.in_(wanted))).all():
            session.add(_membership(session, guests.id, contact))
        now = clock.now(session)
    campaign = _draft(installation, partner, version)
    with installation.web.transaction(partner.organisation_id) as session:
        drafts.set_audience(session, partner, campaign.public_id, guests.public_id)
        wall = (now + timedelta(days=30)).replace(hour=14, minute=0, second=0, microsecond=0, tzinfo=None)
        drafts.set_start(session, partner, campaign.public_id, wall=wall - timedelta(days=20))
    wish = Wish(wall, ZONE, "https://meet.example/j/8123456", "Marc Keller")
    webinars.set_webinar(installation.web, partner, installation.storage, campaign.public_id, wish)
    settings = installation.settings
    launched = launching.launch(
        installation.web, partner, installation.storage, settings, campaign.public_id
    ).campaign
    _register(installation, partner, launched)
    _draft(installation, partner, version)


def objects(session: Session) -> dict[str, Any]:
    """Its launched campaign and its draft, under the names that the market's table of addresses uses."""

    def one(*conditions: Any) -> UUID:
        of_it = select(Campaign.public_id).join(WebinarSession, WebinarSession.campaign_id == Campaign.id)
        return session.scalars(of_it.where(*conditions).order_by(Campaign.id)).one()

    is_draft = Campaign.status == CampaignStatus.DRAFT
    return {"campaign of every kind": one(~is_draft), "draft of every kind": one(is_draft), **PARTS}


def campaign_key(endpoint: str) -> str:
    """Which of the market's campaigns a page is opened with."""
    blueprint = endpoint.partition(".")[0]
    if blueprint not in BLUEPRINTS:
        return "campaign"
    return "draft of every kind" if "setup" in blueprint else "campaign of every kind"


def _draft(installation: Installation, partner: Viewer, version: KitVersion) -> Campaign:
    return drafts.draft(installation.web, partner, installation.storage, version.public_id)


def _membership(session: Session, list_id: int, contact: Contact) -> ListMember:
    return ListMember(
        list_id=list_id,
        contact_id=contact.id,
        partner_id=contact.partner_id,
        basis=Basis.CUSTOMER,
        added_at=clock.now(session),
    )


def _register(installation: Installation, partner: Viewer, campaign: Campaign) -> None:
    """As the form does it, without its mails; and the attendance list of a rehearsal."""
    with installation.web.reading(partner.organisation_id) as session:
        firm = session.get_one(Organisation, partner.organisation_id)
        page = webinars.open_page(session, installation.storage, campaign, firm, "en")
        session.expunge_all()
    with installation.web.transaction(partner.organisation_id) as session:
        for number in AGREED:
            registering.register(
                session,
                page,
                _form(number),
                Choice(ZONE),
                Mails(None, None),
                hash_key=installation.settings.hash_key,
                may_mail=False,
            )
        session.add(_rehearsal(page, partner))


def _form(number: int) -> Form:
    return Form(
        request_key=f"seat {number}",
        page="/w/harbour-it/every-kind",
        locale="en",
        address=address(number),
        address_typed=address(number),
        name=f"Zanary{number:03} Quoll{number:03}",
        company=f"Quoll{number:03} Works",
        is_registration=True,
    )


def _rehearsal(page: WebinarPage, partner: Viewer) -> AttendanceUpload:
    return AttendanceUpload(
        partner_id=page.session.partner_id,
        session_id=page.session.id,
        content_sha256="0" * 64,
        tool="zoom",
        people_count=1,
        guest_count=1,
        uploaded_by_id=partner.user_id,
        uploaded_at=page.held.starts_at - timedelta(days=31),
        size=512,
    )
