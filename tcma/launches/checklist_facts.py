"""What the checklist says about the people of a draft, counted in the database."""

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from campaigns.kit import Kit
from tcma.audiences import marks
from tcma.audiences.models import Contact, ContactImport, ListMember
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
    other_size: int = 0  # on the list, of a firm that is smaller or larger than the kit is made for


def people_of(session: Session, campaign: Campaign, kit: Kit, reached: Reach) -> People:
    """One statement more than counting whom it reaches, two where the kit says a size and people changed."""
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
        other_size=_other_size(session, campaign, kit),
    )


def _other_size(session: Session, campaign: Campaign, kit: Kit) -> int:
    """Those of whom no size is known are not counted."""
    if not kit.sizes:
        return 0
    sizes = tuple((size.least, size.most) for size in kit.sizes)
    outside = [
        or_(Contact.employees_max < least, *([] if most is None else [Contact.employees_min > most]))
        for least, most in sizes
    ]

    def count() -> int:
        people = (
            select(func.count())
            .select_from(ListMember)
            .join(Contact, Contact.id == ListMember.contact_id)
            .where(
                ListMember.list_id == campaign.list_id,
                ListMember.partner_id == campaign.partner_id,
                Contact.partner_id == campaign.partner_id,
                and_(*outside),
            )
        )
        return int(session.scalar(people) or 0)

    return marks.kept(session, campaign.partner_id, ("sizes", campaign.list_id, sizes), count)


def _without(reached: Reach, campaign: Campaign, kit: Kit) -> tuple[tuple[str, str, int], ...]:
    """For each merge field of the kit how many have nothing there."""
    locale = campaign.locales[0]
    fallbacks = kit.fallbacks(locale)
    return tuple(
        (field.label.get(locale) or field.label[kit.default_language], fallbacks[field.name], missing)
        for field in kit.merge_fields
        if (missing := reached.lacking.get(field.name, 0))
    )
