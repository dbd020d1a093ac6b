"""What stands around a kit's materials in words: kinds, days, conditions, networks, what an answer tells."""

from dataclasses import dataclass

from flask import url_for

from campaigns.kit import FOR_SALES, ConditionKind, Kit, Touch, TouchKind
from campaigns.kit.materials import Bant, Network, Service
from tcma.language import current, mark
from tcma.language import gettext as _
from tcma.launches.models import Campaign
from tcma.launches.ways_in import WayIn
from tcma.web.partner.kit_words import KINDS, from_day

ICONS = {
    TouchKind.SOCIAL: "megaphone",
    TouchKind.BLOCK: "globe",
    TouchKind.AD: "search",
    TouchKind.CALL_SCRIPT: "phone",
    TouchKind.SALES_GUIDE: "file-text",
    TouchKind.EVENT: "users",
    TouchKind.TRIAL: "clock",
}

NETWORKS = {
    Network.LINKEDIN: "LinkedIn",
    Network.FACEBOOK: "Facebook",
    Network.INSTAGRAM: "Instagram",
    Network.X: "X",
    Network.BLUESKY: "Bluesky",
    Network.MASTODON: "Mastodon",
    Network.THREADS: "Threads",
}

WAYS = {
    **{WayIn(network.value): name for network, name in NETWORKS.items()},
    WayIn.SITE: mark("Your own site"),
    WayIn.SEARCH_AD: mark("Search ad"),
    WayIn.LINKEDIN_AD: mark("Ad on LinkedIn"),
}

SERVICES = {Service.SEARCH: mark("Search ad"), Service.LINKEDIN: mark("Ad on LinkedIn")}

BANT = {
    Bant.BUDGET: mark("Money"),
    Bant.AUTHORITY: mark("Who decides"),
    Bant.NEED: mark("Need"),
    Bant.TIMING: mark("When"),
}

CONDITIONS = {
    ConditionKind.NOT_CLICKED: mark("For people who did not click: %(of)s"),
    ConditionKind.ANSWERED: mark("For people who answered: %(of)s"),
    ConditionKind.NOT_ANSWERED: mark("For people who did not answer: %(of)s"),
    ConditionKind.REGISTERED: mark("For people with a seat: %(of)s"),
    ConditionKind.NOT_REGISTERED: mark("For people without a seat: %(of)s"),
    ConditionKind.ATTENDED: mark("For people who came: %(of)s"),
    ConditionKind.NOT_ATTENDED: mark("For people who had a seat and did not come: %(of)s"),
}


@dataclass(frozen=True, slots=True)
class Door:
    """A material as the page of its campaign leads to it."""

    name: str
    kind: str
    icon: str
    when: str
    address: str


def doors(campaign: Campaign, kit: Kit, touches: tuple[Touch, ...]) -> list[Door]:
    """The materials of a campaign, all posts behind one door, called as the kit calls them in the reader's language
    where it speaks that."""
    locale = current() if current() in kit.languages else str(campaign.locales[0])
    found, at = [], campaign.public_id
    for touch in touches:
        if touch.kind is TouchKind.SOCIAL:
            address = url_for("partner_campaign_materials.social", campaign=at)
        elif touch.kind in FOR_SALES:
            address = url_for("partner_campaign_materials.for_sales", campaign=at, script=touch.key)
        else:
            address = url_for("partner_campaign_materials.material", campaign=at, part=touch.key)
        found.append(
            Door(
                touch.name.get(locale) or touch.name[kit.default_language],
                _(KINDS[touch.kind]),
                ICONS[touch.kind],
                when(kit, touch, locale),
                address,
            )
        )
    return found


def way(found: WayIn) -> str:
    return _(WAYS[found])


def when(kit: Kit, touch: Touch, locale: str) -> str:
    """ "2 days after: The webinar", "From day 4 on"; "" for what has no day."""
    if touch.kind not in (TouchKind.SOCIAL, TouchKind.CALL_SCRIPT):
        return ""
    if touch.counted_from is not None:
        return from_day(touch.day, touch_name(kit, touch.counted_from, locale))
    return _("From day %(day)s on", day=touch.day) if touch.day else _("From the launch on")


def condition(kit: Kit, touch: Touch, locale: str) -> str:
    """For whom it is, where that is not everybody."""
    wanted = touch.condition
    return _(CONDITIONS[wanted.kind], of=touch_name(kit, wanted.of, locale)) if wanted else ""


def touch_name(kit: Kit, key: str, locale: str) -> str:
    """What another touch of the kit is called, whether it runs here or not."""
    for touch in (*kit.touches, *kit.by_hand, *kit.kept):
        if touch.key == key:
            return touch.name.get(locale) or touch.name[kit.default_language]
    return key
