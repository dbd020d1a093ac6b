"""From a list to deliveries: all people of all mails in a few statements, at the moment of launch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audiences import eligible
from tcma.audiences.models import Basis, Contact, ListMember
from tcma.columns import new_mark
from tcma.db import insert_into
from tcma.launches import recency
from tcma.launches.deliveries import Chunk, Delivery, DeliveryStatus, MessageClass
from tcma.launches.models import Campaign, CampaignTouch
from tcma.launches.schedule import EMAIL

CHUNK_SIZE = 1_000
SOFT_START, SMALL_SOFT_START, SMALL = 25, 5, 100

_COLUMNS = (
    "partner_id",
    "campaign_id",
    "touch_id",
    "contact_id",
    "occasion",
    "artefact_id",
    "message_class",
    "status",
    "reason",
    "attempts",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which artefact a person gets: by the list's basis for writing to them, then by their language."""

    basis: Basis
    locale: str


def bases_of(session: Session, partner_id: int, list_id: int) -> list[Basis]:
    """The bases of the people on a list who may be written to."""
    wanted = eligible.people(partner_id, list_id).with_only_columns(ListMember.basis).distinct()
    return sorted(session.scalars(wanted))


def count_people(session: Session, partner_id: int, list_id: int) -> int:
    found = select(func.count()).select_from(eligible.people(partner_id, list_id).subquery())
    return session.scalar(found) or 0


def audience(session: Session, campaign: Campaign) -> Select[int]:
    """The ids of the people a campaign goes to, as things stand now. ValueError without a list."""
    if campaign.list_id is None:
        raise ValueError("A campaign without a list has nobody to write to.")
    people = eligible.people(campaign.partner_id, campaign.list_id)
    if campaign.leaves_out_recent:
        people = people.where(~recency.had_another(campaign, clock.now(session)))
    return people


def expand(
    session: Session,
    campaign: Campaign,
    touches: Sequence[CampaignTouch],
    artefacts: Mapping[int, Mapping[Choice, int]],
) -> int:
    """Queue one message per eligible person and mail; how many people. The first mail takes them from
    the list, the others from the first, so that all have the same. Done twice it adds nobody.

    `artefacts`: by touch id, the artefact ids by choice.
    """
    mails = [touch for touch in touches if touch.kind == EMAIL]
    first = mails[0]
    for touch in mails:
        source = _from_list(session, campaign) if touch is first else _from_touch(campaign, first.id)
        _queue(session, campaign, touch, source, artefacts[touch.id])
        _count(session, touch, is_first=touch is first)
        _cut(session, campaign.partner_id, touch)
    return first.people_count


def _from_list(session: Session, campaign: Campaign) -> Select[int]:
    return audience(session, campaign).order_by(Contact.id)


def _from_touch(campaign: Campaign, touch_id: int) -> Select[int]:
    return (
        select(Contact.id)
        .join(Delivery, Delivery.contact_id == Contact.id)
        .join(ListMember, ListMember.contact_id == Contact.id)
        .where(
            Delivery.touch_id == touch_id,
            Delivery.occasion == 0,
            ListMember.list_id == campaign.list_id,
            Contact.partner_id == campaign.partner_id,
        )
        .order_by(Contact.id)
    )


def _queue(
    session: Session,
    campaign: Campaign,
    touch: CampaignTouch,
    source: Select[int],
    artefacts: Mapping[Choice, int],
) -> None:
    rows = source.with_only_columns(
        literal(campaign.partner_id),
        literal(campaign.id),
        literal(touch.id),
        Contact.id,
        literal(0),
        _artefact(campaign.locales[0], artefacts),
        literal(MessageClass.MARKETING.value),
        literal(DeliveryStatus.QUEUED.value),
        literal(""),
        literal(0),
    )
    statement = insert_into(session, Delivery).from_select(_COLUMNS, rows, include_defaults=False)
    session.execute(statement.on_conflict_do_nothing(index_elements=["touch_id", "contact_id", "occasion"]))


def _artefact(default_locale: str, artefacts: Mapping[Choice, int]) -> ColumnElement[int]:
    """The artefact for a person: language first, the default language for whoever speaks none of them."""
    by_basis: dict[Basis, list[tuple[str, int]]] = {}
    for choice, artefact_id in artefacts.items():
        by_basis.setdefault(choice.basis, []).append((choice.locale, artefact_id))
    language = func.lower(func.replace(Contact.language, "_", "-"))
    whens: list[tuple[ColumnElement[bool], int]] = []
    for basis, found in by_basis.items():
        others = [(locale, number) for locale, number in found if locale != default_locale]
        for locale, number in others:
            speaks = or_(language == locale.lower(), language.startswith(f"{locale.lower()}-"))
            whens.append(((ListMember.basis == basis) & speaks, number))
        whens.append((ListMember.basis == basis, dict(found)[default_locale]))
    return case(*whens)


def _count(session: Session, touch: CampaignTouch, *, is_first: bool) -> None:
    """The touch's people are the rows that stand there, whatever the statement above was told."""
    people = (
        session.scalar(select(func.count()).where(Delivery.touch_id == touch.id, Delivery.occasion == 0)) or 0
    )
    touch.people_count = touch.queued_count = people
    touch.mark = new_mark()
    # The first mail tries the list; the others go to addresses that are known to exist.
    size = SOFT_START if people >= SMALL else SMALL_SOFT_START
    touch.soft_start_size = min(size, people) if is_first else 0
    session.flush()


def _cut(session: Session, partner_id: int, touch: CampaignTouch) -> None:
    """Chunks of about 1,000 messages."""
    numbered = (
        select(
            Delivery.id.label("id"),
            ((func.row_number().over(order_by=Delivery.id) - 1) // CHUNK_SIZE).label("block"),
        )
        .where(Delivery.touch_id == touch.id, Delivery.occasion == 0)
        .subquery()
    )
    ranges = session.execute(
        select(func.min(numbered.c.id), func.max(numbered.c.id)).group_by(numbered.c.block)
    ).all()
    if ranges:
        session.execute(
            insert(Chunk),
            [
                {
                    "partner_id": partner_id,
                    "touch_id": touch.id,
                    "message_class": MessageClass.MARKETING,
                    "first_id": first,
                    "last_id": last,
                }
                for first, last in sorted(tuple(found) for found in ranges)
            ],
        )
