"""How far a draft reaches: its list counted in one pass, whatever is asked about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import eligible
from tcma.audiences.models import Basis, Contact, ListMember
from tcma.launches import recency
from tcma.launches.models import Campaign

FIELDS = {
    "contact.first_name": Contact.first_name,
    "contact.last_name": Contact.last_name,
    "contact.company": Contact.company,
    "contact.title": Contact.title,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """`count` people get the campaign, as things stand now; of `lacking` they have nothing in a merge field, by its
    name. `recent` may be written to, and had or get another campaign within seven days: where the campaign spares
    them they are not in `count`. `bases` are those of all who may be written to."""

    count: int = 0
    recent: int = 0
    bases: tuple[Basis, ...] = ()
    lacking: Mapping[str, int] = field(default_factory=dict)


def of(session: Session, campaign: Campaign) -> Reach:
    """One statement; nobody for a campaign without a list."""
    if campaign.list_id is None:
        return Reach()
    people = (
        eligible.people(campaign.partner_id, campaign.list_id)
        .with_only_columns(
            ListMember.basis.label("basis"),
            recency.had_another(campaign, clock.now(session)).label("is_recent"),
            *((column == "").label(f"lacks_{number}") for number, column in enumerate(FIELDS.values())),
        )
        .subquery()
    )
    empty = [func.count().filter(people.c[f"lacks_{number}"]) for number in range(len(FIELDS))]
    rows = session.execute(
        select(people.c.basis, people.c.is_recent, func.count(), *empty).group_by(
            people.c.basis, people.c.is_recent
        )
    ).all()
    reached = [row for row in rows if not (row.is_recent and campaign.leaves_out_recent)]
    return Reach(
        count=sum(row[2] for row in reached),
        recent=sum(row[2] for row in rows if row.is_recent),
        bases=tuple(sorted({row.basis for row in rows})),
        lacking={name: sum(row[3 + number] for row in reached) for number, name in enumerate(FIELDS)},
    )
