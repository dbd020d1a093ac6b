"""The checks before a launch, run anew each time: every one with its result, problems first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import calendar
from campaigns.errors import Problem, Severity
from campaigns.kit import Kit, TouchKind
from tcma import storage
from tcma.config import Settings
from tcma.db import Database
from tcma.errors import phrase
from tcma.kits.content import load_kit
from tcma.launches import (
    budgets,
    checklist_facts,
    checklist_network,
    launching,
    preparing,
    queries,
    reach,
    schedule,
)
from tcma.launches.budgets import Budget
from tcma.launches.checklist_facts import People
from tcma.launches.checklist_network import Probes, Unused
from tcma.launches.checks import Check, Key, State, sentences
from tcma.launches.launching import Launched
from tcma.launches.models import Campaign
from tcma.launches.preparing import Prepared
from tcma.launches.reach import Reach
from tcma.partners import senders
from tcma.partners.models import SenderStatus
from tcma.viewer import Viewer

_ORDER = list(State)


@dataclass(frozen=True, slots=True)
class Checklist:
    """The checks with what the sentence of a launch says. `first_due_at` is None where the start cannot be
    told yet."""

    prepared: Prepared
    checks: tuple[Check, ...]
    budget: Budget
    people: People
    mail_count: int
    first_due_at: datetime | None
    due: tuple[tuple[str, datetime], ...] = ()  # every mail that goes, in its order, by key

    @property
    def blocking(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.state is State.BLOCKED)

    @property
    def is_complete(self) -> bool:
        """Whether nothing waits to be asked of the network."""
        return all(check.state is not State.TO_DO for check in self.checks)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the checks need of the database."""

    draft: preparing.Seen
    budget: Budget
    people: People
    start: datetime  # local wall time
    unused: Unused | None = None


def run(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    settings: Settings,
    public_id: UUID,
    *,
    probes: Probes,
    ask: bool = True,
) -> Checklist:
    """Look at a draft: `see`, then `judge`."""
    with database.reading(viewer.organisation_id) as session:
        seen = see(session, viewer, files, settings, queries.find_campaign(session, viewer, public_id))
    return judge(seen, settings, probes=probes, ask=ask)


def see(
    session: Session,
    viewer: Viewer,
    files: storage.Storage,
    settings: Settings,
    campaign: Campaign,
    budget: Budget | None = None,
    reached: Reach | None = None,
) -> Seen:
    """Read what the checks need: about 20 statements, half of them where the budget is known, and whom it
    reaches."""
    kit = load_kit(session, files, campaign.kit_version_id)
    reached = reached or reach.of(session, campaign)
    people = checklist_facts.people_of(session, campaign, kit, reached)
    draft = preparing.see(session, files, settings, campaign, reached)
    if budget is None:
        budget = budgets.budget_of(session, viewer, campaign, kit, people.count)
    own = senders.sender_of(session, campaign.partner_id)
    return Seen(
        draft,
        budgets.agreed(budget),
        people,
        schedule.start_of(session, campaign),
        unused=Unused(own.domain, own.status is SenderStatus.LOST) if own and not own.is_verified else None,
    )


def judge(seen: Seen, settings: Settings, *, probes: Probes, ask: bool = True) -> Checklist:
    """Make every check, the mails frozen once. Without `ask` nobody else's server is asked: what is not known from
    before stays TO_DO; with it up to `link_check.WHOLE` seconds pass."""
    prepared = preparing.freeze(seen.draft, settings)
    kit, budget, people = prepared.kit, seen.budget, seen.people
    mails = [touch.key for touch in kit.touches if touch.kind is TouchKind.EMAIL]
    checks = [
        *_told(prepared, budget, people),
        _fields(people),
        _rows(people),
        *_sizes(people, prepared.kit),
        _recent(people),
        _page(prepared, people.country),
        checklist_network.links_of(prepared, settings, probes.links, ask=ask),
        checklist_network.sender_of(prepared, seen.unused, settings, probes.names, ask=ask),
        Check(Key.COLOUR, State.PASSED),  # a brand cannot come out unreadable: its colours are calculated
    ]
    keys = list(Key)
    checks.sort(key=lambda check: (_ORDER.index(check.state), keys.index(check.key)))
    due = schedule.due_times(prepared.campaign, kit, mails, seen.start, prepared.webinar)
    start = calendar.to_utc(seen.start, prepared.campaign.timezone)
    going = tuple((key, at) for key, at in zip(mails, due, strict=True) if _goes(kit, key, at, start))
    first = min((at for _key, at in going), default=None)
    return Checklist(prepared, tuple(checks), budget, people, len(mails), first, going)


def _goes(kit: Kit, key: str, due: datetime, start: datetime) -> bool:
    """Whether a mail is not left out: one counted from the webinar is, where its day is before the start."""
    return kit.touch(key).counted_from is None or due >= start


def launch(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    settings: Settings,
    public_id: UUID,
    *,
    probes: Probes,
) -> Launched:
    """Run every check, those of the network too, and launch what none of them blocks; else NotReady."""
    launching.require_launchable(database, viewer, public_id)
    found = run(database, viewer, files, settings, public_id, probes=probes)
    if found.blocking:
        raise launching.NotReady(
            tuple(Problem(check.step, None, detail) for check in found.blocking for detail in check.details)
        )
    return launching.launch_prepared(database, viewer, files, settings, found.prepared)


def _told(prepared: Prepared, budget: Budget, people: People) -> list[Check]:
    """The checks that were made while the mails were frozen."""
    by_key: dict[Key, list[Problem]] = {}
    for problem in prepared.problems:
        by_key.setdefault(_key_of(prepared, problem), []).append(problem)
    counts = {Key.PEOPLE: people.count, Key.FUNDING: budget.split.vendor}
    return [
        _of(key, by_key.get(key, []), counts.get(key, 0))
        for key in (
            Key.KIT,
            *([Key.WEBINAR] if prepared.kit.webinar_key else []),
            Key.PEOPLE,
            Key.BRAND,
            Key.MAILS,
            Key.FOOTER,
            Key.START,
            Key.FUNDING,
            Key.PICTURES,
        )
    ]


def _key_of(prepared: Prepared, problem: Problem) -> Key:
    by_path = {
        "kit": Key.KIT,
        "audience": Key.PEOPLE,
        "brand": Key.BRAND,
        "start": Key.START,
        "webinar": Key.WEBINAR,
    }
    if problem.path == "budget":
        return Key.FUNDING
    if problem.path in by_path:
        return by_path[problem.path]
    if problem.severity is Severity.NOTE:
        return Key.PICTURES
    is_of_mail = problem.path in {frozen.touch_key for frozen in prepared.frozen}
    return Key.FOOTER if is_of_mail else Key.MAILS


def _of(key: Key, problems: Sequence[Problem], count: int) -> Check:
    blocking = [problem for problem in problems if problem.severity is Severity.PROBLEM]
    state = State.BLOCKED if blocking else State.NOTE if problems else State.PASSED
    return Check(key, state, sentences(blocking or problems), count)


def _fields(people: People) -> Check:
    """Every merge field of a kit has a fallback, or the kit could not be published; so this only says who
    reads it."""
    if not people.without_field:
        return Check(Key.FIELDS, State.PASSED)
    details = tuple(
        phrase(
            "%(count)s without %(label)s: they read “%(fallback)s”.",
            count=count,
            label=label,
            fallback=fallback,
        )
        for label, fallback, count in people.without_field
    )
    return Check(Key.FIELDS, State.NOTE, details, max(count for _, _, count in people.without_field))


def _rows(people: People) -> Check:
    left_out = people.skipped_rows + people.not_mailable
    return Check(Key.ROWS, State.NOTE if left_out else State.PASSED, (), left_out)


def _sizes(people: People, kit: Kit) -> list[Check]:
    """Where a kit says for firms of which size it is made."""
    if not kit.sizes or not people.count:
        return []
    if not people.other_size:
        return [Check(Key.SIZES, State.PASSED)]
    sizes = ", ".join(f"{size.least}–{size.most}" if size.most else f"{size.least}+" for size in kit.sizes)
    detail = phrase("The kit is made for firms of %(sizes)s people.", sizes=sizes)
    return [Check(Key.SIZES, State.NOTE, (detail,), people.other_size)]


def _recent(people: People) -> Check:
    spared = people.is_sparing or not people.recent
    return Check(Key.RECENT, State.PASSED if spared else State.NOTE, (), people.recent)


def _page(prepared: Prepared, country: str) -> Check:
    """The campaign's page can be shown and says what its boxes mean."""
    kit = prepared.kit
    if kit.microsite is None:
        return Check(Key.PAGE, State.PASSED)
    wordings = [text for text in kit.consents if text.country in (None, country)]
    if kit.consents and not wordings:
        sentence = phrase(
            "The kit's form has no consent text for %(country)s. Ask the vendor for one.", country=country
        )
        return Check(Key.PAGE, State.BLOCKED, (sentence,))
    return Check(Key.PAGE, State.PASSED, count=len(wordings))
