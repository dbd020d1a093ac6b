import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from campaigns import kit as kits
from campaigns import logo
from campaigns.channels.email import Artefact, Facts, Weight, freeze, kit_pictures, picture_name
from campaigns.channels.email_service import Answered, confirmation
from campaigns.compliance import MailClass, check
from campaigns.errors import ContentError
from campaigns.message import compose
from tests.campaigns.brands import a_logo, a_partner, a_vendor
from tests.campaigns.mails import BODY, a_recipient, an_artefact, an_envelope, facts, set_values

STARTER = Path(__file__).resolve().parents[2] / "templates" / "kits" / "ransomware-before-monday"


def test_the_partners_words_replace_the_kits_and_keep_the_authors_look() -> None:
    html = an_artefact(values=set_values(headline="Ours & {{ better }}", button="Take it")).html

    assert re.search(r'<h1 style="margin: ?0">Ours &amp; &#123;&#123; better }}</h1>', html)
    assert "Stop ransomware" not in html and ">Take it</a>" in html


def test_text_in_braces_typed_by_a_partner_is_printed_as_typed() -> None:
    artefact = an_artefact(values=set_values(headline="{{ contact.first_name }} {% if x %}"))
    message = compose(artefact, a_recipient(), an_envelope())

    assert "{{ contact.first_name }} {% if x %}" in message.text
    assert "&#123;&#123; contact.first_name }} &#123;% if x %}" in message.html


def test_an_optional_part_appears_only_when_it_is_on() -> None:
    assert "Only if wanted" not in an_artefact(values=set_values()).html
    assert "Only if wanted" in an_artefact(values=set_values(extra="on")).html


def test_only_names_of_the_recipient_and_the_delivery_stay_open() -> None:
    artefact = an_artefact(about=facts(counts_opens=True))
    for source in (artefact.html, artefact.text, artefact.subject, artefact.preview):
        left = re.findall(r"\{[{%]\s*(?:if )?([a-z_.]+)", source)
        assert {name for name in left if "." in name} <= {
            "contact.first_name", "contact.company", "token.click", "token.open", "token.unsubscribe"
        }  # fmt: skip


def test_both_logos_the_reason_the_address_and_the_way_out_are_in_the_mail() -> None:
    artefact = an_artefact()

    assert artefact.pictures == (f"{'a' * 64}.png", f"{'b' * 64}.png")
    assert artefact.html.index(f"https://go.example/i/{'a' * 64}.png") < artefact.html.index(
        f"/i/{'b' * 64}.png"
    )
    for body in (artefact.html, artefact.text):
        assert (
            "You get this because you are a customer of Harbour IT AG, Hafenstrasse 1, 8001 Zürich." in body
        )
        assert "https://go.example/u/{{ token.unsubscribe }}" in body
        assert "https://go.example/u/{{ token.unsubscribe }}#mails" in body
    assert not re.findall(r"<a (?![^>]*href)[^>]*>[^<]*", artefact.html), "a link that leads nowhere"
    assert check(artefact) == []


def test_links_are_counted_and_those_to_privacy_and_imprint_are_not() -> None:
    artefact = an_artefact()

    assert [link.is_microsite for link in artefact.links] == [True, False]
    assert artefact.links[0].target.startswith(
        "https://go.example/c/harbour-it/ransomware?utm_source=harbour-it&"
    )
    assert "https://go.example/r/{{ token.click }}/1" in artefact.text
    assert 'href="https://harbour-it.example/privacy"' in artefact.html


def test_opens_are_counted_only_where_the_campaign_says_so() -> None:
    assert "/o/{{ token.open }}" in an_artefact(about=facts(counts_opens=True)).html
    assert "/o/" not in an_artefact().html


def test_dark_programs_get_dark_colours_and_a_dark_section_of_the_kit_keeps_its_own() -> None:
    own = BODY.replace("<mj-section><mj-column>", '<mj-section background-color="#1d3f72"><mj-column>')
    html, with_own = an_artefact().html, an_artefact(own).html

    assert (
        "@media (prefers-color-scheme: dark)" in html
        and '<meta name="color-scheme" content="light dark" />' in html
    )
    assert "body, body > div, .tc-page" in html
    assert re.search(r'class="[^"]*\btc-card"', html)
    assert re.search(r'class="[^"]*\btc-plate\b', html)
    assert html.count('class="tc-t"') > with_own.count('class="tc-t"')
    assert "tc-own" in with_own


def test_the_reason_may_differ_from_person_to_person() -> None:
    artefact = an_artefact(about=facts(reason=""))
    message = compose(
        artefact,
        a_recipient(reason="You get this because you asked for news on 4 March 2026."),
        an_envelope(),
    )

    assert (
        "asked for news on 4 March 2026." in message.html
        and "asked for news on 4 March 2026." in message.text
    )
    assert check(artefact) == []
    with pytest.raises(ContentError, match=r"contact\.reason"):
        compose(artefact, a_recipient(), an_envelope())


def test_the_same_inputs_give_the_same_key_and_any_other_input_gives_another() -> None:
    plain = an_artefact()
    others = [
        an_artefact(values=set_values(headline="Another")),
        an_artefact(partner=a_partner(logo=a_logo(), colour="#1d3f72")),
        an_artefact(partner=replace(a_partner(logo=a_logo()), phone="+41 44 555 01 24")),
        an_artefact(subject="Other"),
        an_artefact(locale="de"),
        an_artefact(about=facts("Another reason.")),
        an_artefact(BODY.replace("Hello", "Dear")),
    ]
    assert an_artefact() == plain
    assert len({plain.key, *(other.key for other in others)}) == 1 + len(others)


def test_an_artefact_comes_back_from_storage_equal() -> None:
    artefact = an_artefact()
    assert Artefact.from_json(artefact.to_json()) == artefact


@pytest.mark.parametrize("text", ["", "{}", '{"format": 99}', "[1]", "null"])
def test_a_broken_artefact_is_refused(text: str) -> None:
    with pytest.raises(ContentError):
        Artefact.from_json(text)


@pytest.mark.parametrize("mark", ["platform-lockup", "platform-footer"])
def test_a_mail_without_its_marks_is_refused(mark: str) -> None:
    with pytest.raises(ContentError, match=mark):
        an_artefact(BODY.replace(mark, "none"))


@pytest.mark.parametrize(
    "changed",
    [
        {"slug": "a/b"},
        {"slug": ""},
        {"partner_slug": "Ä"},
        {"base_url": "ftp://x.example"},
        {"base_url": "https://x.example/p"},
    ],
)
def test_facts_that_cannot_stand_in_an_address_are_refused(changed: dict[str, str]) -> None:
    given = {"slug": "a", "name": "A", "partner_slug": "b", "base_url": "https://go.example"} | changed
    with pytest.raises(ContentError):
        Facts(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("locale", ["en", "de"])
def test_the_starter_kits_first_mail_is_complete_small_and_legal(locale: str) -> None:
    kit = kits.read(kits.read_folder(STARTER))
    artefact = freeze(
        kit, "invite", locale, values=None, vendor=a_vendor(), partner=a_partner(), facts=facts()
    )

    assert check(artefact) == []
    assert len(artefact.html.encode()) < 30_000
    assert f'<html lang="{locale}"' in artefact.html
    assert "Harbour IT" in artefact.html and artefact.links[0].is_microsite
    assert all(picture_name(content, "") == name for name, content in kit_pictures(kit).items())


def test_a_touch_that_is_no_mail_or_not_in_the_language_is_refused() -> None:
    kit = kits.read(kits.read_folder(STARTER))
    for key, locale in (("page", "en"), ("reminder", "fr")):
        with pytest.raises(ContentError, match="has no mail"):
            freeze(kit, key, locale, values=None, vendor=a_vendor(), partner=a_partner(), facts=facts())


def test_the_vendor_in_words_only() -> None:
    kit = kits.read(kits.read_folder(STARTER))
    artefact = freeze(
        kit, "invite", "en", values=None, vendor=a_vendor(logo=a_logo(name="b" * 64)), partner=a_partner(),
        facts=facts(), weight=Weight.PARTNER_ONLY_HEAD,
    )  # fmt: skip
    assert artefact.pictures == () and "With Northwind Security." in artefact.text


def test_a_real_logo_goes_through_to_the_mail() -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30">'
        b'<circle cx="15" cy="15" r="9" fill="#f58220"/></svg>'
    )
    made = logo.read(svg)
    assert an_artefact(partner=a_partner(logo=made.logo_set())).pictures[0] in made.files()


ANSWERED = Answered(
    subject="Your checklist, {{ contact.first_name }}",
    text="Hello {{ contact.first_name }},\n\nhere is the page you asked for: {{ link.download }}\n\n"
    "{{ partner.contact.name }} calls < 24 hours from now.\n{{ partner.name }}",
    on=date(2026, 11, 24),
    file_url="https://go.example/c/harbour-it/ransomware/file/en",
    file_name="Open the checklist",
    ticked=("Harbour IT may send me news <by mail>.",),
    only_news=True,
    fallbacks={"contact.first_name": "there"},
)


def confirmed(answered: Answered, locale: str = "en") -> Artefact:
    return confirmation(
        answered, locale=locale, vendor=a_vendor(), partner=a_partner(logo=a_logo()), facts=facts()
    )


def test_the_confirmation_says_what_the_kit_says_and_gives_the_file() -> None:
    artefact = confirmed(ANSWERED)
    message = compose(artefact, a_recipient(), an_envelope(confirm="C" * 48))

    text = message.text.replace("\r\n", "\n")

    assert artefact.mail_class is MailClass.SERVICE and check(artefact) == []
    assert message.subject == "Your checklist, Anna"
    assert (
        "Hello Anna,\n\nhere is the page you asked for:\n\nOpen the checklist: https://go.example/c/" in text
    )
    assert "Marc Keller calls < 24 hours from now.\nHarbour IT" in text
    assert message.html.count(f'href="{ANSWERED.file_url}"') == 1 and "&lt; 24 hours" in message.html
    assert "/r/" not in message.html and "List-Unsubscribe" not in dict(message.headers)


@pytest.mark.parametrize(
    ("locale", "only_news", "button"),
    [
        ("en", True, "Yes, send me news"),
        ("en", False, "Yes, I agree"),
        ("de", True, "Ja, schicken Sie mir Neuigkeiten"),
        ("de", False, "Ja, ich bin einverstanden"),
        ("fr", False, "Oui, j’accepte"),
        ("it", False, "Yes, I agree"),
    ],
)
def test_the_confirmation_asks_for_the_press_under_the_very_wordings_that_were_ticked(
    locale: str, only_news: bool, button: str
) -> None:
    ticked = ("Harbour IT may send me news.", "Northwind & {{ partner.name }} may <share> it.")
    artefact = confirmed(replace(ANSWERED, ticked=ticked, only_news=only_news), locale)
    message = compose(artefact, a_recipient(), an_envelope(confirm="C" * 48))

    for wording in ticked:
        assert f"“{wording}”" in message.text
    assert f"{button}: https://go.example/confirm/{'C' * 48}" in message.text
    assert "partner.name }} may &lt;share&gt; it." in message.html
    assert message.html.count("/confirm/") == 1


def test_a_confirmation_without_consent_asks_for_nothing() -> None:
    artefact = confirmed(replace(ANSWERED, ticked=()))

    assert "/confirm/" not in artefact.html and "Yes, " not in artefact.html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hello.", "Hello.\n\nOpen the checklist: https://go.example/c/harbour-it/ransomware/file/en"),
        (
            "Take {{ link.download }} home.",
            "Take Open the checklist (https://go.example/c/harbour-it/ransomw",
        ),
        ("{{link.download}}", "Open the checklist: https://go.example/c/harbour-it/ransomware/file/en"),
        (
            "Read {{ link.microsite }} too",
            "Read Open the page (https://go.example/c/harbour-it/ransomware) too",
        ),
        ("{% if partner.phone %}\n\nCall.\n\n{% endif %}Bye", "Call."),
    ],
)
def test_the_promised_file_is_a_link_wherever_the_text_names_it(text: str, shown: str) -> None:
    assert shown in confirmed(replace(ANSWERED, text=text)).text


def test_long_lines_are_one_paragraph_and_short_ones_stay_apart() -> None:
    long = "Take twenty-five minutes on a quiet afternoon and go through it with whoever"
    text = confirmed(
        replace(ANSWERED, text=f"{long}\nlooks after your\ncomputers. {long}\n{long}\n\nMarc")
    ).text

    assert f"{long} looks after your\ncomputers. {long} {long}\n\nMarc" in text


def test_a_confirmation_without_a_file_leads_to_the_page() -> None:
    bare = replace(ANSWERED, file_url="", file_name="")

    assert "Open the page: https://go.example/c/harbour-it/ransomware\n" in confirmed(bare).text
    assert "Open the" not in confirmed(replace(bare, text="Hello.")).text


def test_a_confirmation_outside_the_grammar_is_refused() -> None:
    for text in ("{{ 7*7 }}", "{% if x %}", "{{ nobody.knows }}"):
        with pytest.raises(ContentError):
            compose(confirmed(replace(ANSWERED, text=text)), a_recipient(), an_envelope(confirm="C" * 48))


def test_two_answers_that_differ_make_two_artefacts() -> None:
    assert confirmed(ANSWERED).key != confirmed(replace(ANSWERED, subject="Another")).key
    assert confirmed(ANSWERED).key != confirmed(replace(ANSWERED, text="Another")).key
    assert confirmed(ANSWERED).key != confirmed(replace(ANSWERED, ticked=("Another",))).key
    assert confirmed(ANSWERED).key == confirmed(ANSWERED).key
