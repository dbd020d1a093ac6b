"""The decider of "Do now": merged by kind, ranked, put off and coming back."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tcma.home.proposal import best
from tcma.home.service import Until, moment
from tcma.home.tasks import (
    LAST_CALL,
    MOST_SHOWN,
    RANK,
    Finding,
    Kind,
    PutOff,
    held_until,
    is_put_off,
    plan,
)
from tcma.kits.catalogue import Offered, in_own_language_first
from tcma.kits.models import Kit, KitVersion
from tcma.kits.summaries import Summary
from tcma.organisations.models import Organisation

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

days = st.integers(-20, 20).map(lambda hours: NOW + timedelta(hours=hours * 7))
subjects = st.integers(0, 12).map(lambda number: f"thing:{number}")
findings = st.builds(Finding, st.sampled_from(Kind), subjects, due_at=st.none() | days)
snoozes = st.dictionaries(
    st.sampled_from(Kind), st.builds(PutOff, days, st.frozensets(subjects, max_size=12))
)


def kinds(found: list[Finding]) -> set[Kind]:
    return {finding.kind for finding in found}


@given(st.lists(findings, max_size=40), snoozes)
def test_tasks_are_ranked_merged_and_at_most_five(found: list[Finding], put_off: dict[Kind, PutOff]) -> None:
    tasks = plan(found, put_off, NOW).tasks
    shown = [task.kind for task in tasks]

    assert len(tasks) <= MOST_SHOWN
    assert shown == sorted(set(shown), key=RANK.__getitem__)
    for task in tasks:
        assert all(finding.kind is task.kind for finding in task.findings)
        dues = [finding.due_at for finding in task.findings if finding.due_at]
        assert dues == sorted(dues)
        assert all(finding.due_at is None for finding in task.findings[len(dues) :])


@given(st.lists(findings, max_size=40), snoozes)
def test_nothing_is_lost_or_made_up(found: list[Finding], put_off: dict[Kind, PutOff]) -> None:
    made = plan(found, put_off, NOW)
    shown = [finding for task in made.tasks for finding in task.findings]
    expected = kinds(found) - {Kind.BEST_KIT} or kinds(found)

    for finding in shown:
        assert finding in found and not is_put_off(finding, put_off.get(finding.kind), NOW)
    if len(made.tasks) < MOST_SHOWN:
        assert len(made.tasks) + made.put_off_count == len(expected)
        for finding in found:
            held = is_put_off(finding, put_off.get(finding.kind), NOW)
            assert (finding in shown) == (not held and finding.kind in expected)


@given(st.lists(findings, max_size=40))
def test_what_nobody_put_off_is_always_shown_first_things_first(found: list[Finding]) -> None:
    made = plan(found, {}, NOW)

    assert made.put_off_count == 0
    if found:
        assert made.tasks[0].kind is min(kinds(found), key=RANK.__getitem__)


@given(st.lists(findings, max_size=20), days)
def test_nothing_is_held_back_into_its_last_four_hours(found: list[Finding], wished: datetime) -> None:
    until = held_until(found, wished, NOW)

    assert until <= wished
    for finding in found:
        if finding.due_at is not None and finding.due_at > NOW:
            assert until <= finding.due_at - LAST_CALL


@given(st.sampled_from(Until), st.integers(0, 40_000), st.integers(0, 1440))
def test_what_is_put_off_comes_back_within_a_week(choice: Until, minutes: int, opens: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    back = moment(choice, now, opens)

    assert timedelta(0) < back - now <= timedelta(days=8)
    assert back.date() > now.date()
    if choice is Until.NEXT_WEEK:
        assert back.weekday() == 0


def test_what_comes_later_is_not_put_off_with_what_was_known() -> None:
    known, later = Finding(Kind.LEADS, "lead:1"), Finding(Kind.LEADS, "lead:2")
    put_off = {Kind.LEADS: PutOff(NOW + timedelta(days=1), frozenset({"lead:1"}))}

    (task,) = plan([known, later], put_off, NOW).tasks
    assert task.findings == (later,)
    (task,) = plan([known, later], put_off, NOW + timedelta(days=1)).tasks
    assert task.count == 2


def test_the_best_kit_is_proposed_where_nothing_waits_only() -> None:
    kit, lead = Finding(Kind.BEST_KIT, "kit:1"), Finding(Kind.LEADS, "lead:1")
    put_off = {Kind.LEADS: PutOff(NOW + timedelta(days=1), frozenset({"lead:1"}))}

    assert [task.kind for task in plan([kit], {}, NOW).tasks] == [Kind.BEST_KIT]
    assert [task.kind for task in plan([kit, lead], {}, NOW).tasks] == [Kind.LEADS]
    assert plan([kit, lead], put_off, NOW).tasks == ()


def test_many_of_a_kind_take_longer_but_not_for_ever() -> None:
    def minutes(number: int) -> int:
        return plan([Finding(Kind.LEADS, f"lead:{one}") for one in range(number)], {}, NOW).minutes

    assert minutes(1) == 2 and minutes(3) == 4 and minutes(50) == 12


def test_the_kit_in_the_own_language_is_proposed_before_the_others() -> None:
    def offered(number: int, *locales: str) -> Offered:
        kit, vendor = Kit(id=number), Organisation(id=1)
        return Offered(kit, KitVersion(kit_id=number), vendor, locales, Summary())

    kits = [offered(1, "en", "de"), offered(2, "en", "fr-CH"), offered(3, "de")]
    found = [best(kits, launched, [], "fr") for launched in ((), (2,))]
    assert [one.offered.kit.id for one in found if one] == [2, 1]
    assert [one.kit.id for one in in_own_language_first(kits, "de")] == [1, 3, 2]
