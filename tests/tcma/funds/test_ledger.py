"""What the ledger promises whoever posts, and what it refuses."""

import pytest
from sqlalchemy import func, select, text

from tcma.errors import Conflict
from tcma.funds import chart, ledger, lines
from tcma.funds.accounts import AccountKind, Event, LedgerPosting
from tcma.funds.models import Certificate, CostLine
from tests.tcma.funds.scene import Scene, a_campaign, in_parallel


def test_a_key_posts_once(scenes: Scene) -> None:
    certificate = scenes.certificate(scenes.fund())

    with scenes.as_worker() as session:
        assert ledger.post(session, Event.RESERVED, reserve(certificate, 100), "once") is not None
        assert ledger.post(session, Event.RESERVED, reserve(certificate, 100), "once") is None

    assert scenes.balances()[f"certificate:{certificate.id}:reserved"] == 100


def test_a_posting_that_does_not_sum_to_zero_is_a_bug(scene: Scene) -> None:
    certificate = scene.certificate(scene.fund())
    (issued, _), (reserved, _) = reserve(certificate, 100)

    with scene.as_worker() as session, pytest.raises(ValueError, match="zero"):
        ledger.post(session, Event.RESERVED, [(issued, -100), (reserved, 99)], "uneven")


def test_more_than_is_left_is_refused_with_a_sentence_and_leaves_nothing(scenes: Scene) -> None:
    certificate = scenes.certificate(scenes.fund(), amount=12_000)
    before = scenes.balances()

    with scenes.as_worker() as session:
        with pytest.raises(Conflict) as refused:
            ledger.post(session, Event.RESERVED, reserve(certificate, 12_001), "too much")
        postings = select(func.count()).where(LedgerPosting.key == "too much")
        assert session.scalar(postings) == 0

    assert refused.value.sentence == f"Only CHF\u00a0120.00 is left on certificate {certificate.code}."
    assert scenes.balances() == before
    assert scenes.prove() == []


def test_the_transaction_goes_on_after_a_refusal(scenes: Scene) -> None:
    certificate = scenes.certificate(scenes.fund(), amount=100)

    with scenes.as_worker() as session:
        ledger.post(session, Event.RESERVED, reserve(certificate, 60), "first")
        with pytest.raises(Conflict):
            ledger.post(session, Event.RESERVED, reserve(certificate, 60), "second")
        ledger.post(session, Event.RESERVED, reserve(certificate, 40), "third")

    assert scenes.balances()[f"certificate:{certificate.id}:reserved"] == 100


def test_a_tenant_cannot_post_on_the_accounts_of_others(scenes: Scene) -> None:
    fund = scenes.fund()
    free, lapsed = (chart.of_fund(kind, fund) for kind in (AccountKind.FREE, AccountKind.LAPSED))

    with scenes.as_partner() as session, pytest.raises(PermissionError):
        ledger.post(session, Event.LAPSED, [(free, -1), (lapsed, 1)], "stolen")


def test_of_fifty_parallel_reservations_exactly_the_ten_with_room_succeed(scenes: Scene) -> None:
    certificate = scenes.certificate(scenes.fund(), amount=1_000)
    won: list[int] = []

    def take(number: int) -> None:
        try:
            with scenes.as_worker() as session:
                ledger.post(session, Event.RESERVED, reserve(certificate, 100), f"hold:{number}")
            won.append(number)
        except Conflict:
            pass

    in_parallel(50, take)

    assert len(won) == 10
    balances = scenes.balances()
    assert balances[f"certificate:{certificate.id}:reserved"] == 1_000
    assert f"certificate:{certificate.id}:issued" not in balances


def test_fifty_parallel_launches_reserve_what_ten_may_have_and_no_more(scenes: Scene) -> None:
    scenes.price()
    certificate = scenes.certificate(scenes.fund(), amount=1_000)
    with scenes.as_worker() as session:
        campaigns = [a_campaign(session, scenes) for _ in range(50)]

    def launch(number: int) -> None:
        with scenes.as_partner() as session:
            lines.open_line(
                session,
                campaign_id=campaigns[number],
                vendor_id=scenes.vendor.organisation_id,
                partner_id=scenes.partner.organisation_id,
                units=20,
            )

    in_parallel(50, launch)

    with scenes.as_worker() as session:
        reserved = list(session.scalars(select(CostLine.reserved_amount)))
    assert sorted(reserved) == [0] * 40 + [100] * 10
    assert scenes.balances()[f"certificate:{certificate.id}:reserved"] == 1_000
    assert scenes.prove() == []


def test_one_event_told_by_many_workers_at_once_posts_once(scenes: Scene) -> None:
    certificate = scenes.certificate(scenes.fund(), amount=1_000)

    def tell(number: int) -> None:
        with scenes.as_worker() as session:
            ledger.post(session, Event.RESERVED, reserve(certificate, 100), "the same")

    in_parallel(10, tell)

    assert scenes.balances()[f"certificate:{certificate.id}:reserved"] == 100


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("UPDATE ledger_accounts SET balance = balance + 1 WHERE kind = 'free'", "sum of its entries"),
        ("UPDATE ledger_entries SET amount = amount + 1 WHERE amount = 40000", "entries sum to zero"),
        ("DELETE FROM ledger_entries", "has entries"),
        ("UPDATE cost_lines SET vendor_amount = vendor_amount + 1", "what its lines hold"),
    ],
)
def test_the_proof_finds_what_was_tampered_with(scene: Scene, damage: str, sentence: str) -> None:
    scene.price()
    scene.certificate(scene.fund())
    scene.line()
    assert scene.prove() == []

    with scene.installation.owner.transaction() as session:
        session.execute(text(damage))

    assert any(sentence in found for found in scene.prove())


def reserve(certificate: Certificate, amount: int) -> list[ledger.Entry]:
    return [
        (chart.of_certificate(AccountKind.ISSUED, certificate), -amount),
        (chart.of_certificate(AccountKind.RESERVED, certificate), amount),
    ]
