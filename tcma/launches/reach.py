"""How far a draft reaches: its list counted in one pass, whatever is asked about it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import eligible, marks, tallies
from tcma.audiences.models import Basis
from tcma.launches import recency
from tcma.launches.models import Campaign
from tcma.launches.recency import Other


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
    """Two statements, one more where people changed and one where mails of other campaigns moved; nobody for a
    campaign without a list."""
    if campaign.list_id is None:
        return Reach()
    now = clock.now(session)
    everybody = tallies.of_list(session, campaign.partner_id, campaign.list_id)
    recent = [found for found in _with_another(session, campaign, now) if found.is_recent(now)]
    reached = Counter[int]()
    bases = set()
    for found in everybody.alike:
        if found.is_reachable:
            reached[found.lacks] += found.count
            bases.add(found.basis)
    for spared in recent if campaign.leaves_out_recent else ():
        reached[spared.lacks] -= spared.count
    return Reach(
        count=reached.total(),
        recent=sum(found.count for found in recent),
        bases=tuple(sorted(bases)),
        lacking={
            name: sum(count for lacks, count in reached.items() if tallies.is_lacking(lacks, name))
            for name in tallies.FIELDS
        },
        list_count=everybody.count(),
    )


@dataclass(frozen=True, slots=True)
class _Alike:
    """`count` people who may be written to and are alike in what another campaign sends or sent them."""

    lacks: int  # as in a tally
    is_awaited: bool
    last_sent_at: datetime | None
    count: int

    def is_recent(self, now: datetime) -> bool:
        return self.is_awaited or (
            self.last_sent_at is not None and self.last_sent_at >= now - recency.WINDOW
        )


def _with_another(session: Session, campaign: Campaign, now: datetime) -> tuple[_Alike, ...]:
    mails = recency.others(session, campaign, now)
    if not mails:
        return ()
    what = ("others", campaign.list_id, campaign.id, mails)
    return marks.kept(session, campaign.partner_id, what, lambda: _reached_by(session, campaign, mails))


def _reached_by(session: Session, campaign: Campaign, mails: Sequence[Other]) -> tuple[_Alike, ...]:
    """The people of a draft whom one of these mails reaches or has reached."""
    is_awaited = recency.is_awaited(campaign, mails)
    last_sent_at = recency.last_sent_at(campaign, mails)
    people = (
        eligible.people(campaign.partner_id, campaign.list_id or 0)
        .with_only_columns(is_awaited, last_sent_at, tallies.lacks())
        .where(recency.is_among(campaign, mails))
    )
    return tuple(
        _Alike(lacks, bool(awaited), last, count)
        for awaited, last, lacks, count in tallies.alike(session, people)
    )
