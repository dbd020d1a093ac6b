"""The checks before a launch, run anew each time: every one with its result, problems first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.errors import Problem, Severity
from campaigns.kit import TouchKind
from tcma import storage
from tcma.config import Settings
from tcma.db import Database
from tcma.kits.content import load_kit
from tcma.launches import (
    budgets,
    checklist_facts,
    launching,
    link_check,
    preparing,
    queries,
    reach,
    schedule,
)
from tcma.launches.budgets import Budget
from tcma.launches.checklist_facts import People
from tcma.launches.launching import Launched
from tcma.launches.link_check import Answer, LinkChecker, Verdict
from tcma.launches.models import Campaign
from tcma.launches.preparing import Prepared
from tcma.launches.reach import Reach
from tcma.launches.sender_check import Signature, signature
from tcma.partners import senders
from tcma.partners.models import SenderStatus
from tcma.partners.names import Resolver, SystemResolver
from tcma.viewer import Viewer


class Key(StrEnum):
    """What is looked at, in the order of a screen; `step` of a Check says where it is mended."""

    KIT = "kit"
    PEOPLE = "people"
    BRAND = "brand"
    MAILS = "mails"
    FOOTER = "footer"
    LINKS = "links"
    SENDER = "sender"
    PAGE = "page"
    START = "start"
    FUNDING = "funding"
    RECENT = "recent"
    ROWS = "rows"
    FIELDS = "fields"
    PICTURES = "pictures"
    COLOUR = "colour"


class State(StrEnum):
    BLOCKED = "blocked"
    NOTE = "note"
    UNKNOWN = "unknown"  # cannot be checked from here
    TO_DO = "to_do"  # asks the network, and was not asked yet
    PASSED = "passed"


_ORDER = list(State)
_STEPS = {
    Key.PEOPLE: "audience",
    Key.ROWS: "audience",
    Key.FIELDS: "audience",
    Key.FUNDING: "budget",
    Key.START: "launch",
    Key.RECENT: "launch",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `details`: what exactly, in sentences; `count`: how many people, rows or links it is about."""

    key: Key
    state: State
    details: tuple[str, ...] = ()
    count: int = 0

    @property
    def step(self) -> str:
        """The step of the launch that mends it."""
        return _STEPS.get(self.key, "brand")


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
    unused_domain: str = ""  # an own sending domain that mail does not leave from
    is_domain_lost: bool = False  # it did before


@dataclass(frozen=True, slots=True)
class Probes:
    """What asks the network: other servers for the links, the DNS for the sender."""

    links: LinkChecker
    names: Resolver

    @classmethod
    def of(cls, settings: Settings) -> "Probes":
        """Those of an installation; only outside production may a link lead into a private network."""
        return cls(link_check.checker(allow_private=not settings.production), SystemResolver(settings.dns))


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
        unused_domain=own.domain if own is not None and not own.is_verified else "",
        is_domain_lost=own is not None and own.status is SenderStatus.LOST,
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
        _recent(people),
        _page(prepared, people.country),
        _links(prepared, settings, probes.links, ask=ask),
        _sender(seen, prepared, settings, probes.names, ask=ask),
        Check(Key.COLOUR, State.PASSED),  # a brand cannot come out unreadable: its colours are calculated
    ]
    keys = list(Key)
    checks.sort(key=lambda check: (_ORDER.index(check.state), keys.index(check.key)))
    due = schedule.due_times(prepared.campaign, kit, mails, seen.start)
    return Checklist(prepared, tuple(checks), budget, people, len(mails), min(due, default=None))


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
    by_path = {"kit": Key.KIT, "audience": Key.PEOPLE, "brand": Key.BRAND, "start": Key.START}
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
    return Check(key, state, _sentences(blocking or problems), count)


def _fields(people: People) -> Check:
    """Every merge field of a kit has a fallback, or the kit could not be published; so this only says who
    reads it."""
    if not people.without_field:
        return Check(Key.FIELDS, State.PASSED)
    details = tuple(
        f"{count:,} without {label}: they read “{fallback}”."
        for label, fallback, count in people.without_field
    )
    return Check(Key.FIELDS, State.NOTE, details, max(count for _, _, count in people.without_field))


def _rows(people: People) -> Check:
    left_out = people.skipped_rows + people.not_mailable
    return Check(Key.ROWS, State.NOTE if left_out else State.PASSED, (), left_out)


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
        sentence = f"The kit's form has no consent text for {country}. Ask the vendor for one."
        return Check(Key.PAGE, State.BLOCKED, (sentence,))
    return Check(Key.PAGE, State.PASSED, count=len(wordings))


def _links(prepared: Prepared, settings: Settings, links: LinkChecker, *, ask: bool) -> Check:
    outside, main = _outside(prepared, settings.base_url)
    if not outside:
        return Check(Key.LINKS, State.PASSED, count=0)
    answers = links.check(outside) if ask else links.known(outside)
    if len(answers) < len(outside):
        return Check(Key.LINKS, State.TO_DO, count=len(outside))
    bad = [found for found in answers.values() if found.verdict in (Verdict.BROKEN, Verdict.REFUSED)]
    silent = [found for found in answers.values() if found.verdict is Verdict.UNKNOWN]
    details = _sentences(Problem("", None, _link_sentence(found)) for found in (*bad, *silent))
    if any(found.address in main for found in bad):
        return Check(Key.LINKS, State.BLOCKED, details, len(outside))
    state = State.NOTE if bad else State.UNKNOWN if silent else State.PASSED
    return Check(Key.LINKS, state, details, len(outside))


def _outside(prepared: Prepared, base_url: str) -> tuple[list[str], set[str]]:
    """Links that lead elsewhere, and those of them that are a mail's first: the reason it is sent. What leads
    to the campaign's own page answers from launch on."""
    every: dict[str, None] = {}
    main = set()
    for frozen in prepared.frozen:
        for number, link in enumerate(frozen.mail.links):
            if link.is_microsite or not link.target.startswith(("http://", "https://")):
                continue
            if link.target.startswith(f"{base_url}/"):
                continue
            every[link.target] = None
            if number == 0:
                main.add(link.target)
    return list(every), main


def _link_sentence(found: Answer) -> str:
    if found.verdict is Verdict.UNKNOWN:
        return f"{found.address} could not be tried: {found.detail}."
    return f"{found.address} does not work: {found.detail}."


def _sender(seen: Seen, prepared: Prepared, settings: Settings, names: Resolver, *, ask: bool) -> Check:
    """Only a domain that mail would leave from is asked for; one that is not verified is told, and the shared
    domain used."""
    made = prepared.brands
    domain = made.partner.sender_email.rpartition("@")[2].lower() if made else ""
    shared = settings.mail_from.rpartition("@")[2].lower()
    if seen.unused_domain:
        what = "no longer has all its records" if seen.is_domain_lost else "is not verified yet"
        sentence = (
            f"{seen.unused_domain} {what}, so this mail leaves from {shared}; replies come to you."
            " Brand says which records are missing."
        )
        return Check(Key.SENDER, State.NOTE, (sentence,))
    if not domain or domain == shared:
        return Check(Key.SENDER, State.PASSED)
    if not ask:
        return Check(Key.SENDER, State.TO_DO)
    return _signed(signature(domain, names))


def _signed(found: Signature) -> Check:
    lacks = [word for word, there in (("SPF", found.has_spf), ("DMARC", found.has_dmarc)) if there is False]
    if lacks:
        sentence = (
            f"{found.domain} has no {' and no '.join(lacks)} record, so mailboxes would refuse its mail."
            " Have them set, or send from the shared domain: take your sending address away under Brand."
        )
        return Check(Key.SENDER, State.BLOCKED, (sentence,))
    if not found.is_known:
        sentence = f"The records of {found.domain} could not be looked up from here. Send yourself a test."
        return Check(Key.SENDER, State.UNKNOWN, (sentence,))
    sentence = f"SPF and DMARC of {found.domain} are there. Its DKIM key shows only in a mail: send a test."
    return Check(Key.SENDER, State.PASSED, (sentence,))


def _sentences(problems: Iterable[Problem]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(problem.sentence for problem in problems))
