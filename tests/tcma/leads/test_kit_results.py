"""What a kit usually brings: said only where it tells nobody about a single partner."""

from hypothesis import given
from hypothesis import strategies as st

from tcma.leads.kit_results import LEAST_PARTNERS, Typical, summed

counts = st.lists(st.integers(0, 500), min_size=1, max_size=5)


def test_four_partners_are_too_few_to_say_anything() -> None:
    assert summed([[3], [4], [5], [6]]) == Typical(4)
    assert not summed([]).is_known


def test_the_range_is_the_middle_half_of_the_partners() -> None:
    assert summed([[2], [4], [6], [8], [100]]) == Typical(5, 4, 8)


def test_a_partner_that_ran_it_often_counts_once() -> None:
    assert summed([[100] * 50, [4], [6], [8], [5]]) == summed([[100], [4], [6], [8], [5]])


@given(st.lists(counts, max_size=12))
def test_a_range_lies_within_what_partners_had(by_partner: list[list[int]]) -> None:
    found = summed(by_partner)
    assert found.is_known == (len(by_partner) >= LEAST_PARTNERS)
    if found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.high
        assert found.high <= max(max(one) for one in by_partner)
        assert found.low >= min(min(one) for one in by_partner)
