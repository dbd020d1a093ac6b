"""The nightly rounds on both databases."""

from tcma.funds import lines, rounds
from tests.tcma.funds.scene import Scene


def test_the_rounds_settle_and_expire_what_is_due_and_then_find_nothing(scenes: Scene) -> None:
    scenes.price()
    certificate = scenes.certificate(scenes.fund(settle_days=5))
    settled = scenes.line()
    scenes.line()  # nobody releases this one
    with scenes.as_worker() as session:
        lines.count(session, settled, 64)
        lines.release(session, settled)
    worker = scenes.installation.worker
    scenes.advance(days=70)

    assert rounds.settle_lines(worker) == 1
    assert rounds.expire_certificates(worker) == 3  # the forgotten line, its certificate, the fund

    balances = scenes.balances()
    assert balances[f"certificate:{certificate.id}:paid"] == 320
    assert f"certificate:{certificate.id}:reserved" not in balances
    assert rounds.prove_balances(worker) == []
    with worker.reading() as session:
        assert lines.due_lines(session) == []
    assert rounds.expire_certificates(worker) == 0
