"""Three people on a Monday morning, and the money of their campaign."""

from datetime import datetime

from sqlalchemy import select

from tcma.funds import queries as funds_queries
from tcma.funds import requests
from tcma.funds.models import CostLine, FundingRequest
from tcma.funds.requests import Ask
from tcma.launches import drafts
from tcma.launches.models import Campaign
from tests.installation import Installation
from tests.tcma.launches.world import MONDAY, World, a_world

TUESDAY = datetime.fromisoformat("2026-11-24T09:30")


def a_ready_world(installation: Installation) -> World:
    world = a_world(installation)
    world.people(["anna@firm.example", "bea@firm.example", "carl@firm.example"])
    world.set_clock(MONDAY)
    return world


def line_of(world: World, campaign: Campaign) -> CostLine:
    with world.installation.worker.reading() as session:
        line = session.scalars(select(CostLine).where(CostLine.campaign_id == campaign.id)).one()
        session.expunge_all()
        return line


def money_of(world: World) -> tuple[int, int]:
    """What is left and what is reserved on the partner's only certificate."""
    with world.installation.web.reading(world.partner.organisation_id) as session:
        (balance,) = funds_queries.certificates_for(session, world.partner)
        return balance.left, balance.reserved


def asked(world: World, campaign: Campaign) -> FundingRequest:
    fund = world.fund(rule={"on": False})
    with world.as_partner() as session:
        wanted = Ask(
            vendor_id=world.vendor.organisation_id,
            fund_id=fund.public_id,
            amount=10_000,
            terms_version="1",
            kit_id=world.version.kit_id,
        )
        request = requests.ask(session, world.partner, wanted)
    with world.as_partner() as session:
        drafts.set_funding(session, world.partner, campaign.public_id, request_id=request.public_id)
    return request
