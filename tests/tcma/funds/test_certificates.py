"""The life of a certificate, and what its money does meanwhile."""

import re

import pytest
from sqlalchemy import select

from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.funds import expiry, lines, service
from tcma.funds.accounts import LedgerPosting
from tcma.funds.codes import ALPHABET, initials, new_code
from tcma.funds.issuing import Terms
from tcma.funds.models import Certificate, CertificateStatus, Fund
from tcma.jobs.models import JobRow
from tests.tcma.funds.scene import Scene, a_second_partner, a_second_vendor, in_parallel


def test_an_offer_sets_its_money_aside_until_it_is_declined(scenes: Scene) -> None:
    fund = scenes.fund(amount=50_000)
    offered = offer(scenes, fund)
    assert scenes.balances()[f"fund:{fund.id}:free"] == 10_000

    with scenes.as_partner() as session:
        declined = service.decline(session, scenes.partner, offered.public_id)

    assert declined.status is CertificateStatus.DECLINED
    assert scenes.balances()[f"fund:{fund.id}:free"] == 50_000
    assert scenes.prove() == []


def test_a_certificate_is_accepted_by_its_partner_alone(scenes: Scene) -> None:
    offered = offer(scenes, scenes.fund())
    other = a_second_partner(scenes)

    with scenes.installation.web.transaction(other.organisation_id) as session, pytest.raises(NotFound):
        service.accept(session, other, offered.public_id, terms_version="1")
    with scenes.as_vendor() as session, pytest.raises(Refused):
        service.accept(session, scenes.vendor, offered.public_id, terms_version="1")


def test_accepting_keeps_the_person_the_time_and_the_terms(scene: Scene) -> None:
    certificate = scene.certificate(scene.fund())

    assert certificate.accepted_by_id == scene.partner.user_id
    assert certificate.accepted_at is not None
    assert (certificate.terms_version, certificate.terms_text[:4]) == ("1", "Half")


def test_a_fund_gives_no_more_than_it_has(scenes: Scene) -> None:
    fund = scenes.fund(amount=50_000)
    offer(scenes, fund)

    with pytest.raises(Conflict, match=re.escape("Only CHF\u00a0100.00 is free in the fund Growth.")):
        offer(scenes, fund)

    assert scenes.prove() == []


def test_two_approvers_at_once_cannot_give_the_same_money(scenes: Scene) -> None:
    fund = scenes.fund(amount=40_000)
    refused: list[str] = []

    def give(number: int) -> None:
        try:
            offer(scenes, fund)
        except Conflict as error:
            refused.append(error.sentence)

    in_parallel(6, give)

    assert len(refused) == 5
    assert f"fund:{fund.id}:free" not in scenes.balances()
    assert scenes.prove() == []


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (Terms(40_001), "at most CHF\u00a0400.00"),
        (Terms(5, share_bp=5_001), "at most 50 %"),
        (Terms(5, share_bp=0), "above 0"),
    ],
)
def test_a_certificate_keeps_to_its_funds_terms(scene: Scene, terms: Terms, words: str) -> None:
    fund = scene.fund()

    with scene.as_vendor() as session, pytest.raises(Conflict, match=words):
        service.grant(session, scene.vendor, fund.public_id, scene.partner.organisation_id, terms)


def test_revoking_takes_back_what_is_not_reserved_and_running_work_goes_on(scenes: Scene) -> None:
    scenes.price()
    fund = scenes.fund(amount=40_000)
    certificate = scenes.certificate(fund)
    line_id = scenes.line()

    with scenes.as_vendor() as session:
        service.revoke(session, scenes.vendor, certificate.public_id, "Programme ended.")
    with scenes.as_worker() as session:
        lines.count(session, line_id, 1_000)

    balances = scenes.balances()
    assert balances[f"fund:{fund.id}:free"] == 35_000
    assert balances[f"certificate:{certificate.id}:captured"] == 5_000
    assert scenes.prove() == []


def test_a_suspended_certificate_is_resumed_with_its_money(scene: Scene) -> None:
    certificate = scene.certificate(scene.fund())
    with scene.as_vendor() as session:
        service.suspend(session, scene.vendor, certificate.public_id, "Looking into it.")
        resumed = service.resume(session, scene.vendor, certificate.public_id)

    assert (resumed.status, resumed.ended_reason) == (CertificateStatus.ACTIVE, "")
    assert scene.balances()[f"certificate:{certificate.id}:issued"] == 40_000
    with scene.as_worker() as session:
        asked = session.scalars(select(JobRow).where(JobRow.name == "launches.recheck_funding")).all()
    assert [job.arguments for job in asked] == [{"certificate_id": certificate.id}] * 2


def test_a_certificate_with_a_running_campaign_is_not_closed(scene: Scene) -> None:
    scene.price()
    fund = scene.fund(amount=40_000)
    certificate = scene.certificate(fund)
    line_id = scene.line()
    with scene.as_vendor() as session, pytest.raises(Conflict, match="00 of certificate NW-"):
        service.close(session, scene.vendor, certificate.public_id)

    with scene.as_worker() as session:
        lines.release(session, line_id)
    with scene.as_vendor() as session:
        service.close(session, scene.vendor, certificate.public_id)

    assert scene.balances()[f"fund:{fund.id}:free"] == 40_000


def test_an_expired_certificate_keeps_what_was_reserved_until_its_settle_by_date(scenes: Scene) -> None:
    scenes.price()
    fund = scenes.fund(amount=40_000, settle_days=30)
    certificate = scenes.certificate(fund)
    line_id = scenes.line()

    scenes.advance(days=61)
    expired = expire(scenes)
    assert [(one.id, one.status) for one in expired] == [(certificate.id, CertificateStatus.EXPIRED)]
    assert scenes.balances()[f"fund:{fund.id}:free"] == 35_000
    with scenes.as_worker() as session:
        lines.count(session, line_id, 100)
    assert scenes.balances()[f"certificate:{certificate.id}:captured"] == 500

    scenes.advance(days=31)
    assert [one.status for one in expire(scenes)] == [CertificateStatus.CLOSED]
    balances = scenes.balances()
    assert balances[f"fund:{fund.id}:free"] == 39_500
    assert f"certificate:{certificate.id}:reserved" not in balances
    assert expire(scenes) == []
    assert scenes.prove() == []


def test_money_left_in_a_fund_long_over_lapses(scene: Scene) -> None:
    fund = scene.fund(amount=40_000, settle_days=30)
    scene.advance(days=90)
    with scene.as_worker() as session:
        assert expiry.due_funds(session) == []
    scene.advance(days=1)

    with scene.as_worker() as session:
        assert expiry.due_funds(session) == [fund.id]
        assert expiry.lapse_fund(session, fund.id)
        assert not expiry.lapse_fund(session, fund.id)
        assert expiry.due_funds(session) == []

    assert scene.balances() == {f"fund:{fund.id}:allocated": -40_000, f"fund:{fund.id}:lapsed": 40_000}
    assert scene.prove() == []


def test_an_offer_nobody_accepted_expires(scene: Scene) -> None:
    fund = scene.fund(amount=40_000)
    offered = offer(scene, fund)
    scene.advance(days=61)

    with scene.as_partner() as session, pytest.raises(Conflict, match="valid until"):
        service.accept(session, scene.partner, offered.public_id, terms_version="1")
    assert [one.status for one in expire(scene)] == [CertificateStatus.EXPIRED]
    assert scene.balances()[f"fund:{fund.id}:free"] == 40_000


def test_a_fund_is_allocated_once_per_request_key(scene: Scene) -> None:
    fund = scene.fund(amount=0)
    with scene.as_vendor() as session:
        assert service.allocate(session, scene.vendor, fund.public_id, 500, key="form-1") is not None
        assert service.allocate(session, scene.vendor, fund.public_id, 500, key="form-1") is None

    with scene.as_worker() as session:
        assert len(session.scalars(select(LedgerPosting)).all()) == 1


def test_another_vendor_cannot_touch_a_fund(scenes: Scene) -> None:
    fund, other = scenes.fund(), a_second_vendor(scenes)

    with scenes.installation.web.transaction(other.organisation_id) as session, pytest.raises(NotFound):
        service.allocate(session, other, fund.public_id, 500)


def test_a_fund_that_makes_no_sense_is_refused_field_by_field(scene: Scene) -> None:
    wrong = scene.new_fund(name=" ", currency="XYZ", share_bp=0, cap_amount=0, terms_text="", settle_days=-1)

    with scene.as_vendor() as session, pytest.raises(Invalid) as refused:
        service.create_fund(session, scene.vendor, wrong)

    assert set(refused.value.fields) == {
        "name",
        "currency",
        "share_bp",
        "cap_amount",
        "terms_text",
        "settle_days",
    }


def test_a_code_begins_with_the_vendors_initials_and_cannot_be_misread() -> None:
    code = new_code("North Wind")

    assert re.fullmatch(f"NW-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert not set("01ILOU") & set(ALPHABET)
    assert initials("Österreichische Daten AG & Co. KG") == "ODA"
    assert initials("Zürich") == "ZU"
    assert initials("株式会社") == "FC"


def offer(scene: Scene, fund: Fund) -> Certificate:
    with scene.as_vendor() as session:
        partner_id = scene.partner.organisation_id
        return service.grant(session, scene.vendor, fund.public_id, partner_id, Terms(40_000))


def expire(scene: Scene) -> list[Certificate]:
    """What the nightly job does."""
    with scene.as_worker() as session:
        return [expiry.expire_certificate(session, found) for found in expiry.due_certificates(session)]
