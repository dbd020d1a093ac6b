"""A partner asks; a rule or a person answers."""

from typing import Any

import pytest
from sqlalchemy import select

from tcma.audit.models import AuditEntry
from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.funds import offers, requests
from tcma.funds.issuing import Terms
from tcma.funds.models import Certificate, CertificateStatus, Fund, FundingRequest, RequestStatus
from tcma.funds.requests import Ask
from tcma.jobs.models import JobRow
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role, Viewer
from tests.factories import a_partner, a_viewer
from tests.tcma.funds.scene import Scene, partnership_of


def test_a_request_within_the_rule_is_granted_at_once(scenes: Scene) -> None:
    fund = scenes.fund()

    request = ask(scenes, fund, amount=40_000)

    assert request.status is RequestStatus.APPROVED
    assert request.decided_by_rule and "CHF\u00a0400.00" in request.decided_by_rule
    certificate = certificate_of(scenes, request)
    assert certificate.status is CertificateStatus.ACTIVE
    assert certificate.accepted_by_id == scenes.partner.user_id
    assert certificate.accepted_at == request.created_at
    assert certificate.terms_text == "Half of what the platform charges."
    assert request.submitted_at is not None and request.submitted_at >= request.created_at
    assert certificate.code.startswith("NW-")
    assert scenes.balances()[f"certificate:{certificate.id}:issued"] == 40_000
    assert jobs(scenes) == ["launches.start_funded"]


def test_a_grant_by_rule_is_in_the_vendors_audit_trail_with_its_rule(scenes: Scene) -> None:
    request = ask(scenes, scenes.fund())

    with scenes.as_vendor() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "funding_request.granted_by_rule")
        ).one()
    assert (entry.rule, entry.subject_id, entry.user_id) == ("funds.grant_by_rule", request.id, None)


def test_a_request_beyond_the_rule_waits_and_says_why(scenes: Scene) -> None:
    fund = scenes.fund(amount=30_000, rule={"on": True, "max_amount": 10_000})

    request = ask(scenes, fund, amount=35_000)

    assert request.status is RequestStatus.SUBMITTED
    assert len(request.why_not) == 2
    assert "300.00" not in " ".join(request.why_not)  # the balance is the vendor's affair
    assert request.certificate_id is None
    assert scenes.balances()[f"fund:{fund.id}:free"] == 30_000


def test_the_rule_grants_no_more_than_the_fund_has(scene: Scene) -> None:
    fund = scene.fund(amount=100_000)

    statuses = [ask(scene, fund, amount=40_000).status.value for _ in range(4)]

    assert statuses == ["approved", "approved", "submitted", "submitted"]
    assert scene.prove() == []


def test_a_person_may_give_another_amount(scenes: Scene) -> None:
    fund = scenes.fund(rule={})
    request = ask(scenes, fund, amount=35_000, kit_id=scenes.kit_id)

    with scenes.as_vendor() as session:
        request = requests.approve(session, scenes.vendor, request.public_id, Terms(20_000))

    certificate = certificate_of(scenes, request)
    assert (certificate.amount, certificate.status) == (20_000, CertificateStatus.ACTIVE)
    assert certificate.kit_id == scenes.kit_id
    assert request.decided_by_id == scenes.vendor.user_id
    assert jobs(scenes) == ["launches.start_funded"]


def test_a_person_cannot_give_more_than_the_fund_has_or_the_cap_allows(scene: Scene) -> None:
    fund = scene.fund(amount=30_000, rule={})
    request = ask(scene, fund, amount=35_000)

    for terms, words in ((Terms(30_001), "free in the fund Growth"), (Terms(40_001), "at most")):
        with pytest.raises(Conflict, match=words), scene.as_vendor() as session:
            requests.approve(session, scene.vendor, request.public_id, terms)

    assert scene.balances()[f"fund:{fund.id}:free"] == 30_000


def test_a_request_is_decided_once(scene: Scene) -> None:
    request = ask(scene, scene.fund(rule={}))
    with scene.as_vendor() as session:
        requests.decline(session, scene.vendor, request.public_id, "Not this quarter.")

    with scene.as_vendor() as session, pytest.raises(Conflict, match="declined"):
        requests.approve(session, scene.vendor, request.public_id)

    assert jobs(scene) == ["launches.recheck_funding"]


def test_nobody_decides_on_a_request_of_their_own(scene: Scene) -> None:
    request = ask(scene, scene.fund(rule={}))
    both = Viewer(
        scene.vendor.organisation_id,
        OrganisationKind.VENDOR,
        "North Wind",
        scene.partner.user_id,
        frozenset({Role.OWNER}),
    )

    with scene.as_vendor() as session, pytest.raises(Refused, match="own"):
        requests.approve(session, both, request.public_id)


def test_only_an_approver_decides(scene: Scene) -> None:
    request = ask(scene, scene.fund(rule={}))
    with scene.as_worker() as session:
        vendor = session.get_one(Organisation, scene.vendor.organisation_id)
    marketer, approver = (scene.viewer_of(vendor, role) for role in (Role.MARKETER, Role.APPROVER))

    with scene.as_vendor() as session, pytest.raises(Refused, match="approver or owner"):
        requests.approve(session, marketer, request.public_id)
    with scene.as_vendor() as session:
        assert requests.approve(session, approver, request.public_id).status is RequestStatus.APPROVED


def test_a_question_goes_to_the_partner_and_its_answer_back(scene: Scene) -> None:
    request = ask(scene, scene.fund(rule={}))

    with scene.as_vendor() as session:
        requests.ask_for_information(session, scene.vendor, request.public_id, "Which audience?")
    with scene.as_vendor() as session, pytest.raises(Conflict, match="info requested"):
        requests.approve(session, scene.vendor, request.public_id)
    with scene.as_partner() as session:
        answered = requests.answer(session, scene.partner, request.public_id, "Our customers.")

    assert (answered.status, answered.answer) == (RequestStatus.SUBMITTED, "Our customers.")


def test_a_withdrawn_request_is_over(scene: Scene) -> None:
    request = ask(scene, scene.fund(rule={}))
    with scene.as_partner() as session:
        requests.withdraw(session, scene.partner, request.public_id)

    with scene.as_vendor() as session, pytest.raises(Conflict, match="withdrawn"):
        requests.approve(session, scene.vendor, request.public_id)


def test_a_partner_accepts_the_terms_it_was_shown_and_no_others(scene: Scene) -> None:
    with pytest.raises(Conflict, match="version 1"):
        ask(scene, scene.fund(), terms_version="0")


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"amount": -5}, {"activity": ""}, {"why": "x" * 2_001}])
def test_a_request_that_makes_no_sense_is_refused(scene: Scene, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        ask(scene, scene.fund(), **wrong)


def test_a_suspended_partner_gets_nothing_new(scenes: Scene) -> None:
    fund = scenes.fund()
    with scenes.as_worker() as session:
        partnership_of(session, scenes).suspend()

    with pytest.raises(Conflict, match="suspended"):
        ask(scenes, fund)
    with scenes.as_partner() as session, pytest.raises(NotFound):
        offers.offers_for(session, scenes.partner, scenes.vendor.organisation_id)


def test_a_partner_sees_what_a_fund_offers_but_never_the_fund(scenes: Scene) -> None:
    fund = scenes.fund(rule={"on": True, "max_amount": 10_000})

    with scenes.as_partner() as session:
        (offer,) = offers.offers_for(session, scenes.partner, scenes.vendor.organisation_id)
        assert session.scalars(select(Fund)).all() == []

    assert (offer.fund_id, offer.share_bp, offer.cap_amount) == (fund.public_id, 5_000, 40_000)
    assert (offer.at_once, offer.at_once_up_to) == (True, 10_000)


def test_a_firm_without_a_partnership_gets_no_offers(scenes: Scene) -> None:
    scenes.fund()
    with scenes.as_worker() as session:
        stranger = a_viewer(session, a_partner(session))

    with (
        scenes.installation.web.transaction(stranger.organisation_id) as session,
        pytest.raises(NotFound),
    ):
        offers.offers_for(session, stranger, scenes.vendor.organisation_id)


def ask(scene: Scene, fund: Fund, **values: Any) -> FundingRequest:
    given: dict[str, Any] = {
        "vendor_id": scene.vendor.organisation_id,
        "fund_id": fund.public_id,
        "amount": 5_000,
        "terms_version": "1",
    }
    with scene.as_partner() as session:
        return requests.ask(session, scene.partner, Ask(**{**given, **values}))


def certificate_of(scene: Scene, request: FundingRequest) -> Certificate:
    with scene.as_partner() as session:
        return session.scalars(select(Certificate).where(Certificate.id == request.certificate_id)).one()


def jobs(scene: Scene) -> list[str]:
    """Those that concern campaigns."""
    with scene.as_worker() as session:
        return list(session.scalars(select(JobRow.name).where(JobRow.name.startswith("launches."))))
