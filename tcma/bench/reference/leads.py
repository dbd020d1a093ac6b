"""A partner's leads in every stage, with the people, answers, paths and history behind them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from campaigns.kit import Sale
from tcma.bench.reference.lists import DAY, FIRST, LAST, Place
from tcma.bench.reference.rows import SLICE, Rows
from tcma.columns import new_public_id
from tcma.companies.models import Company
from tcma.leads.dealings import ClockKind, Deed, LeadClock
from tcma.leads.models import (
    CLOSED,
    Grade,
    Lead,
    LeadAnswer,
    LeadPerson,
    LeadSource,
    LeadStep,
    LeadTransition,
    Stage,
)
from tcma.organisations.models import Membership

# How many of a hundred leads stand where.
STAGES = (
    [Stage.NEW] * 2
    + [Stage.ACCEPTED] * 3
    + [Stage.CONTACTED] * 5
    + [Stage.QUALIFIED] * 5
    + [Stage.OPPORTUNITY] * 5
    + [Stage.NURTURING] * 10
    + [Stage.WON] * 10
    + [Stage.LOST] * 30
    + [Stage.DISQUALIFIED] * 20
    + [Stage.EXPIRED] * 10
)
CLOCK_OF = {
    Stage.NEW: ClockKind.ACCEPT,
    Stage.ACCEPTED: ClockKind.CONTACT,
    Stage.CONTACTED: ClockKind.UPDATE,
    Stage.QUALIFIED: ClockKind.UPDATE,
    Stage.OPPORTUNITY: ClockKind.UPDATE,
}
DEED_OF = {
    Stage.WON: Deed.WON,
    Stage.LOST: Deed.LOST,
    Stage.NURTURING: Deed.NURTURED,
    Stage.EXPIRED: Deed.EXPIRED,
    Stage.DISQUALIFIED: Deed.DISQUALIFIED,
}


@dataclass(frozen=True, slots=True)
class Made:
    """A lead that stands in its table."""

    lead: int
    person: int
    stage: Stage
    at: datetime


def write(rows: Rows, place: Place, campaigns: list[int], count: int) -> None:
    both = {"owner_id": place.partner_id, "vendor_id": place.launched["vendor_id"]}
    holders = rows.connection.scalars(
        select(Membership.user_id).where(Membership.organisation_id == place.partner_id)
    ).all()
    there = rows.count(Company, Company.organisation_id == place.partner_id)
    for start in range(there, there + count, SLICE):
        numbers = range(start, min(start + SLICE, there + count))
        made = _leads(rows, place, both, campaigns, list(holders), numbers)
        rows.pour(LeadAnswer, (_answer(one, both, campaigns) for one in made))
        rows.pour(LeadStep, (step for one in made for step in _path(one, both)))
        rows.pour(LeadTransition, (move for one in made for move in _moves(one, both)))
        rows.pour(LeadClock, (_clock(one, both) for one in made))


def _leads(
    rows: Rows,
    place: Place,
    both: dict[str, int],
    campaigns: list[int],
    holders: list[int],
    numbers: range,
) -> list[Made]:
    companies = rows.add_all(Company, [_company(place, number) for number in numbers])
    stages = [place.chance.choice(STAGES) for _ in numbers]
    began = [
        place.now
        - (
            timedelta(hours=place.chance.randrange(1, 90))
            if stage in CLOCK_OF
            else place.chance.randrange(1, 700) * DAY
        )
        for stage in stages
    ]
    leads = rows.add_all(
        Lead,
        [
            {
                **both,
                "public_id": new_public_id(),
                "company_id": company,
                "campaign_id": campaigns[company % len(campaigns)],
                "source": LeadSource.PARTNER_SOURCED,
                "stage": stage,
                "grade": Grade.MQL,
                "sale": Sale.TRANSACTIONAL,
                "is_returnable": False,
                "holder_id": holders[company % len(holders)],
                "first_touch_at": at,
                "first_touch_kind": "clicked",
                "attribution_rule": "first_partner_touch_90_days",
                "shelf_life_until": at + 60 * DAY,
                "clock_from": at if stage in CLOCK_OF else None,
                "clock_until": at + 3 * DAY if stage in CLOCK_OF else None,
                "created_at": at,
                "updated_at": at,
                "closed_at": at + 5 * DAY if stage in CLOSED else None,
            }
            for company, stage, at in zip(companies, stages, began, strict=True)
        ],
    )
    people = rows.add_all(
        LeadPerson,
        [
            {
                **both,
                "lead_id": lead,
                "address": f"lead{lead}@firm{lead}.example",
                "name": f"{FIRST[lead % 10]} {LAST[lead // 10 % 10]}",
                "phone": "+41 44 555 01 23",
                "created_at": at,
            }
            for lead, at in zip(leads, began, strict=True)
        ],
    )
    return [Made(*row) for row in zip(leads, people, stages, began, strict=True)]


def _company(place: Place, number: int) -> dict[str, Any]:
    text = f"{place.partner_id}:{number}"
    return {
        "public_id": new_public_id(),
        "organisation_id": place.partner_id,
        "name": f"Firm {number} of {place.partner_id}",
        "domain": f"firm{number}.p{place.partner_id}.example",
        "domain_key": hashlib.blake2b(text.encode(), digest_size=16).digest(),
        "name_key": hashlib.blake2b(f"name:{text}".encode(), digest_size=16).digest(),
        "country": "CH",
        "employees": "10-49",
        "employees_min": 10,
        "employees_max": 49,
        "created_at": place.now,
    }


def _answer(one: Made, both: dict[str, int], campaigns: list[int]) -> dict[str, Any]:
    return {
        **both,
        "lead_id": one.lead,
        "person_id": one.person,
        "campaign_id": campaigns[one.lead % len(campaigns)],
        "request_key": hashlib.sha256(f"answer{one.lead}".encode()).hexdigest(),
        "page": "/c/some/page",
        "fields": {"company": f"Firm {one.lead}", "employees": "10-49"},
        "consents": [],
        "created_at": one.at,
    }


def _path(one: Made, both: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            **both,
            "lead_id": one.lead,
            "position": position,
            "kind": kind,
            "touch_name": "Invitation",
            "count": 1,
            "first_of_person": position == 0,
            "at": one.at,
        }
        for position, kind in enumerate(("clicked", "visited", "submitted"))
    ]


def _moves(one: Made, both: dict[str, int]) -> list[dict[str, Any]]:
    """The moves that lead to its stage, as deeds write them."""
    moves: list[tuple[Stage | None, Stage, Deed]] = [(None, Stage.NEW, Deed.BEGAN)]
    if one.stage is not Stage.NEW:
        moves.append((Stage.NEW, Stage.ACCEPTED, Deed.ACCEPTED))
    if one.stage not in {Stage.NEW, Stage.ACCEPTED}:
        moves.append((Stage.ACCEPTED, Stage.CONTACTED, Deed.CONTACTED))
    if one.stage in DEED_OF:
        moves.append((Stage.CONTACTED, one.stage, DEED_OF[one.stage]))
    return [
        {
            **both,
            "lead_id": one.lead,
            "from_stage": before,
            "to_stage": after,
            "deed": deed.value,
            "deed_key": new_public_id(),
            "before": {},
            "at": one.at,
        }
        for before, after, deed in moves
    ]


def _clock(one: Made, both: dict[str, int]) -> dict[str, Any]:
    runs = one.stage in CLOCK_OF
    return {
        **both,
        "lead_id": one.lead,
        "kind": CLOCK_OF.get(one.stage, ClockKind.ACCEPT),
        "started_at": one.at,
        "due_at": one.at + 3 * DAY,
        "met_at": None if runs else one.at + DAY,
    }
