"""Telling people: rows in the deed's own transaction, mails by a worker; and what people switched off."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaigns.links import Purpose
from tcma import clock
from tcma.db import insert_into
from tcma.errors import Invalid, phrase
from tcma.jobs.queue import Job, enqueue
from tcma.notices import queries
from tcma.notices.grouping import due_at
from tcma.notices.kinds import MANNERS, NoticeKind
from tcma.notices.models import Notice, NoticeChoice
from tcma.notices.recipients import Recipient
from tcma.notices.values import Value, kept

__all__ = ["ReaderToken", "Recipient", "choose", "choose_all", "tell"]


@dataclass(frozen=True, slots=True)
class ReaderToken:
    """What `{token}` in a path becomes when the mail is written: a signed token of `purpose` whose partner is
    the reader's organisation, whose artefact is the reader's user id, whose delivery is `subject_id`."""

    purpose: Purpose
    subject_id: int


def tell(
    session: Session,
    kind: NoticeKind,
    recipients: Iterable[Recipient],
    subject_key: str,
    values: Mapping[str, Value],
    path: str,
    *,
    token: ReaderToken | None = None,
) -> None:
    """Tell each of them about one event; told again by the same `subject_key` ("lead:17"), nothing happens.

    Runs in the deed's transaction, whoever's tenant that is. People who switched the kind off get no row.
    `path` is where the event's button leads. ValueError where `values` are not the kind's fields.
    """
    manner = MANNERS[kind]
    if values.keys() != manner.fields:
        raise ValueError(f"{kind} needs {', '.join(sorted(manner.fields))}.")
    people = {person.key: person for person in recipients}
    if manner.can_be_switched_off:
        off = queries.switched_off(session, kind, {person.user_id for person in people.values()})
        people = {key: person for key, person in people.items() if person.user_id not in off}
    if not people:
        return
    now = clock.now(session)
    due = {key: due_at(manner, now, None, person.timezone) for key, person in people.items()}
    rows = [
        {
            "kind": kind,
            "reader": key,
            "subject_key": subject_key,
            "user_id": person.user_id,
            "organisation_id": person.organisation_id,
            "name": person.name,
            "email": person.email,
            "locale": person.locale,
            "timezone": person.timezone,
            "organisation_name": person.organisation_name,
            "said": kept(values),
            "path": path,
            "token": [token.purpose, token.subject_id] if token else None,
            "told_at": now,
            "due_at": due[key],
        }
        for key, person in sorted(people.items())
    ]
    # no conflict target: the role that serves people may write notices, not read them
    session.execute(insert_into(session, Notice).values(rows).on_conflict_do_nothing())
    event = hashlib.blake2b(f"{kind}:{subject_key}".encode(), digest_size=12).hexdigest()
    for moment in sorted(set(due.values())):  # one, unless the people live in several zones
        enqueue(session, Job.NOTICES_SEND_DUE, f"{event}:{moment:%Y%m%dT%H%M}", delay=moment - now)


def choose_all(session: Session, user_id: int, wanted: Collection[NoticeKind]) -> None:
    """Mails of the kinds `wanted` come, of all others that can be switched off do not."""
    for kind, is_on in queries.choices_of(session, user_id).items():
        if is_on != (kind in wanted):
            choose(session, user_id, kind, kind in wanted)


def choose(session: Session, user_id: int, kind: NoticeKind, is_on: bool) -> None:
    """Switch mails of one kind on or off for one person; what waits for them is looked at again when sent."""
    if not MANNERS[kind].can_be_switched_off:
        raise Invalid(phrase("This mail is part of signing in and cannot be switched off."))
    row = {"user_id": user_id, "kind": kind, "is_on": is_on, "changed_at": clock.now(session)}
    statement = insert_into(session, NoticeChoice).values(row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "kind"],
            set_={"is_on": is_on, "changed_at": row["changed_at"]},
        )
    )
