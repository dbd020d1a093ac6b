"""The four questions: is there money, who decides, is there a need, when. Unknown is an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from tcma import clock
from tcma.errors import Invalid, phrase
from tcma.leads import amounts, clocks, service, shelf_life, transitions
from tcma.leads.amounts import Product
from tcma.leads.dealings import AmountKind, Deed, Finding, Horizon, LeadFinding, Question
from tcma.leads.models import Grade, Lead, Stage
from tcma.leads.transitions import Done
from tcma.viewer import Viewer

LONGEST_EVIDENCE = 300
NEAR = (Horizon.THIS_QUARTER, Horizon.THIS_YEAR)
_CONFIRMING = (Question.NEED, Question.BUDGET, Question.TIMING)  # need, ability, timing
_BEFORE_CONTACT = (Stage.NEW, Stage.ACCEPTED, Stage.NURTURING)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as it was given."""

    finding: Finding
    evidence: str = ""
    horizon: Horizon | None = None  # of TIMING
    found_on: date | None = None  # None: today


Answers = Mapping[Question, Said]


@dataclass(frozen=True, slots=True)
class Tally:
    """ "3 of 4 known, 2 yes"."""

    known: int
    yes: int
    asked: int = len(Question)


def tally(findings: Mapping[Question, Finding]) -> Tally:
    known = [finding for finding in findings.values() if finding is not Finding.UNKNOWN]
    return Tally(len(known), sum(finding is Finding.YES for finding in known))


def is_confirmed(findings: Mapping[Question, Finding]) -> bool:
    """Need, ability to pay and timing are all a yes."""
    return all(findings.get(question) is Finding.YES for question in _CONFIRMING)


def graded(findings: Mapping[Question, Finding], before: Grade) -> Grade:
    """The grade after these answers: a person confirms an SQL, a horizon and some influence make an MQL, and
    what was an SQL and is not confirmed any more is an MQL."""
    if is_confirmed(findings):
        return Grade.SQL
    has_horizon = findings.get(Question.TIMING) is Finding.YES
    has_influence = findings.get(Question.AUTHORITY) is Finding.YES
    if before is not Grade.INQUIRY or (has_horizon and has_influence):
        return Grade.MQL
    return before


def target(current: Stage, *, confirmed: bool, has_amount: bool) -> Stage | None:
    """Where the answers take a lead; None where it stays. Whoever knows the answers has spoken with them."""
    if current is Stage.OPPORTUNITY or (current is Stage.QUALIFIED and not (confirmed and has_amount)):
        return None
    if confirmed:
        return Stage.OPPORTUNITY if has_amount else Stage.QUALIFIED
    return Stage.CONTACTED if current in _BEFORE_CONTACT else None


def qualify(
    session: Session,
    viewer: Viewer,
    public_id: UUID,
    answers: Answers,
    *,
    expected: Sequence[Product] = (),
    expected_on: date | None = None,
) -> Done:
    """Keep the four answers and, where given, what may be sold and when. Confirmed answers qualify the lead;
    with an amount there is an opportunity."""
    lead = service.worked(session, viewer, public_id)
    said = _checked(answers)
    findings = {question: one.finding for question, one in said.items()}
    moved_to = target(lead.stage, confirmed=is_confirmed(findings), has_amount=bool(expected))
    done = transitions.perform(session, viewer, lead, Deed.QUALIFIED, moved_to)
    lead.holder_id = lead.holder_id or viewer.user_id
    lead.expected_on = expected_on or lead.expected_on
    _keep(session, viewer, lead, said, done.key)
    amounts.keep(session, lead, AmountKind.EXPECTED, expected, done.key)
    grade = graded(findings, lead.grade)
    if grade is not lead.grade:
        lead.grade = grade
        shelf_life.renew(lead, clock.now(session), clocks.calendar_for(session, lead))
    return done


def _checked(answers: Answers) -> dict[Question, Said]:
    """All four, unknown where nothing was said; a horizon decides what "when" means."""
    fields: dict[str, str] = {}
    said = {question: answers.get(question, Said(Finding.UNKNOWN)) for question in Question}
    for question, one in said.items():
        if len(one.evidence) > LONGEST_EVIDENCE:
            fields[f"{question}_evidence"] = phrase(
                "At most %(most)s characters fit here.", most=LONGEST_EVIDENCE
            )
    if fields:
        raise Invalid("Something is too long.", fields)
    timing = said[Question.TIMING]
    if timing.horizon is not None:
        finding = Finding.YES if timing.horizon in NEAR else Finding.NO
        said[Question.TIMING] = Said(finding, timing.evidence, timing.horizon, timing.found_on)
    return said


def _keep(session: Session, viewer: Viewer, lead: Lead, said: Answers, key: UUID) -> None:
    now = clock.now(session)
    assert viewer.user_id is not None
    for question, one in said.items():
        session.add(
            LeadFinding(
                lead_id=lead.id,
                owner_id=lead.owner_id,
                vendor_id=lead.vendor_id,
                question=question,
                finding=one.finding,
                horizon=one.horizon,
                evidence=" ".join(one.evidence.split()),
                found_on=one.found_on or now.date(),
                deed_key=key,
                user_id=viewer.user_id,
                at=now,
            )
        )
