"""The pages prospects see: no script, no cookie, no foreign request, and readable in every colour."""

import random
import re
from pathlib import Path

import pytest

from campaigns import colour
from campaigns.channels import microsite
from campaigns.channels import microsite_look as look
from campaigns.channels.microsite_words import ENGLISH, GERMAN, words
from tests.campaigns.brands import a_logo, a_partner, a_vendor
from tests.campaigns.microsites import (
    CONSENTS,
    FRAME,
    Document,
    a_page,
    a_site,
    every_page,
    rendered,
)

ASSETS = Path(__file__).resolve().parents[2] / "assets"
PAGES = [
    (locale, name, html)
    for locale in ("en", "de")
    for name, html in every_page(a_partner(logo=a_logo()), locale).items()
]
each_page = pytest.mark.parametrize(
    "html", [html for _, _, html in PAGES], ids=[f"{locale}-{name}" for locale, name, _ in PAGES]
)
LOADED = {"src", "srcset", "data", "poster", "action", "formaction", "background"}


@each_page
def test_no_page_runs_a_script_or_styles_outside_the_block_with_the_nonce(html: str) -> None:
    document = Document(html)

    assert not document.all("script", "iframe", "object", "embed")
    assert not [name for _, attributes in document.tags for name in attributes if name.startswith("on")]
    assert not [attributes for _, attributes in document.tags if "style" in attributes]
    assert [style["nonce"] for style in document.all("style")] == ["n0nce"]


@each_page
def test_no_page_asks_another_host_for_anything(html: str) -> None:
    document = Document(html)
    loaded = [value for _, each in document.tags for name, value in each.items() if name in LOADED]
    loaded += [link["href"] for link in document.all("link")]
    loaded += re.findall(r"url\(\"?([^\")]*)", html)

    assert loaded
    assert not [address for address in loaded if not re.match(r"/(?!/)|data:,$", address)]
    assert "@import" not in html


@each_page
def test_every_page_says_its_language_title_and_one_headline(html: str) -> None:
    document = Document(html)

    assert document.all("html")[0]["lang"] in ("en", "de")
    assert re.search(r"<title>[^<]+</title>", html)
    assert len(document.all("h1")) == 1


@each_page
def test_ids_are_unique_and_every_input_has_its_label(html: str) -> None:
    document = Document(html)
    ids = document.ids()
    labelled = {label["for"] for label in document.all("label")}
    asked = [
        each for each in document.all("input", "select", "textarea") if each.get("type") not in ("hidden",)
    ]

    assert len(ids) == len(set(ids))
    assert {each["id"] for each in asked} == labelled
    named = " ".join(
        each.get("aria-describedby", "") + " " + each.get("aria-labelledby", "") for each in asked
    )
    assert set(named.split()) <= set(ids)
    assert {a["href"][1:] for a in document.all("a") if a["href"].startswith("#")} <= set(ids)


@each_page
def test_links_that_leave_the_page_go_to_https_without_an_opener(html: str) -> None:
    outside = [a for a in Document(html).all("a") if not re.match(r"/(?!/)|#|tel:|mailto:", a["href"])]

    assert all(a["href"].startswith("https://") and a["rel"] == "noopener" for a in outside)


def test_the_page_weighs_less_than_150_kilobytes_without_pictures() -> None:
    fonts = sum(path.stat().st_size for path in (ASSETS / "vendor" / "inter-web").glob("*.woff2"))

    assert len(rendered().encode()) + fonts < 150_000
    assert all((ASSETS / path).is_file() for path, _ in look.FONTS)


def test_200_random_brand_colours_are_all_readable_in_light_and_dark() -> None:
    chosen = random.Random(2026)
    brands = ["#000000", "#ffffff", "#1b1b1b", "#ffe08a", "#f58220"]
    brands += [f"#{chosen.randrange(1 << 24):06x}" for _ in range(200)]

    for brand in brands:
        for scheme in (look.light(brand), look.dark(brand)):
            grounds = (scheme.page, scheme.paper, scheme.sheet)
            assert min(colour.contrast(scheme.link, ground) for ground in grounds) >= 4.5, brand
            assert min(colour.contrast(scheme.mark, ground) for ground in grounds) >= 3, brand
            assert colour.contrast(scheme.button, scheme.button_text) >= 4.5, brand
            outline = max(colour.contrast(edge, scheme.sheet) for edge in (scheme.button, scheme.button_edge))
            assert outline >= 3, brand
        site = a_site(partner=a_partner(colour=brand))
        problems = microsite.check(
            site, partner=a_partner(colour=brand), vendor=a_vendor(), consents=CONSENTS
        )
        assert not [problem for problem in problems if problem.path == "colour"]


def test_the_colours_on_the_page_are_those_derived_from_the_partners_brand() -> None:
    derived = look.light("#ffe08a")

    html = rendered(partner=a_partner(colour="#ffe08a"))

    assert f"--link:{derived.link};--field:{derived.field};--button:{derived.button};" in html
    assert look.dark("#ffe08a").link in html


def test_links_of_a_black_brand_do_not_look_dead_on_a_dark_page() -> None:
    assert look.dark("#1b1b1b").link == look.TEXT_DARK
    assert look.dark("#f58220").link == "#f58220"


def test_the_partner_comes_first_and_both_logos_have_a_name() -> None:
    partner, vendor = (
        a_partner(logo=a_logo(600, 120, name="a" * 64)),
        a_vendor(logo=a_logo(200, 200, name="b" * 64)),
    )
    html = microsite.render_thanks(a_site(partner=partner), FRAME, partner=partner, vendor=vendor)

    ours, theirs = Document(html).all("img")

    assert (ours["alt"], theirs["alt"]) == ("Harbour IT", "Northwind Security")
    assert 28 <= int(ours["height"]) < int(theirs["height"]) <= 56
    assert int(ours["width"]) / int(ours["height"]) == pytest.approx(5, rel=0.03)


def test_a_partner_without_a_logo_is_named_in_words() -> None:
    document = Document(rendered(partner=a_partner(name="Schwarz & Söhne")))

    assert not [image for image in document.all("img") if "hero" not in image["src"]]
    assert "Schwarz & Söhne" in document.words


def test_an_optional_quote_appears_only_where_the_partner_switched_it_on() -> None:
    assert "They were quick." not in rendered()
    assert "They were quick." in rendered(a_site(quote="on"))


def test_the_partners_own_words_replace_the_kits() -> None:
    html = rendered(a_site(headline="Sleep well on Friday", lead="We **do** it."))

    assert re.findall(r"<h1>(.*)</h1>", html) == ["Sleep well on Friday"]
    assert "We <strong>do</strong> it." in html


def test_a_preview_sends_nothing_and_is_not_found_by_search_engines() -> None:
    document = Document(rendered(preview=True))

    assert [button["type"] for button in document.all("button")] == ["button"]
    assert "noindex" in [meta.get("content") for meta in document.all("meta")]
    assert ENGLISH["preview"] in document.words


def test_an_unsubscribe_page_masks_the_address_and_changes_nothing_when_opened() -> None:
    html = microsite.render_unsubscribe(
        FRAME, partner=a_partner(), address="anna@lindt.example", action="/u/token", locale="en"
    )
    document = Document(html)

    assert "anna@" not in html
    assert "a***@lindt.example will get no more mail from Harbour IT." in document.words
    assert [(form["method"], form["action"]) for form in document.all("form")] == [("post", "/u/token")]
    assert len(document.all("button")) == 1


@pytest.mark.parametrize(
    ("address", "shown"),
    [("anna@lindt.example", "a***@lindt.example"), ("@x", "***"), ("anna", "***"), ("", "***")],
)
def test_an_address_is_masked_so_that_only_its_owner_knows_it(address: str, shown: str) -> None:
    assert microsite.masked(address) == shown


def test_the_thanks_page_offers_the_file_and_asks_to_confirm_only_where_a_box_was_ticked() -> None:
    site, partner, vendor = a_site(), a_partner(), a_vendor()
    plain = microsite.render_thanks(site, FRAME, partner=partner, vendor=vendor)
    full = microsite.render_thanks(site, FRAME, partner=partner, vendor=vendor, file="/f/1", confirm=True)

    assert ENGLISH["thanks_confirm"] not in plain and 'href="/f/1"' not in plain
    assert ENGLISH["thanks_confirm"] in full and 'href="/f/1"' in full
    assert 'href="tel:+41445550123"' in plain


def test_an_ended_offer_names_the_partner_and_how_to_reach_them() -> None:
    html = microsite.render_ended(FRAME, partner=a_partner(), why=microsite.Ended.ENDED, locale="en")

    assert "This offer has ended" in html
    assert "Harbour IT is still happy to help you." in html
    assert 'href="tel:+41445550123"' in html and 'href="mailto:marc.keller@harbour-it.example"' in html


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    def placeholders(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", text))

    assert ENGLISH.keys() == GERMAN.keys()
    assert {key for key in ENGLISH if placeholders(ENGLISH[key]) != placeholders(GERMAN[key])} == set()


@pytest.mark.parametrize(
    ("locale", "language"), [("de-CH", "de"), ("de", "de"), ("en_GB", "en"), ("fr", "fr"), ("it", "en")]
)
def test_words_follow_the_language_and_fall_back_to_english(locale: str, language: str) -> None:
    assert words(locale).locale == language


def test_the_pages_speak_german_where_the_campaign_does() -> None:
    html = rendered(a_site(a_page("de")))

    assert '<html lang="de">' in html
    assert "Harbour IT verwendet Ihre Angaben." in html
    assert GERMAN["optional"] in html and ENGLISH["optional"] not in html
