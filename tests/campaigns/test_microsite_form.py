"""The form: what it asks, how it comes back after a mistake, and what of an answer is kept."""

from dataclasses import replace

import pytest

from campaigns.channels import microsite, microsite_form
from campaigns.errors import ContentError
from campaigns.kit.microsite import FieldName
from tests.campaigns.brands import a_partner, a_vendor
from tests.campaigns.microsites import CONSENTS, FACTS, FRAME, Document, a_page, a_site, rendered

GOOD = {
    "email": "anna@lindt.example",
    "name": "Anna Meier",
    "company": "Lindt & Partner",
    "employees": "10 to 49",
}


def test_consent_boxes_are_empty_and_carry_the_version_shown() -> None:
    boxes = [each for each in Document(rendered()).all("input") if each.get("type") == "checkbox"]

    assert [(box["name"], box["value"]) for box in boxes] == [("consent_news", "3"), ("consent_vendor", "2")]
    assert not [box for box in boxes if "checked" in box]


def test_the_notice_is_always_shown_with_both_privacy_pages() -> None:
    html = rendered()
    form = html[html.index("<form") : html.index("</form>")]

    assert "Harbour IT uses your answers." in form
    assert "https://harbour-it.example/privacy" in form and "https://northwind.example/privacy" in form


def test_a_form_without_its_notice_is_not_shown() -> None:
    with pytest.raises(ContentError, match="'info'"):
        microsite.render_page(
            a_site(),
            FRAME,
            partner=a_partner(),
            vendor=a_vendor(),
            campaign=FACTS,
            form=microsite.FormState("t"),
            consents=CONSENTS[1:],
        )


def test_only_the_company_is_filled_in_for_a_person_from_a_mail() -> None:
    document = Document(rendered(form=microsite.FormState("t", company="Lindt & Partner")))
    filled = {each["name"]: each["value"] for each in document.all("input") if each.get("value")}

    assert filled == {
        "company": "Lindt & Partner",
        "form_token": "t",
        "consent_news": "3",
        "consent_vendor": "2",
    }


def test_the_form_brings_its_token_and_what_the_caller_wants_back() -> None:
    html = rendered(form=microsite.FormState('to"ken', hidden={"visit": "v1"}))
    hidden = {
        each["name"]: each["value"] for each in Document(html).all("input") if each.get("type") == "hidden"
    }

    assert hidden == {"form_token": 'to"ken', "visit": "v1"}


def test_browsers_are_told_what_each_field_is() -> None:
    fields = {each["name"]: each for each in Document(rendered()).all("input", "select", "textarea")}

    assert {name: fields[name].get("autocomplete") for name in ("email", "name", "company", "phone")} == {
        "email": "email",
        "name": "name",
        "company": "organization",
        "phone": "tel",
    }
    assert "required" in fields["email"] and "required" not in fields["phone"]


def test_the_trap_is_out_of_the_way_of_people() -> None:
    trap = next(each for each in Document(rendered()).all("input") if each["name"] == microsite_form.TRAP)

    assert trap["tabindex"] == "-1" and trap["autocomplete"] == "off"
    assert microsite.is_a_machine({microsite_form.TRAP: "buy pills"})
    assert not microsite.is_a_machine({**GOOD, microsite_form.TRAP: " "})


def test_mistakes_come_back_with_a_summary_and_nothing_typed_is_lost() -> None:
    typed = {
        "email": "anna@lindt",
        "name": "Anna <Meier>",
        "company": "",
        "consent_news": "3",
        "message": "Hi",
    }
    errors = microsite.read_answer(a_site(), typed, CONSENTS)
    assert isinstance(errors, dict)

    html = rendered(form=microsite.FormState("t", typed, errors))
    document = Document(html)
    fields = {each["name"]: each for each in document.all("input", "select", "textarea")}

    assert list(errors) == ["email", "company", "employees"]
    assert "<title>Problem: Stop ransomware" in html
    assert [a["href"] for a in document.all("a") if a["href"].startswith("#field")] == [
        "#field-email",
        "#field-company",
        "#field-employees",
    ]
    assert fields["email"]["value"] == "anna@lindt" and fields["name"]["value"] == "Anna <Meier>"
    assert fields["email"]["aria-invalid"] == "true"
    assert fields["email"]["aria-describedby"] == "field-email-error"
    assert fields["phone"]["aria-describedby"] == "field-phone-help"
    assert "checked" in fields["consent_news"] and "checked" not in fields["consent_vendor"]
    assert ">Hi</textarea>" in html


def test_an_error_stands_between_the_help_and_the_input() -> None:
    html = rendered(form=microsite.FormState("t", {}, {"phone": "This is no number."}))

    help_at, error_at, input_at = (html.index(f'id="field-phone{part}"') for part in ("-help", "-error", ""))

    assert help_at < error_at < input_at


def test_a_good_answer_is_kept_with_the_consents_given() -> None:
    answer = microsite.read_answer(
        a_site(), {**GOOD, "consent_vendor": "2", "unknown": "x", "name": " Anna\x00 Meier "}, CONSENTS
    )

    assert answer == microsite.Answer(
        {
            FieldName.EMAIL: "anna@lindt.example",
            FieldName.NAME: "Anna Meier",
            FieldName.COMPANY: "Lindt & Partner",
            FieldName.EMPLOYEES: "10 to 49",
        },
        {"vendor": 2},
    )


def test_a_consent_to_another_wording_than_the_one_shown_does_not_count() -> None:
    answer = microsite.read_answer(a_site(), {**GOOD, "consent_news": "2", "consent_other": "1"}, CONSENTS)

    assert isinstance(answer, microsite.Answer) and answer.consents == {}


@pytest.mark.parametrize(
    ("field", "typed", "word"),
    [
        ("email", "", "Enter your work e-mail"),
        ("email", "anna@lindt", "not complete"),
        ("email", "a" * 300 + "@lindt.example", "at most 254"),
        ("name", "\u200b \x00", "Enter your name"),
        ("employees", "many", "Pick one"),
        ("phone", "12", "area code"),
        ("message", "x" * 2001, "at most 2000"),
    ],
)
def test_each_mistake_has_its_own_sentence(field: str, typed: str, word: str) -> None:
    errors = microsite.read_answer(a_site(), {**GOOD, field: typed}, CONSENTS)

    assert isinstance(errors, dict) and list(errors) == [field]
    assert word in errors[field]


@pytest.mark.parametrize(
    ("typed", "fine"), [("45", True), ("1'200", True), ("about 40", False), ("-3", False)]
)
def test_people_can_be_counted_in_figures_where_there_are_no_bands(typed: str, fine: bool) -> None:
    page = a_page()
    asked = tuple(
        replace(each, options=()) if each.name is FieldName.EMPLOYEES else each for each in page.form.fields
    )
    site = a_site(replace(page, form=replace(page.form, fields=asked)))

    assert isinstance(microsite.read_answer(site, {**GOOD, "employees": typed}, CONSENTS), dict) is not fine
