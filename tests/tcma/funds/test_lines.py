"""Counting what one campaign costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcma import money
from tcma.errors import Conflict
from tcma.funds import lines, service
from tcma.funds.models import CostLine, LineStatus
from tests.tcma.funds.scene import Scene, a_second_partner, in_parallel, partnership_of

PRICES = st.integers(0, 10**12)
SHARES = st.integers(0, money.FULL_SHARE)


@given(st.lists(st.integers(0, 500), max_size=12), PRICES, SHARES, st.integers(0, 10**6))
def test_any_split_of_one_cost_gives_the_same_shares(
    steps: list[int], price: int, share_bp: int, cap: int
) -> None:
    units = cost = vendor = partner = 0
    for step in steps:
        before = lines.quote(units, price, share_bp, cap)
        units += step
        after = lines.quote(units, price, share_bp, cap)
        cost += after.cost - before.cost
        vendor += after.vendor - before.vendor
        partner += after.partner - before.partner

    assert lines.Quote(cost, vendor, partner) == lines.quote(sum(steps), price, share_bp, cap)
    assert cost == vendor + partner
    assert 0 <= vendor <= min(cap, cost)


@given(st.integers(0, 10**6), PRICES, SHARES, st.integers(0, 10**9))
def test_one_message_more_never_lowers_what_the_vendor_bears(
    units: int, price: int, share_bp: int, cap: int
) -> None:
    assert (
        lines.quote(units, price, share_bp, cap).vendor <= lines.quote(units + 1, price, share_bp, cap).vendor
    )


def test_splits_of_one_campaign_end_on_the_same_balances(scene: Scene) -> None:
    scene.price(333_333_333)  # a third of a minor unit a message
    scene.certificate(scene.fund(share_bp=3_333))
    ends = []
    for steps in ((64, 128, 700), (700,), (1, 2, 3, 690, 720, 700)):
        line_id = scene.line()
        for units in steps:
            count(scene, line_id, units)
        with scene.as_worker() as session:
            line = session.get_one(CostLine, line_id)
            ends.append((line.cost_amount, line.vendor_amount))

    assert ends == [(233, 78)] * 3
    assert scene.prove() == []


def test_the_vendor_pays_no_more_than_was_reserved(scene: Scene) -> None:
    scene.price()
    fund = scene.fund()
    scene.certificate(fund, amount=300)

    count(scene, scene.line(units=1_000), 1_000)

    balances = scene.balances()
    assert balances[f"fund:{fund.id}:vendor_due"] == 300
    assert balances[f"partner:{scene.partner.organisation_id}:share_due:CHF"] == 9_700
    assert scene.prove() == []


def test_without_a_certificate_the_partner_pays_all(scene: Scene) -> None:
    scene.price()
    partner_id = scene.partner.organisation_id

    line_id = scene.line()
    count(scene, line_id, 64)
    count(scene, line_id, 63)

    assert scene.balances() == {
        f"partner:{partner_id}:share_due:CHF": 630,
        f"partner:{partner_id}:platform_income:CHF": -630,
    }


def test_a_price_of_zero_posts_nothing(scene: Scene) -> None:
    certificate = scene.certificate(scene.fund())
    before = scene.balances()

    line_id = scene.line()
    count(scene, line_id, 500)
    with scene.as_worker() as session:
        line = lines.release(session, line_id)

    assert (line.certificate_id, line.units, line.cost_amount) == (certificate.id, 500, 0)
    assert scene.balances() == before


def test_a_price_set_later_does_not_change_an_open_line(scene: Scene) -> None:
    scene.price()
    line_id = scene.line()

    scene.price(price=50 * 10**9)

    assert count(scene, line_id, 10).cost_amount == 100


def test_the_soonest_to_expire_is_used_first_and_an_empty_one_is_passed_over(scene: Scene) -> None:
    scene.price()
    fund = scene.fund()
    later = scene.certificate(fund, amount=9_000)
    sooner = scene.certificate(fund, amount=50, valid_until_on=scene.today)

    used = [line_of(scene, scene.line(units=10)).certificate_id for _ in range(2)]

    assert used == [sooner.id, later.id]


def test_a_certificate_for_another_kit_is_not_used(scene: Scene) -> None:
    scene.price()
    certificate = scene.certificate(scene.fund(), kit_id=scene.kit_id)

    assert line_of(scene, scene.line(kit_id=None)).certificate_id is None
    assert line_of(scene, scene.line()).certificate_id == certificate.id
    with pytest.raises(Conflict, match="another kit"):
        scene.line(kit_id=None, certificate_id=certificate.id)


def test_a_suspended_certificate_takes_no_reservation(scene: Scene) -> None:
    certificate = scene.certificate(scene.fund())
    with scene.as_vendor() as session:
        service.suspend(session, scene.vendor, certificate.public_id, "Looking into it.")

    with pytest.raises(Conflict, match="suspended"):
        scene.line(certificate_id=certificate.id)


def test_a_suspended_partnership_makes_no_new_reservation(scene: Scene) -> None:
    with scene.as_worker() as session:
        partnership_of(session, scene).suspend()

    with pytest.raises(Conflict, match="partnership is suspended"):
        scene.line()


def test_a_campaign_has_one_line(scene: Scene) -> None:
    campaign_id = scene.campaign()
    scene.line(campaign_id=campaign_id)

    with pytest.raises(Conflict, match="already"):
        scene.line(campaign_id=campaign_id)


def test_a_partners_certificate_is_nothing_to_another(scene: Scene) -> None:
    certificate = scene.certificate(scene.fund())
    other = a_second_partner(scene)
    campaign_id = scene.campaign()

    with (
        scene.installation.web.transaction(other.organisation_id) as session,
        pytest.raises(Exception, match="no such certificate"),
    ):
        lines.open_line(
            session,
            campaign_id=campaign_id,
            vendor_id=scene.vendor.organisation_id,
            partner_id=other.organisation_id,
            units=5,
            certificate_id=certificate.id,
        )


def test_released_money_returns_to_the_fund_when_the_certificate_is_over(scenes: Scene) -> None:
    scenes.price()
    fund = scenes.fund(amount=40_000)
    certificate = scenes.certificate(fund)
    line_id = scenes.line()
    count(scenes, line_id, 100)
    with scenes.as_vendor() as session:
        service.revoke(session, scenes.vendor, certificate.public_id, "Programme ended.")
    assert scenes.balances()[f"certificate:{certificate.id}:reserved"] == 4_500

    with scenes.as_partner() as session:
        lines.release(session, line_id)

    balances = scenes.balances()
    assert balances[f"fund:{fund.id}:free"] == 39_500
    assert balances[f"certificate:{certificate.id}:captured"] == 500
    assert f"certificate:{certificate.id}:issued" not in balances
    assert scenes.prove() == []


def test_a_bounce_between_release_and_settling_gives_the_certificate_its_part_back(scene: Scene) -> None:
    scene.price()
    certificate = scene.certificate(scene.fund())
    line_id = scene.line()
    count(scene, line_id, 64)
    with scene.as_worker() as session:
        lines.release(session, line_id)

    count(scene, line_id, 63)

    assert scene.balances()[f"certificate:{certificate.id}:issued"] == 40_000 - 315
    assert scene.prove() == []


def test_a_message_proved_after_release_is_paid_from_what_the_certificate_has_left(scene: Scene) -> None:
    scene.price()
    certificate = scene.certificate(scene.fund(), amount=1_000)
    line_id = scene.line(units=200)
    count(scene, line_id, 100)
    with scene.as_worker() as session:
        lines.release(session, line_id)
    scene.line(units=99)  # takes 495 of the 500 that are left

    line = count(scene, line_id, 102)

    assert (line.cost_amount, line.vendor_amount) == (1_020, 505)
    assert f"certificate:{certificate.id}:issued" not in scene.balances()
    assert scene.prove() == []


def test_a_bounce_after_settling_changes_nothing(scene: Scene) -> None:
    scene.price()
    scene.certificate(scene.fund())
    line_id = scene.line()
    count(scene, line_id, 64)
    with scene.as_worker() as session:
        lines.release(session, line_id)
        assert lines.due_lines(session) == []
        assert lines.settle(session, line_id).status is LineStatus.RELEASED
    scene.advance(days=8)
    with scene.as_worker() as session:
        assert lines.settle(session, line_id).status is LineStatus.SETTLED
    before = scene.balances()

    assert count(scene, line_id, 63).units == 64
    assert scene.balances() == before


def test_releasing_and_settling_twice_is_once(scene: Scene) -> None:
    scene.price()
    scene.certificate(scene.fund())
    line_id = scene.line()
    with scene.as_worker() as session:
        lines.release(session, line_id)
    once = scene.balances()

    with scene.as_worker() as session:
        lines.release(session, line_id)

    assert scene.balances() == once


def test_workers_that_count_at_once_lose_and_double_nothing(scenes: Scene) -> None:
    scenes.price()
    fund = scenes.fund()
    scenes.certificate(fund)
    line_id = scenes.line()

    def group(number: int) -> None:
        with scenes.as_worker() as session:
            lines.add(session, line_id, 7)

    in_parallel(12, group)

    assert line_of(scenes, line_id).units == 84
    assert scenes.balances()[f"fund:{fund.id}:platform_income"] == -840
    assert scenes.prove() == []


def count(scene: Scene, line_id: int, units: int) -> CostLine:
    with scene.as_worker() as session:
        return lines.count(session, line_id, units)


def line_of(scene: Scene, line_id: int) -> CostLine:
    with scene.as_worker() as session:
        return session.get_one(CostLine, line_id)
