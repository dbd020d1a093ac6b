"""A kit as it would look as the viewer's own campaign, before there is one: the very functions that show and send a
campaign, over a draft that is never kept."""

from dataclasses import dataclass, replace
from email.utils import make_msgid
from urllib.parse import urlsplit
from uuid import UUID

from campaigns import personalise, regions, sandbox
from campaigns.brand import Brand, Person
from campaigns.errors import ContentError
from campaigns.kit import Kit
from campaigns.links import Purpose, Signer
from campaigns.message import Envelope, compose
from tcma import clock, storage
from tcma.audiences.models import Basis
from tcma.config import Settings
from tcma.db import Database
from tcma.errors import Invalid, NotFound
from tcma.kits import catalogue
from tcma.kits.catalogue import Offered
from tcma.kits.content import load_kit
from tcma.launches import artefacts, brands, previews, webinars
from tcma.launches.artefacts import Place
from tcma.launches.brands import Brands
from tcma.launches.expand import Choice
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, TouchStatus
from tcma.launches.pages import CampaignPage
from tcma.launches.previews import SAMPLE, Shown
from tcma.organisations.models import Organisation
from tcma.partners import brands as profiles
from tcma.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Look:
    """All that a kit's mails and page are drawn from. `has_brand` is False while the partner has set none: then
    they show its name in a first colour."""

    offered: Offered
    kit: Kit
    campaign: Campaign
    brands: Brands
    place: Place
    firm: Organisation
    has_brand: bool

    @property
    def locale(self) -> str:
        return str(self.campaign.locales[0])


def look(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    settings: Settings,
    kit_id: UUID,
    locale: str = "",
) -> Look:
    """A kit that is open to the viewer, in a language it is released in (the first when `locale` is none of
    them). NotFound when it is not open, or its vendor has no brand yet."""
    with database.reading(viewer.organisation_id) as session:
        offered = catalogue.find_offered(session, viewer, kit_id)
        kit = load_kit(session, files, offered.version.id)
        firm = session.get_one(Organisation, viewer.organisation_id)
        campaign = _campaign(offered, firm, locale)
        held = webinars.shown(session, campaign, kit)
        has_brand = profiles.profile_of(session, firm.id) is not None
        if has_brand:
            made = brands.current(session, campaign, settings.mail_from)
        else:
            made = Brands(
                _first_brand(firm, settings.mail_from), profiles.brand_of(session, offered.vendor.id)
            )
    return Look(
        offered=offered,
        kit=kit,
        campaign=campaign,
        brands=made,
        place=Place(settings.base_url, firm.slug, held),
        firm=firm,
        has_brand=has_brand,
    )


def mail(files: storage.Storage, settings: Settings, seen: Look, touch_key: str) -> Shown:
    """One of its mails as an invented person would get it; its links lead nowhere. Invalid says what keeps it from
    being made, NotFound that there is no such mail in this language."""
    touch = next((touch for touch in seen.kit.touches if touch.key == touch_key), None)
    locale = seen.locale
    if touch is None or not touch.subject:
        raise NotFound("There is no such mail in this kit.")
    if locale not in touch.files:
        locale = seen.kit.default_language
    try:
        frozen = previews.frozen_mail(
            files, seen.kit, seen.campaign, seen.brands, seen.place, touch_key, Choice(Basis.CUSTOMER, locale)
        )
        signer = Signer(settings.token_keys, max(settings.token_keys))
        token = signer.token(Purpose.PREVIEW, seen.firm.id, 0, 0)
        recipient = replace(SAMPLE, email=frozen.reply_to or "anna@example.com")
        envelope = Envelope(
            click=token,
            open=token,
            unsubscribe=token,
            message_id=make_msgid(domain=urlsplit(settings.base_url).hostname or "localhost"),
            date=clock.real(),
        )
        message = compose(frozen, recipient, envelope)
        line = sandbox.parse(frozen.preview, path="preview", locale=frozen.locale).render(
            recipient.values(), escape=str, fallbacks={**personalise.OPTIONAL, **dict(frozen.fallbacks)}
        )
    except ContentError as error:
        raise Invalid("\n".join(str(problem) for problem in error.problems)) from error
    name = f"{recipient.first_name} {recipient.last_name}".strip()
    return Shown(frozen.sender_name, name, message.subject, line, message)


def page(seen: Look) -> CampaignPage:
    """Its page. NotFound when the kit has none."""
    if seen.kit.microsite is None:
        raise NotFound("This kit has no page.")
    content = seen.kit.microsite.page(seen.locale, seen.kit.default_language)
    return CampaignPage(
        campaign=seen.campaign,
        touch=CampaignTouch(key="page", kind="microsite", name="", position=0, status=TouchStatus.PENDING),
        kit=seen.kit,
        content=content,
        values=regions.apply(seen.kit.regions, {}, content.locale, seen.brands.partner.country),
        firm=seen.firm,
        partner=seen.brands.partner,
        vendor=seen.brands.vendor,
    )


def publish_pictures(files: storage.Storage, seen: Look) -> None:
    """Put what its page shows where the public address of pictures finds it; mails do so by themselves."""
    artefacts.publish_pictures(files, seen.kit, seen.campaign, seen.brands)


def _campaign(offered: Offered, firm: Organisation, locale: str) -> Campaign:
    """A draft as it would be made now, in no session."""
    first = locale if locale in offered.locales else offered.locales[0]
    return Campaign(
        vendor_id=offered.vendor.id,
        partner_id=firm.id,
        kit_version_id=offered.version.id,
        slug=offered.kit.slug[:72],
        name=offered.name_in(first),
        status=CampaignStatus.DRAFT,
        locales=[first, *(other for other in offered.locales if other != first)],
        timezone=firm.timezone,
        region_values={},
        basis=Basis.CUSTOMER.value,
    )


def _first_brand(firm: Organisation, mail_from: str) -> Brand:
    city = f"{firm.postal_code} {firm.city}".strip()
    return Brand(
        name=firm.name,
        legal_name=firm.legal_name,
        address_lines=tuple(line for line in (firm.street, city) if line),
        country=firm.country,
        website=f"https://{firm.domain}" if firm.domain else "",
        phone="",
        imprint_url="",
        privacy_url="",
        colour=profiles.FIRST_COLOUR,
        logo=None,
        contact=Person(name="", email="", phone="", title=""),
        sender_name=firm.name,
        sender_email=mail_from,
        reply_to=mail_from,
    )
