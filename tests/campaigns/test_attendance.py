"""Attendance lists of Zoom, Teams and GoTo: who came, for how long, and which rows nobody can read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.errors import ContentError
from campaigns.webinar import attendance
from campaigns.webinar.attendance_cells import seconds_of
from tests.campaigns.attendance_lists import GOTO, LISTS


@pytest.mark.parametrize(
    ("content", "tool", "minutes", "told"), [one[1:] for one in LISTS], ids=[one[0] for one in LISTS]
)
def test_each_tools_list_gives_who_came_and_for_how_long(
    content: bytes, tool: str, minutes: dict[str, int], told: int
) -> None:
    found = attendance.read(content)
    assert (found.tool, dict(found.minutes), len(found.problems)) == (tool, minutes, told)


def test_a_row_that_cannot_be_read_is_told_by_its_number_and_without_a_name() -> None:
    found = attendance.read(GOTO.replace("anna@firm.example", "").encode())
    assert "anna@firm.example" not in found.minutes
    (sentence,) = found.problems
    assert "9" in sentence and "Meier" not in sentence


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "no CSV"),
        (b"PK\x03\x04rest", "no CSV"),
        (b"a,b\n1,2\n", "no attendance list"),
        (b"x" * 10_000_001, "10 MB"),
    ],
)
def test_what_is_no_attendance_list_is_refused_with_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(ContentError, match=says):
        attendance.read(content)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("41", 2460), ("41,5", 2490), ("41m 5s", 2465), ("1h 2m", 3720), ("1 hour 2 minutes", 3720),
        ("00:41:05", 2465), ("41:05", 2465), ("1 Std. 2 Min.", 3720), ("--", None), ("soon", None), ("99999", None),
    ],
)  # fmt: skip
def test_times_are_read_as_each_tool_writes_them(text: str, seconds: int | None) -> None:
    assert seconds_of(text) == seconds


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([one[1] for one in LISTS]), st.integers(0, 2000))
def test_whatever_the_bytes_are_there_is_a_list_or_a_sentence(noise: bytes, base: bytes, at: int) -> None:
    try:
        found = attendance.read(base[:at] + noise + base[at:])
    except ContentError as error:
        assert error.problems[0].sentence
    else:
        assert all(minutes >= 1 and "@" in address for address, minutes in found.minutes.items())
