"""What the checklist says about the people of a draft, counted in the database."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.kit import Kit
from tcma.audiences.models import ContactImport
from tcma.launches.models import Campaign
from tcma.launches.reach import Reach
from tcma.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class People:
    """`count` get the campaign. `without_field`: label of a merge field, what is printed instead, and to how
    many. `not_mailable` stand on the list and may not be written to; `skipped_rows` never came onto it."""

    count: int
    without_field: tuple[tuple[str, str, int], ...] = ()
    not_mailable: int = 0
    skipped_rows: int = 0
    recent: int = 0
    is_sparing: bool = False
    country: str = ""


def people_of(session: Session, campaign: Campaign, kit: Kit, reached: Reach) -> People:
    """One statement more than counting whom it reaches."""
    partner = session.get_one(Organisation, campaign.partner_id)
    if campaign.list_id is None:
        return People(0, is_sparing=campaign.leaves_out_recent, country=partner.country)
    skipped = session.scalar(
        select(func.sum(ContactImport.skipped_count)).where(ContactImport.list_id == campaign.list_id)
    )
    spared = reached.recent if campaign.leaves_out_recent else 0
    return People(
        count=reached.count,
        without_field=_without(reached, campaign, kit),
        not_mailable=max(reached.list_count - reached.count - spared, 0),
        skipped_rows=int(skipped or 0),
        recent=reached.recent,
        is_sparing=campaign.leaves_out_recent,
        country=partner.country,
    )


def _without(reached: Reach, campaign: Campaign, kit: Kit) -> tuple[tuple[str, str, int], ...]:
    """For each merge field of the kit how many have nothing there."""
    locale = campaign.locales[0]
    fallbacks = kit.fallbacks(locale)
    return tuple(
        (field.label.get(locale) or field.label[kit.default_language], fallbacks[field.name], missing)
        for field in kit.merge_fields
        if (missing := reached.lacking.get(field.name, 0))
    )
