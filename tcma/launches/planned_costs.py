"""What a partner plans to spend around a campaign, line by line: the outside lines of its cost list."""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from tcma.columns import BigInt, Key
from tcma.db import Base
from tcma.launches.models import Campaign
from tcma.tenancy import Tenancy

LONGEST_NAME = 80


class PlannedCost(Base):
    """The partner pays a supplier, or itself, and claims the vendor's part later. Amounts in minor units of
    the campaign's `budget_currency`."""

    __tablename__ = "planned_costs"
    __tenancy__ = Tenancy.PARTNERSHIP
    __inserted_by__ = __updated_by__ = ("partner_id",)
    __table_args__ = (
        UniqueConstraint("campaign_id", "position"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    amount: Mapped[int] = mapped_column(BigInt)


def plan(session: Session, campaign: Campaign, costs: Iterable[tuple[str, int]]) -> None:
    """The lines of a campaign that has none: what for and how much, in this order."""
    session.add_all(
        PlannedCost(
            campaign_id=campaign.id,
            vendor_id=campaign.vendor_id,
            partner_id=campaign.partner_id,
            position=position,
            name=name,
            amount=amount,
        )
        for position, (name, amount) in enumerate(costs)
    )
