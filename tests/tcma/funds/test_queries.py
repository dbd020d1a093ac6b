"""What each side sees of the money, on both databases."""

import pytest
from sqlalchemy import select

from tcma.errors import NotFound
from tcma.funds import lines, queries, requests
from tcma.funds.accounts import LedgerAccount, LedgerEntry, LedgerPosting
from tcma.funds.models import Certificate, CostLine, Fund
from tcma.viewer import Viewer
from tests.tcma.funds.scene import Scene, a_second_partner, a_second_vendor


def test_a_certificate_says_what_is_left_reserved_and_used(scene: Scene) -> None:
    funded_campaign(scene)

    with scene.as_partner() as session:
        (seen,) = queries.certificates_for(session, scene.partner)
        again = queries.find_certificate_by_code(session, scene.partner, f" {seen.certificate.code.lower()} ")

    assert (seen.left, seen.reserved, seen.used) == (35_000, 4_680, 320)
    assert again.id == seen.certificate.id


def test_the_fund_bar_sums_to_what_was_allocated(scene: Scene) -> None:
    fund = funded_campaign(scene)
    with scene.as_partner() as session:
        requests.ask(session, scene.partner, waiting(scene, fund))

    with scene.as_vendor() as session:
        bar = queries.fund_bar(session, scene.vendor, fund.public_id)

    assert bar == queries.FundBar(
        allocated=1_000_000, paid=0, in_claims=0, committed=40_000, free=960_000, lapsed=0, asked=50_000
    )


def test_the_statement_is_newest_first_and_pages_without_gaps(scene: Scene) -> None:
    funded_campaign(scene)
    with scene.as_vendor() as session:
        whole = queries.statement(session, scene.vendor)
        paged, before = [], None
        while page := queries.statement(session, scene.vendor, before=before, limit=3):
            paged += page
            before = page[-1].entry_id

    assert paged == whole
    assert [line.entry_id for line in whole] == sorted((line.entry_id for line in whole), reverse=True)
    assert len(whole) == 2 + 2 + 2 + 4  # of the capture's five entries the partner's due is not the vendor's


def test_each_party_reads_its_own_entries_and_no_others(scenes: Scene) -> None:
    funded_campaign(scenes)
    accounts = {
        scenes.vendor: {
            "allocated",
            "free",
            "issued",
            "reserved",
            "captured",
            "vendor_due",
            "platform_income",
        },
        scenes.partner: {"issued", "reserved", "captured", "share_due"},
        scenes.operator: {"vendor_due", "share_due", "platform_income"},
        a_second_partner(scenes): set(),
        a_second_vendor(scenes): set(),
    }

    for viewer, expected in accounts.items():
        with scenes.installation.web.transaction(viewer.organisation_id) as session:
            seen = queries.statement(session, viewer)
        assert {line.account.value for line in seen} == expected, viewer.organisation_name


def test_a_query_that_forgot_its_filter_shows_no_other_tenants_money(scenes: Scene) -> None:
    funded_campaign(scenes)
    strangers = [a_second_partner(scenes), a_second_vendor(scenes)]

    for model in (Fund, Certificate, CostLine, LedgerAccount, LedgerPosting, LedgerEntry):
        for viewer in strangers:
            assert rows(scenes, viewer, model) == 0, model
    assert rows(scenes, scenes.partner, Fund) == 0
    assert rows(scenes, scenes.partner, Certificate) == 1


def test_what_is_not_yours_is_not_found(scenes: Scene) -> None:
    fund = funded_campaign(scenes)
    with scenes.as_partner() as session:
        (mine,) = queries.certificates_for(session, scenes.partner)
    for viewer in (a_second_partner(scenes), a_second_vendor(scenes)):
        with scenes.installation.web.transaction(viewer.organisation_id) as session:
            with pytest.raises(NotFound):
                queries.find_certificate(session, viewer, mine.certificate.public_id)
            with pytest.raises(NotFound):
                queries.find_certificate_by_code(session, viewer, mine.certificate.code)
            with pytest.raises(NotFound):
                queries.fund_bar(session, viewer, fund.public_id)
            assert queries.funds_for(session, viewer) == []
            assert queries.requests_for(session, viewer) == []


def funded_campaign(scene: Scene) -> Fund:
    """64 of 1,000 messages sent, half of it paid by the vendor."""
    scene.price()
    fund = scene.fund()
    scene.certificate(fund)
    line_id = scene.line()
    with scene.as_worker() as session:
        lines.count(session, line_id, 64)
    return fund


def waiting(scene: Scene, fund: Fund) -> requests.Ask:
    return requests.Ask(scene.vendor.organisation_id, fund.public_id, 50_000, "1")


def rows(scene: Scene, viewer: Viewer, model: type) -> int:
    with scene.installation.web.reading(viewer.organisation_id) as session:
        return len(session.scalars(select(model)).all())
