"""Who is told what about leads; the notices write the mails.

A new lead goes to its holder or to all sales people; what is running out to its holder, then to the owner;
what waits for an update to its holder once a week.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from campaigns.links import Purpose
from tcma import addresses, clock
from tcma.db import Database
from tcma.jobs import rows
from tcma.leads import links
from tcma.leads.models import Lead, LeadAnswer, LeadPerson, Stage
from tcma.notices import service as notices
from tcma.notices.kinds import NoticeKind
from tcma.notices.recipients import Recipient
from tcma.notices.service import ReaderToken
from tcma.notices.values import Link
from tcma.organisations import recipients
from tcma.organisations.models import Organisation, User
from tcma.viewer import Role

REPORTED = (Stage.CONTACTED, Stage.QUALIFIED, Stage.OPPORTUNITY)
SOON = timedelta(days=7)  # due before the next weekly mail
WEEKDAY, FROM, UNTIL = 0, time(7), time(18)  # Monday, by the organisation's clock


def tell_new(session: Session, lead: Lead, person: LeadPerson, answer: LeadAnswer) -> None:
    """Somebody answered and began a lead; in the transaction of the answer."""
    _tell_lead(session, lead, person, answer, _who_answers(session, lead), f"lead:{lead.id}")


def tell_handed(database: Database, lead_id: int, deed_key: str) -> None:
    """The colleague who got a lead, once the hand-over cannot be undone any more."""
    with database.transaction() as session:
        lead = session.get(Lead, lead_id)
        if lead is None or lead.holder_id is None or lead.closed_at is not None:
            return
        person, answer = _first(session, lead)
        if person is None or answer is None:
            return
        readers = recipients.person_in(session, lead.holder_id, lead.owner_id)
        _tell_lead(session, lead, person, answer, readers, f"lead:{lead.id}:{deed_key}")


def tell_back(session: Session, lead: Lead) -> None:
    """The day of a lead that rested has come: it is new again."""
    person, answer = _first(session, lead)
    if person is not None and answer is not None:
        day = f"{clock.now(session):%Y%m%d}"
        _tell_lead(session, lead, person, answer, _who_answers(session, lead), f"lead:{lead.id}:back:{day}")


def tell_ageing(session: Session, lead: Lead, ends_at: datetime, *, is_over: bool, occasion: str) -> None:
    """What is left is a quarter, or nothing: its holder, and its owner, who can hand it to somebody else."""
    person, _ = _first(session, lead)
    owners = recipients.people_with(session, lead.owner_id, Role.OWNER)
    link = links.make(session, lead.owner_id, [lead])
    notices.tell(
        session,
        NoticeKind.LEAD_AGEING,
        [*_who_answers(session, lead), *owners],
        f"lead:{lead.id}:{occasion}:{ends_at:%Y%m%d%H%M}",
        {
            "person": person.name if person else "",
            "company": lead.company.name,
            "ends_at": ends_at,
            "is_over": "yes" if is_over else "",
            "goes_back_to": lead.vendor.name if lead.may_go_back else "",
        },
        links.PATH,
        token=ReaderToken(Purpose.LEAD, link.id),
    )


def ask_for_updates(database: Database) -> int:
    """The weekly round: each organisation on its Monday, each lead that is due before the next one, told to
    who holds it. Run every hour, it tells once a week. How many leads."""

    def owners(session: Session) -> Sequence[int]:
        waiting = select(Lead.owner_id).where(*_waiting(clock.now(session))).distinct()
        found = session.scalars(select(Organisation).where(Organisation.id.in_(waiting))).all()
        now = clock.now(session)
        return [owner.id for owner in found if _is_monday(now, owner.timezone)]

    return sum(rows.each(database, owners, _ask_owner))


def _ask_owner(session: Session, owner_id: int) -> int:
    now = clock.now(session)
    leads = session.scalars(
        select(Lead)
        .where(Lead.owner_id == owner_id, *_waiting(now))
        .options(joinedload(Lead.company))
        .order_by(Lead.clock_until, Lead.id)
        .limit(200)
    ).all()
    people = first_people(session, [lead.id for lead in leads])
    owner = session.get_one(Organisation, owner_id)
    week = "{}-{}".format(*now.astimezone(ZoneInfo(owner.timezone)).isocalendar()[:2])
    held: dict[int | None, list[Lead]] = defaultdict(list)
    for lead in leads:
        held[lead.holder_id].append(lead)
    for theirs in held.values():
        link = links.make(session, owner_id, theirs)
        readers = _who_answers(session, theirs[0])
        for lead in theirs:
            notices.tell(
                session,
                NoticeKind.LEADS_WITHOUT_UPDATE,
                readers,
                f"lead:{lead.id}:{week}",
                {
                    "person": people[lead.id].name if lead.id in people else "",
                    "company": lead.company.name,
                    "stage": lead.stage.value,
                    "updated_on": lead.updated_at.date(),
                },
                links.PATH,
                token=ReaderToken(Purpose.LEAD, link.id),
            )
    return len(leads)


def first_people(session: Session, lead_ids: Iterable[int]) -> dict[int, LeadPerson]:
    """By lead: the person who answered first. One statement."""
    found = session.scalars(
        select(LeadPerson).where(LeadPerson.lead_id.in_(list(lead_ids))).order_by(LeadPerson.id.desc())
    )
    return {person.lead_id: person for person in found}


def _tell_lead(
    session: Session,
    lead: Lead,
    person: LeadPerson,
    answer: LeadAnswer,
    readers: Sequence[Recipient],
    subject_key: str,
) -> None:
    owner = session.get_one(Organisation, lead.owner_id)
    link = links.make(session, lead.owner_id, [lead])
    notices.tell(
        session,
        NoticeKind.NEW_LEAD,
        readers,
        subject_key,
        {
            "person": person.name,
            "company": lead.company.name,
            "phone": person.phone,
            "email": person.address,
            "message": answer.fields.get("message", ""),
            "campaign": lead.campaign.name if lead.campaign else "",
            "vendor": lead.vendor.name,
            "open": Link(addresses.lead(owner.slug, lead.public_id)),
        },
        links.PATH,
        token=ReaderToken(Purpose.LEAD, link.id),
    )


def _who_answers(session: Session, lead: Lead) -> list[Recipient]:
    """The holder, while in the firm; else everybody who sells, else whoever owns and markets."""
    if lead.holder_id is not None and session.get(User, lead.holder_id) is not None:
        holder = recipients.person_in(session, lead.holder_id, lead.owner_id)
        if holder:
            return holder
    sales = recipients.people_with(session, lead.owner_id, Role.SALES)
    return sales or recipients.people_with(session, lead.owner_id, Role.OWNER, Role.MARKETER)


def _first(session: Session, lead: Lead) -> tuple[LeadPerson | None, LeadAnswer | None]:
    person = first_people(session, [lead.id]).get(lead.id)
    answer = session.scalar(
        select(LeadAnswer).where(LeadAnswer.lead_id == lead.id).order_by(LeadAnswer.id.desc()).limit(1)
    )
    return person, answer


def _waiting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Lead.closed_at.is_(None), Lead.stage.in_(REPORTED), Lead.clock_until <= now + SOON)


def _is_monday(now: datetime, timezone: str) -> bool:
    local = now.astimezone(ZoneInfo(timezone))
    return local.weekday() == WEEKDAY and FROM <= local.time() < UNTIL
