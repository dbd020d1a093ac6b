"""A launch that was taken back: its reservation goes home at once, and another launch reserves anew."""

import pytest
from sqlalchemy import func, select

from tcma.errors import Conflict
from tcma.funds import lines, service
from tcma.funds.accounts import Event, LedgerPosting
from tcma.funds.models import CostLine, LineStatus
from tests.tcma.funds.scene import Scene


def take_back(scene: Scene, line_id: int) -> CostLine:
    with scene.as_partner() as session:
        return lines.take_back(session, line_id)


def reopen(scene: Scene, line_id: int, units: int, certificate_id: int | None = None) -> CostLine:
    with scene.as_partner() as session:
        return lines.reopen(session, line_id, units=units, certificate_id=certificate_id, kit_id=scene.kit_id)


def postings(scene: Scene, event: Event) -> int:
    with scene.installation.worker.reading() as session:
        return session.scalar(select(func.count(LedgerPosting.id)).where(LedgerPosting.event == event)) or 0


def test_the_whole_reservation_returns_at_once(scenes: Scene) -> None:
    scenes.price()
    certificate = scenes.certificate(scenes.fund())
    line_id = scenes.line(units=1_000)

    take_back(scenes, line_id)
    again = take_back(scenes, line_id)

    assert (again.status, again.settle_at) == (LineStatus.RELEASED, None)
    balances = scenes.balances()
    assert balances[f"certificate:{certificate.id}:issued"] == 40_000
    assert f"certificate:{certificate.id}:reserved" not in balances
    assert scenes.prove() == []


def test_a_launch_taken_back_is_never_settled(scene: Scene) -> None:
    scene.price()
    scene.certificate(scene.fund())
    line_id = scene.line()
    take_back(scene, line_id)

    scene.advance(days=30)

    with scene.as_worker() as session:
        assert lines.due_lines(session) == []
        assert lines.settle(session, line_id).status is LineStatus.RELEASED
    assert reopen(scene, line_id, 10).status is LineStatus.RESERVED


def test_every_launch_reserves_and_gives_back_its_own_amount(scenes: Scene) -> None:
    scenes.price()
    certificate = scenes.certificate(scenes.fund())
    line_id = scenes.line(units=1_000)
    reserved = f"certificate:{certificate.id}:reserved"

    for units in (7, 2_000, 7, 1_000):
        take_back(scenes, line_id)
        assert reserved not in scenes.balances()
        line = reopen(scenes, line_id, units)
        assert line.planned_units == units
        assert scenes.balances()[reserved] == line.reserved_amount == 5 * units

    assert postings(scenes, Event.RESERVED) == 5 and postings(scenes, Event.RELEASED) == 4
    assert scenes.prove() == []


def test_the_next_launch_may_use_another_certificate_at_todays_price(scenes: Scene) -> None:
    scenes.price()
    first = scenes.certificate(scenes.fund())
    second = scenes.certificate(scenes.fund(share_bp=10_000))
    line_id = scenes.line(units=100, certificate_id=first.id)
    take_back(scenes, line_id)
    scenes.price(price=20 * 10**9)

    line = reopen(scenes, line_id, 50, second.id)

    assert (line.certificate_id, line.share_bp, line.reserved_amount) == (second.id, 10_000, 1_000)
    balances = scenes.balances()
    assert balances[f"certificate:{first.id}:issued"] == 40_000
    assert balances[f"certificate:{second.id}:reserved"] == 1_000
    assert scenes.prove() == []


def test_a_funded_launch_may_be_made_again_without_money(scenes: Scene) -> None:
    scenes.price()
    certificate = scenes.certificate(scenes.fund())
    line_id = scenes.line(units=100)
    take_back(scenes, line_id)
    with scenes.as_vendor() as session:
        service.revoke(session, scenes.vendor, certificate.public_id, "Programme ended.")

    line = reopen(scenes, line_id, 100)

    assert (line.certificate_id, line.share_bp, line.reserved_amount) == (None, 0, 0)
    with scenes.as_worker() as session:
        assert lines.count(session, line_id, 64).vendor_amount == 0
    assert scenes.balances()[f"partner:{scenes.partner.organisation_id}:share_due:CHF"] == 640
    assert scenes.prove() == []


def test_a_taken_back_reservation_returns_to_the_fund_when_the_certificate_is_over(scenes: Scene) -> None:
    scenes.price()
    fund = scenes.fund(amount=40_000)
    certificate = scenes.certificate(fund)
    line_id = scenes.line(units=100)
    with scenes.as_vendor() as session:
        service.revoke(session, scenes.vendor, certificate.public_id, "Programme ended.")

    take_back(scenes, line_id)

    assert scenes.balances()[f"fund:{fund.id}:free"] == 40_000
    assert scenes.prove() == []


def test_what_was_counted_is_neither_taken_back_nor_reopened(scene: Scene) -> None:
    scene.price()
    scene.certificate(scene.fund())
    line_id = scene.line()
    with scene.as_worker() as session:
        lines.count(session, line_id, 1)
    before = scene.balances()

    with pytest.raises(Conflict, match="sent already"):
        take_back(scene, line_id)
    with scene.as_worker() as session:
        lines.release(session, line_id)
    with pytest.raises(Conflict, match="counted already"):
        reopen(scene, line_id, 10)

    assert scene.balances() != before  # released, and nothing else
    assert scene.prove() == []


def test_an_open_line_is_not_opened_again(scene: Scene) -> None:
    scene.price()
    scene.certificate(scene.fund())
    line_id = scene.line(units=100)

    with pytest.raises(Conflict, match="is reserved and cannot become reserved"):
        reopen(scene, line_id, 10)

    assert postings(scene, Event.RESERVED) == 1
