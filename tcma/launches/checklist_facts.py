"""What the checklist says about the people of a draft, counted in the database."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.kit import Kit
from tcma.audiences.models import Contact, ContactImport, ListMember
from tcma.launches import expand, recency
from tcma.launches.models import Campaign
from tcma.organisations.models import Organisation

_FIELDS = {
    "contact.first_name": Contact.first_name,
    "contact.last_name": Contact.last_name,
    "contact.company": Contact.company,
    "contact.title": Contact.title,
}


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


def people_of(session: Session, campaign: Campaign, kit: Kit) -> People:
    """At most four statements."""
    partner = session.get_one(Organisation, campaign.partner_id)
    if campaign.list_id is None:
        return People(0, is_sparing=campaign.leaves_out_recent, country=partner.country)
    count, without = _counted(session, campaign, kit)
    recent = recency.count_recent(session, campaign)
    members, skipped = session.execute(
        select(
            select(func.count()).where(ListMember.list_id == campaign.list_id).scalar_subquery(),
            select(func.sum(ContactImport.skipped_count))
            .where(ContactImport.list_id == campaign.list_id)
            .scalar_subquery(),
        )
    ).one()
    spared = recent if campaign.leaves_out_recent else 0
    return People(
        count=count,
        without_field=without,
        not_mailable=max(members - count - spared, 0),
        skipped_rows=int(skipped or 0),
        recent=recent,
        is_sparing=campaign.leaves_out_recent,
        country=partner.country,
    )


def _counted(session: Session, campaign: Campaign, kit: Kit) -> tuple[int, tuple[tuple[str, str, int], ...]]:
    """All people, and for each merge field of the kit how many have nothing there: one statement."""
    locale = campaign.locales[0]
    fields = [field for field in kit.merge_fields if field.name in _FIELDS]
    empty = [func.count().filter(_FIELDS[field.name] == "") for field in fields]
    row = session.execute(expand.audience(session, campaign).with_only_columns(func.count(), *empty)).one()
    fallbacks = kit.fallbacks(locale)
    without = tuple(
        (field.label.get(locale) or field.label[kit.default_language], fallbacks[field.name], int(missing))
        for field, missing in zip(fields, row[1:], strict=True)
        if missing
    )
    return int(row[0]), without
