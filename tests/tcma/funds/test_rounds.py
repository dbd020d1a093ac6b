"""The nightly rounds on both databases."""

import pytest
from sqlalchemy import select, text, update

from tcma.funds import lines, requests, rounds
from tcma.funds.models import Fund, FundingRequest, RequestStatus
from tcma.jobs.rows import RowsFailed
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


def test_a_request_that_cannot_be_ended_keeps_no_other_open(scene: Scene) -> None:
    fund = scene.fund(rule={})
    with scene.as_partner() as session:
        wish = requests.Ask(scene.vendor.organisation_id, fund.public_id, 10_000, "1")
        asked = [requests.ask(session, scene.partner, wish).id for _ in range(3)]
    with scene.as_worker() as session:
        session.execute(
            text("UPDATE funding_requests SET why_not = '{broken' WHERE id = :id"), {"id": asked[0]}
        )
    scene.advance(days=61)

    with pytest.raises(RowsFailed, match="1 of 4 failed"):
        rounds.expire_certificates(scene.installation.worker)

    with scene.as_worker() as session:
        found = session.execute(select(FundingRequest.id, FundingRequest.status)).all()
    assert dict(found) == {
        asked[0]: RequestStatus.SUBMITTED,
        asked[1]: RequestStatus.EXPIRED,
        asked[2]: RequestStatus.EXPIRED,
    }


def test_a_fund_that_cannot_lapse_keeps_no_other_money_alive(scenes: Scene) -> None:
    bad, good = scenes.fund(amount=40_000, settle_days=0), scenes.fund(amount=30_000, settle_days=0)
    with scenes.as_worker() as session:
        session.execute(update(Fund).where(Fund.id == bad.id).values(currency="JPY"))
    scenes.advance(days=62)

    with pytest.raises(RowsFailed):
        rounds.expire_certificates(scenes.installation.worker)

    balances = scenes.balances()
    assert balances[f"fund:{good.id}:lapsed"] == 30_000
    assert balances[f"fund:{bad.id}:free"] == 40_000
