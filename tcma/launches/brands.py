"""The two brands of a campaign: as they are now, and as they were frozen at launch."""

import json
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from campaigns.brand import Brand
from tcma.errors import Conflict
from tcma.launches.models import Campaign
from tcma.partners import brands as profiles


@dataclass(frozen=True, slots=True)
class Brands:
    partner: Brand
    vendor: Brand


def current(session: Session, campaign: Campaign, mail_from: str) -> Brands:
    """As both sides present themselves now. A partner without a sending address of its own uses the
    installation's; answers go to its contact. NotFound when one side has not set its brand."""
    partner = profiles.brand_of(session, campaign.partner_id)
    return Brands(
        partner=replace(partner, sender_email=partner.sender_email or mail_from),
        vendor=profiles.brand_of(session, campaign.vendor_id),
    )


def freeze(campaign: Campaign, made: Brands) -> None:
    """Keep the brands with the campaign: from here on nothing it shows changes with them."""
    campaign.partner_brand = json.loads(made.partner.to_json())
    campaign.vendor_brand = json.loads(made.vendor.to_json())


def partner_of(session: Session, campaign: Campaign) -> Brand:
    """The partner as the campaign shows it: frozen once it is launched, as it is now while it is a draft."""
    if campaign.partner_brand is None:
        return profiles.brand_of(session, campaign.partner_id)
    return Brand.from_json(json.dumps(campaign.partner_brand))


def shown(session: Session, campaign: Campaign, mail_from: str) -> Brands:
    """What is frozen, once it is; until then as both sides look today."""
    if campaign.partner_brand is not None:
        return frozen(campaign)
    return current(session, campaign, mail_from)


def frozen(campaign: Campaign) -> Brands:
    """The brands of a launched campaign. Conflict for one that was not launched."""
    if campaign.partner_brand is None or campaign.vendor_brand is None:
        raise Conflict("This campaign was not launched yet, so its brands are not frozen.")
    return Brands(
        partner=Brand.from_json(json.dumps(campaign.partner_brand)),
        vendor=Brand.from_json(json.dumps(campaign.vendor_brand)),
    )
