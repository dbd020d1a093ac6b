"""What was ticked counts from the button of the confirmation mail, once, towards the right party."""

import pytest

from campaigns.links import Purpose
from tcma.addresses import person_key
from tcma.audiences.models import Consent
from tcma.leads import queries
from tcma.leads.models import LeadPerson
from tests.web.site import ANNA, BASE, Site

ALL = {"consent_sharing": "1", "consent_news-partner": "1", "consent_news-vendor": "1"}
NEWS = {"consent_news-partner": "1"}


def confirm_path(site: Site, number: int = 0) -> str:
    return f"/confirm/{site.token(Purpose.CONFIRM, site.confirmations()[number])}"


def vendor_sees(site: Site) -> list[LeadPerson]:
    with site.installation.web.reading(site.world.vendor.organisation_id) as session:
        lead = queries.leads_for(session, site.world.vendor)[0].lead
        return queries.people_of(session, lead)


def test_the_confirmation_waits_for_a_worker_with_the_kits_words_and_the_wordings_ticked(site: Site) -> None:
    site.visitor().answer(**ALL)

    (mail,) = site.confirmations()
    content = site.content_of(mail)
    assert "here is the page you asked for" in content and f"{BASE}{site.slug}/file/en" in content
    for ticked in site.answers()[0].consents:
        assert ticked["text"][:30] in content
    assert "/confirm/" in content and "Yes, I agree" in content


def test_without_a_tick_nothing_is_asked(site: Site) -> None:
    site.visitor().answer()

    assert "/confirm/" not in site.content_of(site.confirmations()[0])
    assert site.visitor().get(confirm_path(site)).status_code == 404
    assert site.visitor().post(confirm_path(site)).status_code == 404


def test_opening_the_page_records_nothing(site: Site) -> None:
    site.visitor().answer(**ALL)
    person = site.visitor()
    page = person.get(confirm_path(site))
    person.client.head(confirm_path(site))

    assert page.status_code == 200 and "Yes, I agree" in page.text and "Nothing has changed yet" in page.text
    assert page.text.count('class="wording"') == 3
    assert site.rows(Consent) == [] and vendor_sees(site) == []


def test_the_button_records_each_consent_once_towards_its_party(site: Site) -> None:
    site.visitor().answer(**ALL)
    for _ in range(2):
        assert site.visitor().post(confirm_path(site)).status_code == 200

    vendor = site.world.vendor.organisation_id
    found = {(row.purpose, row.party_id): row for row in site.rows(Consent)}
    assert len(site.rows(Consent)) == 3
    assert set(found) == {("sharing", vendor), ("news", site.partner_id), ("news", vendor)}
    shown = {ticked["text"] for ticked in site.answers()[0].consents}
    assert {row.wording for row in found.values()} == shown
    assert all(row.given and row.how == "form_confirmed" for row in found.values())


def test_the_consent_is_that_of_the_address_that_answered(site: Site) -> None:
    site.visitor().answer(**NEWS)
    path = confirm_path(site)
    site.sent_an_hour_ago(site.confirmations()[0])
    site.change_address(ANNA, "zoe@elsewhere.example")

    assert site.visitor().post(path).status_code == 200
    (row,) = site.rows(Consent)
    assert row.address_hash == person_key(site.installation.settings.hash_key, ANNA)


def test_a_confirmation_that_went_to_another_address_confirms_nothing(site: Site) -> None:
    site.visitor().answer(**NEWS)
    path = confirm_path(site)
    site.change_address(ANNA, "zoe@elsewhere.example")
    site.sent_an_hour_ago(site.confirmations()[0])

    assert site.visitor().post(path).status_code == 404
    assert site.rows(Consent) == []


def test_news_alone_is_asked_as_news_and_names_nobody_to_the_vendor(site: Site) -> None:
    site.visitor().answer(**NEWS)
    assert "Yes, send me news" in site.content_of(site.confirmations()[0])
    assert "Yes, send me news" in site.visitor().get(confirm_path(site)).text
    site.visitor().post(confirm_path(site))

    assert vendor_sees(site) == []


def test_agreeing_to_share_names_the_person_to_the_vendor(site: Site) -> None:
    site.visitor().answer(**ALL)
    site.visitor().answer(email="beat@lindt.example", name="Beat Roth")
    assert vendor_sees(site) == []
    site.visitor().post(confirm_path(site))

    assert [person.name for person in vendor_sees(site)] == ["Anna Frei"]
    assert [answer.disclosed_at is not None for answer in site.answers()] == [True, False]


def test_an_address_is_asked_to_confirm_at_most_once_a_day(site: Site) -> None:
    def asked() -> list[bool]:
        return ["/confirm/" in site.content_of(mail) for mail in site.confirmations()]

    site.visitor().answer(**NEWS)
    person = site.visitor()
    second = person.answer(**ALL, company="Another Firm")
    assert asked() == [True, False] and "look in your mail" not in person.get(second.location).text
    site.world.pass_time(hours=25)
    third = person.answer(**ALL, phone="+41 44 555 01 99")
    assert asked() == [True, False, True] and "look in your mail" in person.get(third.location).text


def test_a_confirmation_of_another_partner_opens_nothing(sites: list[Site]) -> None:
    site, other = sites
    other.visitor().answer(email="dora@alp.example", **ALL)
    mail = other.confirmations()[0]
    mixed = site.installation.signer.token(Purpose.CONFIRM, site.partner_id, mail.artefact_id, mail.id)

    for press in (site.visitor().get, site.visitor().post):
        answer = press(f"/confirm/{mixed}")
        assert answer.status_code == 404 and "Alp" not in answer.text
    assert site.rows(Consent) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_link_that_was_cut_off_says_so(site: Site, language: str) -> None:
    page = site.visitor(language).get("/confirm/abc")

    assert page.status_code == 404
    assert {"en": "This link does not work", "de": "Dieser Link funktioniert nicht"}[language] in page.text
