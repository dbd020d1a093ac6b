"""How far a draft reaches: its list counted in one pass, whatever is asked about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import eligible, marks
from tcma.audiences.models import Basis, Contact, ListMember
from tcma.launches import recency
from tcma.launches.models import Campaign
from tcma.launches.recency import Other

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
    them they are not in `count`. `bases` are those of all who may be written to; `list_count` is everybody on the
    list."""

    count: int = 0
    recent: int = 0
    bases: tuple[Basis, ...] = ()
    lacking: Mapping[str, int] = field(default_factory=dict)
    list_count: int = 0


def of(session: Session, campaign: Campaign) -> Reach:
    """Two statements, and three more where the list's people changed or mails of other campaigns moved; nobody
    for a campaign without a list."""
    if campaign.list_id is None:
        return Reach()
    now = clock.now(session)
    mails = recency.others(session, campaign, now)
    what = ("reach", campaign.list_id, campaign.id, mails)
    list_count, alike = marks.kept(
        session, campaign.partner_id, what, lambda: _counted(session, campaign, mails)
    )
    rows = [(found, found.is_awaited or _is_since(found.last_sent_at, now)) for found in alike]
    reached = [found for found, is_recent in rows if not (is_recent and campaign.leaves_out_recent)]
    return Reach(
        count=sum(found.count for found in reached),
        recent=sum(found.count for found, is_recent in rows if is_recent),
        bases=tuple(sorted({found.basis for found in alike})),
        lacking={
            name: sum(found.count for found in reached if found.lacks[number])
            for number, name in enumerate(FIELDS)
        },
        list_count=list_count,
    )


@dataclass(frozen=True, slots=True)
class _Alike:
    """`count` people who may be written to and are the same in all that is asked about them, at whatever
    moment it is asked."""

    basis: Basis
    lacks: tuple[bool, ...]  # in the order of FIELDS
    is_awaited: bool
    last_sent_at: datetime | None
    count: int


def _counted(session: Session, campaign: Campaign, mails: Sequence[Other]) -> tuple[int, tuple[_Alike, ...]]:
    """Everybody on the list, and those of them who may be written to."""
    everybody = select(func.count()).where(ListMember.list_id == campaign.list_id)
    people = (
        eligible.people(campaign.partner_id, campaign.list_id or 0)
        .with_only_columns(
            ListMember.basis.label("basis"),
            recency.is_awaited(campaign, mails).label("is_awaited"),
            recency.last_sent_at(campaign, mails).label("last_sent_at"),
            *((column == "").label(f"lacks_{number}") for number, column in enumerate(FIELDS.values())),
        )
        .subquery()
    )
    rows = session.execute(select(*people.c, func.count()).group_by(*people.c))
    return session.scalar(everybody) or 0, tuple(
        _Alike(basis, tuple(map(bool, lacks)), bool(is_awaited), last, count)
        for basis, is_awaited, last, *lacks, count in rows
    )


def _is_since(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment >= now - recency.WINDOW
