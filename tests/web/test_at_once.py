"""Many people answer in the same moment, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tcma.companies.models import Company
from tcma.leads.models import LeadStep
from tests.installation import Installation
from tests.web.site import FORM, Site, a_site

PEOPLE = 20


@pytest.fixture
def shared(databases: Installation) -> Site:
    return a_site(databases)


def all_at_once(site: Site, forms: list[dict[str, str]]) -> list[int]:
    """Open the page for each, then send all forms together; the statuses."""
    visitors = [site.visitor() for _ in forms]
    ready = [{**visitor.open_form(), **FORM, **form} for visitor, form in zip(visitors, forms, strict=True)]
    with ThreadPoolExecutor(len(forms)) as crowd:
        sent = [
            crowd.submit(visitor.post, site.slug, form) for visitor, form in zip(visitors, ready, strict=True)
        ]
        return [answer.result().status_code for answer in sent]


@pytest.mark.slow
def test_twenty_people_of_one_company_make_one_lead(shared: Site) -> None:
    forms = [{"email": f"person{number}@novartis.example"} for number in range(PEOPLE)]

    assert all_at_once(shared, forms) == [303] * PEOPLE
    assert len(shared.leads()) == 1 and len(shared.people()) == len(shared.answers()) == PEOPLE
    assert [step.position for step in shared.rows(LeadStep)] == list(range(1, PEOPLE + 1))
    assert shared.world.touches(shared.campaign)["page"].answered_count == PEOPLE


def test_people_behind_free_mail_with_one_companys_name_make_one_lead(shared: Site) -> None:
    names = ("Müller & Söhne AG", "MULLER SOHNE", "Müller & Söhne", "muller sohne gmbh")
    forms = [{"email": f"p{number}@gmail.com", "company": names[number % 4]} for number in range(8)]

    assert all_at_once(shared, forms) == [303] * 8
    assert len(shared.leads()) == 1 and len(shared.people()) == 8
    assert len(shared.rows(Company, organisation_id=shared.partner_id)) == 1


def test_one_form_sent_by_many_clicks_at_once_is_one_answer(shared: Site) -> None:
    person = shared.visitor()
    form = {**person.open_form(), **FORM, "consent_news-partner": "1"}
    with ThreadPoolExecutor(8) as clicks:
        sent = [clicks.submit(shared.visitor().post, shared.slug, form) for _ in range(8)]
        assert [answer.result().status_code for answer in sent] == [303] * 8

    assert len(shared.leads()) == len(shared.people()) == len(shared.answers()) == 1
    assert len(shared.confirmations()) == 1
    assert shared.steps() == [("submitted", 1)]
