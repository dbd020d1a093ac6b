"""The own sending address: entered by an owner, with every record to set and what a worker last saw of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, request, url_for

from tcma import clock
from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.language import mark
from tcma.partners import senders
from tcma.partners.models import SenderDomain, SenderStatus
from tcma.partners.sender_records import Found, Purpose, Ways
from tcma.viewer import OrganisationKind, Role
from tcma.web import pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.unit import reading, viewer, writing

bp = Blueprint("partner_sender", __name__, url_prefix="/p/<slug:partner>/brand/sender")

TEMPLATE: Final = "partner/brand/sender.html"
FIELD: Final = "sender_address"
STATES: Final = {
    SenderStatus.UNVERIFIED: (mark("Not verified yet"), "warn"),
    SenderStatus.VERIFIED: (mark("Verified"), "ok"),
    SenderStatus.LOST: (mark("Records missing"), "bad"),
}
FOUNDS: Final = {
    Found.WAITING: (mark("Not looked up yet"), "neutral"),
    Found.FOUND: (mark("Found"), "ok"),
    Found.MISSING: (mark("Missing"), "warn"),
    Found.DIFFERENT: (mark("Different"), "bad"),
    Found.UNKNOWN: (mark("No answer"), "neutral"),
}
WHY: Final = {
    Purpose.OWNERSHIP: (mark("Ownership"), mark("Shows that the domain is yours.")),
    Purpose.SPF: (mark("Who may send (SPF)"), mark("Says that our servers may send for you.")),
    Purpose.DKIM: (mark("Signature (DKIM)"), mark("Holds the key that signs your mail.")),
    Purpose.DMARC: (
        mark("What to do with forgeries (DMARC)"),
        mark("Any policy of yours is fine; without one, set this."),
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One record as the page shows it; `seen` is what stands there instead."""

    key: str
    title: str
    why: str
    kind: str
    name: str
    value: str
    state: str
    tone: str
    seen: str


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show() -> Response:
    return pages.page(TEMPLATE, **_values())


@bp.post("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.OWNER,))
def enter() -> Response:
    typed = request.form.get(FIELD, "")[:400]
    try:
        with writing() as session:
            senders.enter(session, viewer(), installation().settings, typed)
    except Invalid as error:
        return pages.problem(TEMPLATE, error, **_values(typed))
    return pages.see_other(url_for(".show"))


@bp.post("/look")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def look() -> Response:
    with writing() as session:
        senders.look_again(session, viewer())
    return pages.see_other(url_for(".show"))


@bp.post("/remove")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.OWNER,))
def remove() -> Response:
    with writing() as session:
        senders.remove(session, viewer())
    pages.toast(_("Your mail leaves from the shared domain again."))
    return pages.see_other(url_for(".show"))


def _values(typed: str | None = None) -> dict[str, Any]:
    settings = installation().settings
    ways = Ways.of(settings)
    with reading() as session:
        row = senders.sender_of(session, viewer().organisation_id)
        now = clock.now(session)
    state, tone = STATES[row.status] if row else ("", "neutral")
    roles = viewer().roles
    return {
        "sender": row,
        "state": _(state) if state else "",
        "tone": tone,
        "lines": _lines(row, ways) if row else [],
        "waits": _waits(row, now) if row and senders.is_looking(row, now) else 0,
        "shared": settings.mail_from,
        "is_open": ways.is_open,
        "typed": typed if typed is not None else row.address if row else "",
        "is_owner": Role.OWNER in roles,
    }


def _lines(row: SenderDomain, ways: Ways) -> list[Line]:
    return [
        Line(
            key=one.record.key,
            title=_(WHY[one.record.purpose][0]),
            why=_(WHY[one.record.purpose][1]),
            kind=one.record.kind,
            name=one.record.name,
            value=one.record.value,
            state=_(FOUNDS[one.look.found][0]),
            tone=FOUNDS[one.look.found][1],
            seen=one.look.seen if one.look.found is Found.DIFFERENT else "",
        )
        for one in senders.shown(row, ways)
    ]


def _waits(row: SenderDomain, now: datetime) -> int:
    """Seconds until the page looks again: longer the longer it takes."""
    elapsed = (now - row.asked_at).total_seconds() if row.asked_at else 0.0
    return 1 if elapsed < 10 else 3 if elapsed < 30 else 10
