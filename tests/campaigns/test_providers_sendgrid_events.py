"""SendGrid's signatures, and its words brought to ours."""

from typing import Any

import pytest

from campaigns.providers.base import SettingsError
from campaigns.providers.sendgrid_events import MOST_AHEAD, OLDEST, SIGNATURE, TIMESTAMP, Verifier, reports
from tcma.bench.fake_sendgrid_events import Signer, body, event

NOW = 1_800_000_000
SITE = "go.example"
SIGNER = Signer()
BODY = body([event("delivered", 7, NOW, site=SITE)])


def fits(
    verifier: Verifier, content: bytes = BODY, at: float = NOW, changed: dict[str, str] | None = None
) -> bool:
    headers = SIGNER.headers(BODY, at) | (changed or {})
    return verifier.fits(content, headers[SIGNATURE], headers[TIMESTAMP], NOW)


def test_what_sendgrid_signed_fits() -> None:
    assert fits(Verifier(SIGNER.public_key))


def test_while_keys_change_both_are_believed() -> None:
    assert fits(Verifier(f"{Signer().public_key}, {SIGNER.public_key}"))
    assert not fits(Verifier(Signer().public_key))


def test_a_changed_body_time_or_signature_fits_not() -> None:
    verifier = Verifier(SIGNER.public_key)

    assert not fits(verifier, BODY + b" ")
    assert not fits(verifier, b"\xff\xfe")
    assert not fits(verifier, changed={TIMESTAMP: str(NOW - 1)})
    for odd in ("", "x", "=", "A" * 95, "§", SIGNER.headers(BODY, NOW)[SIGNATURE][:-6]):
        assert not fits(verifier, changed={SIGNATURE: odd})
    for odd in ("", "soon", "-1", "1e9", "9" * 12, str(NOW) + "\n", "١٨٠٠٠٠٠٠٠٠"):
        assert not fits(verifier, changed={TIMESTAMP: odd})


@pytest.mark.parametrize(
    ("age", "is_believed"),
    [(OLDEST - 1, True), (OLDEST + 1, False), (-MOST_AHEAD + 1, True), (-MOST_AHEAD - 1, False)],
)
def test_what_was_signed_long_ago_or_lies_ahead_fits_not(age: int, is_believed: bool) -> None:
    assert fits(Verifier(SIGNER.public_key), at=NOW - age) is is_believed


@pytest.mark.parametrize("key", ["", "abc", "A" * 124, SIGNER.public_key + ",x"])
def test_a_key_that_is_none_is_told_to_the_operator(key: str) -> None:
    with pytest.raises(SettingsError, match="verification key"):
        Verifier(key)


@pytest.mark.parametrize(
    ("name", "changed", "kind"),
    [
        ("processed", {}, "accepted"),
        ("delivered", {}, "delivered"),
        ("deferred", {}, "deferred"),
        ("bounce", {}, "bounced"),
        ("bounce", {"bounce_classification": None}, "bounced"),
        ("bounce", {"bounce_classification": "Unclassified"}, "bounced"),
        ("bounce", {"bounce_classification": "Mailbox Unavailable"}, "blocked"),
        ("bounce", {"bounce_classification": "Reputation"}, "blocked"),
        ("bounce", {"bounce_classification": "Technical Failure"}, "blocked"),
        ("blocked", {}, "blocked"),
        ("dropped", {}, "bounced"),
        ("dropped", {"reason": "Invalid"}, "bounced"),
        ("dropped", {"reason": "Spam Reporting Address"}, "stopped_earlier"),
        ("dropped-left", {}, "stopped_earlier"),
        ("dropped-quota", {}, "blocked"),
        ("dropped", {"reason": None}, "blocked"),
        ("spamreport", {}, "complained"),
        ("unsubscribe", {}, "unsubscribed"),
        ("group_unsubscribe", {}, "unsubscribed"),
        ("open", {}, "read"),
        ("click", {}, "read"),
    ],
)
def test_every_word_has_one_of_ours(name: str, changed: dict[str, Any], kind: str) -> None:
    found = reports(body([event(name, 7, NOW, site=SITE) | changed]), SITE)

    assert found.events == [{"delivery_id": 7, "kind": kind, "at": NOW}]


def test_what_is_not_of_this_installation_is_left_alone() -> None:
    ours = event("bounce", 7, NOW, site=SITE)
    foreign = [
        ours | {"tcma_site": "other.example"},
        ours | {"tcma_attempt": "test-0123"},
        ours | {"tcma_attempt": "n0123456789abcdef"},
        {"event": "bounce", "email": "a@b.example", "timestamp": NOW},
        event("group_resubscribe", 7, NOW, site=SITE),
        event("open", 7, NOW, site=SITE) | {"event": "a word of next year"},
    ]
    found = reports(body(foreign), SITE)

    assert found.events == []
    assert found.foreign_count == 6


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "bounce",
        {"tcma_delivery": "0"},
        {"tcma_delivery": "-7"},
        {"tcma_delivery": "7.0"},
        {"tcma_delivery": "9" * 19},
        {"tcma_delivery": 7},
        {"tcma_delivery": None},
        {"timestamp": "now"},
        {"timestamp": 1.5},
        {"timestamp": True},
    ],
)
def test_a_malformed_event_costs_no_other(odd: object) -> None:
    good = event("delivered", 8, NOW, site=SITE)
    bad = event("delivered", 7, NOW, site=SITE) | odd if isinstance(odd, dict) else odd
    found = reports(body([bad, good]), SITE)  # type: ignore[list-item]

    assert [one["delivery_id"] for one in found.events] == [8]
    assert found.odd_count == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b"[", b"\xff", b"[" * 5_000, b"1" * 5_000])
def test_a_report_that_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        reports(content, SITE)
