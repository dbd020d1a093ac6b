"""What the partner's own people do for a campaign: posts with their pictures, scripts, guides, ads, blocks."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.channels import by_hand, social, social_picture
from campaigns.channels.by_hand import Words
from campaigns.channels.social import Written
from campaigns.channels.social_picture import Pair
from campaigns.kit import FOR_SALES, Kit, Touch, TouchKind
from campaigns.kit.materials import Layout, LinkTarget, Material, SocialPosts
from campaigns.pictures import Made
from tcma import addresses, storage
from tcma.errors import NotFound, phrase
from tcma.kits.content import load_kit
from tcma.launches import brands, queries
from tcma.launches.briefings import READERS
from tcma.launches.models import Campaign, CampaignStatus
from tcma.launches.schedule import START_NOW
from tcma.launches.ways_in import WayIn, followed
from tcma.organisations.models import Organisation
from tcma.partners import brands as profiles
from tcma.viewer import OrganisationKind, Viewer

KEPT_PICTURES = 64
_pictures: OrderedDict[str, Made] = OrderedDict()
_lock = threading.Lock()

_LINKED = frozenset(CampaignStatus) - {CampaignStatus.DRAFT, CampaignStatus.WAITING_FOR_FUNDING}


@dataclass(frozen=True, slots=True)
class Seen:
    """A campaign, or a kit before it is one, as its materials are drawn from it. `page` and `webinar` are the
    addresses of the campaign's pages, "" while it has none."""

    campaign: Campaign
    kit: Kit
    brands: Pair
    page: str
    starts_on: date | None
    webinar: str = ""

    @property
    def locale(self) -> str:
        return str(self.campaign.locales[0])

    @property
    def words(self) -> Words:
        return by_hand.words(
            self.kit,
            self.locale,
            partner=self.brands.partner,
            vendor=self.brands.vendor,
            campaign_name=self.campaign.name,
        )

    def material(self, touch: Touch) -> Material:
        return self.kit.material(touch.key, self.locale)


@dataclass(frozen=True, slots=True)
class PostPicture:
    """A drawn picture, where the public address of pictures finds it."""

    layout: Layout
    made: Made
    alt: str


def see(session: Session, viewer: Viewer, files: storage.Storage, base_url: str, campaign_id: UUID) -> Seen:
    """A campaign of the viewer's own partner; nobody else reads its values. At most seven statements."""
    if viewer.kind is not OrganisationKind.PARTNER:
        raise NotFound(phrase("There is no such campaign."))
    campaign = queries.find_campaign(session, viewer, campaign_id)
    kit = load_kit(session, files, campaign.kit_version_id)
    firm = session.get_one(Organisation, campaign.partner_id)
    page = webinar = ""
    if campaign.status in _LINKED:
        kinds = {touch.kind for touch in kit.touches}
        if TouchKind.MICROSITE in kinds:
            page = f"{base_url}{addresses.microsite(firm.slug, campaign.slug)}"
        if TouchKind.WEBINAR in kinds:
            webinar = f"{base_url}{addresses.webinar(firm.slug, campaign.slug)}"
    return Seen(campaign, kit, _brands(session, campaign), page, _first_day(campaign), webinar)


def readable(viewer: Viewer, kit: Kit) -> tuple[Touch, ...]:
    """What of a kit's materials the viewer may read: guides and scripts are for those who talk to prospects."""
    return kit.by_hand if may_sell(viewer) else tuple(t for t in kit.by_hand if t.kind not in FOR_SALES)


def may_sell(viewer: Viewer) -> bool:
    return bool(viewer.roles & set(READERS))


def find(seen: Seen, key: str, *, for_sales: bool = False) -> Touch:
    """A material of the kit among those for sales, or among those for everybody; NotFound if there is none."""
    for touch in seen.kit.by_hand:
        if touch.key == key and (touch.kind in FOR_SALES) is for_sales:
            return touch
    raise NotFound(phrase("There is no such part of this kit."))


def social_touches(seen: Seen) -> list[tuple[Touch, SocialPosts]]:
    found = [(touch, seen.material(touch)) for touch in seen.kit.by_hand if touch.kind is TouchKind.SOCIAL]
    return [(touch, material) for touch, material in found if isinstance(material, SocialPosts)]


def posts(seen: Seen, touch: Touch, material: SocialPosts) -> tuple[Written, ...]:
    """The texts of one touch, with links by which visits are counted."""
    first = day_of(seen, touch)
    return social.written(
        material, seen.words, lambda network: link(seen, material.link, WayIn(network.value)), first
    )


def link(seen: Seen, target: LinkTarget, way: WayIn) -> str:
    """The address to put up; "" while there is nothing behind it."""
    address = seen.page if target is LinkTarget.MICROSITE else seen.webinar
    return followed(address, way) if address else ""


def day_of(seen: Seen, touch: Touch) -> date | None:
    """The day of a touch that counts from the launch; None while nobody knows it."""
    if seen.starts_on is None or touch.counted_from is not None:
        return None
    return seen.starts_on + timedelta(days=touch.day)


def pictures(
    files: storage.Storage, seen: Seen, material: SocialPosts, *, layouts: Sequence[Layout] = ()
) -> list[PostPicture]:
    """The pictures of posts, drawn once and kept by content; takes a tenth of a second each when they are new. Never
    inside a transaction."""
    drawn = material.picture
    if drawn is None:
        return []
    words = seen.words
    filled = social_picture.Words(words.plain(drawn.headline), words.plain(drawn.text))
    ground = seen.kit.files[drawn.background] if drawn.background else None
    return [
        PostPicture(layout, _drawn(files, seen, filled, layout, ground), words.plain(drawn.alt))
        for layout in layouts or drawn.layouts
    ]


def _drawn(
    files: storage.Storage, seen: Seen, words: social_picture.Words, layout: Layout, ground: bytes | None
) -> Made:
    key = social_picture.key(words, layout, seen.brands, ground)
    with _lock:
        found = _pictures.get(key)
        if found is not None:
            _pictures.move_to_end(key)
    if found is None:
        found = social_picture.draw(words, layout, seen.brands, ground, _logos(files, seen))
        with _lock:
            _pictures[key] = found
            while len(_pictures) > KEPT_PICTURES:
                _pictures.popitem(last=False)
    storage.keep_public(files, found.content)
    return found


def _logos(files: storage.Storage, seen: Seen) -> dict[str, bytes]:
    sides = ((seen.campaign.partner_id, seen.brands.partner), (seen.campaign.vendor_id, seen.brands.vendor))
    return {
        brand.logo.light.name: profiles.picture(files, organisation_id, brand.logo.light.name)
        for organisation_id, brand in sides
        if brand.logo is not None
    }


def _brands(session: Session, campaign: Campaign) -> Pair:
    if campaign.partner_brand is not None:
        made = brands.frozen(campaign)
        return Pair(made.partner, made.vendor)
    return Pair(
        profiles.brand_of(session, campaign.partner_id), profiles.brand_of(session, campaign.vendor_id)
    )


def _first_day(campaign: Campaign) -> date | None:
    if campaign.starts_local and campaign.starts_local != START_NOW:
        return datetime.fromisoformat(campaign.starts_local).date()
    if campaign.launched_at is not None:
        return campaign.launched_at.astimezone(ZoneInfo(campaign.timezone)).date()
    return None
