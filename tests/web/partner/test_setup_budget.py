"""Step 3 of a launch: the cost list, the sums, asking the vendor."""

import pytest

from tcma.funds.models import FundingRequest, RequestStatus
from tcma.launches import budgets
from tcma.launches.models import Campaign
from tests.web.partner.campaign_scene import marketer, part, setup_of, words
from tests.web.site import Site


def test_the_sums_are_said_in_one_sentence(site: Site) -> None:
    site.world.fund()
    draft = site.world.draft()
    page = marketer(site).get(setup_of(draft, "budget"))
    assert page.status_code == 200
    said = part(page.text, "budget-live")
    assert (
        "Budget CHF 800. Northwind Security would pay CHF 400 (50 %, up to CHF 400). You would pay CHF 400."
        in said
    )
    assert "Ask Northwind Security for CHF 400" in words(page.text)


def test_asking_for_what_the_rule_grants_makes_a_certificate_and_goes_on(site: Site) -> None:
    site.world.fund()
    draft, person = site.world.draft(), marketer(site)
    answer = person.post(setup_of(draft, "budget"), {"name-0": "Advert", "amount-0": "800", "ask": "1"})
    assert answer.headers["Location"].endswith("/setup/launch")
    launch = words(person.follow(answer).text)
    assert "Budget CHF 800: you pay it first. Nothing is set aside for your suppliers' bills" in launch
    assert "up to CHF 400 of them is for a claim to Northwind Security, with proof." in launch
    page = person.get(setup_of(draft, "budget")).text
    assert "The part of Northwind Security is at most CHF 400 (50 %, up to CHF 400), yours CHF 400." in words(
        page
    )
    assert "Certificate covers it" in page
    assert 'id="ask"' not in page


def test_above_the_cap_the_page_says_where_the_share_stops_growing(site: Site) -> None:
    site.world.fund()
    draft, person = site.world.draft(), marketer(site)
    page = person.post(
        setup_of(draft, "budget"), {"name-0": "Room", "amount-0": "1'500"}, headers={"HX-Request": "true"}
    )
    assert page.status_code == 200
    assert "Above a budget of CHF 800 the part of Northwind Security grows no more." in words(page.text)


def test_a_vendor_without_a_fund_pays_nothing_and_the_page_says_so(site: Site) -> None:
    draft, person = site.world.draft(), marketer(site)
    assert "This kit is not funded" in person.get(setup_of(draft, "budget")).text
    answer = person.post(setup_of(draft, "budget"), {"continue": "1"})
    assert answer.headers["Location"].endswith("/setup/launch")
    assert "No budget." in person.follow(answer).text


def test_what_needs_a_person_is_waited_for_and_may_be_withdrawn(site: Site) -> None:
    site.world.fund(rule={"on": False})
    draft, person = site.world.draft(), marketer(site)
    person.post(
        setup_of(draft, "budget"), {"name-0": "Advert", "amount-0": "200", "ask": "1", "why": "Spring."}
    )
    page = words(person.get(setup_of(draft, "budget")).text)
    assert "Northwind Security was asked for CHF 100." in page
    assert "Launch when?" in page
    launch = words(person.get(setup_of(draft, "launch")).text)
    assert "starting once Northwind Security has approved the money" in launch
    assert "Northwind Security was asked for CHF 100, you pay CHF 100." in launch
    person.post(f"{setup_of(draft, 'budget')}/withdraw")
    with site.installation.worker.reading() as session:
        (request,) = session.query(FundingRequest).all()
    assert (request.status, request.why) == (RequestStatus.WITHDRAWN, "Spring.")


@pytest.mark.parametrize("typed", ["abc", "-5", "1,2,3", "9" * 30, "<script>"])
def test_an_amount_that_cannot_be_read_keeps_what_was_typed(site: Site, typed: str) -> None:
    draft, person = site.world.draft(), marketer(site)
    page = person.post(setup_of(draft, "budget"), {"name-0": "Room", "amount-0": typed})
    assert page.status_code == 422
    assert "There is a problem" in page.text and 'href="#amount-0"' in page.text
    assert 'value="Room"' in page.text


def test_going_on_without_asking_plans_nothing_the_vendor_would_have_paid(site: Site) -> None:
    site.world.fund()
    draft, person = site.world.draft(), marketer(site)
    sent = {"name-0": "Adverts, event or own work", "amount-0": "800", "continue": "1"}
    launch = person.follow(person.post(setup_of(draft, "budget"), sent))
    assert "No budget." in launch.text
    with site.installation.web.reading(site.partner_id) as session:
        assert budgets.costs_of(session, session.get_one(Campaign, draft.id)) == ()
