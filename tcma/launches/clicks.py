"""Clicks: every one is appended, people are told from machines, people alone are counted, each once.

A machine is known by what it does: it asks with HEAD, it comes within seconds of the sending, it says it is
a scanner, or it opens all links of a message in a few seconds. Whatever the same program does with the same
message in the same seconds is the machine's too. Some of this only shows at the end of a burst, when its
first clicks have been taken for a person's: then that person is taken back. Events are never changed,
so `by_person()` is the condition that tells which of them are a person's.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from campaigns.links import Token
from tcma.launches import event_rows, figures
from tcma.launches.deliveries import Delivery, MessageClass, TouchEvent, TouchEventKind
from tcma.launches.event_rows import EventRow

BURST = timedelta(seconds=10)  # all links of a message within this time: nobody reads so fast
LEAST_LINKS = 2  # a message with one link shows nothing by having it opened

_SCANNERS = re.compile(
    r"bot\b|externalhit|crawl|spider|scan|safelinks|proofpoint|mimecast|barracuda|forcepoint|trendmicro|symantec|sophos"
    r"|messagelabs|ironport|fireeye|trustwave|cloudmark|googleimageproxy|preview|headless|python-|curl/|wget/"
    r"|go-http-client|java/|okhttp|libwww",
    re.IGNORECASE,
)


class Counting(StrEnum):
    """How a country allows clicks to be kept."""

    PER_PERSON = "per_person"
    TOTALS = "totals"  # no event names a delivery, nobody counts as having clicked


def record(
    session: Session,
    token: Token,
    number: int,
    *,
    at: datetime,
    method: str,
    user_agent: str,
    link_count: int,
    window: float,
    counting: Counting = Counting.PER_PERSON,
) -> bool:
    """Append a click on link `number` of a message with `link_count` links; whether it counts as a person's.

    `token` is verified already. `window`: seconds after the sending in which only machines click. A click on
    a message that is not there is nobody's.
    """
    delivery = session.execute(
        select(
            Delivery.id, Delivery.partner_id, Delivery.campaign_id, Delivery.touch_id, Delivery.message_class
        ).where(Delivery.id == token.delivery_id, Delivery.partner_id == token.partner_id)
    ).one_or_none()
    if delivery is None:
        return False
    figures.lock_touches(session, [delivery.touch_id])  # clicks of one burst see each other
    sent_at, clicked_at = session.execute(
        select(Delivery.sent_at, Delivery.clicked_at).where(Delivery.id == delivery.id)
    ).one()
    names_nobody = counting is Counting.TOTALS
    alone = looks_like_machine(method=method, user_agent=user_agent, sent_at=sent_at, at=at, window=window)
    program = _program(user_agent)
    click = _Click(number, at, program, alone)
    since = None if names_nobody else _burst(session, delivery.id, click, link_count)
    is_machine = alone or since is not None
    detail: dict[str, object] = {"link": number}
    if not names_nobody:
        detail["program"] = program
    if since is not None:
        detail["burst_since"] = since.isoformat()
    if names_nobody:
        detail["touch"] = delivery.touch_id
    event = EventRow(
        partner_id=delivery.partner_id,
        campaign_id=delivery.campaign_id,
        delivery_id=None if names_nobody else delivery.id,
        kind=TouchEventKind.CLICKED,
        at=at,
        identity=f"{delivery.id}:{number}:{at.isoformat()}:{method}",
        machine=is_machine,
        detail=detail,
    )
    is_new = bool(event_rows.append(session, [event]))
    if names_nobody or not is_new:
        return False
    if is_machine:
        if since is not None and clicked_at is not None and clicked_at >= since:
            _set_clicked(session, delivery.id, None)
            _count(session, delivery.touch_id, delivery.message_class, -1, at)
        return False
    if clicked_at is None or clicked_at > at:
        _set_clicked(session, delivery.id, at)
    if clicked_at is None:
        _count(session, delivery.touch_id, delivery.message_class, 1, at)
    return True


def looks_like_machine(
    *, method: str, user_agent: str, sent_at: datetime | None, at: datetime, window: float
) -> bool:
    """What one request shows by itself."""
    return (
        says_it_is_a_machine(method=method, user_agent=user_agent)
        or sent_at is None
        or at < sent_at + timedelta(seconds=window)
    )


def says_it_is_a_machine(*, method: str, user_agent: str) -> bool:
    """What shows without any mail: how a request asks, and what its program calls itself."""
    return method.upper() != "GET" or not user_agent.strip() or bool(_SCANNERS.search(user_agent))


def by_person() -> ColumnElement[bool]:
    """Of the clicks joined with their deliveries: those of people, also after a burst was found out."""
    return and_(
        TouchEvent.kind == TouchEventKind.CLICKED,
        TouchEvent.machine.is_(False),
        Delivery.clicked_at.is_not(None),
        TouchEvent.at >= Delivery.clicked_at,
    )


@dataclass(frozen=True, slots=True)
class _Click:
    link: int
    at: datetime
    program: str
    is_machine: bool


def _burst(session: Session, delivery_id: int, click: _Click, link_count: int) -> datetime | None:
    """When the machine's burst began that this click belongs to or gives away; None when it is none."""
    near = session.execute(
        select(TouchEvent.at, TouchEvent.machine, TouchEvent.detail).where(
            TouchEvent.delivery_id == delivery_id,
            TouchEvent.kind == TouchEventKind.CLICKED,
            TouchEvent.at.between(click.at - BURST, click.at + BURST),
        )
    ).all()
    clicks = [
        _Click(row.detail.get("link", 0), row.at, row.detail.get("program", ""), row.machine)
        for row in near
        if row.detail is not None
    ]
    same = [other for other in clicks if other.program == click.program]
    links = {click.link, *(other.link for other in clicks)}
    if link_count >= LEAST_LINKS and len(links) >= link_count:
        same = clicks
    elif not click.is_machine and not any(other.is_machine for other in same):
        return None
    began: datetime = min([click.at, *(other.at for other in same)])
    return began


def _program(user_agent: str) -> str:
    """A short mark that tells programs apart and names nobody."""
    return hashlib.blake2b(user_agent.encode(), digest_size=3).hexdigest()


def _set_clicked(session: Session, delivery_id: int, at: datetime | None) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(clicked_at=at)
        .execution_options(synchronize_session=False)
    )


def _count(session: Session, touch_id: int, message_class: MessageClass, change: int, at: datetime) -> None:
    if message_class is MessageClass.MARKETING:
        figures.shift(session, touch_id, figures.Moves(), at=at, counts={"clicked_count": change})
