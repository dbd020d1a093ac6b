"""Ways to a campaign's page that are no mail: posts, the partner's own site, ads. Each has its own address, by which
visits are counted; nobody is known by it, and whoever leaves it out lands on the same page."""

import hashlib
from enum import StrEnum
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.kit.materials import Network, Service
from tcma import addresses, clock
from tcma.launches import clicks, event_rows
from tcma.launches.deliveries import TouchEvent, TouchEventKind
from tcma.launches.event_rows import EventRow
from tcma.launches.models import Campaign


class WayIn(StrEnum):
    """What stands in the address. The words are in posts that are out: add, never change."""

    LINKEDIN = "linkedin"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    X = "x"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    THREADS = "threads"
    SITE = "site"
    SEARCH_AD = "search-ad"
    LINKEDIN_AD = "linkedin-ad"


SOCIAL = frozenset(WayIn(network.value) for network in Network)
ADS = {Service.SEARCH: WayIn.SEARCH_AD, Service.LINKEDIN: WayIn.LINKEDIN_AD}


def way_in(text: str) -> WayIn | None:
    """The way that an address names; None for anything else."""
    return WayIn(text) if text in frozenset(WayIn) else None


def followed(address: str, way: WayIn) -> str:
    """The address of a page with the way to it."""
    return f"{address}?{urlencode({addresses.VIA: way.value})}"


def record_visit(
    session: Session, campaign: Campaign, way: WayIn, *, method: str, user_agent: str, remote: str, key: bytes
) -> None:
    """Somebody came this way. The same browser from the same place counts once an hour (reloads); who it was cannot
    be told from what is kept, a hash whose input holds the hour and a key."""
    now = clock.now(session)
    browser = hashlib.blake2b(f"{remote}\n{user_agent}".encode(), key=key[:64], digest_size=16).hexdigest()
    machine = clicks.says_it_is_a_machine(method=method, user_agent=user_agent)
    event_rows.append(
        session,
        [
            EventRow(
                campaign.partner_id,
                campaign.id,
                None,
                TouchEventKind.VISITED,
                now,
                identity=f"{way.value}:{now:%Y%m%d%H}:{browser}{':m' if machine else ''}",
                machine=machine,
                detail={addresses.VIA: way.value},
            )
        ],
    )


def visits(session: Session, campaign: Campaign) -> dict[WayIn, int]:
    """How many came by each way, machines left out; one statement over the campaign's visits."""
    named = TouchEvent.detail[addresses.VIA].as_string()
    rows = session.execute(
        select(named, func.count())
        .where(
            TouchEvent.campaign_id == campaign.id,
            TouchEvent.kind == TouchEventKind.VISITED,
            TouchEvent.delivery_id.is_(None),
            TouchEvent.machine.is_(False),
        )
        .group_by(named)
    )
    return {way: count for text, count in rows if (way := way_in(text or "")) is not None}
