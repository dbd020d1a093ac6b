"""What is granted at once, and what is left to a person."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcma.errors import Invalid
from tcma.funds.rules import Facts, Granted, NeedsPerson, Rule, decide
from tcma.language import speaking, spoken

TODAY = date(2026, 11, 21)
RULE = Rule(
    on=True,
    max_amount=40_000,
    max_share_bp=5_000,
    tiers=("gold", "silver"),
    activities=("campaign",),
    notice_days=3,
)
IN_POLICY = Facts(
    rule=RULE,
    activity="campaign",
    amount=40_000,
    currency="CHF",
    share_bp=5_000,
    cap=50_000,
    free=40_000,
    tier="gold",
    ready_until=TODAY,
    today=TODAY,
    starts_on=TODAY + timedelta(days=3),
    fund_starts_on=TODAY,
    fund_ends_on=TODAY,
)


def test_a_request_within_every_condition_is_granted_in_words() -> None:
    verdict = decide(IN_POLICY)

    assert isinstance(verdict, Granted)
    for words in ("campaign", "CHF\u00a0400.00", "50 %", "gold", "2026-11-21", "3 days' notice"):
        assert words in verdict.sentence


def test_a_stored_grant_is_said_in_the_readers_language() -> None:
    verdict = decide(replace(IN_POLICY, activity="event", rule=replace(RULE, activities=())))
    assert isinstance(verdict, Granted)

    with speaking("de"):
        said = spoken(str(verdict.sentence))

    for words in (
        "sofort bewilligt",
        "Veranstaltung",
        "Stufe",
        "2026-11-21",
        "Frist von 3 Tagen",
        "Das Guthaben reicht.",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"activity": "event"}, "activities"),
        ({"amount": 40_001}, "CHF\u00a0400.01"),
        ({"share_bp": 5_001}, "50.01 %"),
        ({"cap": 39_999}, "one certificate holds"),
        ({"free": 39_999}, "not enough left"),
        ({"tier": "bronze"}, "gold, silver"),
        ({"ready_until": None}, "marketing-ready"),
        ({"ready_until": TODAY - timedelta(days=1)}, "marketing-ready"),
        ({"starts_on": None}, "at least 3 days"),
        ({"starts_on": TODAY + timedelta(days=2)}, "at least 3 days"),
        ({"fund_ends_on": TODAY - timedelta(days=1)}, "period"),
        ({"rule": Rule(on=False)}, "read by a person"),
    ],
)
def test_one_condition_that_is_not_met_leaves_it_to_a_person(change: dict[str, object], words: str) -> None:
    verdict = decide(replace(IN_POLICY, **change))  # type: ignore[arg-type]

    assert isinstance(verdict, NeedsPerson)
    assert any(words in reason for reason in verdict.reasons)


FACTS = st.builds(
    Facts,
    rule=st.builds(
        Rule,
        on=st.booleans(),
        max_amount=st.none() | st.integers(0, 100),
        max_share_bp=st.none() | st.integers(0, 10_000),
        tiers=st.sampled_from([(), ("gold",), ("gold", "silver")]),
        activities=st.sampled_from([(), ("campaign",)]),
        ready=st.booleans(),
        notice_days=st.integers(0, 5),
    ),
    activity=st.sampled_from(["campaign", "event"]),
    amount=st.integers(1, 120),
    currency=st.sampled_from(["CHF", "JPY", "KWD"]),
    share_bp=st.integers(0, 10_000),
    cap=st.integers(1, 120),
    free=st.integers(0, 120),
    tier=st.sampled_from(["", "gold", "silver"]),
    ready_until=st.none() | st.dates(TODAY - timedelta(days=2), TODAY + timedelta(days=2)),
    today=st.just(TODAY),
    starts_on=st.none() | st.dates(TODAY, TODAY + timedelta(days=8)),
    fund_starts_on=st.dates(TODAY - timedelta(days=2), TODAY + timedelta(days=1)),
    fund_ends_on=st.dates(TODAY - timedelta(days=1), TODAY + timedelta(days=2)),
)


@given(FACTS)
def test_a_grant_always_keeps_to_cap_balance_share_and_period(facts: Facts) -> None:
    verdict = decide(facts)

    if isinstance(verdict, NeedsPerson):
        assert verdict.reasons
        return
    assert facts.rule.on
    assert facts.amount <= min(facts.cap, facts.free)
    assert facts.rule.max_amount is None or facts.amount <= facts.rule.max_amount
    assert facts.rule.max_share_bp is None or facts.share_bp <= facts.rule.max_share_bp
    assert facts.fund_starts_on <= TODAY <= facts.fund_ends_on
    assert not facts.rule.tiers or facts.tier in facts.rule.tiers
    assert not facts.rule.activities or facts.activity in facts.rule.activities
    assert not facts.rule.ready or (facts.ready_until is not None and facts.ready_until >= TODAY)


@given(FACTS)
def test_asking_for_less_never_turns_a_grant_into_a_question(facts: Facts) -> None:
    if isinstance(decide(facts), Granted) and facts.amount > 1:
        assert isinstance(decide(replace(facts, amount=facts.amount - 1)), Granted)


@given(FACTS)
def test_a_rule_is_kept_and_read_back_unchanged(facts: Facts) -> None:
    assert Rule.read(facts.rule.kept()) == facts.rule


@pytest.mark.parametrize(
    "kept",
    [
        {"maximum": 5},
        {"on": "yes"},
        {"max_amount": -1},
        {"max_amount": "5"},
        {"tiers": "gold"},
        {"tiers": [1]},
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(kept: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        Rule.read(kept)
