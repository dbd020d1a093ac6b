"""Making mails of what waits and handing them over: claim and commit, talk, record. Running twice sends once;
a crash between talking and recording sends that one mail again."""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from campaigns.errors import ContentError
from campaigns.providers.base import Accepted, Outcome, Outgoing, Provider, Refused
from tcma import clock
from tcma.db import Database
from tcma.jobs import rows
from tcma.notices import queries
from tcma.notices.kinds import MANNERS
from tcma.notices.mails import Writer
from tcma.notices.models import MessageStatus, Notice, PlatformMessage
from tcma.notices.queries import Group
from tcma.notices.recipients import Recipient

LEASE = timedelta(seconds=180)
SPAN = timedelta(
    seconds=45
)  # after this the rest of a batch is given back: one slow mail fits into the lease
BATCH = 16  # messages handed over with one claim
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
MOST_ATTEMPTS = 14  # about half a day of trying
GONE = "The person switched these mails off, or left the organisation."

Place = tuple[int, int]  # user id, organisation id
Present = Callable[[Session, Iterable[Place]], Mapping[Place, Recipient]]

_log = structlog.get_logger(__name__)

__all__ = ["Present", "Writer", "gather", "has_waiting", "send_waiting"]


@dataclass(frozen=True, slots=True)
class _Claimed:
    """One message with what it says and to whom, loaded; nothing of it is read later."""

    message_id: int
    reader: Recipient
    notices: tuple[Notice, ...]


def gather(database: Database) -> int:
    """Turn the events whose time has come into messages; how many there are now more."""
    return sum(rows.each(database, queries.due_groups, _make))


def has_waiting(database: Database) -> bool:
    """Whether any message may be tried now: without one nobody opens a way out."""
    with database.reading() as session:
        return queries.has_waiting(session)


def send_waiting(
    database: Database,
    provider: Provider,
    writer: Writer,
    present: Present,
    is_over: Callable[[], bool] = lambda: False,
    *,
    span: timedelta = SPAN,
) -> None:
    """Hand over every message that waits, until there is none or `is_over`.

    `present` says who of the readers still belongs where they were told something; the others, and those
    who switched the kind off meanwhile, get no mail.
    """
    while not is_over():
        with database.transaction() as session:
            ids = queries.take_waiting(session, lease_until=clock.real() + LEASE, limit=BATCH)
            claimed = _load(session, ids, present)
            now = clock.now(session)
        if not ids:
            return
        until = time.monotonic() + span.total_seconds()
        batch = _written(database, writer, claimed, now)
        untried = {outgoing.delivery_id for outgoing in batch}
        for outcome in provider.send(batch):
            with database.transaction() as session:
                _record(session, outcome)
            untried.discard(outcome.delivery_id)
            if time.monotonic() >= until or is_over():
                break
        if untried:
            with database.transaction() as session:
                queries.give_back(session, untried)


def _make(session: Session, group: Group) -> bool:
    """One message of one group; False when another worker made it meanwhile."""
    message = PlatformMessage(
        kind=group.kind,
        reader=group.reader,
        status=MessageStatus.WAITING,
        created_at=clock.now(session),
    )
    session.add(message)
    session.flush()
    taken = session.execute(
        update(Notice)
        .where(Notice.id.in_(group.notice_ids), Notice.message_id.is_(None))
        .values(message_id=message.id)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not taken:
        session.delete(message)
    return bool(taken)


def _load(session: Session, ids: list[int], present: Present) -> list[_Claimed]:
    """The claimed messages that still have a reader; the others end here."""
    notices = queries.notices_of(session, ids)
    told = {one.id: one for found in notices.values() for one in found}
    places = {
        (one.user_id, one.organisation_id)
        for one in told.values()
        if one.user_id is not None and one.organisation_id is not None
    }
    here = present(session, places) if places else {}
    loaded = []
    for message_id in ids:
        found = notices[message_id]
        reader = _reader(session, found[0], here)
        if reader is None:
            _end(session, message_id, MessageStatus.DROPPED, GONE)
        else:
            loaded.append(_Claimed(message_id, reader, tuple(found)))
    return loaded


def _reader(session: Session, notice: Notice, here: Mapping[Place, Recipient]) -> Recipient | None:
    """To whom the message goes today, None for nobody any more."""
    if MANNERS[notice.kind].can_be_switched_off and queries.switched_off(
        session, notice.kind, [notice.user_id]
    ):
        return None
    if notice.user_id is not None and notice.organisation_id is not None:
        return here.get((notice.user_id, notice.organisation_id))
    return Recipient(
        notice.user_id,
        notice.name,
        notice.email,
        notice.locale,
        notice.organisation_id,
        notice.organisation_name,
        notice.timezone,
    )


def _written(database: Database, writer: Writer, claimed: list[_Claimed], now: datetime) -> list[Outgoing]:
    """The mails, ready to go. One that cannot be written is a defect of ours: it fails, the others go."""
    batch = []
    for one in claimed:
        attempt_id = f"n{secrets.token_hex(8)}"
        try:
            mail = writer.write(
                one.notices, one.reader, message_id=f"notice.{one.message_id}.{attempt_id}", now=now
            )
        except (ContentError, ValueError, KeyError) as error:
            _log.exception("notice_not_written", message_id=one.message_id, kind=one.notices[0].kind.value)
            with database.transaction() as session:
                _end(
                    session,
                    one.message_id,
                    MessageStatus.FAILED,
                    f"It could not be written: {type(error).__name__}.",
                )
            continue
        batch.append(Outgoing(one.message_id, attempt_id, writer.sender, one.reader.email, mail))
    return batch


def _record(session: Session, outcome: Outcome) -> None:
    message = session.get(PlatformMessage, outcome.delivery_id, with_for_update=True)
    if message is None or message.status is not MessageStatus.WAITING:
        return
    match outcome:
        case Accepted():
            _end(session, message.id, MessageStatus.SENT)
        case Refused():
            _end(
                session, message.id, MessageStatus.REFUSED, f"The mail server refused it with {outcome.code}."
            )
        case _ if message.attempts >= MOST_ATTEMPTS:
            _end(session, message.id, MessageStatus.FAILED, "Given up after the last try.")
        case _:
            pause = min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE)
            message.retry_at, message.lease_until = clock.real() + pause, None


def _end(session: Session, message_id: int, status: MessageStatus, reason: str = "") -> None:
    """The message is through: what it said, with its links, is forgotten."""
    message = session.get_one(PlatformMessage, message_id)
    message.end(status, clock.now(session), reason)
    session.execute(
        update(Notice)
        .where(Notice.message_id == message_id)
        .values(said={}, path="", token=None)
        .execution_options(synchronize_session=False)
    )
