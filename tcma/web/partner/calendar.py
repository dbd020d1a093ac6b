"""One calendar over all vendors, a month at a time, as a list of days."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from tcma import clock
from tcma.home import calendar
from tcma.home.calendar import Entry, Kind, What
from tcma.language import gettext as _
from tcma.language import mark
from tcma.leads import words as lead_words
from tcma.leads.models import Stage
from tcma.viewer import OrganisationKind
from tcma.web import formats
from tcma.web.guards import Access, guard
from tcma.web.pages import page
from tcma.web.unit import organisation, reading, viewer

bp = Blueprint("partner_calendar", __name__, url_prefix="/p/<slug:partner>/calendar")

KINDS = {Kind.MAILS: mark("Mails"), Kind.MONEY: mark("Money"), Kind.LEADS: mark("Leads")}
LOOKS = {  # icon and tone
    What.PLANNED: ("send", "info"),
    What.SENT: ("check", "ok"),
    What.MISSED: ("triangle-alert", "bad"),
    What.CERTIFICATE_ENDS: ("gift", "gift"),
    What.CERTIFICATE_SETTLES: ("gift", "gift"),
    What.USE: ("hand-coins", "gift"),
    What.CLAIM: ("receipt", "gift"),
    What.LEAD_DUE: ("clock", "warn"),
    What.LEAD_BACK: ("user-plus", ""),
}
EARLIEST, LATEST = 2000, 2100  # years


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show() -> Response:
    """`?month=2026-11&kind=money&vendor=Northwind Security`: every choice is in the address."""
    zone = formats.zone()
    kind = _kind()
    with reading() as session:
        today = clock.now(session).astimezone(zone).date()
        first = _month(today)
        last = first.replace(day=monthrange(first.year, first.month)[1])
        found = calendar.entries_between(session, viewer(), first, last, zone, [kind] if kind else Kind)
    vendors = sorted({entry.vendor for entry in found})
    vendor = request.args.get("vendor", "")
    shown = [entry for entry in found if vendor in ("", entry.vendor)]
    return page(
        "partner/calendar/show.html",
        first=first,
        days=_days(shown, today),
        vendors=[(name, name) for name in vendors],
        vendor=vendor,
        kind=kind.value if kind else "",
        kinds=[(kind.value, _(label)) for kind, label in KINDS.items()],
        earlier=_address(_moved(first, -1)),
        later=_address(_moved(first, 1)),
        this_month=_address(today) if (today.year, today.month) != (first.year, first.month) else "",
        everything=_address(first, kind="", vendor=""),
    )


def _days(found: list[Entry], today: date) -> list[tuple[str, list[dict[str, Any]]]]:
    """Days with their entries, as the timeline shows them."""
    return [
        (_heading(day, today), [_line(entry) for entry in entries])
        for day, entries in groupby(found, key=lambda entry: entry.on)
    ]


def _heading(day: date, today: date) -> str:
    words = formats.weekday(day)
    if day == today:
        return _("%(day)s, today", day=words)
    return _("%(day)s, tomorrow", day=words) if day == today + timedelta(days=1) else words


def _line(entry: Entry) -> dict[str, Any]:
    icon, tone = LOOKS[entry.what]
    return {
        "icon": icon,
        "tone": tone,
        "text": _said(entry),
        "when": formats.time(entry.at) if entry.at else "",
        "more": entry.vendor,
        "href": f"/p/{organisation().slug}/{entry.path}",
    }


def _said(entry: Entry) -> str:
    money = formats.money(entry.amount, entry.currency) if entry.currency else ""
    match entry.what:
        case What.PLANNED:
            return _("%(mail)s of %(campaign)s goes out", mail=entry.more, campaign=entry.name)
        case What.SENT:
            return _("%(mail)s of %(campaign)s went out", mail=entry.more, campaign=entry.name)
        case What.MISSED:
            return _("%(mail)s of %(campaign)s missed its time", mail=entry.more, campaign=entry.name)
        case What.CERTIFICATE_ENDS:
            return _("Certificate %(code)s over %(amount)s expires", code=entry.name, amount=money)
        case What.CERTIFICATE_SETTLES:
            return _("Last day to settle certificate %(code)s", code=entry.name)
        case What.USE:
            return _("Last day to use %(amount)s from %(vendor)s", amount=money, vendor=entry.name)
        case What.CLAIM:
            return _("Last day to claim %(amount)s from %(vendor)s", amount=money, vendor=entry.name)
        case What.LEAD_BACK:
            return _("%(company)s comes back", company=entry.name)
        case What.LEAD_DUE:
            stage = lead_words.stage(Stage(entry.more))
            return _("Next step with %(company)s (%(stage)s)", company=entry.name, stage=stage)


def _month(today: date) -> date:
    """The first day of the month in the address; of this month where there is none."""
    try:
        year, month = (int(part) for part in request.args.get("month", "").split("-"))
        return date(year, month, 1) if EARLIEST <= year <= LATEST else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)


def _kind() -> Kind | None:
    word = request.args.get("kind", "")
    return Kind(word) if word in set(Kind) else None


def _moved(first: date, months: int) -> date:
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(years, month + 1, 1)


def _address(month: date, **changes: str) -> str:
    """This calendar in another month, filters kept unless changed."""
    chosen = {"kind": request.args.get("kind", ""), "vendor": request.args.get("vendor", ""), **changes}
    given = {"month": f"{month:%Y-%m}", **{name: value for name, value in chosen.items() if value}}
    return f"{url_for('.show', partner=organisation().slug)}?{urlencode(given)}"
