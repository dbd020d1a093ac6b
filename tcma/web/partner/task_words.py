"""Tasks in words: what, why now, and the one button."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tcma.home.findings import FRESH
from tcma.home.tasks import Finding, Kind, Plan, Task
from tcma.language import gettext as _
from tcma.language import mark, ngettext
from tcma.launches.models import StopReason
from tcma.leads.inbox import View
from tcma.leads.models import Stage
from tcma.web import formats

NUMBERS = (
    mark("One thing is worth your time today."),
    mark("Two things are worth your time today."),
    mark("Three things are worth your time today."),
    mark("Four things are worth your time today."),
    mark("Five things are worth your time today."),
)
NAMES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """A task as the list shows it; `path` is under the partner's address."""

    kind: str
    title: str
    why: str
    button: str
    path: str
    icon: str
    tone: str


def shown(task: Task, now: datetime) -> Shown:
    return _WORDS[task.kind](task, now)


def greeting(name: str, now: datetime, zone: ZoneInfo) -> str:
    """By the hour where the person is."""
    hour, first = now.astimezone(zone).hour, name.split(maxsplit=1)[0] if name.split() else name
    if hour < 5 or hour >= 18:
        return _("Good evening, %(name)s", name=first)
    if hour < 12:
        return _("Good morning, %(name)s", name=first)
    return _("Hello, %(name)s", name=first)


def summary(plan: Plan) -> str:
    """One sentence over the list."""
    if not plan.tasks:
        return _("Nothing needs you right now.")
    minutes = ngettext("About %(num)s minute.", "About %(num)s minutes.", plan.minutes)
    return f"{_(NUMBERS[len(plan.tasks) - 1])} {minutes}"


def _leads(task: Task, now: datetime) -> Shown:
    new = sum(finding.state == Stage.NEW for finding in task.findings)
    if new == task.count:
        title = ngettext("Accept %(num)s new lead", "Accept %(num)s new leads", task.count)
        button = ngettext("Review lead", "Review leads", task.count)
    elif new == 0:
        title = ngettext("Call %(num)s lead in time", "Call %(num)s leads in time", task.count)
        button = ngettext("Open lead", "Open leads", task.count)
    else:
        title = ngettext("Work %(num)s lead in time", "Work %(num)s leads in time", task.count)
        button = ngettext("Open lead", "Open leads", task.count)
    view = View.NEW if new else View.TO_CONTACT
    path = task.first.path if task.count == 1 else f"leads?view={view}"
    return Shown(task.kind.value, title, _clock(task, now), button, path, "clock", "warn")


def _clock(task: Task, now: datetime) -> str:
    due = task.first.due_at
    names = _names(task)
    if due is None:
        return names
    if due <= now:
        return _("%(names)s. The time for the first one is over.", names=names)
    left = formats.duration(due - now)
    return _("%(names)s. The first one is due in %(left)s.", names=names, left=left)


def _stopped(task: Task, now: datetime) -> Shown:
    first = task.first
    if task.count > 1:
        title = ngettext("%(num)s campaign is stopped", "%(num)s campaigns are stopped", task.count)
        why = _("%(names)s. Nothing goes out until you decide.", names=_names(task))
        return Shown(task.kind.value, title, why, _("See campaigns"), "campaigns", "triangle-alert", "bad")
    if first.state == StopReason.MISSED:
        title = _("%(campaign)s missed its time", campaign=first.name)
        why = _("It was not sent. Send it now or choose a new time.")
    else:
        title = _("%(campaign)s is stopped", campaign=first.name)
        why = _(_STOPPED.get(first.state, _STOPPED[""]))
    return Shown(task.kind.value, title, why, _("Mend it"), first.path, "triangle-alert", "bad")


_STOPPED = {
    StopReason.BAD_ADDRESSES: mark("Too many addresses do not exist. Check the list, then continue."),
    StopReason.COMPLAINTS: mark(
        "Somebody complained about it. Look at the text and the list, then continue."
    ),
    StopReason.PROVIDER_REFUSED: mark("The mail provider refused it. The page says why."),
    "": mark("The product stopped it. The page says why."),
}


def _question(task: Task, now: datetime) -> Shown:
    first = task.first
    if task.count > 1:
        title = ngettext("%(num)s question about funding", "%(num)s questions about funding", task.count)
        why = _("They can only decide after your answer.")
        return Shown(task.kind.value, title, why, _("See questions"), "funding", "message-square", "gift")
    amount = formats.money(first.amount, first.currency)
    title = _("%(vendor)s has a question", vendor=first.vendor)
    why = _("About the %(amount)s you asked for. They can only decide after your answer.", amount=amount)
    return Shown(task.kind.value, title, why, _("Answer"), first.path, "message-square", "gift")


def _claim(task: Task, now: datetime) -> Shown:
    first = task.first
    amount = formats.money(first.amount, first.currency)
    if task.count > 1:
        title = ngettext("File %(num)s claim", "File %(num)s claims", task.count)
        why = _("The first one is for %(amount)s. %(until)s", amount=amount, until=_until(first, now))
        return Shown(task.kind.value, title, why, _("See claims"), "funding/elsewhere", "receipt", "gift")
    title = _("Claim %(amount)s from %(vendor)s", amount=amount, vendor=first.vendor)
    return Shown(task.kind.value, title, _until(first, now), _("Open"), first.path, "receipt", "gift")


def _money(task: Task, now: datetime) -> Shown:
    first = task.first
    amount = formats.money(first.amount, first.currency)
    if task.count > 1:
        title = ngettext(
            "Use %(num)s certificate before it expires",
            "Use %(num)s sums of money before they expire",
            task.count,
        )
        why = _("%(amount)s from %(vendor)s first.", amount=amount, vendor=first.vendor)
        why = f"{why} {_until(first, now)}"
        return Shown(task.kind.value, title, why, _("See funding"), "funding", "gift", "gift")
    if first.state == "elsewhere":
        title = _("Use %(amount)s from %(vendor)s", amount=amount, vendor=first.vendor)
        return Shown(task.kind.value, title, _until(first, now), _("Open"), first.path, "gift", "gift")
    title = _("Use your %(amount)s funding certificate", amount=amount)
    why = _("%(vendor)s pays a share of your next campaign.", vendor=first.vendor)
    return Shown(
        task.kind.value, title, f"{why} {_until(first, now)}", _("Pick a kit"), "kits", "gift", "gift"
    )


def _until(finding: Finding, now: datetime) -> str:
    if finding.due_at is None:
        return ""
    days = (finding.due_at.date() - now.date()).days
    day = formats.weekday(finding.due_at.date())
    if days <= 0:
        return _("Today is the last day.")
    left = ngettext("%(num)s day left", "%(num)s days left", days)
    return _("Until %(day)s, %(left)s.", day=day, left=left)


def _updates(task: Task, now: datetime) -> Shown:
    title = ngettext("Tell how %(num)s lead went", "Tell how %(num)s leads went", task.count)
    why = _("%(names)s: no news for a while. Losses count as much as wins.", names=_names(task))
    button = ngettext("Update it", "Update all", task.count)
    path = task.first.path if task.count == 1 else f"leads?view={View.TO_REPORT}"
    return Shown(task.kind.value, title, why, button, path, "clipboard-list", "")


def _draft(task: Task, now: datetime) -> Shown:
    if task.count > 1:
        title = ngettext("Finish %(num)s draft", "Finish %(num)s drafts", task.count)
        return Shown(
            task.kind.value, title, _names(task), _("See drafts"), "campaigns?view=drafts", "pencil", ""
        )
    first = task.first
    title = _("Finish %(campaign)s", campaign=first.name)
    if first.state == FRESH:
        why = _("Everything you entered is kept, and nothing is sent until you say so.")
    else:
        why = _("Nobody touched it for three days. Everything you entered is kept.")
    return Shown(task.kind.value, title, why, _("Continue"), f"{first.path}/setup", "pencil", "")


def _best_kit(task: Task, now: datetime) -> Shown:
    first = task.first
    title = _("See %(kit)s in your colours", kit=first.name)
    why = _(
        "From %(vendor)s. It takes four minutes and nothing is sent until you say so.", vendor=first.vendor
    )
    return Shown(task.kind.value, title, why, _("Look inside"), first.path, "package", "")


def _names(task: Task) -> str:
    """The first names, and how many more there are."""
    names = [finding.name for finding in task.findings]
    if len(names) <= NAMES_SHOWN:
        return _(" and ").join(names)
    more = len(names) - NAMES_SHOWN
    listed = ", ".join(names[:NAMES_SHOWN])
    return ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", more, names=listed)


_WORDS: dict[Kind, Callable[[Task, datetime], Shown]] = {
    Kind.LEADS: _leads,
    Kind.CAMPAIGN_STOPPED: _stopped,
    Kind.QUESTION: _question,
    Kind.CLAIM: _claim,
    Kind.MONEY: _money,
    Kind.UPDATES: _updates,
    Kind.DRAFT: _draft,
    Kind.BEST_KIT: _best_kit,
}
