"""How many SQL statements each page of a partner takes: bounded, and no more with many rows than with few.

The pages are found by their links, and then among the routes, so that a new one fails here until its bound is
written down.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tcma.bench import reference
from tcma.bench.pages import PARTNER, counted
from tcma.bench.reference import workplace
from tcma.bench.visitor import Visitor
from tcma.organisations import queries as organisations
from tests.cli.world import HANNA, World
from tests.web.market import HARBOUR, Market, a_market

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]  # grows an installation twice

FEW = reference.Size(partners=1, leads=5, events=20, contacts=8, largest=8)
MANY = reference.Size(partners=1, leads=40, events=120, contacts=60, largest=60)
ASKS_THE_NETWORK = {"partner_setup_launch.checks"}  # reads what `confirm` reads
# Three of them are everybody's: who is signed in, where they belong, and the new leads beside the menu. One more
# asks how far the clock was moved, which production does not: the new leads are counted by the hour.
BOUNDS = {
    "account.show": 3,
    "notices.show": 3,
    "partner_audience.confirm_delete": 9,
    "partner_audience.edit": 10,
    "partner_audience.file": 17,
    "partner_audience.left": 11,
    "partner_audience.left_csv": 5,
    "partner_audience.people_csv": 5,
    "partner_audience.rows_to_fix": 13,
    "partner_audience.show": 11,
    "partner_audience_people.confirm_delete": 17,
    "partner_audience_people.new": 5,
    "partner_audience_people.show": 17,
    "partner_audiences.csv": 8,
    "partner_audiences.index": 10,
    "partner_audiences.what_is_shared": 4,
    "partner_brand.edit": 17,
    "partner_brand.sample": 10,
    "partner_calendar.show": 9,
    "partner_campaign_deeds.confirm_cancel": 6,
    "partner_campaign_deeds.confirm_delete": 6,
    "partner_campaign_deeds.confirm_skip": 6,
    "partner_campaign_deeds.edit_time": 6,
    "partner_campaign_files.by_message": 4,
    "partner_campaign_files.funnel": 8,
    "partner_campaign_files.messages": 4,
    "partner_campaign_materials.briefing": 10,
    "partner_campaign_materials.for_sales": 10,
    "partner_campaign_materials.material": 10,
    "partner_campaign_materials.social": 10,
    "partner_campaign_people.csv": 8,
    "partner_campaign_people.index": 13,
    "partner_campaign_replies.index": 7,
    "partner_campaign_replies.mail": 4,
    "partner_campaigns.csv": 7,
    "partner_campaigns.index": 11,
    "partner_campaigns.live": 9,
    "partner_campaigns.show": 20,
    "partner_funding.index": 12,
    "partner_funding_certificates.confirm": 6,
    "partner_funding_certificates.paper": 6,
    "partner_funding_certificates.show": 10,
    "partner_funding_elsewhere.confirm": 5,
    "partner_funding_elsewhere.confirm_file": 6,
    "partner_funding_elsewhere.edit": 5,
    "partner_funding_elsewhere.file": 4,
    "partner_funding_elsewhere.index": 6,
    "partner_funding_elsewhere.new": 4,
    "partner_funding_elsewhere.show": 7,
    "partner_funding_files.notes": 3,
    "partner_funding_files.requests": 4,
    "partner_funding_ledger.file": 4,
    "partner_funding_ledger.index": 10,
    "partner_funding_requests.confirm": 6,
    "partner_funding_requests.file": 4,
    "partner_funding_requests.new": 7,
    "partner_funding_requests.show": 10,
    "partner_help.show": 6,
    "partner_home.show": 27,
    "partner_kits.index": 17,
    "partner_kits.preview": 10,
    "partner_kits.show": 21,
    "partner_lead_deeds.form": 20,
    "partner_lead_reports.saved": 8,
    "partner_leads.arrived": 6,
    "partner_leads.file": 6,
    "partner_leads.index": 24,
    "partner_leads.show": 19,
    "partner_previews.show": 13,
    "partner_search.show": 4,
    "partner_sender.show": 6,
    "partner_settings.show": 9,
    "partner_setup.index": 17,
    "partner_setup_audience.edit": 27,
    "partner_setup_brand.edit": 25,
    "partner_setup_budget.edit": 24,
    "partner_setup_launch.confirm": 32,
    "partner_setup_launch.edit": 32,
    "partner_setup_webinar.edit": 23,
    "partner_suppressed.show": 8,
    "partner_team.confirm": 5,
    "partner_team.edit": 5,
    "partner_team.index": 8,
    "partner_webinars.confirm_cancel": 13,
    "partner_webinars.csv": 5,
    "partner_webinars.show": 13,
}


@pytest.fixture
def market(canary_world: World, tmp_path: Path) -> Iterator[Market]:
    """One of its own, to grow."""
    made = a_market(canary_world.at(canary_world.shell.copied(tmp_path / "var")))
    yield made
    made.installation.dispose()


def test_no_page_takes_more_statements_than_written_here_however_many_rows_there_are(market: Market) -> None:
    reference.grow(market.installation, FEW)
    visitor = Visitor.signed_in(market.installation, HANNA, market.app)
    paths = addresses(market, visitor)
    few = {view: statements(visitor, path) for view, path in paths.items()}
    reference.grow(market.installation, MANY)
    many = {view: statements(visitor, path) for view, path in paths.items()}

    assert {view: count for view, count in few.items() if count > BOUNDS.get(view, 0)} == {}
    assert {view: (few[view], count) for view, count in many.items() if count > few[view]} == {}


def addresses(market: Market, visitor: Visitor) -> dict[str, str]:
    """One address of every view of a partner."""
    installation, home = market.installation, f"/p/{HARBOUR}/"
    with installation.web.reading() as session:
        hanna = organisations.viewer_for(session, HANNA)
    starts = [home, *(home + path for path in workplace.lay_out(installation, hanna))]
    starts.append(f"{home}campaigns/{market.world.scheduled}/time")
    crawl = visitor.crawl(*starts)
    assert crawl.broken == {}
    found = {**crawl.pages, **crawl.others}
    for rule in visitor.app.url_map.iter_rules():
        if rule.rule.startswith(PARTNER) and "GET" in (rule.methods or ()) and rule.endpoint not in found:
            found[rule.endpoint] = market.path(rule)
    return {view: path for view, path in found.items() if view not in ASKS_THE_NETWORK}


def statements(visitor: Visitor, path: str) -> int:
    """Of the second look, when nothing has to be read into memory any more."""
    engine = visitor.app.extensions["installation"].web.engine
    assert visitor.get(path).status_code in (200, 303), path
    with counted(engine) as counter:
        visitor.get(path)
    return counter[0]
