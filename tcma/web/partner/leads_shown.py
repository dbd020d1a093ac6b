"""Leads as pages show them: chips, lines, the timeline, the next step of each stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from campaigns.calendar import WorkingHours
from tcma.language import gettext as _
from tcma.language import mark, ngettext
from tcma.leads import amounts, chips, clocks, explanation, nurture, qualifying, words
from tcma.leads.chips import Look
from tcma.leads.dealings import AmountKind, Deed, Finding, LeadAmount, Question
from tcma.leads.inbox import Line
from tcma.leads.models import Lead, LeadPerson, LeadStep, Stage
from tcma.leads.story import Entry, Sort, Story
from tcma.organisations.models import Organisation
from tcma.web import formats

ICONS = {
    Sort.SENT: "send",
    Sort.CLICKED: "mouse-pointer-click",
    Sort.VISITED: "globe",
    Sort.ANSWERED: "clipboard-list",
    Sort.REGISTERED: "calendar",
    Sort.JOINED: "globe",
    Sort.ATTENDED: "user-check",
    Sort.CALL: "phone",
    Sort.MAIL: "mail",
    Sort.NOTE: "message-square",
    Sort.SPOKE: "user-check",
    Sort.MOVED: "arrow-right",
}
FIELDS = {
    "email": mark("E-mail"),
    "name": mark("Name"),
    "company": mark("Company"),
    "employees": mark("Employees"),
    "phone": mark("Phone"),
    "message": mark("Message"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """`left` is minutes of working time, given where the script may count them down."""

    text: str
    tone: str
    until: datetime
    left: int | None
    icon: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    lead: Lead
    person: str
    company: str
    band: str
    did: str
    source: str
    chip: Chip | None
    stage: str
    tone: str


def row(line: Line, owner: Organisation, now: datetime) -> Row:
    lead = line.lead
    return Row(
        lead=lead,
        person=line.person.name if line.person else "",
        company=lead.company.name,
        band=band(lead.company.employees),
        did=words.what_they_did(line.did),
        source=" · ".join(filter(None, (lead.campaign.name if lead.campaign else "", lead.vendor.name))),
        chip=chip(lead, owner, now),
        stage=words.stage(lead.stage),
        tone=words.TONES.get(lead.stage, "neutral"),
    )


def chip(lead: Lead, owner: Organisation, now: datetime, place: str | None = None) -> Chip | None:
    """What the clock of a lead says, in the zone of the reader (or `place`, where nobody is signed in)."""
    calendar = clocks.calendar_of(owner, lead.holder)
    found = chips.chip(chips.facts_of(lead), now, calendar)
    if found is None:
        return None
    counts = found.look is Look.URGENT and found.ticks
    return Chip(
        text=words.chip(found, calendar, lead.vendor.name, lambda moment: said_when(moment, now, place)),
        tone=words.LOOKS[found.look],
        until=found.until,
        left=int(found.left.total_seconds()) // 60 if counts else None,
        icon="clock" if found.look in (Look.SOON, Look.URGENT) else None,
    )


def said_when(moment: datetime, now: datetime, place: str | None = None) -> str:
    """ "16:00 tomorrow", "09:00 today", "Tue 24 Nov, 16:00"; the day alone once it is weeks away."""
    zone = formats.zone(place)
    day, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    days = (day - today).days
    if days == 0:
        return _("%(time)s today", time=formats.time(moment, place))
    if days == 1:
        return _("%(time)s tomorrow", time=formats.time(moment, place))
    if 0 < days < 14:
        return f"{formats.weekday(day)}, {formats.time(moment, place)}"
    return formats.date(day)


def band(employees: str) -> str:
    return _("%(size)s people", size=employees.replace("-", "–")) if employees else ""


# Deeds that are pages of their own: their address, their words and their key.
@dataclass(frozen=True, slots=True)
class Step:
    name: str
    label: str
    icon: str
    key: str
    is_press: bool = False  # one press, no form


ACCEPT = Step("accept", mark("Accept"), "check", "a", is_press=True)
CONTACTED = Step("contacted", mark("Contacted"), "user-check", "c")
QUALIFY = Step("qualify", mark("Qualify"), "clipboard-list", "q")
STILL = Step("still-open", mark("Still working on it"), "refresh-cw", "", is_press=True)
NOT_NOW = Step("not-now", mark("Not now"), "calendar-clock", "n")
BACK = Step("push-back", mark("Push back"), "undo-2", "b")
NOT_A_FIT = Step("not-a-fit", mark("Not a fit"), "ban", "b")
WON = Step("won", mark("Won"), "star", "w")
LOST = Step("lost", mark("Lost"), "x", "l")
AGAIN = Step("bring-back", mark("Bring it back"), "rotate-ccw", "a", is_press=True)


def steps_of(lead: Lead) -> list[Step]:
    """What can be done next, the likeliest first: one main button at each stage."""
    away = BACK if lead.may_go_back else NOT_A_FIT
    match lead.stage:
        case Stage.NEW:
            return [ACCEPT, CONTACTED, NOT_NOW, away]
        case Stage.ACCEPTED:
            return [CONTACTED, QUALIFY, NOT_NOW, away]
        case Stage.CONTACTED:
            return [QUALIFY, WON, LOST, STILL, NOT_NOW, away]
        case Stage.QUALIFIED | Stage.OPPORTUNITY:
            return [WON, LOST, QUALIFY, STILL, NOT_NOW, NOT_A_FIT]
        case Stage.NURTURING:
            return [AGAIN, CONTACTED, NOT_A_FIT]
        case _:
            return []


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the pane of one lead shows."""

    lead: Lead
    story: Story
    chip: Chip | None
    stage: str
    tone: str
    band: str
    source: str
    why: str
    did: str
    say_first: str
    path: tuple[str, ...]
    days: list[tuple[str, list[dict[str, Any]]]]
    steps: list[Step]
    answers: list[tuple[str, str, str]]
    tally: str
    products: list[LeadAmount]
    expected: list[LeadAmount]

    @property
    def person(self) -> LeadPerson | None:
        """Who answered last: the freshest way in."""
        last = self.story.answers[-1].person_id if self.story.answers else None
        return next((one for one in self.story.people if one.id == last), None) or next(
            iter(self.story.people), None
        )

    @property
    def title(self) -> str:
        person = self.person
        return f"{person.name}, {self.lead.company.name}" if person else self.lead.company.name


def page_of(story: Story, owner: Organisation, now: datetime) -> Page:
    lead = story.lead
    zone = formats.zone()
    findings = {question: found.finding for question, found in story.findings.items()}
    answers = [
        (
            _(words.QUESTIONS[question]),
            _said(story, question),
            story.findings[question].evidence,
        )
        for question in Question
        if question in story.findings
    ]
    return Page(
        lead=lead,
        story=story,
        chip=chip(lead, owner, now),
        stage=words.stage(lead.stage),
        tone=words.TONES.get(lead.stage, "neutral"),
        band=band(lead.company.employees),
        source=_(words.SOURCES[lead.source]),
        why=explanation.sentence(lead, story.steps, zone),
        did=words.what_they_did(story.steps[::-1][:4]),
        say_first=_opening(story),
        path=tuple(words.did(step) for step in story.steps),
        days=[(_day(day, now), [_entry(entry, story) for entry in found]) for day, found in story.days(zone)],
        steps=steps_of(lead),
        answers=answers,
        tally=words.tally(qualifying.tally(findings)) if findings else "",
        products=amounts.latest(story.amounts, AmountKind.WON),
        expected=amounts.latest(story.amounts, AmountKind.EXPECTED),
    )


def _said(story: Story, question: Question) -> str:
    found = story.findings[question]
    if found.horizon is not None:
        return _(words.HORIZONS[found.horizon])
    return _(words.FINDINGS[Finding(found.finding)])


def _opening(story: Story) -> str:
    """A first sentence to say, from what the person did last."""
    if not story.answers:
        return ""
    answer = story.answers[-1]
    page = _page_name(story.steps)
    if answer.fields.get("message"):
        return _("“You wrote: %(text)s Tell me more.”", text=answer.fields["message"][:120])
    if page:
        return _("“You left your details on ‘%(page)s’. What made you look into it?”", page=page)
    return ""


def _page_name(steps: Sequence[LeadStep]) -> str:
    return next((step.touch_name for step in reversed(steps) if step.kind in ("submitted", "registered")), "")


def _day(day: date, now: datetime) -> str:
    today = now.astimezone(formats.zone()).date()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return formats.long_date(day)


def _entry(entry: Entry, story: Story) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "icon": ICONS[entry.sort],
        "text": _line(entry),
        "when": formats.time(entry.at),
        "more": entry.text,
        "tone": "",
        "pairs": [],
        "consents": [],
    }
    if entry.answer is not None:
        shown["pairs"] = [
            (_(FIELDS[name]), text) for name, text in entry.answer.fields.items() if name in FIELDS
        ]
        shown["consents"] = [
            (ticked["text"], _("confirmed by mail") if ticked["confirmed_at"] else _("not confirmed yet"))
            for ticked in entry.answer.consents
        ]
    if entry.move is not None:
        deed = entry.move.deed
        shown["tone"] = "ok" if deed == "won" else ""
        shown["icon"] = {"won": "star", "accepted": "check", "began": "user-plus"}.get(deed, shown["icon"])
        reason = words.OUTCOMES.get(entry.move.reason)
        shown["more"] = _(reason) if reason else ""
        if deed == "nurtured" and story.lead.comes_back_at and story.moves[-1] is entry.move:
            shown["more"] = _("Back on %(day)s", day=formats.date(story.lead.comes_back_at))
    return shown


def _line(entry: Entry) -> str:
    name, touch = entry.name, " · ".join(filter(None, (entry.touch, entry.campaign)))
    match entry.sort:
        case Sort.SENT:
            return _("“%(touch)s” was sent to %(name)s", touch=touch, name=name)
        case Sort.CLICKED:
            return _("%(name)s clicked in “%(touch)s”", touch=touch, name=name)
        case Sort.VISITED:
            return _("%(name)s came to your page from “%(touch)s”", touch=touch, name=name)
        case Sort.REGISTERED:
            return _("%(name)s registered for “%(touch)s”", touch=touch, name=name)
        case Sort.JOINED:
            return _("%(name)s joined “%(touch)s”", touch=touch, name=name)
        case Sort.ATTENDED if not entry.count:  # nobody knows for how long
            return _("%(name)s attended “%(touch)s”", touch=touch, name=name)
        case Sort.ATTENDED:
            return ngettext(
                "%(name)s attended “%(touch)s” for %(num)s minute",
                "%(name)s attended “%(touch)s” for %(num)s minutes",
                entry.count,
                touch=touch,
                name=name,
            )
        case Sort.ANSWERED:
            return _("%(name)s answered the form", name=name)
        case Sort.CALL:
            return _("%(name)s called", name=name)
        case Sort.MAIL:
            return _("%(name)s wrote a mail", name=name)
        case Sort.NOTE:
            return _("Note by %(name)s", name=name)
        case Sort.SPOKE:
            return _("%(name)s spoke with them", name=name)
        case Sort.MOVED:
            assert entry.move is not None
            said = _(words.MOVES[Deed(entry.move.deed)])
            return f"{said}, {name}" if name else said


def dates_to_rest(calendar: WorkingHours, now: datetime) -> list[tuple[date, str]]:
    """The proposals of "Not now": three, six and twelve months from today."""
    today = now.astimezone(calendar.zone).date()
    return [
        (day, f"{ngettext('%(num)s month', '%(num)s months', months)}, {formats.date(day)}")
        for months in nurture.MONTHS
        for day in [nurture.in_months(today, months)]
    ]
