"""The starter kits: complete, checked without a remark, and French where they say so, down to our own words."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from campaigns import compliance, kit
from campaigns.channels import email, microsite
from campaigns.channels.microsite import CampaignFacts, FormState
from campaigns.kit.materials import SocialPosts
from campaigns.language import ENGLISH, catalogue, languages
from campaigns.people.model import Basis
from campaigns.regions import apply
from tests.campaigns.brands import a_partner, a_vendor
from tests.campaigns.kit_files import STARTER
from tests.campaigns.microsites import FRAME

SMALL, WEBINAR, MIDMARKET = STARTERS = (
    STARTER,
    STARTER.with_name("watch-a-server-come-back"),
    STARTER.with_name("sign-in-without-passwords"),
)
MOST_PICTURE = 100_000
COLOURS = {SMALL.name: "#e30613", WEBINAR.name: "#ffcc00", MIDMARKET.name: "#14181d"}
ENGLISH_WORDS = re.compile(
    r"\b(the|of|is|are|this|that|and|with|from|your|you|has|have|can|there|choose|write|to|for|by|please)\b",
    re.IGNORECASE,
)
FACTS = email.Facts("slug", "Campagne", "harbour-it", "https://tcma.example", "")


class Said(HTMLParser):
    """What a reader sees or hears of a page: its text and the texts in attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script")
        self.texts += [value for name, value in attrs if value and name in ("alt", "title", "aria-label")]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.hidden and data.strip():
            self.texts.append(data)


def english_in(html: str) -> list[str]:
    said = Said()
    said.feed(html)
    return [text for text in said.texts if ENGLISH_WORDS.search(NAMES.sub("", text))]


NAMES = re.compile(r"Verizon.*|Microsoft.*|Head of IT security", re.DOTALL)  # studies, and a title as given


@pytest.fixture(scope="module", params=STARTERS, ids=lambda path: path.name)
def starter(request: pytest.FixtureRequest) -> kit.Kit:
    path: Path = request.param
    files = kit.read_folder(path)
    assert kit.check(files) == []
    return kit.read(files)


def test_a_starter_kit_is_complete_in_each_of_its_languages(starter: kit.Kit) -> None:
    assert starter.complete_languages == starter.languages and len(starter.languages) >= 2
    everything = (*starter.touches, *starter.by_hand, *starter.kept)
    assert all(set(touch.files) == set(starter.languages) for touch in everything)
    assert set(starter.briefing) == set(starter.languages)


def test_its_pictures_are_small(starter: kit.Kit) -> None:
    pictures = {
        path: len(content) for path, content in starter.files.items() if path.endswith((".png", ".jpg"))
    }
    assert pictures and max(pictures.values()) < MOST_PICTURE


def test_its_posts_fit_their_networks_in_every_language_with_a_real_name(starter: kit.Kit) -> None:
    for touch in starter.by_hand:
        for locale in starter.languages:
            material = starter.material(touch.key, locale)
            if isinstance(material, SocialPosts):
                assert len({post.text for post in material.posts}) == len(material.posts)
                assert material.picture is not None and len(material.picture.headline) <= 60


def test_its_mails_freeze_in_every_language_for_a_bright_and_a_dark_brand(
    starter: kit.Kit, request: pytest.FixtureRequest
) -> None:
    colour = COLOURS[request.node.callspec.id]
    partner = replace(a_partner(), colour=colour)
    for touch in starter.touches:
        for locale in touch.files if touch.kind is kit.TouchKind.EMAIL else ():
            values = apply(starter.regions, {}, locale, "CH")
            mail = email.freeze(
                starter, touch.key, locale, values=values, vendor=a_vendor(), partner=partner, facts=FACTS
            )
            assert len(mail.html.encode()) < compliance.MAX_MAIL_BYTES
            assert "prefers-color-scheme: dark" in mail.html


def test_the_three_have_every_kind_of_touch_between_them() -> None:
    kits = [kit.read(kit.read_folder(path)) for path in STARTERS]
    kinds = [{touch.kind for touch in (*one.touches, *one.by_hand, *one.kept)} for one in kits]
    assert kinds[2] == set(kit.TouchKind) and kit.TouchKind.WEBINAR in kinds[1]
    assert len({one.sizes for one in kits}) == 3


class TestFrench:
    def test_our_own_words_are_all_french(self) -> None:
        assert "fr" in languages()
        french = catalogue("fr")
        for sentence in ("Unsubscribe", "Thank you", "There is a problem"):
            assert french.gettext(sentence) != sentence

    def test_no_english_word_stands_in_a_mail_or_on_a_page_of_a_french_campaign(self) -> None:
        read = kit.read(kit.read_folder(MIDMARKET))
        partner = replace(a_partner(), name="Côté Réseau", legal_name="Côté Réseau SAS", country="FR")
        facts = replace(FACTS, reason=compliance.reason_line(Basis.CUSTOMER, partner, "fr"))
        values = apply(read.regions, {}, "fr", "FR")
        shown = [
            email.freeze(
                read, touch.key, "fr", values=values, vendor=a_vendor(), partner=partner, facts=facts
            ).html
            for touch in read.touches
            if touch.kind is kit.TouchKind.EMAIL
        ]
        assert read.microsite is not None
        page = read.microsite.page("fr", "en")
        site = microsite.fill(page, partner=partner, vendor=a_vendor(), regions=values)
        consents = tuple(read.consent(key, "FR") for key in dict.fromkeys(one.key for one in read.consents))
        errors = {"email": microsite.read_answer(site, {"email": "x"}, consents)}
        assert isinstance(errors["email"], dict)
        for form in (FormState(token=""), FormState(token="", errors=errors["email"])):
            shown.append(
                microsite.render_page(
                    site, FRAME, partner=partner, vendor=a_vendor(),
                    campaign=CampaignFacts("Campagne", "campagne", "/c/x"), form=form, consents=consents,
                )
            )  # fmt: skip
        shown.append(
            microsite.render_thanks(site, FRAME, partner=partner, vendor=a_vendor(), file="/f", confirm=True)
        )
        shown += [
            microsite.render_ended(FRAME, partner=partner, why=why, locale="fr") for why in microsite.Ended
        ]
        shown += [microsite.render_message(said, FRAME, locale="fr") for said in microsite.Message]
        shown.append(microsite.render_confirmed(FRAME, partner=partner, locale="fr"))
        shown.append(
            microsite.render_unsubscribed(FRAME, partner=partner, address="a@b.example", locale="fr")
        )
        assert "Résiliable" in "".join(email_texts(read)) and len(shown) > 12
        assert [text for html in shown for text in english_in(html)] == []

    def test_english_would_be_found(self) -> None:
        assert english_in("<p>Nothing of this is French</p>") and not english_in("<p>Rien de cela</p>")
        assert ENGLISH in languages()


def email_texts(read: kit.Kit) -> list[str]:
    """What stands in the region of the price for France."""
    return [text for region in read.regions for text in region.by_country.get("FR", {}).values()]
