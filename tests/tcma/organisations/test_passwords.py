"""Which passwords are taken, and how they are kept."""

import pytest
from argon2 import PasswordHasher, profiles
from hypothesis import given
from hypothesis import strategies as st

from tcma.errors import Invalid
from tcma.organisations import passwords

GOOD = "quiet harbour at seven"


def test_a_password_fits_its_own_hash_and_no_other() -> None:
    kept = passwords.hashed(GOOD)

    assert GOOD not in kept and kept.startswith("$argon2id$")
    assert passwords.fits(GOOD, kept)
    assert not passwords.fits(GOOD + " ", kept) and not passwords.fits("", kept)


def test_hashing_costs_what_the_standard_asks_for_outside_the_tests() -> None:
    try:
        passwords.take_cost(passwords.COST)
        dear = passwords.hashed(GOOD)
    finally:
        passwords.take_cost(profiles.CHEAPEST)

    assert passwords.COST.memory_cost >= 64 * 1024 and passwords.COST.time_cost >= 3
    assert f"$m={passwords.COST.memory_cost},t={passwords.COST.time_cost}," in dear
    assert passwords.fits(GOOD, dear) and passwords.is_outdated(dear)


def test_nothing_fits_where_no_password_is_kept() -> None:
    assert not passwords.fits("the password of nobody", None)
    assert not passwords.fits("anything at all", "not a hash")


def test_a_password_is_the_same_however_its_letters_are_composed() -> None:
    assert passwords.fits("gr\u00fcn wie das Meer", passwords.hashed("gru\u0308n wie das Meer"))


def test_a_hash_made_with_other_parameters_is_outdated() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(GOOD)

    assert passwords.is_outdated(old) and passwords.fits(GOOD, old)
    assert not passwords.is_outdated(passwords.hashed(GOOD))


@pytest.mark.parametrize(
    "easy",
    [
        "short",
        "elevenchars",
        "x" * 201,
        "aaaaaaaaaaaaaaaa",
        "password1234",
        "Passwort2026!",
        "qwertz123456",
        "1234567890123",
        "harbour-it2026",
        "EvaRoth12345",
        "willkommen2026",
    ],
)
def test_an_easy_password_is_refused_with_a_sentence(easy: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check(easy, known=("Eva", "Roth", "eva", "roth", "harbour-it", "EvaRoth"))
    assert refused.value.fields.keys() == {"password"} and refused.value.sentence.endswith(".")


@pytest.mark.parametrize(
    "good", [GOOD, "Fjord, Lampe, Kies & 7", "correct horse battery staple", "日本語の長いパスワードです。"]
)
def test_a_good_password_is_taken(good: str) -> None:
    passwords.check(good, known=("Eva", "Roth", "harbour-it"))


@given(st.text(max_size=300))
def test_whatever_is_typed_is_taken_or_refused(typed: str) -> None:
    try:
        passwords.check(typed)
    except Invalid as refused:
        assert refused.fields["password"] == refused.sentence
    else:
        assert len(typed) >= 4
