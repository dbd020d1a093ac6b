"""Funding in words: the card's states, requests, what happened to money, money from elsewhere."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from babel.numbers import format_percent

from tcma.funds.accounts import Event
from tcma.funds.cards import Card, CardState
from tcma.funds.elsewhere import Deadline
from tcma.funds.elsewhere_models import ElsewhereStatus
from tcma.funds.models import RequestStatus
from tcma.language import gettext as _
from tcma.language import mark, ngettext
from tcma.web import formats

# the word of a state, and the tone of its badge
REQUESTS: dict[RequestStatus, tuple[str, str]] = {
    RequestStatus.DRAFT: (mark("Draft"), "neutral"),
    RequestStatus.SUBMITTED: (mark("Asked"), "info"),
    RequestStatus.INFO_REQUESTED: (mark("Question to you"), "warn"),
    RequestStatus.APPROVED: (mark("Approved"), "ok"),
    RequestStatus.DECLINED: (mark("Declined"), "bad"),
    RequestStatus.WITHDRAWN: (mark("Withdrawn"), "neutral"),
    RequestStatus.EXPIRED: (mark("Expired"), "neutral"),
}
ELSEWHERE: dict[ElsewhereStatus, tuple[str, str]] = {
    ElsewhereStatus.OPEN: (mark("To use"), "info"),
    ElsewhereStatus.USED: (mark("To claim"), "warn"),
    ElsewhereStatus.CLAIMED: (mark("Claimed"), "info"),
    ElsewhereStatus.PAID: (mark("Paid"), "ok"),
    ElsewhereStatus.LAPSED: (mark("Lapsed"), "neutral"),
}
# what a person presses to bring a sum there
ELSEWHERE_DEEDS: dict[ElsewhereStatus, str] = {
    ElsewhereStatus.OPEN: mark("Not used yet"),
    ElsewhereStatus.USED: mark("Used"),
    ElsewhereStatus.CLAIMED: mark("Claimed"),
    ElsewhereStatus.PAID: mark("The money came"),
    ElsewhereStatus.LAPSED: mark("Lapsed"),
}
ACTIVITIES: dict[str, str] = {
    "event": mark("Event or trade fair"),
    "advert": mark("Advert or search"),
    "print": mark("Print or direct mail"),
    "content": mark("Content or translation"),
    "other": mark("Something else"),
    "campaign": mark("Campaign from a kit"),
}
SOON = 14  # days from which a date is marked


@dataclass(frozen=True, slots=True)
class CardWords:
    """What a card says besides its figures. `look` is "full", "pale" (used up) or "grey" (ended)."""

    look: str
    ribbon: str = ""
    note: str = ""
    until: str = ""


def card(found: Card) -> CardWords:
    certificate = found.certificate
    match found.state:
        case CardState.OFFERED:
            return CardWords("full", ribbon=_("For you"), until=_until(found))
        case CardState.ACTIVE | CardState.PARTLY_USED:
            return CardWords("full", until=_until(found))
        case CardState.EXPIRES_SOON:
            days = ngettext("%(num)s day left", "%(num)s days left", found.days_left)
            last = _("Last day") if found.days_left == 0 else days
            return CardWords("full", ribbon=last, until=_until(found))
        case CardState.USED_UP:
            return CardWords("pale", note=_("Used up"), until=_until(found))
        case CardState.SUSPENDED:
            words = _("Suspended: %(reason)s", reason=certificate.ended_reason)
            return CardWords("grey", note=words, until=_until(found))
        case CardState.WITHDRAWN:
            return CardWords("grey", note=_("Withdrawn: %(reason)s", reason=certificate.ended_reason))
        case CardState.DECLINED:
            return CardWords("grey", note=_("You declined it"))
        case CardState.EXPIRED:
            day = formats.date(certificate.valid_until_on)
            return CardWords("grey", note=_("Expired on %(day)s", day=day))


def rule(found: Card) -> str:
    """ "50 % of your campaign, up to CHF 1,000"."""
    certificate = found.certificate
    amount = formats.money(certificate.amount, certificate.currency)
    return _("%(share)s of your campaign, up to %(amount)s", share=share(certificate.share_bp), amount=amount)


def share(share_bp: int) -> str:
    """ "50 %" from hundredths of a percent, with decimals only where there are some."""
    shown = format_percent(Decimal(share_bp) / 10_000, "#,##0.##%", locale=formats.locale())
    return shown.replace("%", "\u00a0%").replace("\u00a0\u00a0", "\u00a0")


def request_state(status: RequestStatus) -> tuple[str, str]:
    word, tone = REQUESTS[status]
    return _(word), tone


def elsewhere_state(status: ElsewhereStatus) -> tuple[str, str]:
    word, tone = ELSEWHERE[status]
    return _(word), tone


def elsewhere_deed(status: ElsewhereStatus) -> str:
    return _(ELSEWHERE_DEEDS[status])


def activity(word: str) -> str:
    """An activity as a person reads it; a vendor's own word stays as it is."""
    return _(ACTIVITIES[word]) if word in ACTIVITIES else word


def event(happened: Event, *, is_in: bool, vendor: str, campaign: str) -> str:
    """A line of the statement in words."""
    match happened:
        case Event.OFFERED:
            return _("Granted by %(vendor)s", vendor=vendor)
        case Event.RESERVED:
            return _("Set aside for %(campaign)s", campaign=campaign or _("a campaign"))
        case Event.RELEASED:
            return _("Not needed by %(campaign)s", campaign=campaign or _("a campaign"))
        case Event.WITHDRAWN:
            return _("Returned to %(vendor)s", vendor=vendor)
        case Event.CORRECTED:
            return _("Corrected after a bounce: %(campaign)s", campaign=campaign or _("a campaign"))
        case Event.CAPTURED:
            return _("Counted late: %(campaign)s", campaign=campaign or _("a campaign"))
        case _:
            return _("Came in") if is_in else _("Went out")


def answer_time(found: timedelta | None, vendor: str) -> str:
    """How long the vendor usually takes."""
    if found is None:
        return _("%(vendor)s has not answered enough requests here to say how long it takes.", vendor=vendor)
    return _("%(vendor)s answers %(time)s (median).", vendor=vendor, time=rough(found))


def rough(time: timedelta) -> str:
    """ "within 5 hours", "within 2 days": rounded up, for nobody plans by the minute."""
    hours = max(1, -(-int(time.total_seconds()) // 3600))
    if hours < 24:
        return ngettext("within %(num)s hour", "within %(num)s hours", hours)
    return ngettext("within %(num)s day", "within %(num)s days", -(-hours // 24))


def deadline(found: Deadline, days: int) -> tuple[str, str]:
    """What a date asks for, and the tone of its chip."""
    day = formats.date(found.on)
    words = _("Use by %(day)s", day=day) if found.what == "use" else _("Claim by %(day)s", day=day)
    if days < 0:
        return _("%(what)s: past", what=words), "bad"
    return words, "warn" if days <= SOON else "neutral"


def _until(found: Card) -> str:
    return _("Valid until %(day)s", day=formats.date(found.certificate.valid_until_on))
