"""Forms that were sent, by the key each page put into them.

A key is claimed before the deed and stays claimed if the process dies under it: a deed whose outcome
nobody knows is never done a second time by itself.
"""

import re
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tcma import clock
from tcma.db import insert_into
from tcma.organisations.models import PressedForm

KEPT = timedelta(days=2)
_KEY = re.compile(r"\A[A-Za-z0-9_-]{16,40}\Z")


def is_key(text: str) -> bool:
    return bool(_KEY.match(text))


def claim(session: Session, user_id: int, request_key: str) -> bool:
    """Whether this press is the first with its key."""
    done = session.execute(
        insert_into(session, PressedForm)
        .values(user_id=user_id, request_key=request_key, at=clock.real())
        .on_conflict_do_nothing()
        .returning(PressedForm.id)
    )
    return done.first() is not None


def find(session: Session, user_id: int, request_key: str) -> PressedForm | None:
    return session.scalar(
        select(PressedForm).where(PressedForm.user_id == user_id, PressedForm.request_key == request_key)
    )


def keep(session: Session, user_id: int, request_key: str, answer: str) -> None:
    """Where the first press was sent on to."""
    session.execute(
        update(PressedForm)
        .where(PressedForm.user_id == user_id, PressedForm.request_key == request_key)
        .values(answer=answer)
    )


def release(session: Session, user_id: int, request_key: str) -> None:
    """The deed was refused: the form may be sent again with the same key."""
    session.execute(
        delete(PressedForm).where(PressedForm.user_id == user_id, PressedForm.request_key == request_key)
    )


def sweep(session: Session, user_id: int) -> None:
    """Forget a person's forms of the days before."""
    session.execute(
        delete(PressedForm).where(PressedForm.user_id == user_id, PressedForm.at < clock.real() - KEPT)
    )
