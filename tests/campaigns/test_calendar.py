"""Due times, proposed starts and working time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns import calendar
from campaigns.calendar import Offset

ZURICH = "Europe/Zurich"
ZONES = [ZURICH, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


moments = st.datetimes(local("2023-01-01 00:00"), local("2030-12-01 00:00")).map(
    lambda m: m.replace(tzinfo=UTC)
)
walls = st.datetimes(local("2023-01-01 00:00"), local("2030-12-01 00:00"))
hours = st.sampled_from([
    calendar.working_hours(ZURICH, "CH", "ZH"),
    calendar.working_hours("America/New_York", "US", opens=time(1), closes=time(4), days=frozenset({5, 6})),
    calendar.working_hours("Asia/Kolkata", "IN", closes=time(23, 59), days=frozenset({0, 2})),
])  # fmt: skip


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "start"),
    [
        (utc(2026, 11, 23, 10), local("2026-11-24 09:30")),  # Monday morning: Tuesday
        (
            utc(2026, 11, 23, 21),
            local("2026-11-25 09:30"),
        ),  # Monday 22:00, less than 12 hours ahead: Wednesday
        (utc(2026, 11, 26, 10), local("2026-12-01 09:30")),  # Thursday: not Friday or Monday, but Tuesday
        (utc(2026, 11, 28, 10), local("2026-12-01 09:30")),  # Saturday
        (utc(2026, 5, 13, 10), local("2026-05-19 09:30")),  # the day before Ascension: not the holiday
    ],
)
def test_the_proposed_start_is_the_next_good_morning(now: datetime, start: datetime) -> None:
    assert calendar.next_start(now, ZURICH, "CH") == start


@given(moments, st.sampled_from(ZONES), st.sampled_from(["CH", "DE", "US", "XX", "IN"]))
@settings(max_examples=150)
def test_the_proposed_start_is_always_a_working_day_twelve_hours_ahead(
    now: datetime, zone: str, country: str
) -> None:
    start = calendar.next_start(now, zone, country)

    assert start.time() == time(9, 30)
    assert start.weekday() < 5
    assert not calendar.is_holiday(start.date(), country)
    assert timedelta(hours=12) <= calendar.to_utc(start, zone) - now < timedelta(days=12)


def test_wall_time_is_kept_when_clocks_change() -> None:
    due = calendar.due_times(local("2026-03-26 09:30"), ZURICH, [0, Offset(4), Offset(8, time(14, 0))])

    assert due == [utc(2026, 3, 26, 8, 30), utc(2026, 3, 30, 7, 30), utc(2026, 4, 3, 12, 0)]


def test_a_time_that_does_not_exist_moves_forward_to_the_first_that_does() -> None:
    (due,) = calendar.due_times(local("2026-03-28 02:30"), ZURICH, [1])

    assert due == utc(2026, 3, 29, 1, 0)
    assert due.astimezone(ZoneInfo(ZURICH)).time() == time(3, 0)


def test_of_a_time_that_comes_twice_the_first_is_taken() -> None:
    assert calendar.due_times(local("2026-10-25 02:30"), ZURICH, [0]) == [utc(2026, 10, 25, 0, 30)]


def test_a_whole_day_left_out_by_a_country_is_a_gap_too() -> None:
    assert calendar.to_utc(local("2011-12-30 12:00"), "Pacific/Apia") == utc(2011, 12, 30, 10, 0)


def test_a_touch_of_the_first_day_is_never_due_before_the_start() -> None:
    assert calendar.due_times(local("2026-06-01 15:00"), "UTC", [Offset(0, time(9, 30))]) == [
        utc(2026, 6, 1, 15)
    ]


@given(walls, walls, st.sampled_from(ZONES))
def test_a_later_wall_time_is_never_due_earlier(one: datetime, other: datetime, zone: str) -> None:
    one, other = sorted((one, other))

    assert calendar.to_utc(one, zone) <= calendar.to_utc(other, zone)


@given(st.sampled_from(ZONES[:4]), st.integers(0, 364), st.integers(0, 24 * 60 - 1), st.integers(0, 59))
def test_a_wall_time_that_exists_comes_back_as_it_was(zone: str, day: int, minute: int, seconds: int) -> None:
    wall = local("2026-01-01 00:00") + timedelta(days=day, minutes=minute, seconds=seconds)
    back = calendar.to_utc(wall, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    assert back == wall or timedelta(0) < back - wall <= timedelta(hours=1)


def test_working_time_skips_nights_weekends_and_holidays() -> None:
    swiss = calendar.working_hours(ZURICH, "CH", opens=time(8), closes=time(17))
    thursday_before_good_friday = utc(2026, 4, 2, 14, 0)  # 16:00 in Zürich

    due = calendar.add_working_time(thursday_before_good_friday, timedelta(hours=2), swiss)

    # Good Friday is a holiday in most cantons and not in the whole country, so it counts without a canton.
    assert due == utc(2026, 4, 3, 7, 0)
    zurich = calendar.working_hours(ZURICH, "CH", "ZH")
    assert calendar.add_working_time(thursday_before_good_friday, timedelta(hours=2), zurich) == utc(
        2026, 4, 7, 7, 0
    )


def test_somebody_s_own_holidays_do_not_count() -> None:
    away = frozenset({date(2026, 6, 2), date(2026, 6, 3)})
    partner = calendar.working_hours("UTC", "CH", closed=away)

    assert calendar.add_working_time(utc(2026, 6, 1, 16), timedelta(hours=2), partner) == utc(
        2026, 6, 5, 9
    ) - timedelta(days=1)


@given(moments, st.integers(0, 60 * 24 * 40).map(lambda m: timedelta(minutes=m)), hours)
@settings(max_examples=100)
def test_adding_working_time_and_measuring_it_are_inverse(
    at: datetime, amount: timedelta, c: calendar.WorkingHours
) -> None:
    assert calendar.working_time_between(at, calendar.add_working_time(at, amount, c), c) == amount


@given(moments, st.integers(0, 9999), st.integers(0, 9999), hours)
@settings(max_examples=100)
def test_more_working_time_never_ends_earlier(
    at: datetime, one: int, more: int, c: calendar.WorkingHours
) -> None:
    first = calendar.add_working_time(at, timedelta(minutes=one), c)
    second = calendar.add_working_time(at, timedelta(minutes=one + more), c)

    assert at <= first <= second
    assert calendar.working_time_between(second, first, c) == -timedelta(minutes=more)


def test_calendars_and_moments_that_make_no_sense_are_refused() -> None:
    c = calendar.working_hours("UTC", "CH")

    with pytest.raises(ValueError, match="open before"):
        calendar.working_hours("UTC", "CH", opens=time(17), closes=time(8))
    with pytest.raises(ValueError, match="at least one"):
        calendar.working_hours("UTC", "CH", days=frozenset())
    with pytest.raises(ValueError, match="needs its zone"):
        calendar.add_working_time(local("2026-01-01 00:00"), timedelta(hours=1), c)
    with pytest.raises(ValueError, match="forwards"):
        calendar.add_working_time(utc(2026, 1, 1), timedelta(hours=-1), c)
    with pytest.raises(ValueError, match="cannot be counted"):
        calendar.add_working_time(utc(2026, 1, 1), timedelta(days=99999), c)
    with pytest.raises(ValueError, match="before its campaign"):
        calendar.due_times(local("2026-01-01 00:00"), "UTC", [-1])


@pytest.mark.parametrize(
    ("day", "country", "found"),
    [
        (date(2026, 11, 27), "CH", date(2026, 11, 27)),
        (date(2026, 11, 28), "CH", date(2026, 11, 30)),
        (date(2026, 12, 25), "DE", date(2026, 12, 28)),  # a Friday, and the weekend behind it
        (date(2026, 12, 25), "XX", date(2026, 12, 25)),  # nothing is known of its holidays
    ],
)
def test_the_next_working_day_is_no_weekend_and_no_holiday(day: date, country: str, found: date) -> None:
    assert calendar.next_working_day(day, country) == found
