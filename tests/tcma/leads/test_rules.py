"""The pure rules of leads: path and shelf life."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calendar import working_hours, working_time_between
from campaigns.kit import Sale
from tcma.leads import attribution, shelf_life
from tcma.leads.attribution import WINDOW, Happening, Step
from tcma.leads.models import Grade

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
moments = st.integers(-200 * 24, 48).map(lambda hours: NOW + timedelta(hours=hours))
happenings = st.lists(
    st.builds(
        Happening, st.sampled_from(["clicked", "visited", "submitted"]), st.sampled_from("AB"), moments
    ),
    max_size=25,
)


def test_equal_neighbours_are_told_together() -> None:
    hours = [Happening("visited", "Page", NOW - timedelta(hours=hour)) for hour in (1, 2)]
    click = Happening("clicked", "Invitation", NOW - timedelta(hours=5))

    assert attribution.path([*hours, click], NOW) == (
        Step("clicked", "Invitation", 1, click.at),
        Step("visited", "Page", 2, NOW - timedelta(hours=2)),
    )


@given(happenings)
def test_a_path_holds_every_recent_happening_once_in_order_of_time(found: list[Happening]) -> None:
    steps = attribution.path(found, NOW)
    recent = [event for event in found if NOW - WINDOW <= event.at <= NOW]

    assert sum(step.count for step in steps) == len(recent)
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert {(step.kind, step.touch_name) for step in steps} == {(e.kind, e.touch_name) for e in recent}
    assert all((a.kind, a.touch_name) != (b.kind, b.touch_name) for a, b in pairwise(steps))
    if recent:
        assert steps[0].at == min(event.at for event in recent)


@given(happenings, st.randoms())
def test_a_path_does_not_depend_on_the_order_of_events_at_different_times(found, random) -> None:  # type: ignore[no-untyped-def]
    apart = list({event.at: event for event in found}.values())
    shuffled = apart[:]
    random.shuffle(shuffled)

    assert attribution.path(shuffled, NOW) == attribution.path(apart, NOW)


@given(
    st.integers(-1_000 * 24, 1_000 * 24).map(lambda hours: NOW + timedelta(hours=hours)),
    st.sampled_from(Grade),
    st.sampled_from(Sale),
    st.sampled_from([("Europe/Zurich", "CH"), ("Europe/Berlin", "DE"), ("America/New_York", "US")]),
)
def test_a_shelf_life_is_so_many_working_days_of_its_holder(
    start: datetime, grade: Grade, sale: Sale, place: tuple[str, str]
) -> None:
    calendar = working_hours(*place)
    days = shelf_life.DAYS[grade, sale]
    end = shelf_life.ends_at(start, grade, sale, calendar)

    assert end - start > timedelta(days=days - 1)
    assert working_time_between(start, end, calendar) == calendar.day_length * days
    later = shelf_life.ends_at(start + timedelta(days=1), grade, sale, calendar)
    assert later >= end


def test_every_grade_of_every_sale_has_a_shelf_life() -> None:
    assert set(shelf_life.DAYS) == {(grade, sale) for grade in Grade for sale in Sale}


@pytest.mark.parametrize("sale", Sale)
def test_the_warmer_a_lead_the_shorter_it_keeps(sale: Sale) -> None:
    assert shelf_life.DAYS[Grade.SQL, sale] < shelf_life.DAYS[Grade.MQL, sale]
