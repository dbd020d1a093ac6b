"""How leads are spoken of: stages, sources, reasons, chips, what people did. In the current language."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from campaigns.calendar import WorkingHours
from tcma.language import gettext as _
from tcma.language import mark, ngettext
from tcma.launches.deliveries import TouchEventKind
from tcma.leads.chips import Chip, Look, Says
from tcma.leads.closing import LossReason
from tcma.leads.dealings import Deed, Finding, Horizon, Question
from tcma.leads.inbox import View
from tcma.leads.models import Grade, LeadSource, LeadStep, Stage
from tcma.leads.qualifying import Tally
from tcma.leads.returns import ReturnReason

STAGES = {
    Stage.IN_POOL: mark("Open to take"),
    Stage.ASSIGNED: mark("Given to you"),
    Stage.NEW: mark("New"),
    Stage.ACCEPTED: mark("Accepted"),
    Stage.CONTACTED: mark("Contacted"),
    Stage.QUALIFIED: mark("Qualified"),
    Stage.OPPORTUNITY: mark("Opportunity"),
    Stage.WON: mark("Won"),
    Stage.LOST: mark("Lost"),
    Stage.PUSHED_BACK: mark("Pushed back"),
    Stage.NURTURING: mark("Not now"),
    Stage.DISQUALIFIED: mark("Not a fit"),
    Stage.EXPIRED: mark("Went back"),
}
TONES = {
    Stage.NEW: "info",
    Stage.QUALIFIED: "ok",
    Stage.OPPORTUNITY: "ok",
    Stage.WON: "ok",
    Stage.NURTURING: "warn",
}
VIEWS = {
    View.NEW: mark("New"),
    View.TO_CONTACT: mark("To contact"),
    View.TO_REPORT: mark("To report"),
    View.MINE: mark("Mine"),
    View.ALL: mark("All"),
}
SOURCES = {
    LeadSource.PARTNER_SOURCED: mark("Your own campaign: this lead stays yours"),
    LeadSource.JOINT: mark("A joint campaign with the vendor"),
    LeadSource.VENDOR_SOURCED: mark("Passed on to you by the vendor"),
}
GRADES = {
    Grade.INQUIRY: mark("Inquiry"),
    Grade.MQL: mark("Interested"),
    Grade.SQL: mark("Confirmed"),
}
QUESTIONS = {
    Question.BUDGET: mark("Is there money for it?"),
    Question.AUTHORITY: mark("Does this person decide?"),
    Question.NEED: mark("Is there a real need?"),
    Question.TIMING: mark("When?"),
}
FINDINGS = {Finding.YES: mark("Yes"), Finding.NO: mark("No"), Finding.UNKNOWN: mark("Unknown")}
HORIZONS = {
    Horizon.THIS_QUARTER: mark("This quarter"),
    Horizon.THIS_YEAR: mark("This year"),
    Horizon.LATER: mark("Later"),
}
RETURNS = {
    ReturnReason.NOT_A_CONTACT: mark("Not a real contact"),
    ReturnReason.ALREADY_CUSTOMER: mark("Already our customer"),
    ReturnReason.WRONG_REGION: mark("Wrong region"),
    ReturnReason.COMPETITOR: mark("Competitor"),
    ReturnReason.TWICE: mark("Here twice"),
    ReturnReason.NO_CAPACITY: mark("No capacity"),
    ReturnReason.NO_NEED: mark("No need"),
}
LOSSES = {
    LossReason.PRICE: mark("Too expensive"),
    LossReason.BOUGHT_ELSEWHERE: mark("Bought elsewhere"),
    LossReason.NO_MONEY: mark("No money"),
    LossReason.NO_NEED: mark("No need any more"),
    LossReason.NO_DECISION: mark("No decision"),
    LossReason.NO_ANSWER: mark("No answer any more"),
}
OUTCOMES = {
    "shelf_life_over": mark("Its shelf life is over"),
    "not_accepted": mark("Nobody accepted it in time"),
    **{reason.value: words for reason, words in RETURNS.items()},
    **{reason.value: words for reason, words in LOSSES.items()},
}
MOVES = {
    Deed.BEGAN: mark("Became a lead"),
    Deed.ANSWERED_AGAIN: mark("Answered again: a new lead once more"),
    Deed.ACCEPTED: mark("Accepted"),
    Deed.CONTACTED: mark("Contacted"),
    Deed.QUALIFIED: mark("Qualified"),
    Deed.REPORTED: mark("Still working on it"),
    Deed.NURTURED: mark("Not now"),
    Deed.CAME_BACK: mark("Back as new"),
    Deed.PUSHED_BACK: mark("Pushed back"),
    Deed.DISQUALIFIED: mark("Not a fit"),
    Deed.WON: mark("Won"),
    Deed.LOST: mark("Lost"),
    Deed.HANDED: mark("Handed to a colleague"),
    Deed.EXPIRED: mark("Went back"),
}
LOOKS = {Look.CALM: "neutral", Look.SOON: "warn", Look.URGENT: "bad", Look.OVER: "neutral"}


def stage(value: Stage) -> str:
    return _(STAGES[value])


def tally(found: Tally) -> str:
    """ "3 of 4 known, 2 yes"."""
    return _("%(known)s of %(asked)s known, %(yes)s yes", known=found.known, asked=found.asked, yes=found.yes)


def did(step: LeadStep) -> str:
    """ "came to Stop ransomware 2 times"."""
    name, count = step.touch_name, step.count
    if step.kind == TouchEventKind.CLICKED:
        return ngettext("clicked in “%(name)s”", "clicked %(num)s times in “%(name)s”", count, name=name)
    if step.kind == TouchEventKind.VISITED:
        return ngettext("read “%(name)s”", "read “%(name)s” %(num)s times", count, name=name)
    if step.kind == TouchEventKind.REPLIED:
        return ngettext(
            "wrote back to “%(name)s”", "wrote back %(num)s times to “%(name)s”", count, name=name
        )
    if step.kind == TouchEventKind.REGISTERED:
        return _("registered for “%(name)s”", name=name)
    if step.kind == TouchEventKind.ATTENDED:
        return _("attended “%(name)s”", name=name)
    if step.kind == TouchEventKind.SUBMITTED:
        return ngettext(
            "answered the form on “%(name)s”",
            "answered the form on “%(name)s” %(num)s times",
            count,
            name=name,
        )
    return name


def what_they_did(steps: Sequence[LeadStep]) -> str:
    """The last steps as one line, latest first: the answer, then what came before it."""
    said = [did(step) for step in steps]
    line = ", ".join(dict.fromkeys(said))
    return line[:1].upper() + line[1:]


def chip(found: Chip, calendar: WorkingHours, vendor: str, when: Callable[[datetime], str]) -> str:
    """The chip's text; `when` says a moment as the reader would ("16:00 tomorrow")."""
    if found.look is Look.OVER or found.says in _PLAIN:
        return _plain(found, vendor, when)
    if found.look is Look.URGENT and found.ticks:
        return _("%(left)s left", left=spelled(found.left))
    if found.look in (Look.SOON, Look.URGENT):
        return _(_BY[found.says], when=when(found.until))
    days = found.days_left(calendar)
    match found.says:
        case Says.ACCEPT:
            return ngettext("Accept within 1 working day", "Accept within %(num)s working days", days)
        case Says.CONTACT:
            return ngettext("Contact within 1 working day", "Contact within %(num)s working days", days)
        case _:
            return ngettext("Update within 1 working day", "Update within %(num)s working days", days)


def spelled(left: timedelta) -> str:
    """ "5 h 40 min", as the script writes it on."""
    minutes = max(0, int(left.total_seconds()) // 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min", minutes=rest)
    if not rest:
        return _("%(hours)s h", hours=hours)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)


_PLAIN = frozenset({Says.COMES_BACK, Says.LOOK_AGAIN})
_BY = {
    Says.ACCEPT: mark("Accept by %(when)s"),
    Says.CONTACT: mark("Contact by %(when)s"),
    Says.UPDATE: mark("Update by %(when)s"),
}


def _plain(found: Chip, vendor: str, when: Callable[[datetime], str]) -> str:
    match found.says:
        case Says.COMES_BACK:
            return _("Back on %(when)s", when=when(found.until))
        case Says.LOOK_AGAIN if found.look is Look.CALM:
            return _("Resting")
        case Says.LOOK_AGAIN:
            return _("Untouched for 90 days")
        case Says.GOES_BACK:
            return _("Goes back to %(vendor)s now", vendor=vendor)
        case Says.WENT_BACK:
            return _("Went back to %(vendor)s", vendor=vendor)
        case Says.SHELF_LIFE_OVER:
            return _("Shelf life over, still yours")
        case Says.ACCEPT:
            return _("Accepting is overdue, still yours")
        case Says.CONTACT:
            return _("First contact is overdue")
        case Says.UPDATE:
            return _("Update is overdue")
