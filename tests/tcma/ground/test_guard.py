"""The ORM's guard in every shape a statement can take: what is not the tenant's is not there."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tcma.companies.models import Company
from tcma.launches.models import Campaign, CampaignTouch
from tcma.leads.models import Lead
from tcma.partners.models import Partnership
from tests.architecture.rows import filler, organisations
from tests.installation import Installation

MINE, VENDOR, STRANGER = 11, 12, 13

SHAPES: dict[str, Callable[[Session], Any]] = {
    "entity": lambda session: session.scalars(select(Campaign)).all(),
    "column": lambda session: session.scalars(select(Campaign.id)).all(),
    "alias": lambda session: session.scalars(select(aliased(Campaign))).all(),
    "join": lambda session: session.execute(
        select(Campaign.id, CampaignTouch.id).join(CampaignTouch, CampaignTouch.campaign_id == Campaign.id)
    ).all(),
    "subquery": lambda session: session.execute(select(select(Campaign.id).subquery())).all(),
    "exists": lambda session: [one for one in [session.scalar(select(exists(select(Campaign.id))))] if one],
    "count": lambda session: [
        one for one in [session.scalar(select(func.count()).select_from(Campaign))] if one
    ],
    "get": lambda session: [one for one in [session.get(Campaign, 1)] if one],
    "scalar subquery": lambda session: [
        one for one in [session.scalar(select(select(func.max(Campaign.id)).scalar_subquery()))] if one
    ],
    "joined load": lambda session: (
        session.scalars(select(Campaign).options(joinedload(Campaign.touches))).unique().all()
    ),
    "select-in load": lambda session: session.scalars(
        select(Campaign).options(selectinload(Campaign.touches))
    ).all(),
    "update": lambda session: session.execute(
        update(Campaign).values(name="mine now").returning(Campaign.id)
    ).all(),
    "delete": lambda session: session.execute(delete(CampaignTouch).returning(CampaignTouch.id)).all(),
}


@pytest.fixture
def planted(database: Installation) -> Installation:
    with database.owner.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            organisations(connection, MINE, VENDOR, STRANGER)
            for model in (Campaign, CampaignTouch, Partnership, Company, Lead):
                connection.execute(
                    model.__table__.insert().values(filler(model, partner=MINE, vendor=VENDOR))  # type: ignore[attr-defined]
                )
    return database


@pytest.mark.parametrize("shape", SHAPES)
def test_a_stranger_finds_nothing(planted: Installation, shape: str) -> None:
    with planted.web.transaction(STRANGER) as session:
        assert not SHAPES[shape](session)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_partner_finds_its_own(planted: Installation, shape: str) -> None:
    with planted.web.transaction(MINE) as session:
        assert SHAPES[shape](session)


def test_a_row_reached_through_another_is_guarded_too(planted: Installation) -> None:
    """The lead is the vendor's to read, the company stands in its owner's book alone."""
    with planted.web.reading(MINE) as session:
        assert session.scalars(select(Lead)).one().company.id == 1
    with planted.web.reading(VENDOR) as session:
        assert session.scalars(select(Lead)).one().company is None
