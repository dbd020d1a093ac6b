"""A campaign as the page that prospects open."""

from abc import abstractmethod
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.brand import Brand
from campaigns.channels import microsite
from campaigns.kit import ConsentText, Kit, TouchKind
from campaigns.kit.microsite import MicrositePage
from campaigns.regions import RegionValues
from tcma.audiences.models import Contact
from tcma.errors import NotFound, phrase
from tcma.kits.content import load_kit
from tcma.launches import artefacts, brands
from tcma.launches.brands import Brands
from tcma.launches.deliveries import Delivery
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch
from tcma.organisations.models import Organisation
from tcma.storage import Storage

_NO_PAGE = phrase("There is no such page.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """What every page that a campaign opens to prospects stands on."""

    campaign: Campaign
    touch: CampaignTouch
    kit: Kit
    values: RegionValues
    firm: Organisation  # the partner whose page it is
    partner: Brand
    vendor: Brand

    @property
    @abstractmethod
    def locale(self) -> str: ...

    @abstractmethod
    def site(self) -> microsite.Site:
        """The page with its values filled in."""

    @property
    def consents(self) -> tuple[ConsentText, ...]:
        """The wordings for the partner's country, each key once."""
        country = self.firm.country
        keys = dict.fromkeys(
            text.key for text in self.kit.consents if text.country is None or text.country == country
        )
        return tuple(self.kit.consent(key, country) for key in keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPage(PublicPage):
    """All that is needed to show a campaign's microsite and to take an answer on it."""

    content: MicrositePage

    @property
    def locale(self) -> str:
        return self.content.locale

    def site(self) -> microsite.Site:
        return microsite.fill(
            self.content,
            partner=self.partner,
            vendor=self.vendor,
            regions=self.values,
            campaign_name=self.campaign.name,
            fallbacks=self.kit.fallbacks(self.locale),
        )


def find_campaign(session: Session, partner: Organisation, slug: str) -> Campaign:
    """The campaign at an address, whatever became of it; one that was never launched is not found."""
    campaign = session.scalar(
        select(Campaign).where(Campaign.partner_id == partner.id, Campaign.slug == slug)
    )
    unlaunched = {CampaignStatus.DRAFT, CampaignStatus.WAITING_FOR_FUNDING}
    if campaign is None or campaign.status in unlaunched or campaign.partner_brand is None:
        raise NotFound(_NO_PAGE)
    return campaign


def open_page(
    session: Session,
    storage: Storage,
    campaign: Campaign,
    partner: Organisation,
    wanted: str | None,
    made: Brands | None = None,
) -> CampaignPage:
    """The page in the language `wanted` where the campaign runs in it, else in its first one. `made`: the brands
    of a draft; a launched campaign has its own, frozen."""
    touch = touch_of(session, campaign, TouchKind.MICROSITE)
    kit = load_kit(session, storage, campaign.kit_version_id)
    if touch is None or kit.microsite is None:
        raise NotFound(_NO_PAGE)
    content = kit.microsite.page(locale_of(campaign, wanted), kit.default_language)
    frozen = made or brands.frozen(campaign)
    return CampaignPage(
        campaign=campaign,
        touch=touch,
        kit=kit,
        content=content,
        values=artefacts.values_of(kit, campaign, content.locale, frozen.partner.country),
        firm=partner,
        partner=frozen.partner,
        vendor=frozen.vendor,
    )


def touch_of(session: Session, campaign: Campaign, kind: TouchKind) -> CampaignTouch | None:
    """The campaign's one page of a kind."""
    wanted = select(CampaignTouch).where(CampaignTouch.campaign_id == campaign.id, CampaignTouch.kind == kind)
    return session.scalar(wanted)


def locale_of(campaign: Campaign, wanted: str | None) -> str:
    """The language `wanted` where the campaign runs in it, else its first one."""
    return wanted if wanted in campaign.locales else campaign.locales[0]


def visitor(session: Session, campaign: Campaign, delivery_id: int) -> Contact | None:
    """The person a mail of this very campaign went to; None when the mail was another's."""
    return session.scalar(
        select(Contact)
        .join(Delivery, Delivery.contact_id == Contact.id)
        .where(Delivery.id == delivery_id, Delivery.campaign_id == campaign.id, Contact.deleted_at.is_(None))
    )
