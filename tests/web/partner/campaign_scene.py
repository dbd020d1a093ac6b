"""A partner's marketer at the pages of campaigns."""

import re
from html import unescape

from tcma.launches.models import Campaign
from tcma.organisations.models import User
from tests.web.people import Visitor, signed_in
from tests.web.site import Site


def marketer(site: Site) -> Visitor:
    """The person who launched the campaign of the site, signed in."""
    with site.installation.owner.reading() as session:
        user = session.get_one(User, site.world.partner.user_id)
    return signed_in(site, user.email)


def setup_of(campaign: Campaign, step: str) -> str:
    return f"/p/harbour-it/campaigns/{campaign.public_id}/setup/{step}"


def page_of(campaign: Campaign, rest: str = "") -> str:
    return f"/p/harbour-it/campaigns/{campaign.public_id}{rest}"


def words(html: str) -> str:
    """What a person reads of a page."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.S)
    plain = unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ")
    return re.sub(r"\s+([.,:;])", r"\1", " ".join(plain.split()))


def part(html: str, element_id: str) -> str:
    """The words of one element."""
    found = re.search(rf'<(\w+)[^>]*\bid="{element_id}"[^>]*>(.*?)</\1>', html, re.S)
    assert found is not None, f"no element {element_id}"
    return words(found[2])
