"""Texts of a kit, of a brand and of a visitor that mean harm end as plain words."""

from dataclasses import replace

import pytest

from campaigns.channels import microsite
from campaigns.errors import ContentError
from campaigns.kit.microsite import Copy, PersonBlock, ProofPoint, Prose, Question
from campaigns.regions import RegionValues
from tests.campaigns.brands import a_partner, a_vendor
from tests.campaigns.microsites import CONSENTS, REGIONS, Document, a_page, a_site, every_page, rendered

ATTACKS = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "[click](javascript:alert(1))",
    "![p](https://evil.example/p.png)",
    "<https://evil.example>",
    "javascript:alert(1)",
    "&lt;script&gt;",
    "<iframe src=//evil.example></iframe>",
    "\\<b\\>",
    "</textarea><script>",
    "{% raw %}",
]
HARMLESS_IN_TEXT = [attack for attack in ATTACKS if "{%" not in attack]


def harmless(html: str) -> None:
    document = Document(html)
    assert not document.all("script", "iframe")
    assert not [name for _, attributes in document.tags for name in attributes if name.startswith("on")]
    assert not [image for image in document.all("img") if "evil" in image["src"] or image["src"] == "x"]
    for attribute in ("href", "src", "action"):
        values = [attributes.get(attribute, "") for _, attributes in document.tags]
        assert not [value for value in values if value.lower().startswith(("javascript:", "//"))]


@pytest.mark.parametrize("attack", HARMLESS_IN_TEXT)
def test_hostile_kit_text_is_neutral(attack: str) -> None:
    page = a_page()
    assert page.proof and page.questions
    page = replace(
        page,
        title=attack,
        description=attack,
        hero=replace(page.hero, headline=Copy(attack), text=Copy(attack), button=Copy(attack)),
        proof=replace(page.proof, points=(ProofPoint(attack, attack, attack, "javascript:alert(1)"),)),
        sections=(Prose(Copy(attack), attack),),
        person=PersonBlock(Copy(attack), Copy(attack)),
        questions=replace(page.questions, questions=(Question(attack, attack),)),
    )

    harmless(rendered(a_site(page)))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_brand_is_neutral_on_every_page(attack: str) -> None:
    for html in every_page(a_partner(name=attack, phone=attack), "en").values():
        harmless(html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_brand_name_in_markdown_is_printed_as_typed(attack: str) -> None:
    page = replace(a_page(), sections=(Prose(None, "Ask {{ partner.name }} **today**."),))

    html = rendered(a_site(page, partner=a_partner(name=attack)), partner=a_partner(name=attack))

    assert f"Ask {attack} today." in Document(html).words
    harmless(html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_visitor_typed_comes_back_as_typed_and_nothing_more(attack: str) -> None:
    html = rendered(
        form=microsite.FormState(attack, {"email": attack, "message": attack}, {"email": attack, "": attack})
    )
    inputs = {each["name"]: each for each in Document(html).all("input")}

    assert inputs["email"]["value"] == attack and inputs["form_token"]["value"] == attack
    harmless(html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_partners_text_in_a_region_is_neutral_even_if_nobody_checked_it(attack: str) -> None:
    unchecked = RegionValues(
        "en", {"headline": attack, "lead": attack}, {each.name: each for each in REGIONS}
    )

    harmless(rendered(replace(a_site(), regions=unchecked)))


def test_headings_in_markdown_stay_below_the_headings_of_the_page() -> None:
    page = replace(a_page(), sections=(Prose(Copy("Heading"), "# Too loud\n\nText"),))

    html = rendered(a_site(page))

    assert len(Document(html).all("h1")) == 1
    assert "<h3>Too loud</h3>" in html


def test_a_page_that_can_go_out_has_no_problems() -> None:
    found = microsite.check(a_site(), partner=a_partner(), vendor=a_vendor(), consents=CONSENTS)

    assert [problem.path for problem in found] == ["partner.logo", "vendor.logo"]
    assert {problem.severity for problem in found} == {"note"}


def test_the_check_names_what_is_missing_before_anybody_sees_it() -> None:
    page = replace(a_page(), sections=(Prose(Copy(" "), "{% include 'x' %}"),))
    partner = replace(a_partner(), privacy_url="", address_lines=())

    found = microsite.check(
        a_site(page, partner=partner), partner=partner, vendor=a_vendor(), consents=CONSENTS[1:]
    )

    assert {"microsite.sections 1", "microsite.sections 1.heading", "form"} <= {each.path for each in found}
    assert {"partner.address", "partner.privacy_url"} <= {each.path for each in found}


def test_kit_text_outside_the_grammar_is_refused_rather_than_shown() -> None:
    page = a_page()

    with pytest.raises(ContentError):
        rendered(a_site(replace(page, hero=replace(page.hero, text=Copy("{% import 'os' %}")))))
