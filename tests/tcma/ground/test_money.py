"""Amounts, shares and prices without floats, in currencies of no, two and three decimal places."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcma import money
from tcma.errors import Invalid

AMOUNTS = st.integers(-(10**12), 10**12)
CURRENCIES = st.sampled_from(["JPY", "CHF", "KWD"])


@pytest.mark.parametrize(
    ("currency", "text", "amount"),
    [
        ("CHF", "1000", 100_000),
        ("CHF", "1'000", 100_000),
        ("CHF", "1’000.50", 100_050),
        ("CHF", "1'000'000.05", 100_000_005),
        ("CHF", " 400.5 ", 40_050),
        ("EUR", "1.000,00", 100_000),
        ("EUR", "1.234.567,89", 123_456_789),
        ("EUR", "1.000", 100_000),
        ("EUR", "12,5", 1_250),
        ("EUR", "0,05", 5),
        ("USD", "1,000.00", 100_000),
        ("USD", "1,000", 100_000),
        ("USD", "1 000.00", 100_000),
        ("JPY", "1000", 1_000),
        ("JPY", "1,000", 1_000),
        ("JPY", "1.234.567", 1_234_567),
        ("KWD", "1.500", 1_500),
        ("KWD", "1,000.250", 1_000_250),
        ("KWD", "1'000.25", 1_000_250),
        ("KWD", "12", 12_000),
    ],
)
def test_an_amount_is_read_as_people_in_the_country_write_it(currency: str, text: str, amount: int) -> None:
    assert money.parse(text, currency) == amount


@pytest.mark.parametrize(
    ("currency", "text"),
    [
        ("CHF", ""),
        ("CHF", "-5"),
        ("CHF", "."),
        ("CHF", "abc"),
        ("CHF", "1e9"),
        ("CHF", "9" * 16),
        ("CHF", "1.2345"),
        ("JPY", "10.5"),
        ("KWD", "1.2345"),
        ("CHF", "1" * 10_000),
        ("CHF", "1.2.3"),
        ("CHF", "1,00,00"),
        ("CHF", "1.00,000.00"),
        ("CHF", "٣٠"),
    ],
)
def test_what_is_not_an_amount_is_refused_with_a_sentence(currency: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        money.parse(text, currency)
    assert len(refused.value.sentence) < 150


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        (40_000, "CHF", "en", "CHF\u00a0400.00"),
        (100_000_005, "CHF", "de_CH", "CHF\u00a01’000’000.05"),
        (123_456_789, "EUR", "de", "EUR\u00a01.234.567,89"),
        (-50, "EUR", "en", "-EUR\u00a00.50"),
        (1_234_567, "JPY", "en", "JPY\u00a01,234,567"),
        (1_500, "KWD", "en", "KWD\u00a01.500"),
        (0, "KWD", "en", "KWD\u00a00.000"),
    ],
)
def test_an_amount_is_shown_as_the_reader_writes_it(
    amount: int, currency: str, locale: str, shown: str
) -> None:
    assert money.shown(amount, currency, locale) == shown


@given(st.integers(0, 10**14), CURRENCIES, st.sampled_from(["en", "de", "de_CH"]))
def test_what_is_shown_can_be_typed_again(amount: int, currency: str, locale: str) -> None:
    shown = money.shown(amount, currency, locale).removeprefix(currency)

    assert money.parse(shown, currency) == amount


@pytest.mark.parametrize(("currency", "places"), [("JPY", 0), ("CHF", 2), ("EUR", 2), ("KWD", 3)])
def test_a_currency_has_its_own_number_of_places(currency: str, places: int) -> None:
    assert money.exponent(currency) == places


@given(AMOUNTS, st.integers(1, 10**9))
def test_rounding_is_to_the_nearest_with_halves_away_from_zero(numerator: int, denominator: int) -> None:
    exact = Fraction(abs(numerator), denominator)
    nearest = floor(exact + Fraction(1, 2))

    assert money.rounded(numerator, denominator) == (nearest if numerator >= 0 else -nearest)


@given(st.integers(0, 10**7), st.integers(0, 10**12), st.integers(0, 10_000), st.integers(0, 10**12))
def test_the_vendors_part_is_never_above_cost_or_cap(units: int, price: int, share: int, cap: int) -> None:
    part = money.vendor_share(units, price, share, cap)

    assert 0 <= part <= min(cap, money.cost(units, price))


@given(st.integers(0, 10**12), st.lists(st.integers(0, 2_500), max_size=4))
def test_funders_of_one_total_get_their_shares_to_the_last_minor_unit(total: int, shares: list[int]) -> None:
    parts = money.split(total, shares)

    assert sum(parts) == money.rounded(total * sum(shares), money.FULL_SHARE)
    for part, share in zip(parts, shares, strict=True):
        assert abs(Fraction(total * share, money.FULL_SHARE) - part) <= 1


def test_funders_of_more_than_everything_are_refused() -> None:
    with pytest.raises(Invalid, match="100"):
        money.split(1_000, [6_000, 4_001])
