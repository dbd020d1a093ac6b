"""Reading a kit."""

import re
from collections import Counter
from datetime import time
from pathlib import Path

import pytest

from campaigns import kit
from campaigns.channels import email
from campaigns.errors import ContentError, Severity
from campaigns.kit.materials import Bant, CallScript, SocialPosts
from campaigns.kit.microsite import FieldName
from campaigns.regions import RegionKind, apply
from tests.campaigns.brands import a_partner, a_vendor
from tests.campaigns.kit_files import MANIFEST, STARTER, a_picture, found, some_files, with_change


def test_a_complete_kit_has_neither_problems_nor_notes() -> None:
    assert found(some_files({})) == []


def test_a_kit_says_what_its_manifest_says() -> None:
    read = kit.read(some_files({}))
    assert read.name == {"en": "Sleep well"}
    assert (read.sale, read.offer, read.engagement, read.for_whom) == (
        "transactional",
        "standalone",
        "funded",
        "both",
    )
    assert read.sizes == (kit.CompanySize(1, 100),)
    assert read.funding == kit.FundingProposal(50, 40_000, "CHF", 90)
    assert read.lead_visibility is kit.LeadVisibility.NAMED_WHERE_AGREED
    assert [touch.key for touch in read.touches] == ["page", "invite", "reminder"]


def test_a_touch_knows_its_time_condition_file_and_regions() -> None:
    invite, reminder = kit.read(some_files({})).touches[1:]
    assert (invite.day, invite.at, invite.condition) == (0, time(9, 30), None)
    assert (reminder.day, reminder.at) == (4, None)
    assert reminder.condition == kit.Condition(kit.ConditionKind.NOT_CLICKED, "invite")
    assert invite.files == {"en": "emails/01-invite.mjml"}
    assert invite.regions == ("headline", "figure")


def test_a_headline_is_editable_and_a_claim_locked_unless_the_kit_says_otherwise() -> None:
    kinds = {region.name: region.kind for region in kit.read(some_files({})).regions}
    assert kinds == {
        "headline": RegionKind.EDITABLE,
        "figure": RegionKind.LOCKED,
        "lead": RegionKind.EDITABLE,
    }
    changed = with_change("kit.yml", "content: claim, label", "content: claim, kind: editable, label")
    assert {region.kind for region in kit.read(changed).regions} == {RegionKind.EDITABLE}


def test_the_page_is_read_with_its_regions() -> None:
    read = kit.read(some_files({}))
    assert read.microsite is not None
    page = read.microsite.page("fr", "en")
    assert page.region_names() == ("lead",)
    assert page.form.fields[1].name is FieldName.EMPLOYEES
    assert page.form.fields[1].options == ("1-9", "10-100")
    assert page.form.fields[0].autocomplete == "email"
    assert page.sections[0].markdown.startswith("1. **Second step.**")
    assert page.confirmation.text == "Hello,\nhere it is: {{ link.microsite }}"


def test_funding_is_counted_in_the_minor_units_of_its_currency() -> None:
    for currency, cap, amount in (("JPY", "400", 400), ("EUR", "400.5", 40_050), ("KWD", "4.005", 4_005)):
        files = with_change("kit.yml", "cap: 400, currency: CHF", f"cap: {cap}, currency: {currency}")
        funding = kit.read(files).funding
        assert funding is not None
        assert funding.cap_amount == amount


def test_the_hash_changes_with_every_byte_and_name_and_not_with_order() -> None:
    files = some_files({})
    hashes = {kit.read(files).source_hash}
    assert {kit.read(dict(reversed(files.items()))).source_hash} == hashes
    hashes.add(kit.read(with_change("microsite/checks.md", "Second", "Other")).source_hash)
    hashes.add(kit.read(some_files({"README.md": "x"})).source_hash)
    assert len(hashes) == 3


def test_reading_a_kit_with_problems_tells_all_of_them_and_no_notes() -> None:
    files = with_change("kit.yml", "share: 50", "share: 500")
    files["emails/01-invite.mjml"] = files["emails/01-invite.mjml"].replace(b"rg-figure", b"rg-offer")
    files["assets/spare.png"] = files["assets/hero.png"]
    with pytest.raises(ContentError) as caught:
        kit.read(files)
    assert [str(problem) for problem in caught.value.problems] == [
        "kit.yml line 10: 'share' has to be a whole number from 1 to 100, not '500'.",
        "emails/01-invite.mjml line 10: region 'offer' is used but not described in kit.yml.",
    ]


def test_a_second_language_is_used_where_it_is_there_and_told_where_it_lacks() -> None:
    files = some_files({"kit.yml": MANIFEST.replace("languages: [en]", "languages: [en, de]")})
    files["emails/01-invite.de.mjml"] = files["emails/01-invite.mjml"]
    read, (note,) = kit.read(files), kit.check(files)
    assert read.touch("invite").files["de"] == "emails/01-invite.de.mjml"
    assert read.complete_languages == ("en",)
    assert note.severity is Severity.NOTE
    assert str(note).startswith(
        "kit.yml line 4: Language 'de' is incomplete, so nobody can launch in it yet. Missing: "
    )


def test_a_fallback_falls_back_to_the_first_language() -> None:
    files = some_files({"kit.yml": MANIFEST.replace("languages: [en]", "languages: [en, de]")})
    assert kit.read(files).fallbacks("de") == {"contact.company": "your firm"}


def test_a_country_has_its_own_wording_where_there_is_one() -> None:
    german = (
        "  - {key: sharing, version: 2, purpose: sharing, party: vendor, country: DE, text: Other words.}\n"
    )
    read = kit.read(some_files({"kit.yml": MANIFEST + german}))
    assert read.consent("sharing", "DE").version == 2
    assert read.consent("sharing", "CH").version == 1


class TestStarterKit:
    def test_it_has_neither_problems_nor_notes(self) -> None:
        assert kit.check(kit.read_folder(STARTER)) == []

    def test_it_is_three_mails_and_a_page_in_english_and_german(self) -> None:
        read = kit.read(kit.read_folder(STARTER))
        clicked = kit.ConditionKind.NOT_CLICKED
        assert [(touch.key, touch.day, touch.condition) for touch in read.touches] == [
            ("page", 0, None),
            ("invite", 0, None),
            ("reminder", 4, kit.Condition(clicked, "invite")),
            ("last-note", 9, kit.Condition(clicked, "reminder")),
        ]
        assert all(set(touch.files) == {"en", "de"} for touch in (*read.touches, *read.by_hand))
        assert read.complete_languages == ("en", "de")

    def test_it_helps_the_partners_sales_with_posts_a_script_a_guide_and_a_briefing(self) -> None:
        read = kit.read(kit.read_folder(STARTER))
        assert [touch.kind for touch in read.by_hand] == ["social", "call_script", "sales_guide"]
        for locale in read.languages:
            posts, script = read.material("posts", locale), read.material("call", locale)
            assert isinstance(posts, SocialPosts) and isinstance(script, CallScript)
            networks = Counter(post.network for post in posts.posts)
            assert len(networks) == 3 and set(networks.values()) == {3}
            assert {question.bant for question in script.questions} == set(Bant)
            assert read.briefing[locale].minutes <= 5

    def test_what_a_partner_may_change_is_the_same_in_both_languages(self) -> None:
        read = kit.read(kit.read_folder(STARTER))
        assert read.microsite is not None
        english, german = read.microsite.pages["en"], read.microsite.pages["de"]
        assert english.region_names() == german.region_names()
        assert english.form.consents == german.form.consents
        assert [field.name for field in english.form.fields] == [field.name for field in german.form.fields]
        assert english.proof is not None and german.proof is not None
        figures = [[point.figure for point in page.proof.points] for page in (english, german) if page.proof]
        assert figures[0] == figures[1]
        for touch in read.touches:
            if touch.kind is kit.TouchKind.EMAIL:
                used = [re.findall(r"rg-[a-z-]+", read.files[file].decode()) for file in touch.files.values()]
                assert used[0] == used[1]

    def test_its_page_asks_at_most_six_questions_and_names_a_source_for_every_figure(self) -> None:
        read = kit.read(kit.read_folder(STARTER))
        assert read.microsite is not None
        page = read.microsite.pages["en"]
        assert len(page.form.fields) <= 6
        assert page.proof is not None
        assert all(point.source for point in page.proof.points)

    def test_its_locked_figures_stay_and_its_headline_changes(self) -> None:
        read = kit.read(kit.read_folder(STARTER))
        values = apply(read.regions, {"invite-headline": "Ruhig ins Wochenende"}, "de")
        assert values.text("invite-headline") == "Ruhig ins Wochenende"
        assert not values.shown("quote")
        with pytest.raises(ContentError, match="named study"):
            apply(read.regions, {"invite-figure": "99 in 100"}, "en")

    def test_its_mails_freeze_in_every_language_they_have(self) -> None:
        read = kit.read(kit.read_folder(STARTER))
        facts = email.Facts("ransomware", "Ransomware", "harbour-it", "https://tcma.example")
        for touch in read.touches:
            for locale in touch.files if touch.kind is kit.TouchKind.EMAIL else ():
                artefact = email.freeze(
                    read, touch.key, locale, values=None, vendor=a_vendor(), partner=a_partner(), facts=facts
                )
                assert artefact.subject.startswith(touch.subject[locale][:10])

    def test_its_words_have_no_exclamation_marks_and_its_files_are_small(self) -> None:
        files = kit.read_folder(STARTER)
        texts = [content.decode() for name, content in files.items() if name.endswith((".md", ".yml"))]
        texts += [
            content.decode().partition("<mj-body")[2]
            for name, content in files.items()
            if name.endswith(".mjml")
        ]
        assert not [text for text in texts if "!" in text]
        assert len(files["assets/hero.png"]) < 120_000
        assert sum(map(len, files.values())) < 200_000


class TestDocumentation:
    DOCUMENT = (Path(__file__).parents[2] / "docs/kit-format.md").read_text()

    def test_its_worked_example_passes_the_check(self) -> None:
        examples = re.findall(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", self.DOCUMENT, re.DOTALL)
        files = {path: source.encode() for path, source in examples} | {"assets/hero.png": a_picture()}
        assert set(files) == {"kit.yml", "emails/01-invite.mjml", "microsite/page.yml", "assets/hero.png"}
        assert found(files) == []

    def test_it_lists_every_name_and_no_other(self) -> None:
        table = self.DOCUMENT.partition("## Names and the grammar")[2].partition("`contact.*` stand")[0]
        assert re.findall(r"^\| `([a-z_.]+)` \|", table, re.MULTILINE) == list(kit.NAMES)
