"""A person opens the page, answers, and a lead stands at the partner whose page it was."""

import re
from datetime import timedelta

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from campaigns.channels.microsite_form import TRAP
from campaigns.links import Purpose
from tcma.launches.models import CampaignTouch
from tcma.leads import explanation as leads
from tcma.leads.models import Grade, LeadSource, Stage
from tests.web.site import ANNA, BEAT, FORM, Site, behind

SHARED = {"consent_sharing": "1"}


def why(site: Site) -> str:
    with site.installation.web.reading(site.partner_id) as session:
        return leads.why(session, site.leads()[0])


def test_the_page_shows_both_brands_and_empty_boxes(site: Site) -> None:
    page = site.visitor().get(site.slug)

    assert page.status_code == 200
    assert "Harbour IT" in page.text and "Northwind Security" in page.text
    assert len(re.findall('type="checkbox"', page.text)) == 3 and " checked" not in page.text


def test_the_page_speaks_the_language_of_its_visitor_where_the_campaign_has_it(site: Site) -> None:
    assert '<html lang="en">' in site.visitor("fr").get(site.slug).text
    assert site.visitor().get(f"{site.slug}?lang=xx").status_code == 200


def test_an_answer_makes_a_lead_with_company_and_person(site: Site) -> None:
    answered = site.visitor().answer()

    assert answered.status_code == 303 and answered.location.startswith(f"{site.slug}/thanks?k=")
    (lead,), (person,), (answer,) = site.leads(), site.people(), site.answers()
    assert (lead.stage, lead.grade, lead.source) == (Stage.NEW, Grade.INQUIRY, LeadSource.PARTNER_SOURCED)
    assert lead.shelf_life_until - lead.created_at > timedelta(days=60)
    assert (person.address, person.name) == (ANNA, "Anna Frei")
    assert answer.fields["employees"] == "20-49" and answer.consents == []
    assert site.steps() == [("submitted", 1)]
    assert why(site).startswith("They answered the form on your page on ")
    page = next(
        touch for touch in site.rows(CampaignTouch, campaign_id=site.campaign.id) if touch.key == "page"
    )
    assert page.answered_count == 1


def test_the_thanks_page_hands_over_what_was_promised(site: Site) -> None:
    person = site.visitor()
    page = person.get(person.answer().location)

    assert page.status_code == 200 and "Here is your checklist" in page.text
    file = person.get(f"{site.slug}/file/en")
    assert f'href="{site.slug}/file/en"' in page.text
    assert file.content_type == "application/pdf" and file.data.startswith(b"%PDF")
    assert "friday-checklist.pdf" in file.headers["Content-Disposition"]


def test_the_thanks_page_is_only_for_who_answered(site: Site) -> None:
    for key in ("", "?k=x", "?k=" + "A" * 500):
        answer = site.visitor().get(f"{site.slug}/thanks{key}")
        assert (answer.status_code, answer.location) == (303, site.slug)


def test_the_path_of_an_answer_is_what_its_person_did(site: Site) -> None:
    mail = site.mail_to(ANNA)
    site.sent_an_hour_ago(mail)
    person = site.visitor()
    clicked = person.get(f"/r/{site.token(Purpose.CLICK, mail)}/0")
    person.answer(clicked.location.partition(site.slug)[2])

    assert site.steps() == [("clicked", 1), ("visited", 1), ("submitted", 1)]
    (lead,) = site.leads()
    assert lead.first_touch_kind == "clicked" and lead.first_touch_at < lead.created_at
    assert "The first touch in the last 90 days was their click in your message “Invitation” on " in why(site)


def test_clicks_of_machines_are_never_in_a_path(site: Site) -> None:
    mail = site.mail_to(ANNA)
    click = f"/r/{site.token(Purpose.CLICK, mail)}/0"
    site.visitor().get(click)  # before the mail was even sent
    site.sent_an_hour_ago(mail)
    person = site.visitor()
    visit = f"{site.slug}?visit={site.token(Purpose.VISIT, mail)}"
    person.client.head(click, headers=person.headers)
    person.client.head(visit, headers=person.headers)
    person.client.get(click, headers={"User-Agent": "SafeLinks scanner"})
    person.client.get(visit, headers={"User-Agent": "Mimecast"})
    person.answer()

    assert [event.machine for event in site.events("clicked")] == [True] * 3
    assert [event.machine for event in site.events("visited")] == [True]
    assert site.steps() == [("submitted", 1)]


def test_only_the_company_is_filled_in_for_who_comes_from_a_mail(site: Site) -> None:
    page = site.visitor().get(f"{site.slug}?visit={site.token(Purpose.VISIT, site.mail_to(ANNA))}").text

    assert 'value="Lindt AG"' in page and ANNA not in page and "Anna" not in page
    assert 'value="Lindt AG"' not in site.visitor().get(site.slug).text


def test_a_forwarded_mail_does_not_name_its_first_reader(site: Site) -> None:
    mail = site.mail_to(ANNA)
    site.sent_an_hour_ago(mail)
    site.visitor().answer(
        f"?visit={site.token(Purpose.VISIT, mail)}", email="emil@lindt.example", name="Emil"
    )

    assert [person.address for person in site.people()] == ["emil@lindt.example"]
    assert site.steps() == [("submitted", 1)]
    (event,) = site.events("submitted")
    assert event.delivery_id is None


def test_a_second_person_of_the_company_joins_the_open_lead(site: Site) -> None:
    site.visitor().answer()
    site.visitor().answer(email=BEAT, name="Beat Roth", company="Lindt & Co.")

    assert len(site.leads()) == 1 and [person.address for person in site.people()] == [ANNA, BEAT]
    assert [step for step, _ in site.steps()] == ["submitted", "submitted"]


def test_a_free_mail_address_is_matched_by_the_companys_name(site: Site) -> None:
    site.visitor().answer()
    site.visitor().answer(email="frei.anna@gmail.com", company="LINDT")
    site.visitor().answer(email="other@gmail.com", company="Migros")

    assert len(site.leads()) == 2


def test_the_same_form_sent_twice_is_one_answer(site: Site) -> None:
    person = site.visitor()
    form = {**person.open_form(), **FORM, **SHARED}
    first, second = person.post(site.slug, form), person.post(site.slug, form)

    assert first.status_code == second.status_code == 303
    assert "look in your mail" in person.get(second.location).text
    assert len(site.answers()) == len(site.confirmations()) == len(site.steps()) == 1


def test_the_same_form_with_a_corrected_address_is_another_answer(site: Site) -> None:
    person = site.visitor()
    form = {**person.open_form(), **FORM}
    person.post(site.slug, {**form, "email": "ana@lindt.example"})
    person.post(site.slug, form)

    assert [person.address for person in site.people()] == ["ana@lindt.example", ANNA]


def test_mistakes_come_back_with_what_was_typed_and_empty_boxes(site: Site) -> None:
    page = site.visitor().answer(email="anna at lindt", name="<b>Anna</b>", **SHARED)

    assert page.status_code == 422 and "Problem" in page.text
    assert 'value="anna at lindt"' in page.text and 'value="&lt;b&gt;Anna&lt;/b&gt;"' in page.text
    assert " checked" not in page.text
    assert site.answers() == []


def test_a_form_that_was_open_too_long_is_offered_again(site: Site) -> None:
    person = site.visitor()
    page = person.post(site.slug, {**FORM, "form_token": "forged"})

    assert page.status_code == 422 and "This page was open for long" in page.text
    assert f'value="{ANNA}"' in page.text
    hidden = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert hidden and person.post(site.slug, {**FORM, "form_token": hidden[1]}).status_code == 303


def test_a_token_is_good_for_its_own_page_and_for_twelve_hours(sites: list[Site]) -> None:
    site, other = sites
    foreign = other.visitor().open_form()
    assert site.visitor().post(site.slug, {**FORM, **foreign}).status_code == 422

    class Earlier(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - 13 * 3600

    key = site.installation.settings.form_key
    old = URLSafeTimedSerializer(key, salt="tcma.form", signer=Earlier).dumps([site.campaign.id, "key"])
    assert site.visitor().post(site.slug, {**FORM, "form_token": str(old)}).status_code == 422
    assert site.answers() == []


def test_who_fills_in_the_hidden_field_learns_nothing_and_leaves_nothing(site: Site) -> None:
    assert site.visitor().answer(**{TRAP: "cheap pills"}).status_code == 303
    assert site.answers() == [] and site.confirmations() == []


def test_a_form_sent_in_no_time_is_asked_for_once_more(site: Site) -> None:
    slow = behind(site.world, site.campaign, form_min_time=60)
    person = slow.visitor()
    form = {**person.open_form(), **FORM}
    too_fast = person.post(slow.slug, form)
    assert too_fast.status_code == 422 and f'value="{form["form_token"]}"' in too_fast.text
    assert slow.answers() == []


def test_one_network_sends_so_many_forms_and_no_more(site: Site) -> None:
    strict = behind(site.world, site.campaign, form_rate=2)
    statuses = [strict.visitor().answer(email=f"p{number}@lindt.example").status_code for number in range(4)]

    assert statuses == [303, 303, 429, 429]
    assert len(strict.answers()) == 2


def test_nobody_is_bombed_with_confirmations_through_the_form(site: Site) -> None:
    for number in range(6):
        assert site.visitor().answer(name=f"Anna {number}").status_code == 303

    assert len(site.answers()) == 6 and len(site.confirmations()) == 3


@pytest.mark.parametrize("status", ["cancelled", "recalled"])
def test_a_campaign_that_is_over_answers_politely(site: Site, status: str) -> None:
    form = {**site.visitor().open_form(), **FORM}
    with site.worker() as session:
        row = session.get_one(type(site.campaign), site.campaign.id)
        row.status = type(row.status)(status)
    person = site.visitor("de")

    for path in ("", "/thanks", "/file/en"):
        page = person.get(site.slug + path)
        assert page.status_code == 410 and "Harbour IT" in page.text
    assert person.post(site.slug, form).status_code == 410
    assert site.answers() == []


def test_a_campaign_is_found_under_its_own_partner_only(sites: list[Site]) -> None:
    site, other = sites
    strangers = [
        site.slug.replace("harbour-it", "alpine-it") + "-x",
        "/c/alpine-it/" + "nothing",
        "/c/northwind-security/" + site.campaign.slug,
        "/c/harbour-it/nothing",
        "/c/harbour-it/%00",
        "/c/HARBOUR-IT/" + site.campaign.slug,
    ]
    for path in strangers:
        assert site.visitor().get(path).status_code == 404, path
    assert "Ursina Alpiger" in other.visitor().get(other.slug).text


def test_a_mail_of_another_partner_fills_in_nothing_and_counts_nothing(sites: list[Site]) -> None:
    site, other = sites
    token = site.token(Purpose.VISIT, site.mail_to(ANNA))
    page = other.visitor().get(f"{other.slug}?visit={token}").text

    assert "Lindt" not in page and token not in page
    assert site.events("visited") == other.events("visited") == []


def test_an_answer_is_kept_even_when_no_confirmation_can_be_made(site: Site) -> None:
    wrong = behind(site.world, site.campaign, base_url="https://go.example/with/a/path")
    assert wrong.visitor().answer(**SHARED).status_code == 303

    (answer,) = wrong.answers()
    assert [ticked["asked"] for ticked in answer.consents] == [False] and wrong.confirmations() == []
