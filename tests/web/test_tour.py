"""The look round at every page, for pictures and for axe, knows all pages of the route table."""

from tcma.bench.browser import tour
from tcma.web.guards import SIGNED_IN
from tests.web.market import Market

SENDER = "partner_sender.show"


def test_a_page_that_no_walk_leads_to_is_named(market: Market) -> None:
    rules = [rule for rule in market.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    paths = {rule.endpoint: market.path(rule) for rule in rules if market.guard(rule).access in SIGNED_IN}
    others = {rule.endpoint for rule in rules} - paths.keys()
    assert tour.left_out(market.app, paths.values(), others) == []

    del paths[SENDER]
    assert tour.left_out(market.app, paths.values(), others) == [SENDER]
    assert tour.left_out(market.app, paths.values(), {*others, SENDER}) == []


def test_what_is_said_to_be_no_page_is_in_the_route_table(market: Market) -> None:
    assert tour.NO_PAGES.keys() <= {rule.endpoint for rule in market.app.url_map.iter_rules()}
