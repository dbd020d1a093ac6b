"""An organisation's own sending address: entered by its owner, looked up by a worker, used while it is verified."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from campaigns.people import addresses
from tcma import clock
from tcma.addresses import partner_sender
from tcma.audit import trail
from tcma.config import Settings
from tcma.db import Database
from tcma.errors import Conflict, Invalid, NotFound, Phrase, phrase
from tcma.jobs.queue import Job, enqueue
from tcma.notices import service as notices
from tcma.notices.kinds import NoticeKind
from tcma.organisations.models import Organisation
from tcma.organisations.recipients import people_with
from tcma.partners import sender_records
from tcma.partners.models import SenderDomain, SenderStatus
from tcma.partners.names import Resolver
from tcma.partners.sender_records import Found, Look, Purpose, Record, Ways
from tcma.viewer import OrganisationKind, Role, Viewer

MAILBOX = "post"  # of an address that was given as a domain only
PATIENCE = timedelta(minutes=2)  # after which a look that brought nothing may be asked for again
DAILY = timedelta(hours=24)
HOURLY = timedelta(minutes=55)
HOURLY_FOR = timedelta(days=14)  # after a domain was entered, until its records are there
_LONGEST = 254


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as last looked up."""

    record: Record
    look: Look


def sender_of(session: Session, organisation_id: int) -> SenderDomain | None:
    return session.scalar(select(SenderDomain).where(SenderDomain.organisation_id == organisation_id))


def own_address(session: Session, organisation_id: int) -> str:
    """The address its mail leaves from while its domain is verified; "" for the shared one. One statement."""
    wanted = select(SenderDomain.address).where(
        SenderDomain.organisation_id == organisation_id, SenderDomain.status == SenderStatus.VERIFIED
    )
    return session.scalar(wanted) or ""


def leaving_address(frozen: str, own: str, shared: str) -> str:
    """What a mail leaves from whose sender was `frozen`: that address, as long as its domain is that of the
    organisation's `own` verified address; else the `shared` one. Who a mail is from is frozen with it; whether it
    may leave so is a fact of the moment it leaves."""
    if frozen and own and frozen.rpartition("@")[2] == own.rpartition("@")[2]:
        return frozen
    return shared


def shown(row: SenderDomain, ways: Ways) -> tuple[Shown, ...]:
    """Every record to set, with what stood there."""
    looks = _looks(row)
    made = sender_records.records(row.domain, row.token, ways, looks)
    return tuple(Shown(record, looks.get(record.key, Look(Found.WAITING))) for record in made)


def is_looking(row: SenderDomain, now: datetime) -> bool:
    """Whether a look was asked for that did not end yet."""
    if row.asked_at is None or (row.looked_at is not None and row.looked_at >= row.asked_at):
        return False
    return now - row.asked_at < PATIENCE


def enter(session: Session, viewer: Viewer, settings: Settings, typed: str) -> SenderDomain:
    """Send from this address, or from MAILBOX at this domain, once its records are seen; they are looked up at
    once. Invalid for a mail provider's domain and for one that is another's. Entered again, nothing changes."""
    viewer.require(OrganisationKind.PARTNER)
    if not Ways.of(settings).is_open:
        raise Conflict("Mail cannot be sent from own domains here yet. Ask whoever runs this site.")
    address = _address(session, viewer, settings, typed)
    domain = address.rpartition("@")[2]
    row = sender_of(session, viewer.organisation_id)
    now = clock.now(session)
    if row is not None and row.domain == domain:
        row.address = address
    else:
        if row is not None:
            session.delete(row)
            session.flush()
        row = SenderDomain(
            organisation_id=viewer.organisation_id,
            address=address,
            domain=domain,
            token=secrets.token_hex(16),
            status=SenderStatus.UNVERIFIED,
            looks={},
            is_taken=False,
            entered_at=now,
        )
        session.add(row)
        session.flush()
    trail.record(session, viewer, "sender.entered", row, {"domain": domain})
    _ask(session, row, now)
    return row


def look_again(session: Session, viewer: Viewer) -> SenderDomain:
    """Have the records looked up by a worker; while one does, nothing is asked again."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    row = _mine(session, viewer)
    _ask(session, row, clock.now(session))
    return row


def remove(session: Session, viewer: Viewer) -> None:
    """Send from the shared domain again, that of running campaigns too."""
    viewer.require(OrganisationKind.PARTNER)
    row = _mine(session, viewer)
    trail.record(session, viewer, "sender.removed", row, {"domain": row.domain})
    session.delete(row)


def look_up(database: Database, settings: Settings, resolver: Resolver, sender_id: int) -> None:
    """Ask the DNS for one domain's records and keep what it says. No transaction is open while it is asked."""
    with database.reading() as session:
        row = session.get(SenderDomain, sender_id)
        if row is None:
            return
        domain, token = row.domain, row.token
    looks = sender_records.look(domain, token, Ways.of(settings), resolver)
    with database.transaction() as session:
        row = session.get(SenderDomain, sender_id, with_for_update=True)
        if row is not None and row.token == token:
            _keep(session, row, looks)


def watch(database: Database, settings: Settings, resolver: Resolver) -> int:
    """Look up every domain whose time has come: daily, and hourly for two weeks while it is not verified yet.
    How many were looked up."""
    with database.reading() as session:
        now = clock.now(session)
        is_new = and_(
            SenderDomain.status == SenderStatus.UNVERIFIED, SenderDomain.entered_at > now - HOURLY_FOR
        )
        due = or_(
            SenderDomain.looked_at.is_(None),
            SenderDomain.looked_at <= now - DAILY,
            and_(is_new, SenderDomain.looked_at <= now - HOURLY),
        )
        found = session.scalars(select(SenderDomain.id).where(due).order_by(SenderDomain.id)).all()
    for sender_id in found:
        look_up(database, settings, resolver, sender_id)
    return len(found)


def _keep(session: Session, row: SenderDomain, looks: dict[str, Look]) -> None:
    """What is not answered says nothing: it neither verifies a domain nor loses it."""
    before, now = _looks(row), clock.now(session)
    row.looks = {
        key: {
            "found": look.found.value,
            "seen": before[key].seen if look.found is Found.UNKNOWN and key in before else look.seen,
        }
        for key, look in looks.items()
    }
    row.looked_at = now
    others = select(SenderDomain.id).where(
        SenderDomain.domain == row.domain,
        SenderDomain.id != row.id,
        SenderDomain.status == SenderStatus.VERIFIED,
    )
    row.is_taken = session.scalar(others.limit(1)) is not None
    states = {look.found for look in looks.values()}
    if row.is_verified:
        if states & {Found.MISSING, Found.DIFFERENT}:
            row.lose(now)
            trail.record(session, None, "sender.lost", row, organisation_id=row.organisation_id)
            _tell(session, row, looks)
    elif states == {Found.FOUND} and not row.is_taken:
        row.verify(now)
        trail.record(session, None, "sender.verified", row, organisation_id=row.organisation_id)


def _tell(session: Session, row: SenderDomain, looks: dict[str, Look]) -> None:
    assert row.lost_at is not None
    organisation = session.get_one(Organisation, row.organisation_id)
    lacking = [key for key, look in looks.items() if look.found in (Found.MISSING, Found.DIFFERENT)]
    names = {Purpose.OWNERSHIP: "TXT _tcma", Purpose.SPF: "SPF", Purpose.DMARC: "DMARC"}
    words = dict.fromkeys(names.get(Purpose(key), key) if key in set(Purpose) else "DKIM" for key in lacking)
    notices.tell(
        session,
        NoticeKind.SENDER_LOST,
        people_with(session, row.organisation_id, Role.OWNER),
        f"sender:{row.id}:{row.lost_at:%Y%m%d%H%M%S}",
        {"domain": row.domain, "records": ", ".join(words)},
        partner_sender(organisation.slug),
    )


def _ask(session: Session, row: SenderDomain, now: datetime) -> None:
    if is_looking(row, now):
        return
    row.asked_at = now
    key = f"{row.id}:{row.token[:8]}:{now.timestamp():.6f}"
    enqueue(session, Job.PARTNERS_LOOK_UP_SENDER, key, {"sender_id": row.id})


def _mine(session: Session, viewer: Viewer) -> SenderDomain:
    wanted = select(SenderDomain).where(SenderDomain.organisation_id == viewer.organisation_id)
    row = session.scalar(wanted.with_for_update())
    if row is None:
        raise NotFound("No sending address of your own is entered.")
    return row


def _looks(row: SenderDomain) -> dict[str, Look]:
    return {key: Look(Found(kept["found"]), kept["seen"]) for key, kept in row.looks.items()}


def _address(session: Session, viewer: Viewer, settings: Settings, typed: str) -> str:
    text = typed.strip()
    address = addresses.normalise(text if "@" in text else f"{MAILBOX}@{text}")
    if address is None or len(address) > _LONGEST or not re.fullmatch(r"[\x21-\x7e]+", address):
        raise _refused(
            phrase(
                "'%(text)s' is no sending address. Write it like post@harbour-it.example.", text=typed[:80]
            )
        )
    domain = address.rpartition("@")[2]
    if domain in addresses.MAILBOX_DOMAINS:
        raise _refused(
            phrase(
                "%(domain)s belongs to a mail provider, who lets nobody else send for it. Enter a domain of your"
                " own, or stay with the shared one.",
                domain=domain,
            )
        )
    shared = settings.mail_from.rpartition("@")[2].lower()
    if domain == shared or domain.endswith(f".{shared}") or shared.endswith(f".{domain}"):
        raise _refused(phrase("%(domain)s is the shared domain. You use it already.", domain=domain))
    labels = domain.split(".")
    above = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    others = select(Organisation.id).where(
        Organisation.domain.in_(above), Organisation.id != viewer.organisation_id
    )
    if session.scalar(others.limit(1)) is not None:
        raise _refused(
            phrase("%(domain)s belongs to another firm here. Enter a domain of your own.", domain=domain)
        )
    return address


def _refused(sentence: Phrase) -> Invalid:
    return Invalid(sentence, {"sender_address": sentence})
