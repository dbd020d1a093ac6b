"""A partner's people, what was sent to them, and what they did with it."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import update

from tcma.bench.reference import lists
from tcma.bench.reference.lists import DAY, EVERYBODY, Place
from tcma.bench.reference.rows import Rows, table_of
from tcma.launches.deliveries import (
    Artefact,
    Delivery,
    DeliveryStatus,
    MessageClass,
    TouchEvent,
    TouchEventKind,
)
from tcma.launches.models import Campaign, CampaignTouch, TouchStatus

SENT = 20 * DAY  # so long ago
CAMPAIGNS = 4  # of each partner, beside those of the example world
KINDS = (
    TouchEventKind.SENT,
    TouchEventKind.DELIVERED,
    TouchEventKind.OPENED,
    TouchEventKind.CLICKED,
    TouchEventKind.VISITED,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One campaign and its mails."""

    campaign_id: int
    touch_ids: tuple[int, ...]
    artefact_ids: tuple[int, ...]


def write(rows: Rows, place: Place, *, people: int, events: int, hash_key: bytes) -> list[int]:
    """Contacts on one list, campaigns that reached them, events; the campaigns' ids."""
    contacts = lists.write(rows, place, EVERYBODY, people, hash_key)
    there = rows.count(Campaign, Campaign.partner_id == place.partner_id)
    campaigns = [_campaign(rows, place, there + number) for number in range(CAMPAIGNS)]
    for number, campaign in enumerate(campaigns):
        deliveries = _deliveries(rows, place, campaign, contacts[number :: len(campaigns)])
        _events(rows, place, campaign, deliveries, events // len(campaigns))
    return [campaign.campaign_id for campaign in campaigns]


def _campaign(rows: Rows, place: Place, number: int) -> Sent:
    campaign = rows.copy(
        Campaign,
        place.launched,
        partner_id=place.partner_id,
        slug=f"grown-{number}",
        name=f"Autumn round {number + 1}",
        certificate_id=None,
        request_id=None,
        list_id=None,
        launched_at=place.now - (30 + 60 * number) * DAY,
        created_at=place.now - (31 + 60 * number) * DAY,
    )
    touches, artefacts = [], []
    for row in rows.find_all(CampaignTouch, CampaignTouch.campaign_id == place.launched["id"]):
        touch = rows.copy(
            CampaignTouch,
            row,
            campaign_id=campaign,
            partner_id=place.partner_id,
            status=TouchStatus.DONE,
            last_out_at=place.now - SENT,
            condition=None,
            condition_touch_id=None,
        )
        if row["kind"] == "email":
            touches.append(touch)
            artefacts.append(_artefact(rows, place, campaign, touch))
    return Sent(campaign, tuple(touches), tuple(artefacts))


def _artefact(rows: Rows, place: Place, campaign: int, touch: int) -> int:
    return rows.add(
        Artefact,
        partner_id=place.partner_id,
        campaign_id=campaign,
        touch_id=touch,
        locale="en",
        message_class=MessageClass.MARKETING,
        key=f"{touch:064d}",
        content_sha256="0" * 64,
        created_at=place.now,
    )


def _deliveries(rows: Rows, place: Place, campaign: Sent, people: list[int]) -> list[int]:
    """Every person got every mail; one in ten clicked."""
    made: list[int] = []
    for touch, artefact in zip(campaign.touch_ids, campaign.artefact_ids, strict=True):
        clicked = [place.chance.random() < 0.1 for _ in people]
        made += rows.add_all(
            Delivery,
            [
                {
                    "partner_id": place.partner_id,
                    "campaign_id": campaign.campaign_id,
                    "touch_id": touch,
                    "contact_id": person,
                    "artefact_id": artefact,
                    "message_class": MessageClass.MARKETING,
                    "status": DeliveryStatus.DELIVERED,
                    "sent_at": place.now - SENT,
                    "clicked_at": place.now - 19 * DAY if clicks else None,
                }
                for person, clicks in zip(people, clicked, strict=True)
            ],
        )
        _count(rows, touch, len(people), sum(clicked))
    return made


def _count(rows: Rows, touch: int, people: int, clicked: int) -> None:
    table = table_of(CampaignTouch)
    empty = dict.fromkeys(("queued", "sending", "sent", "bounced", "skipped", "failed", "unknown"), 0)
    rows.connection.execute(
        update(table)
        .where(table.c.id == touch)
        .values(
            people_count=people,
            delivered_count=people,
            clicked_count=clicked,
            **{f"{name}_count": count for name, count in empty.items()},
        )
    )


def _events(rows: Rows, place: Place, campaign: Sent, deliveries: list[int], count: int) -> None:
    """Events shared out over the deliveries, kind after kind."""
    if not deliveries:
        return
    rows.pour(
        TouchEvent,
        (
            {
                "partner_id": place.partner_id,
                "campaign_id": campaign.campaign_id,
                "delivery_id": deliveries[number % len(deliveries)],
                "kind": KINDS[number // len(deliveries) % len(KINDS)],
                "at": place.now - (number % 60) * DAY,
                "machine": number % 17 == 0,
                "natural_key": hashlib.blake2b(
                    f"{campaign.campaign_id}:{number}".encode(), digest_size=16
                ).digest(),
            }
            for number in range(count)
        ),
    )
