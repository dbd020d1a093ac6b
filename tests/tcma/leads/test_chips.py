"""The chip of a lead's clock: which sentence, which look, at every threshold."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calendar import add_working_time, working_hours
from tcma.leads import chips, clocks, words
from tcma.leads.chips import URGENT, Facts, Look, Says
from tcma.leads.dealings import ClockKind
from tcma.leads.models import CLOSED, Stage

ZURICH = working_hours("Europe/Zurich", "CH")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine o'clock in Zürich
FAR = MONDAY + timedelta(days=900)
WORKED = [stage for stage, kind in clocks.KIND.items() if kind is not ClockKind.NURTURE]
PLACES = [("Europe/Zurich", "CH"), ("America/New_York", "US"), ("Asia/Kolkata", "IN")]
hours = st.integers(-3_000, 3_000).map(lambda number: MONDAY + timedelta(hours=number))


def facts(stage: Stage, start: datetime, *, may_go_back: bool = False, shelf: datetime = FAR) -> Facts:
    until = clocks.due_at(clocks.KIND[stage], start, ZURICH)
    return Facts(stage, start, until, shelf, may_go_back)


def said(found: chips.Chip | None) -> str:
    assert found is not None
    return words.chip(found, ZURICH, "Northwind", lambda moment: f"{moment:%a %H:%M}")


@pytest.mark.parametrize(
    ("stage", "passed", "look", "text"),
    [
        (Stage.NEW, timedelta(hours=1), Look.CALM, "Accept within 6 working days"),
        (Stage.NEW, timedelta(hours=25), Look.SOON, "Accept by Mon 11:00"),
        (Stage.NEW, timedelta(hours=42, minutes=20), Look.URGENT, "5 h 40 min left"),
        (Stage.NEW, timedelta(hours=48), Look.OVER, "Accepting is overdue, still yours"),
        (Stage.ACCEPTED, timedelta(hours=1), Look.CALM, "Contact within 3 working days"),
        (Stage.ACCEPTED, timedelta(hours=14), Look.SOON, "Contact by Thu 08:00"),
        (Stage.ACCEPTED, timedelta(hours=27), Look.OVER, "First contact is overdue"),
        (Stage.QUALIFIED, timedelta(hours=1), Look.CALM, "Update within 10 working days"),
        (Stage.CONTACTED, timedelta(hours=90), Look.OVER, "Update is overdue"),
    ],
)
def test_the_chip_says_the_time_and_what_follows(
    stage: Stage, passed: timedelta, look: Look, text: str
) -> None:
    now = add_working_time(MONDAY, passed, ZURICH)
    found = chips.chip(facts(stage, MONDAY), now, ZURICH)

    assert found is not None and found.look is look
    assert said(found) == text


def test_outside_working_hours_a_chip_names_the_moment_and_counts_no_hours() -> None:
    sunday = add_working_time(MONDAY, timedelta(hours=45), ZURICH) - timedelta(days=1)
    assert said(chips.chip(facts(Stage.NEW, MONDAY), sunday, ZURICH)) == "Accept by Mon 11:00"


def test_a_lead_of_the_vendor_goes_back_and_an_own_one_stays() -> None:
    over = add_working_time(MONDAY, timedelta(hours=49), ZURICH)
    theirs = facts(Stage.NEW, MONDAY, may_go_back=True)
    gone = Facts(Stage.EXPIRED, None, None, over, True)
    stale = facts(Stage.CONTACTED, MONDAY, shelf=MONDAY)

    assert said(chips.chip(theirs, over, ZURICH)) == "Goes back to Northwind now"
    assert said(chips.chip(gone, over, ZURICH)) == "Went back to Northwind"
    assert said(chips.chip(stale, over, ZURICH)) == "Shelf life over, still yours"


def test_a_resting_lead_says_when_it_is_back_or_that_nobody_touched_it() -> None:
    day = MONDAY + timedelta(days=90)
    dated = Facts(Stage.NURTURING, MONDAY, day, MONDAY, False, comes_back=True)
    loose = Facts(Stage.NURTURING, MONDAY, day, MONDAY, False)

    assert said(chips.chip(dated, MONDAY, ZURICH)).startswith("Back on ")
    assert said(chips.chip(loose, MONDAY, ZURICH)) == "Resting"
    assert said(chips.chip(loose, day, ZURICH)) == "Untouched for 90 days"


@given(st.sampled_from(WORKED), hours, hours, st.booleans(), st.sampled_from(PLACES))
def test_the_look_follows_from_the_working_time_that_is_left(
    stage: Stage, start: datetime, now: datetime, may_go_back: bool, place: tuple[str, str]
) -> None:
    calendar = working_hours(*place)
    until = clocks.due_at(clocks.KIND[stage], start, calendar)
    found = chips.chip(Facts(stage, start, until, FAR, may_go_back), now, calendar)

    assert found is not None
    assert (found.look is Look.OVER) == (now >= until)
    if found.look is Look.OVER:
        assert found.left <= timedelta(0)
        assert (found.says is Says.GOES_BACK) == (may_go_back and stage is Stage.NEW)
    else:
        half = clocks.length(clocks.KIND[stage], calendar) / 2
        assert (found.look is Look.URGENT) == (found.left < URGENT)
        if found.look is Look.CALM:
            assert found.left > half or found.left >= URGENT


@given(st.sampled_from(WORKED), hours, st.integers(0, 200), st.integers(0, 200))
def test_a_chip_never_grows_calmer_while_nothing_is_done(
    stage: Stage, start: datetime, first: int, more: int
) -> None:
    order = [Look.CALM, Look.SOON, Look.URGENT, Look.OVER]
    earlier = chips.chip(facts(stage, start), start + timedelta(hours=first), ZURICH)
    later = chips.chip(facts(stage, start), start + timedelta(hours=first + more), ZURICH)

    assert earlier is not None and later is not None
    assert order.index(earlier.look) <= order.index(later.look)
    assert later.left <= earlier.left


@given(st.sampled_from([*CLOSED - {Stage.EXPIRED}, Stage.IN_POOL]), hours)
def test_where_nothing_is_due_there_is_no_chip(stage: Stage, now: datetime) -> None:
    assert chips.chip(Facts(stage, None, None, MONDAY, True), now, ZURICH) is None


def test_a_clock_ticks_in_working_hours_alone() -> None:
    for moment, ticks in (
        (MONDAY, True),
        (MONDAY + timedelta(hours=9), False),
        (MONDAY - timedelta(days=1), False),
        (datetime(2026, 12, 25, 9, 0, tzinfo=UTC), False),
    ):
        assert chips.is_open_at(moment, ZURICH) is ticks
