"""Who of the partner's people read the briefing of a campaign. The vendor is told how many, never who."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tcma import clock
from tcma.audit import trail
from tcma.columns import Key, UtcDateTime
from tcma.db import Base, insert_into
from tcma.launches.models import Campaign
from tcma.organisations.models import Membership, User
from tcma.tenancy import Tenancy
from tcma.viewer import OrganisationKind, Role, Viewer

READERS = (Role.OWNER, Role.MARKETER, Role.SALES)
"""Who reads what is for sales only: guides, call scripts, the briefing."""


class BriefingReceipt(Base):
    """A person said: I have read it. Once for each campaign."""

    __tablename__ = "briefing_receipts"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __append_only__ = True
    __table_args__ = (UniqueConstraint("campaign_id", "user_id"),)

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Reader:
    """One of the team who is meant to read it; `at` is None until that person has."""

    user_id: int
    name: str
    at: datetime | None


def confirm_reading(session: Session, viewer: Viewer, campaign: Campaign) -> bool:
    """The viewer has read the briefing of this campaign; False where that was said before."""
    viewer.require(OrganisationKind.PARTNER, *READERS)
    made = session.execute(
        insert_into(session, BriefingReceipt)
        .values(
            partner_id=campaign.partner_id,
            campaign_id=campaign.id,
            user_id=viewer.user_id,
            at=clock.now(session),
        )
        .on_conflict_do_nothing(index_elements=["campaign_id", "user_id"])
        .returning(BriefingReceipt.id)
    ).scalar_one_or_none()
    if made is None:
        return False
    session.execute(
        update(Campaign)
        .where(Campaign.id == campaign.id)
        .values(briefed_count=Campaign.briefed_count + 1)
        .execution_options(synchronize_session=False)
    )
    trail.record(session, viewer, "campaign.briefing_read", campaign)
    return True


def readers_of(session: Session, viewer: Viewer, campaign: Campaign) -> list[Reader]:
    """Everybody who is meant to read it or did, those who have first, in order of reading; one statement."""
    rows = session.execute(
        select(User.id, User.name, BriefingReceipt.at, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(
            BriefingReceipt,
            (BriefingReceipt.user_id == User.id) & (BriefingReceipt.campaign_id == campaign.id),
        )
        .where(Membership.organisation_id == viewer.organisation_id)
        .order_by(BriefingReceipt.at.is_(None), BriefingReceipt.at, User.name, User.id)
    ).all()
    found: dict[int, Reader] = {}
    for user_id, name, read_at, role in rows:
        at: datetime | None = read_at  # of an outer join
        if at is not None or role in READERS:
            found.setdefault(user_id, Reader(user_id, name, at))
    return list(found.values())
