"""A partner's settings: what the firm says about itself, and its working hours."""

from datetime import date, timedelta

import pytest

from campaigns.calendar import WEEKDAYS
from tcma.audiences import terms
from tcma.organisations import facts
from tcma.organisations.models import Organisation
from tests.installation import Installation
from tests.web.account.house import OWNER, SALES, House, a_house
from tests.web.people import signed_in

SETTINGS = "/p/harbour-it/settings"
FACTS = {
    "name": "Harbour IT",
    "legal_name": "Harbour IT AG",
    "street": "Hafenstrasse 2",
    "postal_code": "8001",
    "city": "Zürich",
    "country": "CH",
    "locale": "de",
    "timezone": "Europe/Zurich",
    "imprint": "UID CHE-123.456.789",
    "opens": "07:30",
    "closes": "16:00",
    "working_days": ["0", "1", "2", "3"],
    "holiday_region": "ZH",
    "closed_on": "2026-12-24\n\n2026-12-31",
}


@pytest.fixture
def house(database: Installation) -> House:
    return a_house(database)


def firm(house: House) -> Organisation:
    with house.installation.owner.reading() as session:
        return session.get_one(Organisation, house.people[OWNER].organisation_id)


def test_what_an_owner_says_is_kept_and_shown_again(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    page = marc.follow(marc.post(SETTINGS, FACTS)).text

    kept = firm(house)
    assert (kept.street, kept.locale, kept.opens, kept.closes) == ("Hafenstrasse 2", "de", 450, 960)
    assert kept.closed_on == ["2026-12-24", "2026-12-31"] and kept.working_days == "0123"
    assert (kept.slug, kept.domain, kept.currency) == ("harbour-it", "harbour-it.example", "CHF")
    assert 'value="07:30"' in page and "UID CHE-123.456.789" in page


def test_working_time_follows_the_settings(house: House) -> None:
    assert facts.hours_of(firm(house)).days == WEEKDAYS
    signed_in(house.app, OWNER).post(SETTINGS, FACTS)
    hours = facts.hours_of(firm(house))

    assert hours.day_length == timedelta(hours=8, minutes=30) and str(hours.zone) == "Europe/Zurich"
    assert hours.is_working_day(date(2026, 12, 23))
    assert not hours.is_working_day(date(2026, 12, 24))  # its own day off
    assert not hours.is_working_day(date(2026, 12, 25))  # a public holiday
    assert not hours.is_working_day(date(2026, 11, 27))  # a Friday


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("street", "x" * 161),
        ("country", "XX"),
        ("timezone", "Zurich"),
        ("locale", "??"),
        ("imprint", "x" * 2001),
        ("opens", "25:00"),
        ("closes", "07:30"),
        ("working_days", []),
        ("working_days", ["7"]),
        ("holiday_region", "BY"),
        ("closed_on", "24.12.2026"),
        ("closed_on", "\n".join(f"20{n:02}-01-{d:02}" for n in range(10, 30) for d in range(1, 12))),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field(house: House, field: str, value: object) -> None:
    marc = signed_in(house.app, OWNER)
    answer = marc.post(SETTINGS, {**FACTS, field: value})

    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert firm(house).street == "Hafenstrasse 1"
    if field != "street":
        assert "Hafenstrasse 2" in answer.text  # what was typed is kept


def test_colleagues_read_and_do_not_change(house: House) -> None:
    eva = signed_in(house.app, SALES)
    page = eva.get(SETTINGS)

    assert page.status_code == 200 and "firm-form" not in page.text
    assert eva.post(SETTINGS, FACTS).status_code == 403 and firm(house).locale == "en"


def test_the_page_says_who_runs_this_and_who_accepted_the_terms(house: House) -> None:
    named = house.again(operator_name="Example Hosting")
    marc = signed_in(named.app, OWNER)
    page = marc.get(SETTINGS).text
    assert "run by Example Hosting" in page and "have not been accepted yet" in page

    owner = house.people[OWNER]
    with house.installation.web.transaction(owner.organisation_id) as session:
        terms.accept_processing_terms(session, owner, terms.CURRENT)
    page = marc.get(SETTINGS).text
    assert f"{house.person(OWNER).name} accepted the processing terms, version {terms.CURRENT}" in page
